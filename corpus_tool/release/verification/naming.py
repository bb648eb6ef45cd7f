"""Names in a release that are refused: of files, and of articles, which those who take texts out name files after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from corpus_tool.alike import alike, unfit
from corpus_tool.findings import Finding, Location
from corpus_tool.rules import find_rule

if TYPE_CHECKING:
    from corpus_tool.release.verification.evidence import Evidence
    from corpus_tool.reports import Report
    from corpus_tool.validate import Checker

NAMES = "RLS917"
_CODE = (".py", ".pyc", ".pyo", ".so")


def odd_files(seen: Evidence) -> Iterator[Finding]:
    """Files whose names have no place in a release, whether or not they are listed."""
    paths = sorted(seen.files)
    for path in paths:
        if path.lower().endswith(_CODE):
            yield seen.finding("RLS902", path, "is code, which has no place in a release: `datasets` may run it")
        elif (why := unfit(path)) is not None:
            yield seen.finding("RLS902", path, f"has a name that has no place in a release: {why}")
    every = {str(parent) for path in paths for parent in (PurePosixPath(path), *PurePosixPath(path).parents)}
    for path, earlier in alike(sorted(every)):
        yield seen.finding("RLS902", path, f"on some file systems it is {earlier}")


def tell_names(report: Report, checker: Checker) -> None:
    """Put into the report of a run the articles whose ids cannot name files."""
    if NAMES not in checker.codes:
        return
    rule = find_rule(NAMES)
    ids = sorted({entry.id for entry in report.index.entries})
    wrong = {name: why for name in ids if (why := unfit(name)) is not None}
    wrong |= {name: f"on some file systems it is that of article '{other}'" for name, other in alike(ids)}
    for entry in report.index.entries:
        if entry.id in wrong:
            at = Location(entry.path, entry.line, article=entry.id)
            finding = Finding(rule.code, rule.name, rule.severity, at, f"the id cannot name a file: {wrong[entry.id]}")
            finding = replace(finding, severity=checker.severities.get(rule.code, rule.severity))
            report.findings.append(finding)
            report.summary.count(finding)
