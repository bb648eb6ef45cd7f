"""Another text under the same annotations: every offset moves, so that each span covers what it covered."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary
from corpus_tool.findings import Edit, Replacement
from corpus_tool.fixing.strings import Piece
from corpus_tool.fixing.values import value_at
from corpus_tool.layers import EACH, Path_, SpanPlace

if TYPE_CHECKING:
    from corpus_tool.contract import Contract


class Moves:
    """Where offsets go when pieces of a text are replaced; the pieces are sorted and do not overlap.

    What is strictly inside a piece goes to the boundary of what replaces it, a start to its start, an end to its end.
    What is inserted where a span begins or ends stays outside of it.
    """

    def __init__(self, parts: Sequence[Replacement]) -> None:
        self.parts = parts
        self.starts = [part.start for part in parts]
        self.shifts = [0, *accumulate(len(part.new) - len(part.old) for part in parts)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span that covers what [start, end) covered; one without width keeps none."""
        moved = self.start(start)
        return (moved, moved) if start == end else (moved, self.end(end))

    def start(self, offset: int) -> int:
        number = bisect_right(self.starts, offset)
        part = self.parts[number - 1] if number else None
        if part is not None and offset < part.start + len(part.old):
            return part.start + self.shifts[number - 1]
        return offset + self.shifts[number]

    def end(self, offset: int) -> int:
        number = bisect_right(self.starts, offset)
        while number and self.starts[number - 1] == offset:
            number -= 1
        part = self.parts[number - 1] if number else None
        if part is not None and offset < part.start + len(part.old):
            return part.start + len(part.new) + self.shifts[number - 1]
        return offset + self.shifts[number]

    def inside(self, start: int, end: int) -> list[Piece] | None:
        """The pieces of a span's own text that are replaced; None where one is inside in part only."""
        first = bisect_right(self.starts, start - 1)
        if first and self.starts[first - 1] + len(self.parts[first - 1].old) > start:
            return None
        found = []
        for part in self.parts[first : bisect_right(self.starts, end - 1)]:
            if part.start + len(part.old) > end:
                return None
            if part.old or part.start > start:
                found.append((part.start - start, part.start - start + len(part.old), part.new))
        return found


def stands(part: Replacement, text: str) -> bool:
    """Whether what a replacement takes for old is there."""
    return 0 <= part.start <= len(text) and text.startswith(part.old, part.start)


@dataclass(slots=True)
class Retold:
    """What another text makes of an article: edits, and what of each string changes, by pointer."""

    pieces: dict[str, Sequence[Piece]]
    edits: list[Edit] = field(default_factory=list)


def retold(article: Any, parts: Sequence[Replacement], contract: Contract) -> Retold | None:
    """The edits that replace pieces of an article's text, which are sorted and do not overlap.

    Offsets of all spans move with them, and surfaces and the digest of the text follow where they were right. None
    where the text is not what the replacements take it for.
    """
    text = article.get(contract.text) if isinstance(article, dict) and contract.text else None
    if not isinstance(text, str) or not all(stands(part, text) for part in parts):
        return None
    at = vocabulary.pointer([str(contract.text)])
    out = Retold({at: [(part.start, part.start + len(part.old), part.new) for part in parts]})
    told = _Telling(text, _spliced(text, out.pieces[at]), Moves(parts), out)
    out.edits += [Edit(at, text, told.new), *_digests(article, text, told.new, contract)]
    for layer in contract.layers:
        for place in layer.spans:
            for path, span in _each(article.get(layer.name), (EACH, *place.path), (layer.name,)):
                if isinstance(span, dict):
                    told.move(span, place, path)
    return out


@dataclass(frozen=True, slots=True)
class _Telling:
    """An old text and a new one, and what becomes of the spans of the old."""

    old: str
    new: str
    moves: Moves
    out: Retold

    def move(self, span: dict[str, Any], place: SpanPlace, path: tuple[str, ...]) -> None:
        start, end = _offset(span.get(place.start)), _offset(span.get(place.end))
        if start is None or end is None:
            return
        moved = self.moves.span(start, end)
        for name, before, after in zip((place.start, place.end), (start, end), moved, strict=True):
            if after != before:
                self.out.edits.append(Edit(vocabulary.pointer([*path, name]), span[name], after))
        if place.surface is None or not 0 <= start <= end <= len(self.old):
            return
        stated, covered = span.get(place.surface), self.new[slice(*moved)]
        if stated == self.old[start:end] and covered != stated:
            at = vocabulary.pointer([*path, place.surface])
            self.out.pieces |= {at: inside} if (inside := self.moves.inside(start, end)) else {}
            self.out.edits.append(Edit(at, stated, covered))


def _spliced(text: str, pieces: Sequence[Piece]) -> str:
    out, done = [], 0
    for start, end, new in pieces:
        out += [text[done:start], new]
        done = end
    return "".join([*out, text[done:]])


def _digests(article: Any, old: str, new: str, contract: Contract) -> Iterator[Edit]:
    path = contract.meanings.get("text-digest")
    stated = value_at(article, list(path)) if path else None
    if path and stated == hashlib.sha256(old.encode()).hexdigest():
        yield Edit(vocabulary.pointer(path), stated, hashlib.sha256(new.encode()).hexdigest())


def _each(value: Any, path: Path_, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values a path of the contract leads to, and their own paths."""
    if not path:
        yield at, value
    elif path[0] == EACH and isinstance(value, list):
        for number, element in enumerate(value):
            yield from _each(element, path[1:], (*at, str(number)))
    elif isinstance(value, dict) and path[0] in value:
        yield from _each(value[path[0]], path[1:], (*at, path[0]))


def _offset(value: Any) -> int | None:
    """An offset as it may be written; None where it is none. `1.0` is one."""
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    return int(value) if whole else None
