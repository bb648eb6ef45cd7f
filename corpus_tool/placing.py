"""Putting articles into the splits of a release, before anything is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from corpus_tool.records import Record


@dataclass(frozen=True, slots=True)
class Placing:
    """Where articles go, by id: `path` leads to the field that says so, those of `without` are left out."""

    id: str
    path: tuple[str, ...]
    splits: Mapping[str, str]
    without: frozenset[str] = frozenset()

    def __call__(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records with their split; one of an article that nobody placed stays as it is."""
        for record in records:
            name = record.value.get(self.id) if isinstance(record.value, dict) else None
            if not isinstance(name, str) or name not in self.without:
                split = self.splits.get(name) if isinstance(name, str) else None
                yield record if split is None else replace(record, value=_put(record.value, self.path, split))


def _put(value: Any, path: tuple[str, ...], split: str) -> Any:
    """The value with a split at the path; what stands in the way stays, for the schema to say."""
    if not path:
        return split
    if value is not None and not isinstance(value, dict):
        return value
    inner = value or {}
    return {**inner, path[0]: _put(inner.get(path[0]), path[1:], split)}
