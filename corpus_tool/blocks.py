"""Blocks of articles as bytes: what one worker takes at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from corpus_tool.errors import SourceError
from corpus_tool.sources import SourceFile

BLOCK_BYTES = 4 * 2**20
BLOCK_FILES = 512
MAX_BYTES = 64 * 2**20
"""A line, or a file that is one article, is not parsed above this size."""

Problem = Literal["too long", "broken compression"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive lines of one file, or one whole file that is one article (`whole`).

    `line` is the number of its first line. The bytes are `data`, or `size` bytes at `offset` of the file, so that a
    worker reads them itself. A `problem` says why there are no bytes; `detail` explains it.
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

    def read(self) -> bytes:
        """The bytes; SourceError where the file cannot be read any more."""
        if self.data is not None:
            return self.data
        assert self.path is not None
        try:
            with self.path.open("rb") as stream:
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


def read_blocks(files: Iterable[SourceFile], block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """All files as blocks of about `block_bytes`; SourceError where a file cannot be read."""
    pending: list[Chunk] = []
    size = number = 0
    for file in files:
        for chunk in _chunks(file, block_bytes):
            pending.append(chunk)
            size += chunk.size
            if size >= block_bytes or len(pending) >= BLOCK_FILES:
                yield Block(number, tuple(pending))
                pending, size, number = [], 0, number + 1
    if pending:
        yield Block(number, tuple(pending))


def _chunks(file: SourceFile, block_bytes: int) -> Iterator[Chunk]:
    try:
        if file.path is not None and file.suffix == ".json" and file.compression is None:
            yield _whole_file(file)
            return
        with _open(file) as stream:
            if file.suffix == ".json":
                yield _whole_stream(file, stream)
            elif file.path is None:
                yield from _standard_input(file, stream, block_bytes)
            else:
                yield from _lines(file, stream, block_bytes, b"", inline=file.compression is not None)
    except OSError as error:
        if file.compression is not None and error.errno is None:
            yield Chunk(file.name, problem="broken compression", detail=str(error))
            return
        raise SourceError(f"cannot read {file.name}: {error.strerror or error}") from error


def _open(file: SourceFile) -> BinaryIO:
    if file.path is None:
        return sys.stdin.buffer
    if file.compression is None:
        return file.path.open("rb")
    import pyarrow as pa

    with file.path.open("rb"):  # a plain OSError, with its number, where the file itself cannot be read
        return cast("BinaryIO", pa.input_stream(str(file.path), compression=file.compression))


def _whole_file(file: SourceFile) -> Chunk:
    assert file.path is not None
    size = file.path.stat().st_size
    if size > MAX_BYTES:
        return Chunk(file.name, whole=True, size=size, problem="too long", detail=f"{size:,} bytes")
    return Chunk(file.name, whole=True, path=file.path, size=size)


def _whole_stream(file: SourceFile, stream: BinaryIO, start: bytes = b"") -> Chunk:
    data = start + stream.read(MAX_BYTES + 1 - len(start))
    if len(data) > MAX_BYTES:
        return Chunk(file.name, whole=True, problem="too long", detail=f"more than {MAX_BYTES:,} bytes")
    return Chunk(file.name, whole=True, size=len(data), data=data)


def _standard_input(file: SourceFile, stream: BinaryIO, block_bytes: int) -> Iterator[Chunk]:
    """One article a line, unless the first line is no JSON value by itself."""
    import orjson

    first = stream.read(block_bytes)
    line = next((part for part in first.split(b"\n") if part.strip()), b"")
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        if b"\n" in first.strip():
            yield _whole_stream(file, stream, first)
            return
    yield from _lines(file, stream, block_bytes, first, inline=True)


def _lines(file: SourceFile, stream: BinaryIO, block_bytes: int, start: bytes, *, inline: bool) -> Iterator[Chunk]:
    rest, offset, line = start, 0, 1
    ended = False
    while not ended:
        more = stream.read(block_bytes)
        ended = not more
        data = rest + more
        cut = len(data) if ended else data.rfind(b"\n") + 1
        if cut:
            body = data[:cut]
            yield _line_chunk(file, body, offset, line, inline=inline)
            offset, line, rest = offset + cut, line + body.count(b"\n"), data[cut:]
        elif len(data) > MAX_BYTES:
            skipped, rest, ended = _skip_line(stream, data)
            yield Chunk(file.name, line, problem="too long", detail=f"{skipped:,} bytes")
            offset, line = offset + skipped, line + 1
        else:
            rest = data
    if offset == 0 and line == 1:
        yield Chunk(file.name, 1, data=b"")


def _line_chunk(file: SourceFile, body: bytes, offset: int, line: int, *, inline: bool) -> Chunk:
    if inline:
        return Chunk(file.name, line, data=body, size=len(body))
    return Chunk(file.name, line, path=file.path, offset=offset, size=len(body))


def _skip_line(stream: BinaryIO, data: bytes) -> tuple[int, bytes, bool]:
    """Read on to the end of a line that is too long: bytes skipped, what follows, whether the stream ended."""
    skipped = 0
    while (cut := data.find(b"\n")) < 0:
        skipped += len(data)
        data = stream.read(BLOCK_BYTES)
        if not data:
            return skipped, b"", True
    return skipped + cut + 1, data[cut + 1 :], False
