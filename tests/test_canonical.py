"""The canonical form: what counts as the same, and what is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from corpus_tool.canonical import (
    _form,
    canonical,
    dumps_line,
    dumps_pretty,
)
from corpus_tool.columns import to_batch
from corpus_tool.contract import load_contract
from corpus_tool.in_form import check_of
from corpus_tool.schema import Verdict
from tests.shapes import values

CONTRACT = load_contract(None, None)
VERDICT = Verdict(CONTRACT)
ARTICLES = values(CONTRACT.root)
PROFILE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def whole(**change: Any) -> dict[str, Any]:
    return {"id": "a", "text": "t", **change}


def entity(**change: Any) -> dict[str, Any]:
    return whole(entities=[{"id": "T1", "type": "X", "spans": [{"start": 0, "end": 1, "text": "t"}], **change}])


@PROFILE
@given(ARTICLES)
def test_it_is_its_own_canonical_form_and_keeps_the_schema(article: dict[str, Any]) -> None:
    made = canonical(article, CONTRACT)
    assert VERDICT.accepts(made)
    assert dumps_line(made, CONTRACT) == dumps_line(article, CONTRACT)
    assert dumps_pretty(made, CONTRACT) == dumps_pretty(article, CONTRACT)


@PROFILE
@given(ARTICLES)
def test_what_is_said_to_have_the_form_is_written_as_it_stands(article: dict[str, Any]) -> None:
    made = canonical(article, CONTRACT)
    for field in CONTRACT.root.fields:
        check, form, value = check_of(field), _form(field), article.get(field.name)
        if check is None or form is None or value is None:
            continue
        if check([value]):
            assert orjson.dumps(form(value)) == orjson.dumps(value)
        kept = made.get(field.name)
        assert kept is None or check([kept]) or any(one is None for one in _values(kept))


def test_parts_that_have_the_form_are_not_made_anew() -> None:
    article = entity() | {"tokens": [{"spans": [{"start": 0, "end": 1, "text": "t"}], "id": "K1"}]}
    turned = dict(reversed(article.items()))
    made = canonical(turned, CONTRACT)
    assert list(made) == ["id", "text", "tokens", "entities"]
    assert made["entities"] is turned["entities"]
    assert list(made["tokens"][0]) == ["id", "spans"]


def _values(value: Any) -> Iterator[Any]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield value
    for part in parts:
        yield from _values(part)


@PROFILE
@given(ARTICLES)
def test_both_ways_of_writing_parse_to_it(article: dict[str, Any]) -> None:
    made = canonical(article, CONTRACT)
    assert json.loads(dumps_line(article, CONTRACT)) == made
    assert json.loads(dumps_pretty(article, CONTRACT)) == made


@PROFILE
@given(ARTICLES)
def test_the_way_through_columns_changes_nothing(article: dict[str, Any]) -> None:
    [back] = to_batch([article], CONTRACT).to_pylist()
    assert dumps_line(back, CONTRACT) == dumps_line(article, CONTRACT)


@pytest.mark.parametrize(("one", "other"), [
    pytest.param(whole(split=None), whole(), id="absent and null"),
    pytest.param(whole(metadata={}), whole(), id="absent and empty object"),
    pytest.param(whole(metadata={"by": None}), whole(), id="object of nulls"),
    pytest.param(whole(metadata={"headlines": []}), whole(metadata={"headlines": None}), id="nested list, empty and null"),
    pytest.param(entity(attributes=[]), entity(), id="nested list, empty and absent"),
    pytest.param(whole(relations=[{"id": "R", "type": "x", "arguments": None}]), whole(relations=[{"id": "R", "type": "x", "arguments": []}]), id="required list, null and empty"),
    pytest.param(entity(spans=[{"start": 0.0, "end": 1.0, "text": "t"}]), entity(), id="integers written 1.0"),
    pytest.param(entity(confidence=1), entity(confidence=1.0), id="numbers written 1"),
    pytest.param({"text": "t", "id": "a"}, {"id": "a", "text": "t"}, id="order of keys"),
])  # fmt: skip
def test_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert dumps_line(one, CONTRACT) == dumps_line(other, CONTRACT)


@pytest.mark.parametrize(("one", "other"), [
    pytest.param(whole(entities=[]), whole(), id="layer, empty and absent"),
    pytest.param(whole(text="e\u0301"), whole(text="é"), id="normal forms of a text"),
    pytest.param(whole(text="t\r\n"), whole(text="t\n"), id="line ends of a text"),
    pytest.param(entity(attributes=[{"name": "a"}]), entity(attributes=[{"name": "a", "value": ""}]), id="flag and empty value"),
    pytest.param(whole(labels=[{"axis": "a", "value": "b"}, {"axis": "a", "value": "c"}]),
                 whole(labels=[{"axis": "a", "value": "c"}, {"axis": "a", "value": "b"}]), id="order of items"),
])  # fmt: skip
def test_not_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert dumps_line(one, CONTRACT) != dumps_line(other, CONTRACT)


def test_keys_stand_in_schema_order_and_unknown_ones_last() -> None:
    assert list(canonical({"zz": 1, "entities": [], "text": "t", "id": "a"}, CONTRACT)) == [
        "id",
        "text",
        "entities",
        "zz",
    ]


def test_numbers_are_numbers() -> None:
    made = canonical(entity(spans=[{"start": 0.0, "end": 1, "text": "t"}], confidence=1), CONTRACT)["entities"][0]
    assert repr((made["spans"][0]["start"], made["confidence"])) == "(0, 1.0)"


def test_one_annotation_a_line() -> None:
    article = entity() | {"notes": [], "labels": [{"axis": "a", "value": "é\u2028"}, {"axis": "b", "value": "c"}]}
    assert dumps_pretty(article, CONTRACT).decode() == (
        '{\n "id": "a",\n "text": "t",\n "entities": [\n'
        '  {"id":"T1","type":"X","spans":[{"start":0,"end":1,"text":"t"}]}\n ],\n'
        ' "labels": [\n  {"axis":"a","value":"é\u2028"},\n  {"axis":"b","value":"c"}\n ],\n "notes": []\n}\n'
    )


def test_a_line_is_one_line() -> None:
    assert dumps_line(whole(text="a\nb\u2028"), CONTRACT) == '{"id":"a","text":"a\\nb\u2028"}\n'.encode()
