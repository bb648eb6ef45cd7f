"""No text of an article, no id and no file name gets out of its place, in any format."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote_to_bytes

import jsonschema
import junitparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus_tool.findings import Finding
from corpus_tool.reporters import REPORTERS, Style
from corpus_tool.resources import schema
from corpus_tool.summary import Summary
from tests.reporters.hostile import LEGACY, OWN, SEEN_OR_OBEYED, all_hostile, hostile, naughty

ALL = Style(most=0)
TEXTS = st.text(st.characters(), max_size=20) | st.sampled_from(OWN)


def written(name: str, findings: list[Finding]) -> str:
    summary = Summary(left_out={"##[error]x": 1})
    for finding in findings:
        summary.count(finding)
    return "".join(REPORTERS[name](findings, summary, ALL))


def texts(which: str) -> tuple[str, ...]:
    return OWN if which == "own" else naughty()


both = pytest.mark.parametrize("which", ["own", "naughty"])
every = pytest.mark.parametrize("name", REPORTERS)


def obeyed(name: str, text: str) -> list[str]:
    """The lines that a CI service would obey."""
    return [line for line in text.split("\n") if line.lstrip().startswith("::")]


@both
@every
def test_nothing_that_is_obeyed_or_unseen_is_written(name: str, which: str) -> None:
    text = written(name, all_hostile(texts(which)))
    assert SEEN_OR_OBEYED.findall(text) == []
    assert LEGACY.findall(text) == []
    text.encode()
    if name != "github":
        assert obeyed(name, text) == []


@every
@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
def test_nor_is_any_other_text(name: str, text: str) -> None:
    out = written(name, all_hostile((text,)))
    assert SEEN_OR_OBEYED.findall(out) == []
    assert LEGACY.findall(out) == []
    assert name == "github" or obeyed(name, out) == []


@both
def test_github_obeys_its_own_commands_only(which: str) -> None:
    findings = all_hostile(texts(which))
    lines = obeyed("github", written("github", findings))
    *annotations, stop, go = lines
    assert len(annotations) == len(findings) // 2
    assert all(line.startswith("::error file=") and line.count("::") >= 2 for line in annotations)
    assert stop.removeprefix("::stop-commands::") == go.strip(":")


@both
def test_json_reads_back(which: str) -> None:
    findings = all_hostile(texts(which))
    value = json.loads(written("json", findings))
    jsonschema.Draft202012Validator(schema("finding-1")).validate(value)
    assert value["findings"] == [finding.as_json() for finding in findings]


@both
def test_jsonl_reads_back(which: str) -> None:
    findings = all_hostile(texts(which))
    *lines, last = written("jsonl", findings).rstrip("\n").split("\n")
    assert [json.loads(line) for line in lines] == [finding.as_json() for finding in findings]
    assert set(json.loads(last)) == {"summary"}


@both
def test_gitlab_has_an_issue_each_with_a_fingerprint_of_its_own(which: str) -> None:
    findings = all_hostile(texts(which))
    issues = json.loads(written("gitlab", [*findings, *findings]))
    assert len(issues) == len(findings)
    assert len({issue["fingerprint"] for issue in issues}) == len(findings)
    assert {frozenset(issue) for issue in issues} == {
        frozenset({"description", "check_name", "fingerprint", "severity", "location"})
    }


@both
def test_sarif_reads_back_and_its_uris_lead_to_the_files(which: str) -> None:
    findings = all_hostile(texts(which))
    results = json.loads(written("sarif", findings))["runs"][0]["results"]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    assert all(
        uri.isascii() and not set(uri) & set(' "<>\\^`{|}#?') and ":" not in uri.split("/")[0].replace("file:", "", 1)
        for uri in uris
    )
    paths = [unquote_to_bytes(uri.removeprefix("file://")) for uri in uris]
    assert paths == [as_bytes(finding.location.path or ".") for finding in findings]
    assert [bool(result["suppressions"]) for result in results] == [False, True] * (len(results) // 2)


def as_bytes(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


@both
def test_junit_reads_back_with_a_case_a_finding(which: str) -> None:
    findings = all_hostile(texts(which))
    read = junitparser.JUnitXml.fromstring(written("junit", findings).encode())
    cases = [case for suite in read for case in suite]
    assert len(cases) == read.tests == len(findings) + 1
    assert read.failures == sum(not finding.suppression for finding in findings)
    assert read.skipped == sum(bool(finding.suppression) for finding in findings)


@both
def test_markdown_has_no_markup_of_the_data(which: str) -> None:
    for start in range(0, len(texts(which)), 20):
        text = written("markdown", all_hostile(texts(which)[start : start + 20]))
        blocks = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        kinds = [block.type for block in blocks if block.nesting >= 0 and block.level == 0]
        assert kinds[0] == "heading_open"
        assert set(kinds[1:-4]) <= {"paragraph_open", "inline"}
        assert kinds[-4:] == ["table_open", "html_block", "fence", "html_block"]
        inside = {child.type for block in blocks for child in block.children or ()}
        assert inside in ({"text", "text_special"}, {"text"})


@pytest.mark.parametrize("name", ["full", "concise"])
@pytest.mark.parametrize("text", OWN)
def test_colours_are_the_only_escapes(name: str, text: str) -> None:
    painted = "".join(REPORTERS[name]([hostile(text)], None, Style(color=True)))
    plain = "".join(REPORTERS[name]([hostile(text)], None, Style()))
    assert re.sub("\x1b\\[[0-9;]+m", "", painted) == plain
