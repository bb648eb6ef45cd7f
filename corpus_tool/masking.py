"""Article text kept out of what is said about an article: while it is hidden, messages tell its length only."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from corpus_tool.findings import ABSENT, Edit, Finding, Fix, Replacement

TEXT_COLUMNS = frozenset({"surface", "covered", "text", "before", "after", "value"})
"""Columns of tables that hold text of an article, or a value that may be one."""
_NAMES = ("id", "label", "prov", "axis", "name", "ref", "role", "field", "kind")

_kept: ContextVar[Container[str] | None] = ContextVar("kept", default=None)


@contextmanager
def hidden(keep: Container[str] = frozenset(), *, when: bool = True) -> Iterator[None]:
    """Hide text in the messages made meanwhile, in this thread and process; what is in `keep` is shown all the same."""
    token = _kept.set(keep if when else None)
    try:
        yield
    finally:
        _kept.reset(token)


def is_hidden() -> bool:
    return _kept.get() is not None


def hides(text: str) -> bool:
    """Whether a message must not quote this piece."""
    kept = _kept.get()
    return kept is not None and text not in kept


def veiled(text: str) -> str:
    """What stands for a hidden piece of text."""
    return f"[{len(text):,} character{'' if len(text) == 1 else 's'}]"


def names(*frames: Any) -> frozenset[str]:
    """Ids, labels and names that tables (Polars frames) have: what a message may show of an article."""
    columns = (frame[name] for frame in frames for name in _NAMES if name in frame.columns)
    return frozenset(str(value) for column in columns for value in column.unique().to_list() if value is not None)


def row(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of a table for the message of a rule: without text while it is hidden."""
    if not is_hidden():
        return values
    return {
        name: veiled(value) if name in TEXT_COLUMNS and isinstance(value, str) and hides(value) else value
        for name, value in values.items()
    }


def without_text(finding: Finding) -> Finding:
    """A finding without its window, and with a fix that tells where it changes what, not to which words.

    The message stays as it is: it was made while text was hidden. Such a fix cannot be applied.
    """
    return replace(finding, excerpt=None, fix=_fix(finding.fix) if finding.fix else None)


def _fix(fix: Fix) -> Fix:
    edits = tuple(Edit(edit.pointer, _veil(edit.old), _veil(edit.new)) for edit in fix.edits)
    return replace(fix, edits=edits, text=tuple(_replacements(fix.text)))


def _replacements(parts: Iterable[Replacement]) -> Iterator[Replacement]:
    for part in parts:
        yield Replacement(part.start, veiled(part.old), veiled(part.new))


def _veil(value: Any) -> Any:
    if value is ABSENT or not isinstance(value, str | dict | list):
        return value
    if isinstance(value, str):
        return veiled(value)
    if isinstance(value, list):
        return [_veil(part) for part in value]
    return {name: _veil(part) for name, part in value.items()}
