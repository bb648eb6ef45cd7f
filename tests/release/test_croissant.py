from __future__ import annotations

import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus_tool.corpus import Options
from corpus_tool.features import describe
from corpus_tool.release.build import build
from corpus_tool.release.manifest import Annotator, parse_manifest
from corpus_tool.release.pages.card import Card
from corpus_tool.release.pages.croissant import croissant, structure
from corpus_tool.release.pages.croissant_fields import record_sets
from corpus_tool.release.verification.verify import verify
from corpus_tool.releasing import build_release
from tests.release.sample import released, request, write_shard, write_views

TOP = Path(__file__).parents[2]
CORPORA = {"harbour-news": "examples/harbour-news/articles", "lighthouse": "examples/lighthouse/articles.jsonl"}
Leaf = tuple[str, str, tuple[str, ...]]
"""Id, column, and the steps below it."""


@pytest.fixture(scope="module", params=["sample", *CORPORA])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sample":
        return released(folder).path
    done = build_release([str(TOP / CORPORA[request.param])], folder, name=None, version=None, options=Options(jobs=1))
    assert not done.refused
    return done.path


def opened(folder: Path) -> mlcroissant.Dataset:
    # rdflib, below mlcroissant, uses what it calls deprecated itself.
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        return mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))


def read(dataset: mlcroissant.Dataset, view: str, filters: dict[str, str] | None = None) -> list[Any]:
    # So does mlcroissant with pandas.
    with warnings.catch_warnings(action="ignore"):
        return list(dataset.records(view, filters=filters))


def described(release: Path) -> Any:
    return json.loads((release / "croissant.json").read_bytes())


def leaves(fields: list[Any], steps: tuple[str, ...] = ()) -> Iterator[Leaf]:
    for field in fields:
        if "subField" in field:
            yield from leaves(field["subField"], (*steps, field["name"]))
        elif "column" in field["source"]["extract"]:
            yield field["@id"], field["source"]["extract"]["column"], (*steps, field["name"])[1:]


def below(value: Any, steps: tuple[str, ...]) -> Any:
    """What mlcroissant should make of a value: of a list the parts of each item."""
    if not steps or value is None:
        return value
    if isinstance(value, list):
        return [below(item, steps) for item in value]
    return below(value[steps[0]], steps[1:])


def found(record: Any, leaf: str) -> Any:
    """The value of a leaf: its own, or that of the object or the list of objects around it."""
    if leaf in record:
        return plain(record[leaf])
    around = record[leaf.rsplit("/", 1)[0]]
    return plain(around[leaf] if isinstance(around, dict) else [item[leaf] for item in around])


def plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime):
        return value.date()
    return [plain(item) for item in value] if isinstance(value, list) else value


def rows(release: Path, view: str) -> dict[str, list[dict[str, Any]]]:
    by_split: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((release / view).glob("*.parquet")):
        by_split.setdefault(path.name.split("-")[0], []).extend(pq.read_table(path).to_pylist())
    return by_split


def test_mlcroissant_calls_it_valid(release: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        dataset = opened(release)
    assert dataset.metadata.ctx.is_v1_1()
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    assert "not standard" not in caplog.text


def test_the_program_of_mlcroissant_calls_it_valid(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "mlcroissant"
    place = released(tmp_path).path / "croissant.json"
    done = subprocess.run([program, "validate", "--jsonld", place], capture_output=True, text=True, check=False)
    assert (done.returncode, "Done." in done.stderr) == (0, True), done.stderr


def test_rows_read_back_are_those_of_the_files(release: Path) -> None:
    seen, dataset = 0, opened(release)
    for view in (part for part in described(release)["recordSet"] if "data" not in part):
        split = view["field"][-1]["@id"]
        of_files = rows(release, view["name"])
        of_records: dict[str, list[Any]] = {}
        for record in read(dataset, view["@id"]):
            of_records.setdefault(found(record, split), []).append(record)
        assert {name: len(part) for name, part in of_records.items()} == {n: len(p) for n, p in of_files.items()}
        for leaf, column, steps in leaves(view["field"]):
            for name, part in of_files.items():
                for row, record in zip(part, of_records[name], strict=True):
                    value = below(row[column], steps)
                    # A list that is null reads as one of a single object without values.
                    nothing = [None] if row[column] is None and f"{view['@id']}/{column}" in record else None
                    assert found(record, leaf) in ((value, nothing) if value is None else (value,)), (leaf, row)
                    seen += value is not None
    assert seen > 20


def test_a_split_is_read_alone(release: Path) -> None:
    view = next(part for part in described(release)["recordSet"] if "data" not in part)
    split = view["field"][-1]["@id"]
    chosen = read(opened(release), view["@id"], {split: "train"})
    assert {found(record, split) for record in chosen} == {"train"}
    assert len(chosen) == len(rows(release, view["name"])["train"])


def test_what_is_in_the_files_is_declared_or_named(release: Path) -> None:
    for view in (part for part in described(release)["recordSet"] if "data" not in part):
        schema = pq.read_schema(next((release / view["name"]).glob("*.parquet")))
        declared = {field["name"]: field for field in view["field"]}
        for column in schema:
            assert_told(declared[column.name], column.type)


def assert_told(field: Any, kind: pa.DataType) -> None:
    while pa.types.is_list(kind):
        kind = kind.value_type
    if not pa.types.is_struct(kind):
        assert field["dataType"]
        return
    declared = {part["name"]: part for part in field["subField"]}
    for part in kind:
        if part.name in declared:
            assert_told(declared[part.name], part.type)
        else:
            assert part.name in field["description"]
            assert pa.types.is_list(part.type)


def test_labels_are_those_of_the_manifest(release: Path) -> None:
    manifest = parse_manifest((release / "manifest.json").read_bytes(), "")
    said = {part["@id"]: [row[f"{part['@id']}/name"] for row in part["data"]]
            for part in described(release)["recordSet"] if part.get("dataType") == "sc:Enumeration"}  # fmt: skip
    assert said == {
        f"labels/{view.name}/{path.replace('.*', '').replace('.', '/')}": list(names)
        for view in manifest.views
        for path, names in view.labels.items()
    }


def test_a_wrong_source_is_seen_by_mlcroissant(release: Path, tmp_path: Path) -> None:
    value = described(release)
    value["recordSet"][-1]["field"][0]["source"]["fileSet"]["@id"] = "nothing"
    (tmp_path / "croissant.json").write_text(json.dumps(value))
    with pytest.raises(mlcroissant.ValidationError):
        opened(tmp_path)


ODD_STRUCT = pa.struct({"été": pa.string(), "parent": pa.int64(), "x.y": pa.list_(pa.int64())})
ODD = pa.table({
    # The type is given: old versions of Arrow sort the fields of a struct they infer.
    "odd name's": pa.array(
        [{"été": "a", "parent": 1, "x.y": [1, 2]}, {"été": "b", "parent": None, "x.y": []}], ODD_STRUCT
    ),
    "a/b": pa.array([[{"it's": "q", "where": [True]}], []],
                    pa.list_(pa.struct({"it's": pa.string(), "where": pa.list_(pa.bool_())}))),
    "split": ["train", "x"],
    "day": pa.array([0, None], pa.date32()),
    "deep": [[{"in": [{"most": 1}]}], None],
    "lists": [[[1], []], None],
})  # fmt: skip


def test_odd_names_and_types(tmp_path: Path) -> None:
    from corpus_tool.views import View

    shard = write_shard(tmp_path, View("odd", "article", ODD.schema), "été-1", ODD)
    columns = describe(ODD.schema, {})
    sets = record_sets([("odd", columns, ("été-1",))])
    manifest = released(tmp_path / "made").manifest
    value = {**croissant(Card(licence="CC0-1.0"), manifest, {}), "recordSet": sets}
    value["distribution"] = [{"@type": "cr:FileSet", "@id": "odd/files", "name": "odd", "includes": "odd/*.parquet",
                              "encodingFormat": "application/x-parquet"}]  # fmt: skip
    (tmp_path / "croissant.json").write_text(json.dumps(value))
    (record, other) = read(opened(tmp_path), "odd")
    assert shard.split == found(record, "odd/split_")
    assert found(record, "odd/split") == "train"
    assert [found(record, leaf) for leaf, *_ in leaves(sets[-1]["field"]) if "day" not in leaf] == [
        "a", 1, [1, 2], ["q"], [[True]], "train", [[1], []],
    ]  # fmt: skip
    assert str(record["odd/day"])[:10] == "1970-01-01"
    assert other["odd/lists"] is None
    assert "odd/deep" not in record
    assert [field["name"] for field in sets[-1]["field"]] == ["odd name's", "a/b", "split", "day", "lists", "split_"]


CARDS = {
    "nothing": (Card(), {"license": "LICENSE", "description": "harbour-news"}),
    "own licence": (Card(licence="LicenseRef-Own"), {"license": "LicenseRef-Own"}),
    "another licence": (Card(licence="CC-BY-NC-3.0"), {"license": "https://spdx.org/licenses/CC-BY-NC-3.0.html"}),
    "responsible": (
        Card(source="S", annotation="A", limits="L", biases="B", uses="U", personal="P"),
        {
            "rai:dataCollection": "S",
            "rai:dataAnnotationProtocol": "A",
            "rai:dataLimitations": "L",
            "rai:dataBiases": "B",
            "rai:dataUseCases": "U",
            "rai:personalSensitiveInformation": "P",
        },
    ),
}


@pytest.mark.parametrize(("card", "expected"), CARDS.values(), ids=CARDS.keys())
def test_what_the_team_said_is_told(tmp_path: Path, card: Card, expected: dict[str, str]) -> None:
    value = described(build(request(tmp_path, card=card), write_views).path)
    assert {name: value.get(name) for name in expected} == expected
    if card.source:
        metadata = opened(next(tmp_path.rglob("croissant.json")).parent).metadata
        assert (metadata.data_collection, metadata.data_limitations) == ("S", ["L"])


def test_machines_are_named() -> None:
    from corpus_tool.release.pages.croissant import responsible

    people = (Annotator("ada", "human", "annotator", 3), Annotator("tagger 1", "model", "predictor", 4))
    assert responsible(Card(), people)["rai:machineAnnotationTools"] == ["tagger 1 (predictor): 4 annotations"]


BROKEN = {
    "version": ("version", "9.9.9"),
    "name": ("name", "other"),
    "digest": ("distribution", []),
    "fields": ("recordSet", []),
    "title": ("alternateName", "Other"),
}


@pytest.mark.parametrize(("part", "value"), BROKEN.values(), ids=BROKEN.keys())
def test_verify_finds_what_is_not_so(tmp_path: Path, part: str, value: Any) -> None:
    path = released(tmp_path).path
    text = described(path)
    assert text[part] != value
    (path / "croissant.json").write_text(json.dumps({**text, part: value}))
    codes = [(finding.code, Path(finding.location.path).name) for finding in verify(path, "logical")]
    assert ("RLS906", "croissant.json") in codes


def test_a_release_of_before_there_was_croissant_is_sound() -> None:
    path = TOP / "releases" / "harbour-news" / "1.0.0"
    assert verify(path, "logical") == ()


def test_structure_needs_no_card(tmp_path: Path) -> None:
    built = released(tmp_path)
    assert set(structure(built.manifest, {})) == {"name", "version", "distribution", "recordSet"}
