"""The fields of a schema: their types in Arrow, and why some have none."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from corpus_tool.arrow_types import arrow_type, carries
from corpus_tool.contract import load_contract
from corpus_tool.fields import read_fields
from corpus_tool.outline import outline


@pytest.mark.parametrize(("schema", "kind", "nullable"), [
    pytest.param({"type": "string"}, pa.string(), False, id="string"),
    pytest.param({"type": "string", "format": "date"}, pa.string(), False, id="a date is a string"),
    pytest.param({"type": "string", "x-arrow": "date32"}, pa.date32(), False, id="a date where it says so"),
    pytest.param({"type": "string", "x-arrow": "timestamp[ms]"}, pa.timestamp("ms", "UTC"), False, id="a time"),
    pytest.param({"type": "integer"}, pa.int64(), False, id="integer"),
    pytest.param({"type": "integer", "x-arrow": "uint8"}, pa.uint8(), False, id="uint8"),
    pytest.param({"type": "number"}, pa.float64(), False, id="number"),
    pytest.param({"type": ["number", "integer"]}, pa.float64(), False, id="number or integer"),
    pytest.param({"type": "boolean"}, pa.bool_(), False, id="boolean"),
    pytest.param({"type": ["null", "string"]}, pa.string(), True, id="nullable"),
    pytest.param({"anyOf": [{"type": "null"}, {"type": "integer"}]}, pa.int64(), True, id="nullable by anyOf"),
    pytest.param({"oneOf": [{"type": "integer"}, {"type": "null"}], "title": "x"}, pa.int64(), True, id="nullable by oneOf"),
    pytest.param({"type": "string", "anyOf": [{"format": "date"}, {"format": "time"}]}, pa.string(), False, id="branches that narrow"),
    pytest.param({"enum": ["a", "b"]}, pa.string(), False, id="strings without type"),
    pytest.param({"enum": ["a", None]}, pa.string(), True, id="strings and null"),
    pytest.param({"const": 1}, pa.int64(), False, id="a constant"),
    pytest.param({"type": "array", "items": {"type": "integer"}}, pa.list_(pa.field("element", pa.int64())), False, id="list"),
    pytest.param({"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "integer"}}, "additionalProperties": False},
                 pa.struct([("b", pa.string()), ("a", pa.int64())]), False, id="object, in schema order"),
])  # fmt: skip
def test_types(schema: Any, kind: pa.DataType, nullable: bool) -> None:
    field = read_fields(schema)
    assert field.problem is None
    assert arrow_type(field) == kind
    assert field.nullable is nullable


@pytest.mark.parametrize(("schema", "problem"), [
    pytest.param({}, "has no type", id="untyped"),
    pytest.param(True, "has no type", id="true"),
    pytest.param({"type": "null"}, "has no type", id="null alone"),
    pytest.param({"type": ["string", "integer"]}, "is a union of string and integer", id="types"),
    pytest.param({"enum": [1, "a"]}, "is a union of integer and string", id="values of two types"),
    pytest.param({"enum": [1, True]}, "is a union of integer and boolean", id="1 and true"),
    pytest.param({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "is a union", id="branches"),
    pytest.param({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}, "is a union", id="three branches"),
    pytest.param({"$ref": "#/$defs/a"}, "is recursive", id="recursive"),
    pytest.param({"type": "array"}, "is a list of anything", id="list of anything"),
    pytest.param({"type": "array", "prefixItems": [{"type": "string"}]}, "is a tuple", id="tuple"),
    pytest.param({"type": "object"}, "lists no properties", id="bare object"),
    pytest.param({"type": "object", "properties": {"a": {"type": "string"}}}, "is open: any property may stand in it", id="open"),
    pytest.param({"type": "object", "additionalProperties": {"type": "string"}}, "is a map", id="map"),
    pytest.param({"type": "object", "patternProperties": {"^a": {}}}, "is a map", id="map by pattern"),
])  # fmt: skip
def test_problems(schema: Any, problem: str) -> None:
    assert read_fields(schema).problem == problem


def test_pointers_lead_into_the_schema() -> None:
    schema = {"type": "object", "additionalProperties": False, "properties": {
        "a/b": {"type": "array", "items": {"anyOf": [{"type": "null"}, {"type": "object", "additionalProperties": False, "properties": {"c": {"type": "string"}}}]}},
    }}  # fmt: skip
    assert [field.pointer for field in read_fields(schema).walk()] == [
        "#", "#/properties/a~1b", "#/properties/a~1b/items/anyOf/1", "#/properties/a~1b/items/anyOf/1/properties/c",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "arrow", "held"), [
    ("string", "date32", True), ("string", "int8", False), ("integer", "float32", True), ("integer", "date32", False),
    ("number", "int64", False), ("boolean", "bool", True), ("object", "string", False),
])  # fmt: skip
def test_carries(kind: str, arrow: str, held: bool) -> None:
    assert carries(kind, arrow) is held


def test_outline_names_every_field() -> None:
    lines = list(outline(load_contract(None, None).root))
    assert "id: string  x-id\n" in lines
    assert "entities?: list of object  x-layer=entity\n" in lines
    assert "  type: string [direct, indirect, mixed]  x-label\n" in lines
    assert "      start: integer\n" not in lines
    assert "    start: integer\n" in lines
    assert all(line == line.rstrip() + "\n" for line in lines)
