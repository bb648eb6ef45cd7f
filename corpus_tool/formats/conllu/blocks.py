"""The bytes of a file as blocks between blank lines, whatever its size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 1 << 20
LONGEST = 1 << 26
"""A block has at most 64 MiB: beyond, the file has no blank lines, and is no CoNLL-U."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that no block can be made of: why, and where from the first line of the block on, counted from 0."""

    reason: str
    line: int = 0
    column: int = 1
    utf8: bool = False
    text: str = ""
    """What can be read of the block."""


@dataclass(slots=True)
class Blocks:
    """Reads blocks, and notes what is odd about the file as a whole: a byte order mark, line ends of two bytes."""

    stream: BinaryIO
    marked: bool = False
    carriage_returns: bool = False
    line: int = 1

    def __iter__(self) -> Iterator[tuple[int, str | Broken]]:
        """The line that each begins at, from 1, and what stands there, without blank lines around it."""
        rest = self._begin()
        while data := self._read():
            rest += data
            cut = rest.rfind(b"\n\n")
            if cut >= 0:
                yield from self._split(rest[:cut])
                rest = rest[cut + 2 :]
            elif len(rest) > LONGEST:
                yield self.line, Broken("no blank line within 64 MiB: what follows is not read")
                return
        yield from self._split(rest)

    def _begin(self) -> bytes:
        data = self._read()
        self.marked = data.startswith(b"\xef\xbb\xbf")
        return data[3:] if self.marked else data

    def _read(self) -> bytes:
        data = self.stream.read(CHUNK)
        if b"\r" not in data:
            return data
        while data.endswith(b"\r") and (more := self.stream.read(1)):
            data += more
        self.carriage_returns = self.carriage_returns or b"\r\n" in data
        return data.replace(b"\r\n", b"\n")

    def _split(self, data: bytes) -> Iterator[tuple[int, str | Broken]]:
        try:
            pieces: list[str] | list[bytes] = data.decode().split("\n\n")
        except UnicodeDecodeError:
            pieces = data.split(b"\n\n")
        for piece in pieces:
            text = piece if isinstance(piece, str) else _decoded(piece)
            if isinstance(text, str):
                body = text.lstrip("\n")
                if body:
                    yield self.line + len(text) - len(body), body.rstrip("\n")
                self.line += text.count("\n") + 2
            else:
                yield self.line, text
                self.line += piece.count(b"\n") + 2  # type: ignore[arg-type]


def _decoded(piece: bytes) -> str | Broken:
    try:
        return piece.decode()
    except UnicodeDecodeError as error:
        line = piece.count(b"\n", 0, error.start)
        before = piece[piece.rfind(b"\n", 0, error.start) + 1 : error.start]
        return Broken(
            "these bytes are not UTF-8", line, len(before.decode()) + 1, utf8=True, text=piece.decode(errors="replace")
        )
