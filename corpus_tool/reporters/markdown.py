"""Findings as Markdown, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters.escaping import fenced, markdown
from corpus_tool.reporters.paint import Paint
from corpus_tool.reporters.style import PLAIN, Chosen, Style, counted
from corpus_tool.reporters.text import closing, paragraph
from corpus_tool.summary import Summary

MOST = 25
ROOM = 60_000
"""Characters; GitHub refuses a comment of more than 65,536."""
_LONGEST = 4000


def as_markdown(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """A table of counts by rule, then the first findings; everything that comes from data is code or escaped."""
    most = MOST if style.most is None else style.most
    kept: list[str] = []
    seen: Counter[tuple[str, str, Severity]] = Counter()
    for finding in Chosen(findings, replace(style, most=0)):
        seen[finding.code, finding.name, finding.severity] += 1
        if not most or len(kept) < most:
            kept.append(_cut("".join(paragraph(finding, Paint()))))
    head = "".join([*_head(summary, seen.total()), *_table(seen, summary)])
    yield head
    yield from _listed(kept, ROOM - len(head), seen.total())


def _head(summary: Summary | None, found: int) -> Iterator[str]:
    yield "### corpus-tool\n\n"
    lines = list(closing(summary)) if summary is not None else [f"{counted(found, 'finding')}\n"]
    yield "\n".join(f"{markdown(line.rstrip())}\n" for line in lines)
    yield "\n"


def _table(seen: Counter[tuple[str, str, Severity]], summary: Summary | None) -> Iterator[str]:
    """Counts by rule: those of the run, which are true also where findings were not kept."""
    if not seen:
        return
    yield "| rule | | severity | findings |\n|---|---|---|---:|\n"
    codes = Counter(code for code, _, _ in seen)
    room = ROOM // 2
    for row, ((code, name, severity), number) in enumerate(seen.items()):
        of_the_run = summary.by_code.get(code, 0) if summary and codes[code] == 1 else 0
        cells = (markdown(code), markdown(name[:100]), severity.label, f"{max(number, of_the_run):,}")
        line = f"| {' | '.join(cells)} |\n"
        room -= len(line)
        if room < 0:
            yield f"| {len(seen) - row:,} more rules | | | |\n"
            break
        yield line
    yield "\n"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…\n"


def _listed(kept: list[str], room: int, found: int) -> Iterator[str]:
    """As many of the findings as there is room for, in one block of code."""
    lengths = accumulate(len(text) + 1 for text in kept)
    number = sum(length < room for length in lengths)
    while number:
        block = _block(kept[:number], found)
        if len(block) <= room:
            yield block
            return
        number -= 1


def _block(texts: list[str], found: int) -> str:
    title = counted(found, "finding") if len(texts) == found else f"The first {len(texts):,} of {found:,} findings"
    lines = "\n".join(texts).rstrip("\n").split("\n")
    return f"<details open><summary>{title}</summary>\n\n{fenced(lines)}\n</details>\n"
