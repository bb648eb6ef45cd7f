"""The lines and files of a block, each of which is mended by itself, and what becomes of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus_tool.blocks import Chunk, Problem


@dataclass(slots=True)
class Counts:
    """Fixes by code of their finding: made, left because they are unsafe, left because they could not be made."""

    fixed: Counter[str] = field(default_factory=Counter)
    unsafe: Counter[str] = field(default_factory=Counter)
    stuck: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        self.fixed += other.fixed
        self.unsafe += other.unsafe
        self.stuck += other.stuck


@dataclass(slots=True)
class Unit:
    """A line with its end, or the whole of a file that is one article: its bytes as they are by now.

    `offset` and `size` say where in its chunk it was read; `counts` are of its fixes so far, in so many `passes`.
    """

    chunk: Chunk
    line: int
    offset: int
    size: int
    data: bytes
    passes: int = 0
    counts: Counts = field(default_factory=Counts)

    def again(self) -> Chunk:
        """What is to be checked of it now."""
        return replace(self.chunk, line=self.line, data=self.data, size=len(self.data), path=None)


@dataclass(frozen=True, slots=True)
class Patch:
    """Bytes of a chunk that become others: a line, or all of a file that is one article."""

    offset: int
    size: int
    new: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk as it was read, without its bytes: `digest` tells whether they are still the same."""

    name: str
    offset: int
    size: int
    digest: bytes
    patches: tuple[Patch, ...]
    counts: Counts
    problem: Problem | None = None


def units_of(chunk: Chunk) -> list[Unit]:
    """The units of a chunk whose bytes are `data`."""
    data = chunk.data or b""
    if chunk.whole:
        return [Unit(chunk, 1, 0, len(data), data)]
    found: list[Unit] = []
    offset = 0
    while offset < len(data):
        end = data.find(b"\n", offset) + 1 or len(data)
        found.append(Unit(chunk, chunk.line + len(found), offset, end - offset, data[offset:end]))
        offset = end
    return found


def piece(chunk: Chunk, units: Sequence[Unit]) -> Piece:
    """What came of a chunk and all of its units."""
    data = chunk.data or b""
    counts = Counts()
    for unit in units:
        counts.add(unit.counts)
    patches = tuple(
        Patch(unit.offset, unit.size, unit.data)
        for unit in units
        if data[unit.offset : unit.offset + unit.size] != unit.data
    )
    return Piece(chunk.name, chunk.offset, len(data), hashlib.blake2b(data).digest(), patches, counts, chunk.problem)
