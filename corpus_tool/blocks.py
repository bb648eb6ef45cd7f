"""Blocks of articles as bytes: what one worker takes at a time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from corpus_tool.cuts import Cuts
from corpus_tool.errors import SourceError
from corpus_tool.refusals import BOM
from corpus_tool.sources import SourceFile, open_source
from corpus_tool.unpacking import unpacked

BLOCK_BYTES = 5 * 2**20
MAX_BYTES = 64 * 2**20
"""A line, or a file that is one article, is not parsed above this size."""

Problem = Literal["too long", "broken compression"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive lines of one file, or one whole file that is one article (`whole`).

    `line` is the number of its first line. The bytes are `data`, or `size` bytes at `offset` of the file, so that a
    worker reads them itself. A `problem` says why there are no bytes; `detail` explains it. `digest` is the SHA-256 of
    the bytes as they were when the block was made, where it was asked for.
    """

    name: str
    line: int = 1
    whole: bool = False
    path: Path | None = None
    offset: int = 0
    size: int = 0
    data: bytes | None = None
    problem: Problem | None = None
    detail: str = ""
    digest: bytes | None = None

    def read(self) -> bytes:
        """The bytes; SourceError where the file cannot be read any more."""
        if self.data is not None:
            return self.data
        assert self.path is not None
        try:
            with self.path.open("rb") as stream:
                if self.offset:
                    stream.seek(self.offset)
                return stream.read(self.size)
        except OSError as error:
            raise SourceError(f"cannot read {self.name}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Block:
    """Work for one worker: chunks in the order of the corpus."""

    number: int
    chunks: tuple[Chunk, ...]

    @property
    def size(self) -> int:
        return sum(chunk.size for chunk in self.chunks)


Digests = Mapping[str, bytes]
"""SHA-256 of files that are one article, by name."""


def read_blocks(
    files: Iterable[SourceFile], block_bytes: int = BLOCK_BYTES, *, digests: Digests | None = None
) -> Iterator[Block]:
    """All files as blocks of about `block_bytes`; SourceError where a file cannot be read.

    With `digests` each chunk gets one; a file that is one article is not read for it where it is known already.
    """
    cuts = Cuts(block_bytes)
    pending: list[Chunk] = []
    weight = number = 0
    for file in files:
        for chunk in read_chunks(file, block_bytes, digests=digests):
            own = cuts.weight(chunk.size)
            if pending and weight + own > cuts.most:
                yield Block(number, tuple(pending))
                pending, weight, number = [], 0, number + 1
            pending.append(chunk)
            weight += own
            if _closed(chunk, weight, cuts):
                yield Block(number, tuple(pending))
                pending, weight, number = [], 0, number + 1
    if pending:
        yield Block(number, tuple(pending))


def _closed(chunk: Chunk, weight: int, cuts: Cuts) -> bool:
    """Whether a block of this weight ends behind the chunk: lines were cut where it may."""
    own = cuts.weight(chunk.size)
    cut = (own >= cuts.least and not chunk.whole) or cuts.chosen(chunk.name.encode(), own)
    return weight >= cuts.most or (weight >= cuts.least and cut)


def read_chunks(file: SourceFile, block_bytes: int = BLOCK_BYTES, *, digests: Digests | None = None) -> Iterator[Chunk]:
    """One file, cut into chunks as `read_blocks` does."""
    for chunk in _chunks(file, block_bytes):
        digest = _digest(chunk, digests) if digests is not None and chunk.problem is None else None
        data = chunk.data if chunk.path is None else None
        same = digest is None and data is chunk.data
        yield chunk if same else replace(chunk, data=data, digest=digest)


def _digest(chunk: Chunk, known: Digests) -> bytes:
    return (chunk.whole and known.get(chunk.name)) or hashlib.sha256(chunk.read()).digest()


def whole_digest(file: SourceFile) -> bytes | None:
    """The digest of the one chunk of a file that is one article; None where it is not so simple."""
    if file.where is None or file.suffix != ".json" or file.compression is not None:
        return None
    try:
        with open(file.where, "rb", buffering=0) as stream:  # noqa: PTH123 (thousands of files)
            size = os.fstat(stream.fileno()).st_size
            data = stream.read(size) if size <= MAX_BYTES else b""
    except OSError as error:
        raise SourceError(f"cannot read {file.name}: {error.strerror or error}") from error
    return hashlib.sha256(data).digest() if len(data) == size else None


class _Stream(Protocol):
    """The bytes of a file, unpacked; where the compression is broken they end, and `fault` says why."""

    fault: str | None

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class _Plain:
    """The bytes of a file that is not compressed."""

    raw: BinaryIO
    fault: str | None = None

    def read(self, size: int, /) -> bytes:
        return self.raw.read(size)


def _chunks(file: SourceFile, block_bytes: int) -> Iterator[Chunk]:
    packed = file.compression is not None
    try:
        if file.where is not None and file.suffix == ".json" and not packed:
            yield _whole_file(file)
            return
        with _open(file) as stream:
            if file.suffix == ".json":
                yield _whole_stream(file, stream)
            elif file.where is None and not packed:
                yield from _piped(file, stream, block_bytes)
            else:
                yield from _lines(file, stream, block_bytes, b"", inline=packed)
    except OSError as error:
        raise SourceError(f"cannot read {file.name}: {error.strerror or error}") from error


@contextmanager
def _open(file: SourceFile) -> Iterator[_Stream]:
    with open_source(file) as raw:
        if file.compression is None:
            yield _Plain(raw)
            return
        with unpacked(raw, file.compression, file.path) as stream:
            yield stream


def _whole_file(file: SourceFile) -> Chunk:
    path = file.path
    assert path is not None
    size = path.stat().st_size
    if size > MAX_BYTES:
        return Chunk(file.name, whole=True, size=size, problem="too long", detail=f"{size:,} bytes")
    return Chunk(file.name, whole=True, path=path, size=size)


def _whole_stream(file: SourceFile, stream: _Stream, start: bytes = b"") -> Chunk:
    data = start + stream.read(MAX_BYTES + 1 - len(start))
    if stream.fault is not None:
        return Chunk(file.name, whole=True, problem="broken compression", detail=stream.fault)
    if len(data) > MAX_BYTES:
        return Chunk(file.name, whole=True, problem="too long", detail=f"more than {MAX_BYTES:,} bytes")
    return Chunk(file.name, whole=True, size=len(data), data=data)


def _piped(file: SourceFile, stream: _Stream, block_bytes: int) -> Iterator[Chunk]:
    """One article a line, unless no line that begins an object is a value by itself."""
    first = stream.read(block_bytes)
    lines = [line for line in first.removeprefix(BOM).split(b"\n") if line.strip()]
    if len(lines) < 2 or any(line.startswith(b"{") and _is_json(line) for line in lines):
        yield from _lines(file, stream, block_bytes, first, inline=True)
    else:
        yield _whole_stream(file, stream, first)


def _is_json(data: bytes) -> bool:
    import orjson

    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def _lines(file: SourceFile, stream: _Stream, block_bytes: int, start: bytes, *, inline: bool) -> Iterator[Chunk]:
    cuts = Cuts(block_bytes)
    path = None if inline else file.path
    rest, offset, line = start, 0, 1
    ended = False
    while not ended:
        more = stream.read(block_bytes)
        ended = not more
        rest += more
        while cut := cuts.in_lines(rest) or (ended and _whole_lines(rest, stream)):
            body, rest = rest[:cut], rest[cut:]
            yield Chunk(file.name, line, path=path, offset=offset, size=cut, data=body)
            offset, line = offset + cut, line + body.count(b"\n")
        if len(rest) > MAX_BYTES and b"\n" not in rest:
            skipped, rest, ended = _skip_line(stream, rest)
            yield Chunk(file.name, line, problem="too long", detail=f"{skipped:,} bytes")
            offset, line = offset + skipped, line + 1
    if stream.fault is not None:
        yield Chunk(file.name, line, problem="broken compression", detail=stream.fault)
    elif offset == 0:
        yield Chunk(file.name, data=b"")


def _whole_lines(data: bytes, stream: _Stream) -> int:
    """The length of what is left: where the compression is broken, the last line is cut off, and none of the file."""
    return len(data) if stream.fault is None else data.rfind(b"\n") + 1


def _skip_line(stream: _Stream, data: bytes) -> tuple[int, bytes, bool]:
    """Read on to the end of a line that is too long: bytes skipped, what follows, whether the stream ended."""
    skipped = 0
    while (cut := data.find(b"\n")) < 0:
        skipped += len(data)
        data = stream.read(BLOCK_BYTES)
        if not data:
            return skipped, b"", True
    return skipped + cut + 1, data[cut + 1 :], False
