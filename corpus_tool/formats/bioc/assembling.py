"""The text of a document from its passages, which say where they begin; and which unit they count in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from corpus_tool.formats import Unit
from corpus_tool.formats.bioc.elements import Element
from corpus_tool.formats.graph.draft import At
from corpus_tool.formats.units import Offsets, Settled

UNITS = (Unit.CODE_POINTS, Unit.BYTES, Unit.UTF16)
_WIDEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of text, and where it says that it begins; what fills a gap before it."""

    offset: int
    text: str
    filler: str
    at: At
    number: int
    """Of its passage."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An annotation with one location: where it is said to stand, in which passage, and its words."""

    passage: int
    offset: int
    length: int
    words: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What contradicts itself."""

    at: At
    message: str


Standing = tuple[int, int, Chunk]
"""Its first code point in the text, its length in the unit, and itself."""


@dataclass(slots=True)
class Assembled:
    """A text made of chunks, in the order of their offsets, and where each of them has come to stand."""

    unit: Unit
    text: str = ""
    chunks: list[Standing] = field(default_factory=list)
    of: dict[int, list[Standing]] = field(default_factory=dict)
    """Those of each passage."""
    problems: list[Problem] = field(default_factory=list)
    _offsets: dict[int, Offsets] = field(default_factory=dict)

    def point(self, offset: int, passage: int | None) -> int | None:
        """The code point of an offset that stands in a passage; None inside a character or outside the text.

        A passage that could not begin where it says takes its annotations with it.
        """
        for start, length, chunk in chain(self.of.get(-1 if passage is None else passage, ()), self.chunks):
            if chunk.offset <= offset <= chunk.offset + length:
                inner = self._of(start, chunk).to_points(offset - chunk.offset)
                return None if inner is None else start + inner
        return self._in_gap(offset)

    def _of(self, start: int, chunk: Chunk) -> Offsets:
        if start not in self._offsets:
            self._offsets[start] = Offsets(chunk.text, self.unit)
        return self._offsets[start]

    def _in_gap(self, offset: int) -> int | None:
        before = 0
        for start, length, chunk in self.chunks:
            if before <= offset < chunk.offset:
                found = start - (chunk.offset - offset)
                return found if found >= 0 else None
            before = chunk.offset + length
        return None


def assemble(chunks: Sequence[Chunk], unit: Unit) -> Assembled:
    """The text that these chunks make where offsets are in that unit.

    Where a chunk says that it begins inside another, it is put behind it.
    """
    made = Assembled(unit)
    pieces: list[str] = []
    points, reached = 0, 0
    for chunk in sorted(chunks, key=lambda each: each.offset):
        gap = chunk.offset - reached
        if gap < 0:
            made.problems.append(Problem(chunk.at, f"begins at {chunk.offset}, inside what ends at {reached}"))
        elif gap > _WIDEST:
            made.problems.append(Problem(chunk.at, f"begins at {chunk.offset:,}, {gap:,} behind what stands before"))
        else:
            pieces.append(chunk.filler * gap)
            points += gap
        length = _length(chunk.text, unit)
        pieces.append(chunk.text)
        made.chunks.append((points, length, chunk))
        made.of.setdefault(chunk.number, []).append(made.chunks[-1])
        points, reached = points + len(chunk.text), max(reached, chunk.offset + length)
    made.text = "".join(pieces)
    return made


def _length(text: str, unit: Unit) -> int:
    if unit is Unit.BYTES:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) if unit is Unit.CODE_POINTS else len(text.encode("utf-16-le", "surrogatepass")) // 2


def settle_text(chunks: Sequence[Chunk], stated: Sequence[Stated]) -> tuple[Assembled, Settled]:
    """The text in the unit that explains all passages and words: code points if they do, else the only other one."""
    first = assemble(chunks, UNITS[0])
    if _explains(first, stated):
        return first, Settled(UNITS[0], agrees=True)
    others = [made for unit in UNITS[1:] if _explains(made := assemble(chunks, unit), stated)]
    if len(others) == 1:
        return others[0], Settled(others[0].unit, agrees=True)
    return first, Settled(UNITS[0], agrees=False)


def _explains(made: Assembled, stated: Sequence[Stated]) -> bool:
    if made.problems:
        return False
    for one in stated:
        start, end = made.point(one.offset, one.passage), made.point(one.offset + one.length, one.passage)
        if start is None or end is None or made.text[start:end] != one.words:
            return False
    return True


def number(text: str | None) -> int | None:
    """A count of characters; None where there is none."""
    stripped = (text or "").strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= 15 else None


def locations(annotation: Element) -> list[tuple[int, int]] | None:
    """Offset and length of each location; None where one of them says neither."""
    found = []
    for one in annotation.all("location"):
        offset, length = number(one.said("offset")), number(one.said("length"))
        if offset is None or length is None:
            return None
        found.append((offset, length))
    return found
