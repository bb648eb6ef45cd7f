from __future__ import annotations

import json

import jsonschema
import pytest

from corpus_tool.findings import Edit, Finding, Fix, Location, Severity
from corpus_tool.reporters import REPORTERS
from corpus_tool.reporters.json import as_json
from corpus_tool.resources import schema
from corpus_tool.summary import Summary

PLACE = Location("a\x1b\udcff", 1, 2, 1, 9, "/entities/0/type", "Қала 🌞\u2028", "T1\x9b")
FINDINGS = [
    Finding(
        "LBL501",
        "label",
        Severity.ERROR,
        PLACE,
        'no "label"\n::error::',
        Fix("write it", (Edit("/entities/0/type", None, {"x": [1.5]}),), "unsafe"),
    ),
    Finding("IO006", "blank", Severity.WARNING, Location("b"), "blank"),
]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_is_one_document_of_the_schema(number: int) -> None:
    summary = Summary(articles=3)
    for finding in FINDINGS[:number]:
        summary.count(finding)
    value = json.loads("\n".join(as_json(FINDINGS[:number], summary)))
    jsonschema.Draft202012Validator(schema("finding-1")).validate(value)
    assert value["findings"] == [finding.as_json() for finding in FINDINGS[:number]]
    assert value["summary"] == summary.as_json()


def test_has_a_finding_a_line_and_nothing_that_a_terminal_obeys() -> None:
    lines = list(as_json(FINDINGS, None))
    assert len(lines) == 4
    text = "".join(lines)
    assert "Қала 🌞\\u2028" in text
    assert not {"\x1b", "\x9b", "\u2028", "\udcff"} & set(text)


def test_the_reporters_are_named_as_the_option_names_them() -> None:
    assert list(REPORTERS) == ["full", "concise", "json", "jsonl", "github", "gitlab", "sarif", "junit", "markdown"]
