"""Files that have not changed, told by what the file system says of them, and digests of those that may have."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus_tool.blocks import Block, Chunk
    from corpus_tool.sources import SourceFile

State = tuple[int, int, int, int, int]
"""Size, times of the last change of content and of anything (nanoseconds), inode and device."""
SETTLED = 2 * 10**9
"""A file that changed so shortly before (nanoseconds) may change again without a new time."""


def state_of(file: SourceFile) -> State | None:
    """What the file system says of a file; None where it is none that stays what it is."""
    if file.where is None or file.archive is not None:
        return None
    try:
        found = os.stat(file.where)  # noqa: PTH116 (thousands of files)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


@dataclass(frozen=True, slots=True)
class States:
    """The states of some files at one time (nanoseconds)."""

    at: int
    by_name: Mapping[str, State | None]

    def settled(self, name: str, now: Mapping[str, State | None]) -> bool:
        """Whether a file is still the same, and so old that it would show if it were not."""
        state = self.by_name[name]
        return state is not None and state == now[name] and max(state[1], state[2]) + SETTLED < self.at


def read_states(files: Iterable[SourceFile]) -> States:
    at = time.time_ns()
    return States(at, {file.name: state_of(file) for file in files})


@dataclass(slots=True)
class Digests:
    """SHA-256 of files by name, gathered while their chunks go by."""

    parts: dict[str, list[Chunk]] = field(default_factory=dict)

    def watch(self, blocks: Iterable[Block]) -> Iterator[Block]:
        for block in blocks:
            for chunk in block.chunks:
                self.add(chunk)
            yield block

    def add(self, chunk: Chunk) -> None:
        from dataclasses import replace

        self.parts.setdefault(chunk.name, []).append(chunk if chunk.data is None else replace(chunk, data=None))

    def by_name(self) -> dict[str, bytes]:
        return {name: _digest(chunks) for name, chunks in self.parts.items()}


def _digest(chunks: list[Chunk]) -> bytes:
    """Of one article the digest of its bytes, else that of the digests of its chunks."""
    first, *more = chunks
    if first.whole and first.digest is not None and not more:
        return first.digest
    parts = [(one.digest, one.whole, one.problem, one.detail) for one in chunks]
    return hashlib.sha256(repr(parts).encode()).digest()
