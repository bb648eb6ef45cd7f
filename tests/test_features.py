from __future__ import annotations

import json

import pyarrow as pa
import pytest
import yaml
from datasets import Features
from datasets.features.features import generate_from_dict

from corpus_tool.cards import to_yaml
from corpus_tool.class_numbers import named, numbered
from corpus_tool.errors import SettingsError
from corpus_tool.features import hf_features, parquet_metadata, read_labels, stored_schema
from tests.test_views import CONTRACT, views

SCHEMA = pa.schema({
    "id": pa.string(),
    "number": pa.int32(),
    "share": pa.float64(),
    "day": pa.date32(),
    "when": pa.timestamp("us", "UTC"),
    "yes": pa.bool_(),
    "label": pa.string(),
    "labels": pa.list_(pa.string()),
    "grid": pa.list_(pa.list_(pa.int64())),
    "inner": pa.struct({"label": pa.string(), "names": pa.list_(pa.string())}),
    "many": pa.list_(pa.struct({"label": pa.string(), "deep": pa.list_(pa.struct({"label": pa.string()}))})),
})  # fmt: skip
NAMES = ("NO", "1", "Ünï 😀", "on")
LABELS = {
    ("label",): NAMES,
    ("labels", "*"): NAMES,
    ("inner", "label"): NAMES,
    ("many", "*", "label"): NAMES,
    ("many", "*", "deep", "*", "label"): NAMES,
}
ROWS = [
    {
        "id": "a",
        "label": "on",
        "labels": ["1", None],
        "inner": {"label": "NO", "names": ["x"]},
        "many": [{"label": "on", "deep": [{"label": "1"}, None]}, None, {"label": None, "deep": None}],
    },
    {"id": "b", "label": None, "labels": None, "inner": None, "many": []},
    {"id": "c", "label": "NO", "labels": [], "inner": {"label": None}, "many": [{"label": "1", "deep": []}]},
]


def legacy(metadata: dict[bytes, bytes]) -> dict[str, object]:
    return json.loads(metadata[b"huggingface"])["info"]["features"]


def test_readme_and_file_declare_the_same() -> None:
    from_file = Features(
        {name: generate_from_dict(part) for name, part in legacy(parquet_metadata(SCHEMA, LABELS)).items()}
    )
    from_readme = Features._from_yaml_list(hf_features(SCHEMA, LABELS))
    assert from_readme == from_file
    assert from_readme["many"].feature["deep"].feature["label"].names == list(NAMES)
    stored = stored_schema(SCHEMA, LABELS)
    assert from_file.arrow_schema.types == list(stored.types)


@pytest.mark.parametrize("view", views(CONTRACT), ids=lambda view: view.name)
def test_every_view_is_declared_alike(view: object) -> None:
    from_readme = Features._from_yaml_list(hf_features(view.schema, view.labels))
    assert list(from_readme) == view.schema.names
    assert from_readme.arrow_schema.types == list(stored_schema(view.schema, view.labels).types)


@pytest.mark.parametrize("around", ["{}", "a{}b", " {}", "{} ", "{0}{0}", "- {}"])
def test_every_character_of_a_label_can_be_read_back_from_a_card(around: str) -> None:
    odd = [*range(0x100), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF, 0x1F600]
    names = [around.format(chr(code)) for code in odd]
    assert yaml.safe_load(to_yaml(names)) == names


def test_lists_are_declared_so_that_old_versions_read_them() -> None:
    declared = legacy(parquet_metadata(SCHEMA, LABELS))
    assert declared["labels"] == [{"names": list(NAMES), "_type": "ClassLabel"}]
    assert declared["grid"] == [[{"dtype": "int64", "_type": "Value"}]]
    assert "List" not in json.dumps(declared)
    names = {str(number): name for number, name in enumerate(NAMES)}
    assert {"name": "labels", "list": {"class_label": {"names": names}}} in hf_features(SCHEMA, LABELS)


def test_labels_become_numbers_and_come_back() -> None:
    table = pa.Table.from_pylist(ROWS, schema=SCHEMA)
    stored = numbered(table, LABELS)
    assert stored.cast(stored_schema(SCHEMA, LABELS)).column("label").to_pylist() == [3, None, 0]
    assert stored.column("many").to_pylist()[0][0] == {"label": 3, "deep": [{"label": 1}, None]}
    assert named(stored, LABELS).to_pylist() == table.to_pylist()
    chunks = pa.concat_tables([table.slice(2), table.slice(0, 2)])
    assert named(numbered(chunks, LABELS), LABELS).to_pylist() == chunks.to_pylist()


def test_the_file_says_which_columns_are_labels() -> None:
    assert read_labels(stored_schema(SCHEMA, LABELS)) == LABELS
    assert read_labels(SCHEMA) == {}


@pytest.mark.parametrize("wrong", [{"label": "nope"}, {"many": [{"deep": [{"label": "nope"}]}]}], ids=str)
def test_a_label_that_is_not_declared_is_refused(wrong: dict[str, object]) -> None:
    table = pa.Table.from_pylist([{"id": "a", "label": None}, wrong], schema=SCHEMA)
    with pytest.raises(SettingsError, match=r"'nope' in .*label"):
        numbered(table, LABELS)


@pytest.mark.parametrize("number", [4, -1])
def test_a_class_number_without_a_name_is_refused(number: int) -> None:
    table = pa.table({"label": pa.array([number], pa.int64())})
    with pytest.raises(SettingsError, match="no name"):
        named(table, {("label",): NAMES})
