"""Findings as lines for people; whatever comes from data is escaped for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus_tool.findings import Finding, Severity
from corpus_tool.summary import Summary

# Control characters, bidi controls and line separators: a terminal would obey them.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> str:
    """Text that a terminal shows as it is: control and bidi characters as escapes."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def where(finding: Finding) -> str:
    """`path:line:column`, as far as known."""
    at = finding.location
    path = plain(at.path)
    # A line that begins with two colons is a command to some CI services.
    path = f"./{path}" if path.lstrip().startswith("::") else path
    return ":".join(str(part) for part in (path, at.line, at.column) if part is not None)


def concise(findings: Iterable[Finding], summary: Summary | None) -> Iterator[str]:
    """A line a finding, then the summary where one is given."""
    for finding in findings:
        fixable = " [*]" if finding.fix and finding.fix.safety == "safe" else ""
        yield f"{where(finding)}: {finding.code}{fixable} {plain(finding.message)}\n"
    if summary is not None:
        yield from closing(summary)


def full(findings: Iterable[Finding], summary: Summary | None) -> Iterator[str]:
    """A paragraph a finding: what, where, in which article and annotation, how to mend."""
    for finding in findings:
        at = finding.location
        yield f"{finding.severity.label}[{finding.code}] {finding.name}: {plain(finding.message)}\n"
        yield f"  --> {where(finding)}\n"
        inside = [
            f"article {plain(at.article)}" if at.article else "",
            f"annotation {plain(at.annotation)}" if at.annotation else "",
            plain(at.pointer),
        ]
        shown = ", ".join(part for part in inside if part)
        if shown:
            yield f"   in {shown}\n"
        if finding.fix:
            yield f"  fix {plain(finding.fix.description)} ({finding.fix.safety})\n"
        yield "\n"
    if summary is not None:
        yield from closing(summary)


def closing(summary: Summary) -> Iterator[str]:
    """What was read, found, and not checked."""
    by_level = [(severity.label, summary.by_severity[severity.label]) for severity in reversed(Severity)]
    found = ", ".join(counted(number, label) for label, number in by_level if number) or "no findings"
    files = f" in {counted(summary.files, 'file')}" if summary.files else ""
    yield f"{counted(summary.articles, 'article')}{files}: {found}\n"
    if summary.refused:
        why = "as unreadable or against the schema: rules on them were not checked"
        yield f"{counted(summary.refused, 'article')} refused {why}\n"
    if summary.not_checked:
        shown = ", ".join(f"{code} {number:,}" for code, number in sorted(summary.not_checked.items())[:8])
        more = f" and {len(summary.not_checked) - 8} more rules" if len(summary.not_checked) > 8 else ""
        yield f"not checked: {shown}{more}\n"
    if summary.left_out:
        reasons = sorted(summary.left_out.items())
        shown = ", ".join(
            f"{number:,} {why if number > 1 else why.replace('files', 'file')}" for why, number in reasons
        )
        yield f"left out: {shown}\n"


def counted(number: int, noun: str) -> str:
    """`1 article`, `2,000 articles`; a noun of several words, or one without a plural, stays as it is."""
    invariable = number == 1 or " " in noun or noun == "info"
    return f"{number:,} {noun}{'' if invariable else 's'}"
