from __future__ import annotations

import json
from typing import Any

import pytest

from corpus_tool.findings import Finding
from corpus_tool.reporters import Style
from corpus_tool.reporters.escaping import plain
from corpus_tool.reporters.gitlab import gitlab
from tests.reporters.samples import BARE, FINDINGS, PLACED, RIGHT_TO_LEFT, SOURCE


def issues(*findings: Finding, most: int | None = None) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = json.loads("".join(gitlab(findings, None, Style(most=most))))
    return value


@pytest.mark.parametrize(
    ("finding", "severity", "location"),
    [
        (PLACED, "major", {"path": "articles/harbour.jsonl", "lines": {"begin": 12, "end": 12}}),
        (RIGHT_TO_LEFT, "minor", {"path": "articles/marfa.json", "lines": {"begin": 4, "end": 6}}),
        (SOURCE, "major", {"path": "notes/a b,c:50%.ann", "lines": {"begin": 17}}),
        (BARE, "info", {"path": "<stdin>", "lines": {"begin": 1}}),
    ],
    ids=["error", "warning", "a line only", "no line"],
)
def test_an_issue(finding: Finding, severity: str, location: dict[str, object]) -> None:
    (issue,) = issues(finding)
    assert (issue["severity"], issue["location"]) == (severity, location)
    assert issue["check_name"] == f"{finding.code} {finding.name}"
    assert issue["description"].startswith(f"{finding.code}: {plain(finding.message)}")


def test_fingerprints_are_those_of_the_findings_and_the_same_in_every_run() -> None:
    first = [issue["fingerprint"] for issue in issues(PLACED, PLACED, PLACED, SOURCE)]
    assert first[0] == PLACED.fingerprint
    assert len(set(first)) == 4
    assert first == [issue["fingerprint"] for issue in issues(PLACED, PLACED, PLACED, SOURCE)]


def test_the_rest_is_an_issue_that_says_how_many() -> None:
    *shown, rest = issues(*FINDINGS, most=2)
    assert len(shown) == 2
    assert rest["severity"] == "info"
    assert rest["description"].startswith("6 more findings not shown: ")


def test_nothing_found_is_an_empty_list() -> None:
    assert issues() == []
