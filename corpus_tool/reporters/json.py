"""Findings as one JSON document: `finding-1`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus_tool.findings import Finding
from corpus_tool.reporters.escaping import json_text
from corpus_tool.reporters.style import PLAIN, Chosen, Style
from corpus_tool.summary import Summary


def as_json(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """Lines of a document with a finding a line; what a terminal would obey is escaped, other text stands as it is."""
    chosen = Chosen(findings, style, suppressed=True)
    yield '{"findings": [\n'
    before = ""
    for finding in chosen:
        yield f"{before}{json_text(finding.as_json())}\n"
        before = ","
    left = f'"not_shown": {chosen.left}, ' if chosen.left else ""
    yield f"],\n{left}" + '"summary": ' + json_text((summary or Summary()).as_json()) + "}\n"
