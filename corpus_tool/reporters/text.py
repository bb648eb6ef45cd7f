"""Findings as lines for people; whatever comes from data is escaped for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters.escaping import log_line, plain
from corpus_tool.reporters.paint import Paint
from corpus_tool.reporters.style import PLAIN, Chosen, Style, counted
from corpus_tool.summary import Summary

_PLURALS = re.compile(r"\b(file|article)s\b")

MOST = 10_000


def where(finding: Finding) -> str:
    """`path:line:column`, as far as known."""
    at = finding.location
    return ":".join(str(part) for part in (log_line(at.path), at.line, at.column) if part is not None)


def inside(finding: Finding) -> str:
    """The article, the annotation and the pointer, as far as known."""
    at = finding.location
    parts = (
        f"article {plain(at.article)}" if at.article else "",
        f"annotation {plain(at.annotation)}" if at.annotation else "",
        plain(at.pointer),
    )
    return ", ".join(part for part in parts if part)


def concise(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """A line a finding, then the summary where one is given."""
    paint = Paint(style.color)
    chosen = Chosen(findings, style, MOST)
    for finding in chosen:
        yield f"{paint.bold(where(finding))}: {paint.code(finding)}{_fixable(finding)} {plain(finding.message)}\n"
    yield from ending(chosen, summary)


def _fixable(finding: Finding) -> str:
    return " [*]" if finding.fix and finding.fix.safety == "safe" else ""


def full(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """A paragraph a finding: what, where, in which article and annotation, the text there, how to mend."""
    paint = Paint(style.color)
    chosen = Chosen(findings, style, MOST)
    for finding in chosen:
        yield from paragraph(finding, paint)
        yield "\n"
    yield from ending(chosen, summary)


def paragraph(finding: Finding, paint: Paint) -> Iterator[str]:
    """One finding, at length."""
    head = f"{paint.level(finding)} {plain(finding.name)}: {plain(finding.message)}"
    yield f"{head}\n"
    yield f"  {paint.frame('-->')} {where(finding)}\n"
    if inside(finding):
        yield f"   {paint.frame('in')} {inside(finding)}\n"
    yield from _text(finding, paint)
    if finding.fix:
        yield f"  {paint.frame('fix')} {plain(finding.fix.description)} ({finding.fix.safety})\n"


def _text(finding: Finding, paint: Paint) -> Iterator[str]:
    excerpt = finding.excerpt
    if excerpt is None:
        return
    from corpus_tool.reporters.window import window

    bar = paint.frame("|")
    yield f"   {bar}\n"
    for row in window(excerpt):
        yield f"   {bar} {row.text}\n"
        if row.marks:
            indent = " " * (len(row.marks) - len(row.marks.lstrip()))
            yield f"   {bar} {indent}{paint.marks(finding, row.marks.lstrip())} {excerpt.start:,} to {excerpt.end:,}\n"


def ending(chosen: Chosen, summary: Summary | None) -> Iterator[str]:
    """How many findings are left, then the summary."""
    if chosen.left:
        yield f"{chosen.said()}\n"
    if summary is not None:
        yield from closing(summary)


def closing(summary: Summary) -> Iterator[str]:
    """What was read, found, what does not count, what can be mended, and what was not checked."""
    by_level = [(severity.label, summary.by_severity[severity.label]) for severity in reversed(Severity)]
    found = ", ".join(counted(number, label) for label, number in by_level if number) or "no findings"
    files = f" in {counted(summary.files, 'file')}" if summary.files else ""
    suppressed = f" ({sum(summary.suppressed.values()):,} suppressed)" if summary.suppressed else ""
    yield f"{counted(summary.articles, 'article')}{files}: {found}{suppressed}\n"
    if summary.refused:
        why = "as unreadable or against the schema: rules on them were not checked"
        yield f"{counted(summary.refused, 'article')} refused {why}\n"
    yield from _mending(summary)
    if summary.not_checked:
        shown = ", ".join(f"{code} {number:,}" for code, number in sorted(summary.not_checked.items())[:8])
        more = f" and {len(summary.not_checked) - 8} more rules" if len(summary.not_checked) > 8 else ""
        yield f"not checked: {plain(shown)}{more}\n"
    if summary.left_out:
        reasons = sorted(summary.left_out.items())
        named = [(number, why if number > 1 else _PLURALS.sub(r"\1", why)) for why, number in reasons]
        shown = ", ".join(f"{number:,} {why}" for number, why in named)
        yield f"left out: {plain(shown)}\n"


def _mending(summary: Summary) -> Iterator[str]:
    safe, unsafe = summary.fixable["safe"], summary.fixable["unsafe"]
    if safe:
        more = f" ({unsafe:,} more with --unsafe-fixes)" if unsafe else ""
        yield f"{safe:,} fixable with --fix{more}\n"
    elif unsafe:
        yield f"{unsafe:,} fixable with --unsafe-fixes\n"
