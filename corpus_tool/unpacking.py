"""Compressed files as streams: all that can be unpacked, and then what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

PACKED_BYTES = 64 * 2**10
"""Compressed files are read in pieces of this size: of the piece that has a fault, nothing is seen at first."""
_NEAR = 2 * PACKED_BYTES
"""So far before a fault, packed bytes are handed on one by one."""


@dataclass(slots=True)
class Unpacked:
    """The bytes of a compressed file; where the compression is broken they end, and `fault` says why.

    What the piece with the fault begins with is read in a second pass, byte by byte: not of a pipe, which has no path.
    """

    raw: BinaryIO
    stream: Any
    codec: str
    path: Path | None
    opened: ExitStack
    most: int = PACKED_BYTES
    done: int = 0
    fault: str | None = None

    def read(self, size: int) -> bytes:
        """At most so many bytes: fewer at the end, or where a fault is."""
        pieces: list[bytes] = []
        while size > 0 and self.fault is None:
            try:
                piece = self.stream.read(min(size, self.most))
            except (OSError, ValueError) as error:  # pyarrow's have no number where the bytes are at fault
                if getattr(error, "errno", None) is not None:
                    raise
                self._at(str(error))
                continue
            if not piece:
                break
            pieces.append(piece)
            self.done += len(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _at(self, error: str) -> None:
        """What comes of a fault: a second pass from where the last good piece ended, or the end."""
        if self.path is None or self.most == 1:
            self.fault = _words(error, self.codec)
            return
        raw = self.opened.enter_context(self.path.open("rb"))
        slow = _OneByOne(raw, max(0, self.raw.tell() - _NEAR))
        self.stream = _unpacking(slow, self.codec, self.opened)
        left = self.done
        while left > 0 and (piece := self.stream.read(min(left, PACKED_BYTES))):
            left -= len(piece)
        self.most = 1


@contextmanager
def unpacked(raw: BinaryIO, codec: str, path: Path | None) -> Iterator[Unpacked]:
    """The stream of a compressed file; a `path` leads to the same file once more."""
    with ExitStack() as opened:
        yield Unpacked(raw, _unpacking(raw, codec, opened), codec, path, opened)


def _unpacking(raw: Any, codec: str, opened: ExitStack) -> Any:
    import pyarrow as pa

    return opened.enter_context(pa.input_stream(raw, compression=codec))


class _OneByOne:
    """A stream that yields single bytes from some place on, so that all before a fault is unpacked."""

    def __init__(self, raw: BinaryIO, start: int) -> None:
        self.raw = raw
        self.start = start
        self.mode = "rb"
        self.closed = False

    def read(self, size: int) -> bytes:
        return self.raw.read(max(1, min(size, self.start - self.raw.tell())))

    def close(self) -> None:
        self.closed = True


def _words(error: str, codec: str) -> str:
    if "runcated" in error:
        return "the file ends in the middle: copy it, or compress it, again"
    if codec == "gzip" and "header" in error:
        return "not gzip (or something else stands behind it): compress it again"
    return f"not {codec}, or damaged: compress it again"
