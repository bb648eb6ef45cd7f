"""Findings as JSON, one a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus_tool.findings import Finding
from corpus_tool.reporters.escaping import json_text
from corpus_tool.reporters.style import PLAIN, Chosen, Style
from corpus_tool.summary import Summary


def as_jsonl(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """A finding a line, as in `finding-1`; the last line is `{"summary": …}`, where a summary is wanted."""
    chosen = Chosen(findings, style, suppressed=True)
    for finding in chosen:
        yield json_text(finding.as_json()) + "\n"
    left = {"not_shown": chosen.left} if chosen.left else {}
    if summary is not None:
        yield json_text({**left, "summary": summary.as_json()}) + "\n"
    elif left:
        yield json_text(left) + "\n"
