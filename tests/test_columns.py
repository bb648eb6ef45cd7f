"""Articles to columns: everything that was there is there."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool.columns import fitted, to_batch
from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, load_contract
from corpus_tool.fields import Field
from corpus_tool.schema import Verdict
from tests.shapes import values

CONTRACT = load_contract(None, None)
VERDICT = Verdict(CONTRACT)
ARTICLES = values(CONTRACT.root)


def own(**properties: Any) -> Contract:
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "x-id": True},
            "text": {"type": "string", "x-text": True},
            **properties,
        },
    }
    return Contract(compile_schema(schema, None, None, "own"))


def naive(value: Any, field: Field, *, layer: bool = False) -> Any:
    """What a column must hold: nothing lost, lists filled in, integers as integers."""
    if field.type == "array":
        assert field.item is not None
        return None if layer and value is None else [naive(item, field.item) for item in value or ()]
    if value is None:
        return None
    if field.type == "object":
        return {child.name: naive(value.get(child.name), child) for child in field.fields}
    return int(value) if field.type == "integer" else value


def rows(articles: list[dict[str, Any]], contract: Contract) -> list[dict[str, Any]]:
    return [
        {
            child.name: naive(each.get(child.name), child, layer=bool(child.says("x-layer")))
            for child in contract.root.fields
        }
        for each in articles
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(ARTICLES, max_size=3))
def test_nothing_is_lost(articles: list[dict[str, Any]]) -> None:
    assert all(VERDICT.accepts(article) for article in articles)
    batch = to_batch(articles, CONTRACT)
    assert batch.schema == CONTRACT.arrow
    batch.validate(full=True)
    assert batch.to_pylist() == rows(articles, CONTRACT)


def test_absent_and_empty_layers_differ() -> None:
    batch = to_batch([{"id": "a", "text": ""}, {"id": "b", "text": "", "entities": []}], CONTRACT)
    assert batch.column("entities").to_pylist() == [None, []]


@pytest.mark.parametrize("metadata", [None, {}, {"headlines": None}, {"headlines": []}], ids=repr)
def test_nested_lists_that_are_missing_are_empty(metadata: Any) -> None:
    batch = to_batch([{"id": "a", "text": "", "metadata": metadata}], CONTRACT)
    found = batch.column("metadata").to_pylist()[0]
    assert found is None if metadata is None else found["headlines"] == []


def test_no_articles() -> None:
    assert to_batch([], CONTRACT).num_rows == 0


ARROW = [
    pytest.param({"type": "integer", "x-arrow": "int8"}, 127, pa.int8(), 127, id="int8"),
    pytest.param({"type": "integer"}, 2**63 - 1, pa.int64(), 2**63 - 1, id="int64"),
    pytest.param({"type": "integer"}, 3.0, pa.int64(), 3, id="an integer written 3.0"),
    pytest.param({"type": "string", "x-arrow": "large_string"}, "é", pa.large_string(), "é", id="large string"),
    pytest.param({"type": ["integer", "number"]}, 3, pa.float64(), 3.0, id="integer or number"),
    pytest.param({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, None, pa.bool_(), None, id="nullable"),
    pytest.param({"type": "array", "items": {"type": "integer", "x-arrow": "uint16"}}, [1], pa.list_(pa.field("element", pa.uint16())), [1], id="in a list"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "kind", "held"), ARROW)
def test_types(field: dict[str, Any], value: Any, kind: pa.DataType, held: Any) -> None:
    contract = own(f=field)
    assert Verdict(contract).accepts({"id": "a", "text": "", "f": value})
    batch = to_batch([{"id": "a", "text": "", "f": value}], contract)
    assert batch.schema.field("f").type == kind
    assert batch.column("f").to_pylist() == [held]


@pytest.mark.parametrize(("field", "value"), [
    pytest.param({"type": "number"}, 2**53 + 1, id="an integer that float64 rounds"),
    pytest.param({"type": "integer", "x-arrow": "int8"}, 128, id="beyond int8"),
    pytest.param({"type": "integer"}, 1e300, id="beyond int64"),
    pytest.param({"type": "string", "x-arrow": "date32"}, "soon", id="no date"),
    pytest.param({"type": "string"}, "\ud800", id="lone surrogate"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_and_named(field: dict[str, Any], value: Any) -> None:
    contract = own(f=field, g={"type": "array", "items": {"type": "object", "properties": {"h": field}}})
    article = {"id": "a", "text": "t", "f": value, "g": [{"h": value}, {}]}
    with pytest.raises((pa.ArrowInvalid, OverflowError)):
        to_batch([article], contract)
    mended, misfits = fitted(article, contract)
    assert [(path, wrong) for path, wrong, _ in misfits] == [(("f",), value), (("g", 0, "h"), value)]
    assert to_batch([mended], contract).to_pylist() == [
        {"id": "a", "text": "t", "f": None, "g": [{"h": None}, {"h": None}]}
    ]
