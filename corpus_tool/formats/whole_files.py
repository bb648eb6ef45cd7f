"""Files that have to be read whole: no larger than can be parsed in memory."""

from __future__ import annotations

from io import SEEK_END
from typing import BinaryIO

from corpus_tool.errors import SourceError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Source

MAX_BYTES = 512 * 2**20
"""A file that has to be read whole takes several times its size as a value, and is not parsed above this one."""
TOO_LONG = ("IO013", "line-is-not-too-long")


def read_whole(source: Source) -> bytes | Finding:
    """The bytes of a file; the finding that it is too large, of which no more is read than tells it.

    Raises SourceError where the file is gone.
    """
    if source.opened is None:
        data = source.read(None)
        if data is None:
            raise SourceError(f"cannot read {source.path}: no such file")
        size: int | None = len(data)
    else:
        try:
            with source.stream() as stream:
                size = _size(stream)
                data = stream.read(MAX_BYTES + 1) if size is None or size <= MAX_BYTES else b""
        except OSError as error:
            raise SourceError(f"cannot read {error.filename or source.path}: {error.strerror}") from error
    if max(size or 0, len(data)) <= MAX_BYTES:
        return data
    at = Location(source.path, 1, 1, article=source.id)
    shown = f"{size:,} bytes" if size is not None else f"more than {MAX_BYTES:,} bytes"
    return Finding(*TOO_LONG, Severity.ERROR, at, too_long(shown))


def too_long(size: str) -> str:
    """What is said of a file of a size above the largest."""
    return f"{size}, where at most {MAX_BYTES:,} are read: export it in parts"


def _size(stream: BinaryIO) -> int | None:
    """How many bytes are to come; None where that shows only as they do."""
    if not stream.seekable():
        return None
    at = stream.tell()
    end = stream.seek(0, SEEK_END)
    stream.seek(at)
    return end - at
