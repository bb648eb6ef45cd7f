"""Findings as one JSON document: `finding-1`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from corpus_tool.findings import Finding
from corpus_tool.reporters.text import plain
from corpus_tool.summary import Summary


def as_json(findings: Iterable[Finding], summary: Summary | None) -> Iterator[str]:
    """Lines of a document with a finding a line; what a terminal would obey is escaped, other text stands as it is."""
    yield '{"findings": ['
    before = ""
    for finding in findings:
        yield before + _line(finding.as_json())
        before = ","
    yield '],\n"summary": ' + _line((summary or Summary()).as_json()) + "}"


def _line(value: Any) -> str:
    return plain(json.dumps(value, ensure_ascii=False))
