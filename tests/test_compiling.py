"""The compiled schema: what merging keeps, what closing adds, what is refused."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any
from unittest import mock

import pytest

from corpus_tool.compiling import compile_schema, inlined
from corpus_tool.contract import Contract, base_schema, load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.fields import read_fields
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.merging import both, extended, same
from corpus_tool.schema import Verdict
from corpus_tool.vocabulary import EDITORS, check_schema
from tests.corpora import corpora

TEXT = {"type": "string", "x-text": True}
INTEGERS = {"minimum": -(2**63), "maximum": 2**63 - 1}


def article(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"text": TEXT, **properties}}


def compiled(schema: Any, extension: Any = None, inventory: Any = None) -> dict[str, Any]:
    labels = parse_inventory(inventory, "inventory") if inventory else None
    return compile_schema(schema, labels, extension, "schema")


def accepts(schema: Any, value: Any) -> bool:
    return Verdict(Contract(schema if isinstance(schema, dict) else {"allOf": [schema]})).accepts(value)


NOT_TAKEN = {"format.json": "formats are asserted here, and notes there"}


@pytest.mark.parametrize("change", ["as it is compiled", "with all references written out"])
def test_json_schema_suite(change: str) -> None:
    """The verdict on every required test of draft 2020-12 whose schema is admitted is the suite's."""
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    for file in sorted((corpora("json-schema-suite") / "tests/draft2020-12").glob("*.json")):
        for group in json.loads(file.read_bytes()):
            if file.name in NOT_TAKEN:
                counts[NOT_TAKEN[file.name]] += len(group["tests"])
                continue
            try:
                check_schema(group["schema"], "schema")
                made = (
                    compiled(group["schema"]) if change == "as it is compiled" else inlined(group["schema"], "schema")
                )
                verdict = Verdict(Contract(made if isinstance(made, dict) else {"allOf": [made]}))
                verdict.check_patterns()
            except SettingsError as error:
                counts["another document or dialect: " + error.message.partition("'")[0]] += len(group["tests"])
                continue
            for test in group["tests"]:
                counts["taken"] += 1
                if verdict.accepts(test["data"]) is not test["valid"]:
                    wrong.append(f"{file.name}: {group['description']}: {test['description']}")
    assert wrong == []
    assert counts["taken"] >= 1100, counts
    assert counts.total() - counts["taken"] < 200, counts


KEPT = [
    pytest.param({"$ref": "#/$defs/a", "minimum": 3, "$defs": {"a": {"type": "integer", "minimum": 1}}},
                 [2, 3, "x"], id="siblings of a reference"),
    pytest.param({"$ref": "#/$defs/a", "additionalProperties": False, "$defs": {"a": {"properties": {"x": True}}}},
                 [{"x": 1}, {}], id="additionalProperties does not see through a reference"),
    pytest.param({"$ref": "#/$defs/a", "properties": {"y": True}, "$defs": {"a": {"properties": {"x": True}, "additionalProperties": False}}},
                 [{"x": 1}, {"y": 1}, {}], id="a closed target takes no more"),
    pytest.param({"$ref": "#/$defs/a", "unevaluatedProperties": False, "$defs": {"a": {"properties": {"x": True}}}},
                 [{"x": 1}, {"y": 1}], id="unevaluatedProperties sees through a reference"),
    pytest.param({"$ref": "#/$defs/a", "items": {"minimum": 2}, "$defs": {"a": {"prefixItems": [True], "items": {"type": "integer"}}}},
                 [[1], [2, 3], [2, "x"], ["x", 3]], id="items beside prefixItems"),
    pytest.param({"$ref": "#/$defs/a", "then": False, "$defs": {"a": {"if": {"const": 1}}}}, [1, 2], id="then without its if"),
    pytest.param({"$ref": "#/$defs/a", "minContains": 0, "$defs": {"a": {"contains": {"const": 1}}}}, [[], [1]], id="minContains apart"),
    pytest.param({"allOf": [{"enum": [1, 2]}, {"enum": [True, 2]}]}, [1, 2, True], id="1 is not true"),
    pytest.param({"allOf": [{"const": 1}, {"const": True}]}, [1, True], id="const 1 is not true"),
    pytest.param({"allOf": [{"const": 1}, {"const": 1.0}]}, [1, 1.0, 2], id="const 1 is 1.0"),
    pytest.param({"allOf": [{"properties": {"a": False}}, {"properties": {"a": {"type": "string"}}}]}, [{}, {"a": "x"}], id="false wins"),
    pytest.param({"allOf": [{"pattern": "^a"}, {"pattern": "b$"}]}, ["ab", "a", "b"], id="two patterns"),
    pytest.param({"allOf": [{"type": "string"}, {"type": "integer"}]}, ["a", 1], id="no common type"),
    pytest.param({"allOf": [{"type": "number"}, {"type": ["integer", "null"]}]}, [1, 1.5, None], id="integers among numbers"),
    pytest.param({"allOf": [{"anyOf": [{"minimum": 5}]}, {"anyOf": [{"maximum": 7}]}]}, [4, 6, 8], id="two unions"),
    pytest.param({"$ref": "#/properties/a", "properties": {"a": {"required": ["b"]}}}, [{}, {"b": 1}], id="reference to a property"),
    pytest.param({"properties": {"$ref": {"type": "string"}}}, [{"$ref": 1}, {"$ref": "a"}], id="a property named $ref"),
    pytest.param({"properties": {"kids": {"items": {"$ref": "#"}}, "n": {"type": "integer"}}}, [{"kids": [{"n": "x"}]}, {"kids": [{"n": 1}]}], id="recursion to the root"),
    pytest.param({"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": {"type": "null"}}}, [None, 1], id="escaped pointer"),
    pytest.param({"$ref": "#here", "$defs": {"x": {"$anchor": "here", "type": "null"}}}, [None, 1], id="anchor"),
    pytest.param({"const": {"$ref": "#/nowhere"}}, [{"$ref": "#/nowhere"}, 1], id="a constant that looks like a reference"),
    pytest.param({"$id": "urn:x:y", "$ref": "urn:x:y#/$defs/a", "$defs": {"a": {"type": "null"}}}, [None, 1], id="reference by the own id"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "values"), KEPT)
def test_writing_references_out_changes_no_verdict(schema: dict[str, Any], values: list[Any]) -> None:
    before, after = ([accepts(each, value) for value in values] for each in (schema, inlined(schema, "schema")))
    assert before == after


def test_references_and_all_of_are_gone_from_an_article() -> None:
    schema = {
        "allOf": [{"$ref": "#/$defs/base"}, {"properties": {"n": {"$ref": "#/$defs/n"}}}],
        "unevaluatedProperties": False,
        "$defs": {"base": article(), "n": {"type": "integer", "minimum": 0}},
    }
    assert compiled(schema) == {
        "type": "object",
        "properties": {EDITORS: mock.ANY, "text": TEXT, "n": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}},
        "additionalProperties": False,
    }


def test_an_article_may_name_its_contract() -> None:
    schema = compiled(article())
    assert next(iter(schema["properties"])) == EDITORS
    assert compiled(schema) == schema, "compiled again it is the same"
    assert EDITORS not in [field.name for field in read_fields(schema).fields]
    open_ended = {**article(), "additionalProperties": True}
    assert EDITORS not in compiled(open_ended)["properties"], "where everything is allowed nothing has to be"


def test_the_packaged_article_is_flat_and_closed() -> None:
    text = json.dumps(compiled(base_schema()))
    assert "$ref" not in text
    assert "$defs" not in text
    assert accepts(compiled(base_schema()), base_schema()["examples"][0])
    assert not accepts(compiled(base_schema()), {**base_schema()["examples"][0], "more": 1})


def test_what_is_no_article_is_left_as_it_stands() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "allOf": [{"required": ["a"]}]}
    assert compiled(schema) == schema
    assert compiled(True)["allOf"] == [True]


@pytest.mark.parametrize(("field", "value", "fits"), [
    pytest.param({"type": "integer"}, 1e300, False, id="integer beyond int64"),
    pytest.param({"type": "integer"}, 9223372036854775808.0, False, id="2^63 as a float"),
    pytest.param({"type": "integer", "maximum": 1e30}, 1e29, False, id="a bound of its own, too wide"),
    pytest.param({"type": "integer", "maximum": 5}, 6, False, id="a bound of its own, narrower"),
    pytest.param({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 1e300, False, id="nullable branch"),
    pytest.param({"anyOf": [{"type": "integer"}, {"type": "null"}]}, None, True, id="nullable branch, null"),
    pytest.param({"type": "array", "items": {"type": "integer"}}, [1e300], False, id="in a list"),
    pytest.param({"type": "integer", "x-arrow": "int8"}, 128, False, id="beyond int8"),
    pytest.param({"type": "integer", "x-arrow": "uint8"}, -1, False, id="negative uint8"),
    pytest.param({"type": "integer", "x-arrow": "uint8"}, 255, True, id="largest uint8"),
    pytest.param({"type": "number", "x-arrow": "float32"}, 1e39, False, id="beyond float32"),
    pytest.param({"type": "string", "x-arrow": "date32"}, "2026-02-30", False, id="no such day"),
    pytest.param({"type": "string", "x-arrow": "timestamp[us]"}, "2026-02-03", False, id="a date is no time"),
    pytest.param({"type": "object", "properties": {"a": {"type": "string"}}}, {"b": 1}, False, id="objects are closed"),
    pytest.param({"anyOf": [{"type": "object", "properties": {"a": True}}, {"type": "null"}]}, {"b": 1}, False, id="nullable objects are closed"),
    pytest.param({"type": "object", "properties": {"a": True}, "additionalProperties": True}, {"b": 1}, True, id="open where it says so"),
])  # fmt: skip
def test_what_an_article_s_fields_take(field: dict[str, Any], value: Any, fits: bool) -> None:
    assert accepts(compiled(article(f=field)), {"text": "", "f": value}) is fits


@pytest.mark.parametrize(("schema", "message"), [
    pytest.param({"$ref": "https://example.org/other.json"}, "nothing is fetched", id="http"),
    pytest.param({"$ref": "file:///etc/hostname"}, "nothing is fetched", id="file"),
    pytest.param({"$ref": "other.json#/$defs/a"}, "nothing is fetched", id="relative"),
    pytest.param({"$ref": "#/$defs/none"}, "names nothing", id="dangling"),
    pytest.param({"$ref": "#none"}, "names nothing", id="no such anchor"),
    pytest.param({"properties": {"a": {"items": {"$ref": "#/$defs/x/0"}}}}, "names nothing", id="dangling, inside"),
    pytest.param({"requried": []}, "did you mean 'required'?", id="misspelt"),
    pytest.param({"$schema": "http://json-schema.org/draft-07/schema#"}, "draft/2020-12", id="draft 7"),
])  # fmt: skip
@pytest.mark.parametrize("wrap", [dict, lambda part: article(f=part) | {"$defs": {}}], ids=["bare", "article"])
def test_refused(schema: Any, message: str, wrap: Any) -> None:
    with pytest.raises(SettingsError, match=message.replace("?", r"\?")):
        compiled(wrap(schema))


def test_a_hidden_reference_is_not_fetched_either() -> None:
    schema = {"$defs": {"a": {"$id": "urn:a", "$ref": "https://example.org/x"}}, "$ref": "#/$defs/a"}
    with pytest.raises(SettingsError, match=r"refers|is no JSON Schema"):
        Verdict(Contract(compiled(schema))).check_patterns()


def test_references_that_multiply_are_refused_in_time() -> None:
    levels = {f"a{n}": article(x={"$ref": f"#/$defs/a{n + 1}"}, y={"$ref": f"#/$defs/a{n + 1}"}) for n in range(40)}
    started = time.monotonic()
    with pytest.raises(SettingsError, match="over 50,000 parts"):
        compiled({"$ref": "#/$defs/a0", "$defs": {**levels, "a40": {"type": "string"}}})
    assert time.monotonic() - started < 20


def test_a_schema_nested_too_deeply_is_refused() -> None:
    deep: dict[str, Any] = article()
    for _ in range(2000):
        deep = {"type": "array", "items": deep}
    with pytest.raises(SettingsError, match="nested too deeply"):
        compiled(deep)


INVENTORY = {"inventory": "1.0", "entity": [{"name": "PER"}, {"name": "ORG"}]}


@pytest.mark.parametrize(("label", "enum"), [
    pytest.param({"type": "string", "x-label": True}, ["PER", "ORG"], id="string"),
    pytest.param({"type": ["string", "null"], "x-label": True}, ["PER", "ORG", None], id="nullable"),
    pytest.param({"type": "string", "x-label": True, "enum": ["X"]}, ["PER", "ORG"], id="the inventory decides"),
    pytest.param({"type": "string"}, None, id="no label"),
])  # fmt: skip
def test_labels_come_from_the_inventory(label: dict[str, Any], enum: list[str] | None) -> None:
    layer = {"type": "array", "x-layer": "entity", "items": {"type": "object", "properties": {"t": label}}}
    made = compiled(article(spans=layer), inventory=INVENTORY)
    assert made["properties"]["spans"]["items"]["properties"]["t"].get("enum") == enum


def test_extensions_add_fields_at_every_level() -> None:
    extension = {
        "properties": {
            "desk": {"type": "string"},
            "entities": {"items": {"properties": {"attributes": {"type": "array", "items": {"$ref": "#/$defs/mine"}}}}},
            "metadata": {"properties": {"paid": {"type": "boolean"}}, "required": ["paid"]},
        },
        "required": ["desk"],
        "$defs": {"mine": {"properties": {"weight": {"$ref": "#/$defs/confidence"}}}},
    }
    made = compiled(base_schema(), extension)
    assert made["required"] == ["id", "text", "desk"]
    assert made["properties"]["metadata"]["properties"]["paid"] == {"type": "boolean"}
    assert "language" in made["properties"]["metadata"]["properties"]
    attribute = made["properties"]["entities"]["items"]["properties"]["attributes"]["items"]
    assert attribute["properties"]["weight"] == base_schema()["$defs"]["confidence"]
    assert attribute["additionalProperties"] is False
    assert "$ref" not in json.dumps(made)


@pytest.mark.parametrize(("extension", "message"), [
    pytest.param({"properties": {"text": {"type": "integer"}}}, "schema#/properties/text: .*both string and integer", id="another type"),
    pytest.param(True, "an extension is an object", id="no object"),
    pytest.param({"properties": {"a": {"$ref": "#/$defs/nowhere"}}}, "names nothing", id="dangling"),
])  # fmt: skip
def test_extensions_refused(extension: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        compiled(base_schema(), extension)


@pytest.mark.parametrize(("left", "right", "equal"), [
    (1, 1.0, True), (1, True, False), (0, False, False), (None, False, False), ([1], [1.0], True), ([1], [True], False),
    ({"a": 1}, {"a": True}, False), ({"a": 1}, {"b": 1}, False), ("1", 1, False), ([], {}, False),
])  # fmt: skip
def test_same(left: Any, right: Any, equal: bool) -> None:
    assert same(left, right) is equal


def test_notes_of_the_outer_schema_win() -> None:
    assert both({"title": "a", "x-id": True}, {"title": "b"}) == {"title": "b", "x-id": True}


def test_extending_keeps_the_order_of_fields() -> None:
    made = extended({"properties": {"b": {}, "a": {}}}, {"properties": {"c": {}, "a": {"title": "x"}}}, "schema")
    assert list(made["properties"]) == ["b", "a", "c"]


def test_a_split_of_a_schema_of_its_own_must_load() -> None:
    base = {"type": "object", "properties": {
        "id": {"type": "string", "x-id": True}, "text": {"type": "string", "x-text": True},
        "part": {"type": "string", "x-field": "split"}, "set": {"enum": ["a", "b"], "x-field": "story"},
    }}  # fmt: skip
    verdict = Verdict(Contract(compile_schema(base, None, None, "s.json")))
    assert verdict.accepts({"id": "a", "text": "", "part": "dev.2024"})
    [breach] = verdict.breaches({"id": "a", "text": "", "part": "dev-2024"})
    assert (breach.code, breach.path, breach.shape) == ("SCH101", ("part",), False)


def test_a_layer_that_coverage_names_exists() -> None:
    verdict = Verdict(load_contract(None, None))
    article = {"id": "a", "text": "", "coverage": [{"layer": "entitys", "prov": "A", "status": "complete"}]}
    [breach] = verdict.breaches(article)
    assert (breach.code, breach.path) == ("SCH101", ("coverage", 0, "layer"))
    assert "did you mean 'entities'?" in breach.message
