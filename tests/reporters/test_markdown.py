from __future__ import annotations

from dataclasses import replace

import pytest

from corpus_tool.findings import Finding
from corpus_tool.reporters import Style
from corpus_tool.reporters.markdown import MOST, as_markdown
from tests.reporters.samples import FINDINGS, PLACED, summed

LIMIT = 65_536


def text(*findings: Finding, style: Style = Style()) -> str:  # noqa: B008 (a frozen value)
    return "".join(as_markdown(findings, summed(findings), style))


def test_counts_are_true_where_findings_are_left_out() -> None:
    out = text(*[PLACED] * 1234)
    assert "| LBL501 | label-is-in-the-inventory | error | 1,234 |" in out
    assert f"The first {MOST} of 1,234 findings" in out
    assert out.count("error[LBL501]") == MOST


def test_counts_of_the_run_go_before_those_of_the_findings_that_were_kept() -> None:
    summary = summed((PLACED,))
    summary.by_code["LBL501"] = 7000
    assert "| error | 7,000 |" in "".join(as_markdown([PLACED], summary))


def test_most_is_how_many_are_listed() -> None:
    assert text(*[PLACED] * 5, style=Style(most=2)).count("error[LBL501]") == 2
    assert text(*[PLACED] * 100, style=Style(most=0)).count("error[LBL501]") == 100


@pytest.mark.parametrize(
    "message", ["x" * 9000, "`" * 9000, "\x1b" * 900, "港" * 5000], ids=["long", "ticks", "escapes", "wide"]
)
@pytest.mark.parametrize("number", [1, 1200])
def test_it_is_shorter_than_github_takes(message: str, number: int) -> None:
    findings = [replace(PLACED, code=f"LBL{at % 1000:03}", name=message, message=message) for at in range(number)]
    out = text(*findings, style=Style(most=0))
    assert len(out) < LIMIT
    assert f"{number:,}" in out
    assert out.rstrip().endswith(("</details>", "|"))


def test_a_clean_run() -> None:
    out = text()
    assert "no findings" in out
    assert "|" not in out
    assert "details" not in out


def test_without_a_summary() -> None:
    assert "9 findings" not in "".join(as_markdown(FINDINGS, None))
    assert "8 findings" in "".join(as_markdown(FINDINGS, None))
