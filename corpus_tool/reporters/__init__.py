"""Findings as text, JSON, and what other programs read: pure functions of what was found, to strings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from corpus_tool.reporters.style import Reporter as Reporter
from corpus_tool.reporters.style import Style as Style
from corpus_tool.reporters.style import wants_color as wants_color

_PLACES = {
    "full": "text.full",
    "concise": "text.concise",
    "json": "json.as_json",
    "jsonl": "jsonl.as_jsonl",
    "github": "github.github",
    "gitlab": "gitlab.gitlab",
    "sarif": "sarif.sarif",
    "junit": "junit.junit",
    "markdown": "markdown.as_markdown",
}


class _Reporters(Mapping[str, Reporter]):
    """The reporters by name, each loaded when it is asked for: a run writes one format."""

    def __getitem__(self, name: str) -> Reporter:
        module, _, function = _PLACES[name].partition(".")
        found: Reporter = getattr(import_module(f"{__name__}.{module}"), function)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


REPORTERS: Mapping[str, Reporter] = _Reporters()
