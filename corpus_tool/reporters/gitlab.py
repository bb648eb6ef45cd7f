"""Findings as a Code Quality report of GitLab."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters.escaping import json_text, plain
from corpus_tool.reporters.style import PLAIN, Chosen, Style
from corpus_tool.reporters.text import inside
from corpus_tool.summary import Summary

MOST = 10_000
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:  # noqa: ARG001 (the report has no place for it)
    """A list of issues, each with a fingerprint of its own; what is beyond the cap is one issue more."""
    chosen = Chosen(findings, style, MOST)
    fingerprints = Fingerprints()
    before, path = "[", "."
    for finding in chosen:
        yield f"{before}{json_text(_issue(finding, fingerprints.of(finding)))}\n"
        before, path = ",", finding.location.path
    if chosen.left:
        yield f"{before}{json_text(_rest(chosen.said(), path))}\n"
        before = ","
    yield "]\n" if before == "," else "[]\n"


class Fingerprints:
    """Fingerprints that no two findings of a report share: the second of the same content counts as its second."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def of(self, finding: Finding) -> str:
        known = identity(finding)
        self.seen[known] += 1
        number = self.seen[known]
        return known if number == 1 else _digest(f"{known}:{number}")


def identity(finding: Finding) -> str:
    """The fingerprint of a finding; of one that was given none, a digest of its rule, place and message."""
    at = finding.location
    parts = (finding.code, at.path, str(at.line), at.pointer, finding.message)
    return finding.fingerprint or _digest("\0".join(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _issue(finding: Finding, fingerprint: str) -> dict[str, Any]:
    at, where = finding.location, inside(finding)
    lines = {"begin": at.line or 1} | ({"end": at.end_line} if at.end_line else {})
    return {
        "description": f"{finding.code}: {plain(finding.message)}" + (f" ({where})" if where else ""),
        "check_name": plain(f"{finding.code} {finding.name}"),
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": plain(at.path), "lines": lines},
    }


def _rest(said: str, path: str) -> dict[str, Any]:
    place = {"path": plain(path), "lines": {"begin": 1}}
    name = "corpus-tool"
    return {
        "description": said,
        "check_name": name,
        "fingerprint": _digest(name),
        "severity": "info",
        "location": place,
    }
