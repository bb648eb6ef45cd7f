"""Mended chunks to files: compared with what is there, written whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from corpus_tool.atomic import write_file
from corpus_tool.errors import CorpusError, SourceError, StoreError
from corpus_tool.fixing.diffs import Part, unified
from corpus_tool.fixing.units import Piece
from corpus_tool.sources import SourceFile

Show = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A file that is to change: it is written if `write`, and its difference handed to `show` if that is given.

    `path` is where its bytes are; `outside` says that a link leads there, out of the corpus.
    """

    file: SourceFile
    path: Path
    write: bool
    show: Show | None
    outside: bool = False


def rewrite(target: Target, pieces: Iterable[Piece]) -> None:
    """Make a file of its chunks, in order.

    Raises SourceError where the file is not any more what was checked, StoreError where it cannot be written. It is
    then as it was.
    """
    if target.outside:
        raise StoreError(f"{target.file.name} is not mended: it is a link to a file outside of the corpus")
    with _opened(target) as original:
        if not target.write:
            _show(target, _parts(target, original, pieces))
        elif not _writable(original.mode, target.path):
            raise StoreError(f"cannot write {target.file.name}: the file is read-only")
        else:
            write_file(target.path, lambda stream: _write(target, original, pieces, stream), original.unchanged)


@dataclass(frozen=True, slots=True)
class _Original:
    """A file as it is read once more."""

    name: str
    path: Path
    stream: BinaryIO
    found: os.stat_result

    @property
    def mode(self) -> int:
        return self.found.st_mode

    def read(self, size: int) -> bytes:
        """So many bytes, or as many as there are; a stream that is unpacked may give them in pieces."""
        pieces = []
        try:
            while size and (data := self.stream.read(size)):
                pieces.append(data)
                size -= len(data)
        except OSError as error:
            raise _unreadable(self.name, error) from error
        return b"".join(pieces)

    def unchanged(self) -> None:
        """Raise SourceError where another program has written to the file since it was opened."""
        if _state(self.path.stat()) != _state(self.found):
            raise _changed(self.name)


@contextmanager
def _opened(target: Target) -> Iterator[_Original]:
    name, path = target.file.name, target.path
    try:
        raw = path.open("rb")
    except OSError as error:
        raise _unreadable(name, error) from error
    with raw:
        found = os.fstat(raw.fileno())
        if target.file.compression is None:
            yield _Original(name, path, raw, found)
            return
        import pyarrow as pa

        with pa.input_stream(raw, compression=target.file.compression) as stream:
            yield _Original(name, path, cast("BinaryIO", stream), found)


def _unreadable(name: str, error: OSError) -> SourceError:
    return SourceError(f"cannot read {name}: {error.strerror or error}")


def _state(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _changed(name: str) -> SourceError:
    return SourceError(f"{name} is not mended: another program changed it meanwhile")


def _writable(mode: int, path: Path) -> bool:
    return bool(mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)) and os.access(path, os.W_OK)


def _parts(target: Target, original: _Original, pieces: Iterable[Piece]) -> Iterator[Part]:
    """The file, old and new, in pieces that are whole lines."""
    for piece in pieces:
        if piece.problem is not None:
            reason = "a line or file is too long" if piece.problem == "too long" else "its compression is broken"
            raise CorpusError(f"{target.file.name} is not mended: {reason}")
        data = original.read(piece.size)
        if len(data) != piece.size or hashlib.blake2b(data).digest() != piece.digest:
            raise _changed(target.file.name)
        done = 0
        for patch in piece.patches:
            if patch.offset > done:
                yield data[done : patch.offset], data[done : patch.offset]
            done = patch.offset + patch.size
            yield data[patch.offset : done], patch.new
        if done < len(data):
            yield data[done:], data[done:]
    if original.read(1):
        raise _changed(target.file.name)


def _show(target: Target, parts: Iterable[Part]) -> None:
    lines = unified(target.file.name, parts)
    for line in lines:
        if target.show is not None:
            target.show(line)


def _write(target: Target, original: _Original, pieces: Iterable[Piece], stream: BinaryIO) -> None:
    with _packed(target.file.compression, stream) as out:
        for _, new in _parts(target, original, pieces):
            out.write(new)


@contextmanager
def _packed(compression: str | None, stream: BinaryIO) -> Iterator[BinaryIO]:
    """A stream that packs what is written to it; the same bytes are packed the same, whenever and wherever."""
    if compression is None:
        yield stream
    elif compression == "gzip":
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
            yield cast("BinaryIO", packed)
    else:
        import pyarrow as pa

        with pa.CompressedOutputStream(pa.PythonFile(_Kept(stream), mode="w"), compression) as packed:
            yield cast("BinaryIO", packed)


class _Kept(io.RawIOBase):
    """A stream that stays open when what writes to it is closed."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.stream.write(bytes(data))
