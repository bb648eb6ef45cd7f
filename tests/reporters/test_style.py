from __future__ import annotations

import pytest

from corpus_tool.findings import Excerpt, Finding, Severity, Suppression
from corpus_tool.reporters import REPORTERS, Style, wants_color
from corpus_tool.reporters.style import Chosen, counted
from tests.reporters.samples import ERROR, FINDINGS, INFO, KNOWN, WARNING, Location


def some(*severities: Severity, suppressed: bool = False) -> list[Finding]:
    why = Suppression("path", "known") if suppressed else None
    excerpt = Excerpt(0, 1, "", "x", "")
    return [
        Finding("SPN304", "n", severity, Location("a", number), "m", None, excerpt, suppression=why)
        for number, severity in enumerate(severities, 1)
    ]


@pytest.mark.parametrize(
    ("environment", "stream", "colored"),
    [
        ({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False), ({"NO_COLOR": ""}, True, True), ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, True, False), ({"FORCE_COLOR": ""}, False, False), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False), ({"TERM": "dumb"}, True, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, False, True),
    ],
)  # fmt: skip
def test_wants_color(environment, stream, colored) -> None:
    assert wants_color(environment, terminal=stream) is colored


@pytest.mark.parametrize(("number", "noun", "shown"), [(1, "file", "1 file"), (0, "file", "0 files"), (1000, "file", "1,000 files"), (2, "info", "2 info"),
                                                       (2, "links of a kind", "2 links of a kind")])  # fmt: skip
def test_counted(number: int, noun: str, shown: str) -> None:
    assert counted(number, noun) == shown


class TestChosen:
    @pytest.mark.parametrize(
        ("most", "by_itself", "written"),
        [(None, 2, 2), (None, 0, 5), (3, 2, 3), (0, 2, 5), (9, 2, 5)],
        ids=["by itself", "no bound", "asked for", "all", "more than there are"],
    )
    def test_bounds(self, most: int | None, by_itself: int, written: int) -> None:
        chosen = Chosen(some(*[ERROR] * 5), Style(most=most), by_itself)
        assert len(list(chosen)) == written
        assert chosen.left == 5 - written

    def test_says_what_is_left(self) -> None:
        chosen = Chosen(some(ERROR, INFO, ERROR, *[WARNING] * 1200), Style(most=1))
        list(chosen)
        assert chosen.said() == "1,202 more findings not shown: 1 error, 1,200 warnings, 1 info"

    def test_says_nothing_where_nothing_is(self) -> None:
        chosen = Chosen(some(ERROR), Style(most=1))
        list(chosen)
        assert chosen.said() == ""

    def test_suppressed_ones_are_left_out_and_not_counted(self) -> None:
        findings = [*some(ERROR, suppressed=True), *some(WARNING)]
        chosen = Chosen(findings, Style(most=1))
        assert [one.severity for one in chosen] == [WARNING]
        assert chosen.left == 0
        assert len(list(Chosen(findings, Style(), suppressed=True))) == 2

    def test_mask_takes_the_window(self) -> None:
        assert [one.excerpt for one in Chosen(some(ERROR), Style(mask=True))] == [None]


@pytest.mark.parametrize("name", sorted(set(REPORTERS) - {"github", "markdown"}))
def test_what_is_left_out_is_said(name: str) -> None:
    text = "".join(REPORTERS[name](FINDINGS, None, Style(most=2)))
    assert "XYZ001" not in text
    number = len(FINDINGS) - 2 - (name in ("full", "concise", "gitlab"))  # which leave out what is suppressed
    assert any(
        said in text
        for said in (f"{number} more findings not shown", f'"not_shown": {number}', f'"notShown": {number}')
    )


@pytest.mark.parametrize("name", ["full", "concise", "github", "gitlab", "markdown"])
def test_what_is_suppressed_is_not_shown(name: str) -> None:
    assert KNOWN.code not in "".join(REPORTERS[name]([KNOWN], None, Style()))


@pytest.mark.parametrize("name", ["json", "jsonl", "sarif", "junit"])
def test_what_is_suppressed_is_shown_with_the_reason(name: str) -> None:
    text = "".join(REPORTERS[name]([KNOWN], None, Style()))
    assert KNOWN.code in text
    assert "known since 2.1" in text


@pytest.mark.parametrize("name", REPORTERS)
def test_without_findings(name: str) -> None:
    assert "SPN" not in "".join(REPORTERS[name]([], None, Style()))
