"""Findings as one JSON document: `finding-1`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from corpus_tool.findings import Finding, Summary


def as_json(findings: Iterable[Finding], summary: Summary | None) -> Iterator[str]:
    """Lines of a document with a finding a line; everything beyond ASCII is escaped as little as JSON allows."""
    yield '{"findings": ['
    before = ""
    for finding in findings:
        yield before + orjson.dumps(finding.as_json()).decode()
        before = ","
    yield '],\n"summary": ' + orjson.dumps((summary or Summary()).as_json()).decode() + "}"
