"""With text hidden, nothing that an article says gets out, in any format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import polars as pl
import pytest

from corpus_tool import masking
from corpus_tool.blocks import Block, Chunk
from corpus_tool.findings import ABSENT, Edit, Excerpt, Finding, Fix, Location, Replacement, Severity
from corpus_tool.reporters import REPORTERS, Style
from corpus_tool.reports import Report
from corpus_tool.rules import BYTES, CORPUS, ROWS, SCHEMA, TABLES, Bad, all_rules
from corpus_tool.rules.example import broken, edited
from corpus_tool.validate import Checker, run_checks
from tests.program import lines
from tests.rules.tables import example_contract

READ = [rule for rule in all_rules().values() if rule.on in {*ROWS, TABLES, SCHEMA, CORPUS, BYTES}]
BAD = [(rule, number, bad) for rule in READ for number, bad in enumerate(rule.bad)]
MASKED = Style(mask=True, most=0)


@cache
def checker(*, mask: bool) -> Checker:
    return Checker(example_contract(), frozenset(all_rules()), mask=mask)


def report_on(bad: Bad, *, mask: bool) -> Report:
    data = bad.raw if bad.raw is not None else lines(broken(bad), *(edited(put) for put in bad.corpus))
    return run_checks([Block(0, (Chunk("articles/a.jsonl", data=data, size=len(data)),))], checker(mask=mask), jobs=1)


def articles_of(bad: Bad) -> list[dict[str, Any]]:
    return [] if bad.raw is not None else [broken(bad), *(edited(put) for put in bad.corpus)]


def said(value: Any) -> Iterator[str]:
    """What an article says: its text, surfaces, values of attributes and notes; not its ids, labels and metadata."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ("text", "surface") and isinstance(part, str):
                yield part
            elif isinstance(part, dict | list):
                yield from said(part)
    elif isinstance(value, list):
        for part in value:
            yield from said(part)


def runs(text: str) -> set[str]:
    """All runs of five letters."""
    words = re.findall(r"[^\W\d_]{5,}", text)
    return {word[at : at + 5] for word in words for at in range(len(word) - 4)}


OF_THE_TOOL = runs(" ".join(f"{rule.message} {rule.doc} {rule.name}" for rule in all_rules().values()))


@pytest.mark.parametrize(("rule", "number", "bad"), BAD, ids=[f"{rule.code}-{number}" for rule, number, _ in BAD])
def test_no_bad_example_gets_out(rule, number, bad) -> None:
    report = report_on(bad, mask=True)
    assert report.summary.by_code
    secret = {run for article in articles_of(bad) for text in said(article) for run in runs(text)} - OF_THE_TOOL
    for name, reporter in REPORTERS.items():
        out = "".join(reporter(report.findings, report.summary, MASKED))
        assert runs(out) & secret == set(), name


def test_the_same_is_found_as_without() -> None:
    for _, _, bad in BAD:
        masked, shown = report_on(bad, mask=True), report_on(bad, mask=False)
        assert masked.summary.as_json() == shown.summary.as_json()
        assert [(one.code, one.location, one.fingerprint) for one in masked.findings] == [
            (one.code, one.location, one.fingerprint) for one in shown.findings
        ]


def test_text_would_get_out_otherwise() -> None:
    leaks = 0
    for _, _, bad in BAD:
        report = report_on(bad, mask=False)
        secret = {run for article in articles_of(bad) for text in said(article) for run in runs(text)} - OF_THE_TOOL
        leaks += bool(runs("".join(REPORTERS["full"](report.findings, report.summary, Style()))) & secret)
    assert leaks > len(BAD) / 3


class TestHidden:
    def test_hides_what_is_not_kept_and_ends(self) -> None:
        assert not masking.hides("Mara")
        with masking.hidden(frozenset({"T1"})):
            assert masking.is_hidden()
            assert masking.hides("Mara")
            assert not masking.hides("T1")
            with masking.hidden(when=False):
                assert not masking.hides("Mara")
            assert masking.hides("Mara")
        assert not masking.is_hidden()

    def test_ends_where_something_is_raised(self) -> None:
        with pytest.raises(KeyError), masking.hidden():
            raise KeyError
        assert not masking.is_hidden()

    def test_a_row_loses_its_text_and_nothing_else(self) -> None:
        row = {"surface": "Mara", "covered": None, "start": 4, "label": "PER", "value": "High"}
        assert masking.row(row) is row
        with masking.hidden(frozenset({"High"})):
            assert masking.row(row) == {**row, "surface": "[4 characters]"}

    @pytest.mark.parametrize(
        ("text", "shown"), [("", "[0 characters]"), ("a", "[1 character]"), ("a" * 1200, "[1,200 characters]")]
    )
    def test_what_stands_instead(self, text: str, shown: str) -> None:
        assert masking.veiled(text) == shown

    def test_names(self) -> None:
        one = pl.DataFrame({"id": ["T1", None], "label": ["PER", "LOC"], "covered": ["Mara", "Quill"]})
        assert masking.names(one, pl.DataFrame({"name": ["Sure"], "value": ["High"]})) == {"T1", "PER", "LOC", "Sure"}


def test_a_finding_keeps_where_and_what_but_no_text() -> None:
    edits = (
        Edit("/a", "Mara", 5),
        Edit("/b", ABSENT, {"text": "Quill", "end": 3}),
        Edit("/c", ["Mara", None, True], ABSENT),
    )
    fix = Fix("trim", edits, "unsafe", (Replacement(4, "Quill", ""),))
    at = Location("a", 1, pointer="/a", article="x", annotation="T1")
    finding = Finding("SPN304", "n", Severity.ERROR, at, "m", fix, Excerpt(0, 4, "", "Mara", " Quill"), "f")
    masked = masking.without_text(finding)
    assert (masked.location, masked.message, masked.excerpt, masked.fingerprint) == (at, "m", None, "f")
    assert masked.fix == Fix(
        "trim",
        (Edit("/a", "[4 characters]", 5), Edit("/b", ABSENT, {"text": "[5 characters]", "end": 3}), Edit("/c", ["[4 characters]", None, True], ABSENT)),
        "unsafe",
        (Replacement(4, "[5 characters]", "[0 characters]"),),
    )  # fmt: skip
