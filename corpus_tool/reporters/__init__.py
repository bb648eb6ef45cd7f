"""Findings as text, JSON, and what other programs read: pure functions of what was found, to strings."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.reporters.github import github
from corpus_tool.reporters.gitlab import gitlab
from corpus_tool.reporters.json import as_json
from corpus_tool.reporters.jsonl import as_jsonl
from corpus_tool.reporters.junit import junit
from corpus_tool.reporters.markdown import as_markdown
from corpus_tool.reporters.sarif import sarif
from corpus_tool.reporters.style import Reporter as Reporter
from corpus_tool.reporters.style import Style as Style
from corpus_tool.reporters.style import wants_color as wants_color
from corpus_tool.reporters.text import concise, full

REPORTERS: Mapping[str, Reporter] = {
    "full": full,
    "concise": concise,
    "json": as_json,
    "jsonl": as_jsonl,
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
    "junit": junit,
    "markdown": as_markdown,
}
