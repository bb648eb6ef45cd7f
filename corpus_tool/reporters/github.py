"""Findings as workflow commands of GitHub Actions: annotations of a pull request, and the rest in the log."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters.escaping import github_data, github_property
from corpus_tool.reporters.style import PLAIN, Chosen, Style, counted
from corpus_tool.reporters.text import closing, concise, inside
from corpus_tool.summary import Summary

A_STEP = 10
"""GitHub shows so many errors, so many warnings and so many notices of a step."""
IN_THE_LOG = 1000
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """The first findings of each severity as annotations; the others, and the summary, as lines of the log.

    Lines of the log stand between `::stop-commands::` and its end, so none of them is obeyed.
    """
    most = A_STEP if style.most is None else style.most
    chosen = Chosen(findings, replace(style, most=0))
    written: Counter[Severity] = Counter()
    others: Counter[Severity] = Counter()
    kept: list[Finding] = []
    for finding in chosen:
        if not most or written[finding.severity] < most:
            written[finding.severity] += 1
            yield annotation(finding)
        else:
            others[finding.severity] += 1
            if len(kept) < IN_THE_LOG:
                kept.append(finding)
    yield from _unheard([*_others(others, kept), *(closing(summary) if summary is not None else ())])


def annotation(finding: Finding) -> str:
    """The command for one finding; columns only where it is on one line: GitHub takes them for no other."""
    at = finding.location
    places: dict[str, object] = {"file": at.path, "line": at.line, "endLine": at.end_line}
    if at.line == at.end_line:
        places |= {"col": at.column, "endColumn": at.end_column}
    places["title"] = f"{finding.code} {finding.name}"
    named = ",".join(f"{name}={github_property(str(value))}" for name, value in places.items() if value is not None)
    where = inside(finding)
    message = f"{finding.message} ({where})" if where else finding.message
    return f"::{_COMMANDS[finding.severity]} {named}::{github_data(message)}\n"


def _others(counts: Counter[Severity], kept: list[Finding]) -> Iterator[str]:
    if not counts:
        return
    levels = ", ".join(counted(counts[level], level.label) for level in reversed(Severity) if counts[level])
    unlisted = f", of which {len(kept):,} are listed here" if counts.total() > len(kept) else ""
    yield f"not annotated, since GitHub shows {A_STEP} of a severity: {levels}{unlisted}\n"
    yield from concise(kept, None)


def _unheard(lines: list[str]) -> Iterator[str]:
    if lines:
        # No line can hold the digest of all lines, so none can end the pause.
        token = hashlib.sha256("".join(lines).encode("utf-8", "backslashreplace")).hexdigest()
        yield f"::stop-commands::{token}\n"
        yield from lines
        yield f"::{token}::\n"
