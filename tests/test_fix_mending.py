"""Blocks that are mended: passes, what is left, and what one fix does to another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from corpus_tool.blocks import Block, Chunk
from corpus_tool.contract import Contract
from corpus_tool.findings import ABSENT, Edit, Finding, Fix, LineEdit, Location, Replacement, Severity
from corpus_tool.fixing import mending
from corpus_tool.fixing.mending import PASSES, Mender
from corpus_tool.fixing.units import Piece
from corpus_tool.records import Record
from corpus_tool.reports import BlockReport
from corpus_tool.rules import all_rules
from corpus_tool.rules.example import edited, example_article
from corpus_tool.summary import Summary
from corpus_tool.validate import Checker
from tests.rules.tables import example_contract

TEXT = example_article()["text"]
LOOSE = {
    f"/entities/{number}/spans/0": {"start": start, "end": end, "text": TEXT[start:end]}
    for number, start, end in ((0, 0, 11), (1, 22, 34))
}


@dataclass(frozen=True)
class Offers:
    """A checker that offers the fixes it is given, whatever it reads: to a value, those of its kind."""

    fixes: dict[str, list[Fix]]
    contract: Contract = field(default_factory=example_contract)
    sink: None = None
    most: int = 0

    def read(self, block: Block) -> tuple[list[Record], BlockReport]:
        records = [
            Record(json.loads(line), chunk.name, chunk.line + number, line)
            for chunk in block.chunks
            for number, line in enumerate(chunk.read().split(b"\n"))
            if line.strip()
        ]
        report = BlockReport(list(self.found(records)), Summary(articles=len(records)), None)  # type: ignore[arg-type]
        for finding in report.findings:
            report.summary.count(finding)
        return records, report

    def found(self, records: list[Record]) -> Iterator[Finding]:
        for record in records:
            for number, fix in enumerate(self.fixes.get(record.value["kind"], [])):
                yield Finding(f"ABC{number:03}", "x", Severity.ERROR, Location(record.path, record.line), "", fix)


def mend(checker: Any, *articles: Any, unsafe: bool = False) -> tuple[list[Any], Piece]:
    data = b"".join(json.dumps(article).encode() + b"\n" for article in articles)
    ((piece,), number) = Mender(checker, unsafe)(Block(0, (Chunk("a.jsonl", data=data, size=len(data)),)))
    assert number == len(articles)
    out, done = b"", 0
    for patch in piece.patches:
        out, done = out + data[done : patch.offset] + patch.new, patch.offset + patch.size
    return [json.loads(line) for line in (out + data[done:]).split(b"\n")[:-1]], piece


def test_rules_that_never_agree_come_to_an_end() -> None:
    offers = Offers({"a": [Fix("", (Edit("/kind", "a", "b"),))], "b": [Fix("", (Edit("/kind", "b", "a"),))]})
    made, piece = mend(offers, {"kind": "a"}, {"kind": "c"}, {"kind": "b"})
    assert [one["kind"] for one in made] == ["a", "c", "b"]
    assert piece.counts.fixed == {"ABC000": 2 * PASSES}
    assert piece.counts.stuck == {"ABC000": 2}


LEFT = {
    "what it takes for old is not there": (Fix("", (Edit("/kind", "x", "y"),)), False),
    "it changes nothing": (Fix("", (Edit("/kind", "a", "a"),)), False),
    "no line": (Fix("", lines=(LineEdit(9, 1, "x", ""),)), False),
    "no column": (Fix("", lines=(LineEdit(1, 99, "", "x"),)), False),
    "another line": (Fix("", lines=(LineEdit(1, 1, "x", ""),)), False),
    "lines and more": (Fix("", (Edit("/kind", "a", "b"),), lines=(LineEdit(1, 1, "{", "{ "),)), False),
    "a text and more": (Fix("", (Edit("/kind", "a", "b"),), text=(Replacement(0, "R", "r"),)), False),
    "a text that is another": (Fix("", text=(Replacement(0, "x", "y"),)), False),
    "one of its lines is another": (Fix("", lines=(LineEdit(1, 1, "{", "{ "), LineEdit(1, 5, "?", ""))), False),
    "unsafe": (Fix("", (Edit("/kind", "a", "b"),), "unsafe"), True),
}


@pytest.mark.parametrize(("fix", "unsafe"), LEFT.values(), ids=LEFT)
def test_a_fix_that_is_not_made_is_counted(fix: Fix, unsafe: bool) -> None:
    article = {"kind": "a", "text": "Rain"}
    made, piece = mend(Offers({"a": [fix]}), article)
    assert made == [article]
    assert piece.patches == ()
    counts = piece.counts
    assert (counts.fixed, counts.unsafe, counts.stuck) == (
        {},
        {"ABC000": 1} if unsafe else {},
        {} if unsafe else {"ABC000": 1},
    )


def test_a_fix_that_does_not_say_how_is_none() -> None:
    _, piece = mend(Offers({"a": [Fix("look at it")]}), {"kind": "a"})
    assert (piece.counts.fixed, piece.counts.stuck) == ({}, {})


def test_fixes_at_one_place_are_made_one_after_the_other() -> None:
    """Duplicates whose references stand in one list."""
    fixes = [
        Fix("", (Edit("/kind", "a", "b"), Edit("/n", [1, 2], [1]))),
        Fix("", (Edit("/n/0", 1, 3),)),
        Fix("", (Edit("/m", ABSENT, 4),)),
    ]
    then = Fix("", (Edit("/n/0", 1, 3), Edit("/kind", "b", "c")))
    made, piece = mend(Offers({"a": fixes, "b": [then]}), {"kind": "a", "n": [1, 2]})
    assert made == [{"kind": "c", "n": [3], "m": 4}]
    assert piece.counts.fixed == {"ABC000": 2, "ABC002": 1}
    assert not piece.counts.stuck


def test_findings_beyond_those_that_are_kept_come_in_the_next_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "MOST", 3)
    wrong = [edited(LOOSE | {"/id": str(number)}) for number in range(12)]
    made, piece = mend(Checker(example_contract(), frozenset(all_rules())), *wrong)
    assert made == [edited({"/id": str(number)}) for number in range(12)]
    assert piece.counts.fixed == {"SPN305": 24}


def test_only_what_changed_is_checked_again() -> None:
    read: list[int] = []

    @dataclass(frozen=True)
    class Watched(Offers):
        def read(self, block: Block) -> tuple[list[Record], BlockReport]:
            read.append(len(block.chunks[0].read()) if block.chunks else 0)
            return super().read(block)

    articles = [{"kind": "c"}] * 50 + [{"kind": "a"}]
    mend(Watched({"a": [Fix("", (Edit("/kind", "a", "b"),))]}), *articles)
    assert read == [sum(len(json.dumps(one)) + 1 for one in articles), len('{"kind": "b"}\n')]
