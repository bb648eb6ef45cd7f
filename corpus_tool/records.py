"""Articles as they were read, and where in their files their parts stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from corpus_tool import positions, vocabulary
from corpus_tool.findings import Location
from corpus_tool.positions import Extent

if TYPE_CHECKING:
    from corpus_tool.contract import Contract


@dataclass(frozen=True, slots=True)
class Record:
    """One article as it was read: its value, its file, the line it begins on, and what places are worked out from."""

    value: Any
    path: str
    line: int | None
    data: bytes | None = None
    places: Mapping[str, tuple[int, int]] | None = None

    @property
    def size(self) -> int:
        return len(self.data or b"")

    def emptied(self) -> Record:
        """The record without its value, which takes many times the memory of its bytes."""
        return self if self.data is None else replace(self, value=None)

    def filled(self) -> Record:
        """The record with its value again."""
        return self if self.data is None or self.value is not None else replace(self, value=orjson.loads(self.data))


def locations(record: Record, pointers: list[str], contract: Contract) -> list[Location]:
    """Where pointers lead in the file of an article, and in which annotation."""
    name = record.value.get(contract.id) if isinstance(record.value, dict) and contract.id else None
    article = name if isinstance(name, str) else None
    extents = _extents(record, pointers)
    return [
        Location(
            record.path, extent.line, extent.column, extent.end_line, extent.end_column,
            pointer=at, article=article, annotation=_annotation(record.value, at, contract),
        )
        for at, extent in zip(pointers, extents, strict=True)
    ]  # fmt: skip


def _annotation(value: Any, at: str, contract: Contract) -> str | None:
    """The id of the annotation that a pointer leads into."""
    path = vocabulary.steps(at)
    layer = next((layer for layer in contract.layers if path and layer.name == path[0]), None)
    try:
        found = value[path[0]][int(path[1])][layer.id] if layer and layer.id and len(path) > 1 else None
    except (LookupError, TypeError, ValueError):
        return None
    return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class _Nowhere:
    line: int | None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


def _extents(record: Record, pointers: list[str]) -> list[Extent | _Nowhere]:
    if record.data is not None and record.line is not None:
        found = positions.locate(record.data, pointers, record.line)
        return [found[at] for at in pointers]
    if record.places is not None:
        return [_nearest(record.places, at) for at in pointers]
    return [_Nowhere(record.line)] * len(pointers)


def _nearest(places: Mapping[str, tuple[int, int]], at: str) -> _Nowhere:
    while at and at not in places:
        at = at.rpartition("/")[0]
    return _Nowhere(*places[at]) if at in places else _Nowhere(None)
