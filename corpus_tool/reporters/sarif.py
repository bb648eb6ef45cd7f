"""Findings as a SARIF 2.1.0 log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.reporters.escaping import json_text, plain, sarif_message, uri
from corpus_tool.reporters.gitlab import Fingerprints, identity
from corpus_tool.reporters.sarif_fixes import sarif_fix
from corpus_tool.reporters.sarif_rules import Rules
from corpus_tool.reporters.style import PLAIN, Chosen, Style
from corpus_tool.summary import Summary

MOST = 5000
"""Code scanning of GitHub shows so many results of a run."""
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """One run, with a result a line; what is beyond the cap is counted in the properties of the run."""
    chosen = Chosen(findings, style, MOST, suppressed=True)
    rules, fingerprints = Rules(), Fingerprints()
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"columnKind": "unicodeCodePoints", "results": [\n'
    before = ""
    for finding in chosen:
        result = _result(finding, rules.index(finding), fingerprints.of(finding), masked=style.mask)
        yield f"{before}{json_text(result)}\n"
        before = ","
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if style.exit_code is not None:
        invocation["exitCode"] = style.exit_code
    properties: dict[str, Any] = {"notShown": chosen.left} if chosen.left else {}
    if summary is not None:
        properties["summary"] = summary.as_json()
    yield f'], "invocations": {json_text([invocation])},\n'
    yield f'"properties": {json_text(properties)},\n'
    yield f'"tool": {json_text(rules.tool())}}}]}}\n'


def _result(finding: Finding, index: int, fingerprint: str, *, masked: bool) -> dict[str, Any]:
    why = finding.suppression
    reason = f"{why.by}: {why.reason}" if why else ""
    result: dict[str, Any] = {
        "ruleId": plain(finding.code),
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": sarif_message(finding.message)},
        "locations": [_location(finding.location)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "finding/v1": identity(finding)},
        "suppressions": [{"kind": "external", "justification": plain(reason)}] if why else [],
    }
    properties: dict[str, Any] = {}
    if finding.excerpt is not None:
        properties["excerpt"] = finding.excerpt.as_json()
    if finding.fix is not None:
        made = None if masked else sarif_fix(finding, finding.fix)
        if made:
            result["fixes"] = [made]
        else:
            properties["fix"] = finding.fix.as_json()
    return result | ({"properties": properties} if properties else {})


def _location(at: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(at.path) or "."}}
    if at.line is not None:
        physical["region"] = region(at)
    logical = [
        {"name": plain(name), "fullyQualifiedName": plain(whole), "kind": kind}
        for name, whole, kind in (
            (at.article, at.article, "article"),
            (at.annotation, f"{at.article or ''}/{at.annotation}", "annotation"),
            (at.pointer.rpartition("/")[2], at.pointer, "member"),
        )
        if name and whole
    ]
    return {"physicalLocation": physical} | ({"logicalLocations": logical} if logical else {})


def region(at: Location) -> dict[str, int]:
    """Lines and columns, as far as known; the end is behind the last character in both worlds."""
    places = {
        "startLine": at.line, "startColumn": at.column,
        "endLine": at.end_line, "endColumn": at.end_column if at.column else None,
    }  # fmt: skip
    return {name: number for name, number in places.items() if number is not None}
