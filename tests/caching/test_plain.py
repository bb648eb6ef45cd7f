from __future__ import annotations

from collections import Counter
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool import agreement, findings, index, summary
from corpus_tool.caching.memory import _CLASSES
from corpus_tool.caching.outcome import FINDINGS
from corpus_tool.caching.plain import decode, encode
from corpus_tool.findings import (
    ABSENT,
    Edit,
    Excerpt,
    Finding,
    Fix,
    LineEdit,
    Location,
    Replacement,
    Severity,
    Suppression,
)
from corpus_tool.index import CorpusIndex, Entry
from corpus_tool.reports import BlockReport
from corpus_tool.summary import Summary

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
OFFSETS = st.integers(0, 10**9)
LINE = st.none() | st.integers(1, 10**6)
LOCATIONS = st.builds(
    Location, st.sampled_from(["a.jsonl", "b.json"]), LINE, LINE, LINE, LINE, st.text(), st.none() | st.text(), st.none() | st.text()
)  # fmt: skip
EDITS = st.builds(Edit, st.text(), JSON | st.just(ABSENT), JSON | st.just(ABSENT))
FIXES = st.builds(
    Fix, st.text(), st.lists(EDITS, max_size=2).map(tuple), st.sampled_from(["safe", "unsafe"]),
    st.lists(st.builds(Replacement, OFFSETS, st.text(), st.text()), max_size=2).map(tuple),
    st.lists(st.builds(LineEdit, st.integers(1, 10**6), OFFSETS, st.text(), st.text()), max_size=2).map(tuple),
)  # fmt: skip
EXCERPTS = st.builds(Excerpt, OFFSETS, OFFSETS, st.text(), st.text(), st.text())
FOUND = st.builds(
    Finding, st.text(), st.text(), st.sampled_from(Severity), LOCATIONS, st.text(), st.none() | FIXES,
    st.none() | EXCERPTS, st.text(), st.none() | st.builds(Suppression, st.just("path"), st.text()),
)  # fmt: skip


def again(value: Any, classes: Any = FINDINGS, shift: Any = None, back: Any = None) -> Any:
    return decode(orjson.loads(orjson.dumps(encode(value, classes, shift))), classes, back or shift)


@given(st.lists(FOUND, max_size=3))
def test_findings_come_back_as_they_were(found: list[Finding]) -> None:
    made = again(found)
    assert made == found
    assert [finding.as_json() for finding in made] == [finding.as_json() for finding in found]


@given(st.lists(FOUND, max_size=3), st.integers(0, 5000), st.integers(0, 5000))
def test_lines_move_with_their_block(found: list[Finding], before: int, after: int) -> None:
    made = again(found, shift={"a.jsonl": before}, back={"a.jsonl": after})
    for one, other in zip(found, made, strict=True):
        moved = after - before if one.location.path == "a.jsonl" else 0
        assert other.location.line == (None if one.location.line is None else one.location.line + moved)
        assert other.location.end_line == (None if one.location.end_line is None else one.location.end_line + moved)
        assert other.location.column == one.location.column
        if one.fix is not None:
            assert [edit.line for edit in other.fix.lines] == [edit.line + moved for edit in one.fix.lines]


@pytest.mark.parametrize("module", [findings, summary, index, agreement], ids=lambda module: module.__name__)
def test_all_that_findings_and_indexes_are_made_of_can_be_kept(module: Any) -> None:
    made = {
        name: one for name, one in vars(module).items()
        if isinstance(one, type) and one.__module__ == module.__name__ and (is_dataclass(one) or issubclass(one, Enum))
    }  # fmt: skip
    assert made.items() <= _CLASSES.items()


def test_lines_stand_only_where_they_are_moved() -> None:
    with_lines = {name for name, one in _CLASSES.items() if "line" in getattr(one, "__dataclass_fields__", ())}
    assert with_lines == {"Location", "Entry", "LineEdit"}


def test_a_report_comes_back_as_it_was() -> None:
    entry = Entry("a", "a.jsonl", 7, "train", b"\x00\xff" * 8, b"sign")
    index = CorpusIndex(
        [entry], Counter({("train", "entities"): 2}), Counter({("train", "entities", "entity", "X"): 2})
    )
    index.seen["train", "entities", "entity", "X"] = (entry, "/entities/0")
    summary = Summary(articles=2, by_code={"SPN304": 1}, not_checked={"SPN301": 3})
    report = BlockReport([], summary, index, None, frozenset({0, 3}))
    made = again(report, _CLASSES)
    assert made == report
    assert type(made.index.layers) is Counter
    assert list(made.index.seen) == list(index.seen)


@pytest.mark.parametrize(
    "value",
    [object(), Path("x"), Entry("a", "a", 1, "train", b""), print, [lambda: 1], 1j],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_finding_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="not among what the cache keeps"):
        encode(value, FINDINGS)


@pytest.mark.parametrize(
    "data",
    [["Path", "/etc"], ["eval", "1"], ["Severity", "NONE"], ["Finding"], [], ["Finding", *range(20)], ["__import__", "os"]],
    ids=str,
)  # fmt: skip
def test_what_is_planted_makes_nothing(data: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, IndexError)):
        decode(data, FINDINGS)
