"""Findings as text and JSON: pure functions of what was found, to strings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from corpus_tool.findings import Finding
from corpus_tool.reporters.json import as_json
from corpus_tool.reporters.text import concise, full
from corpus_tool.summary import Summary

Reporter = Callable[[Iterable[Finding], Summary | None], Iterator[str]]

REPORTERS: Mapping[str, Reporter] = {"full": full, "concise": concise, "json": as_json}
