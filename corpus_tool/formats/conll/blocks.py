"""Bytes of lines as blocks that blank lines part, each with the number of its first line; some at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

AT_ONCE = 256 * 1024
"""So many bytes are read at a time: what becomes of them in memory is about fifty times that."""
_LONE = re.compile("[\udc80-\udcff]")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Blocks:
    """Some blocks in a row: first line and text, without the line breaks around it.

    `whole` is whether the bytes are UTF-8; where not, those that are none stand there as lone surrogates.
    """

    found: list[tuple[int, str]]
    whole: bool


def read_blocks(stream: BinaryIO, at_once: int = AT_ONCE) -> Iterator[Blocks]:
    """All blocks of a stream; a byte order mark at its beginning and the CR of CRLF are no part of them."""
    carried, line = b"", 1
    data = stream.read(at_once).removeprefix(_BOM)
    while data or carried:
        more = stream.read(max(at_once, len(carried)))
        pieces, carried = _cut(carried + data) if more else (carried + data, b"")
        data = more
        if pieces:
            text, whole = _decoded(pieces)
            yield Blocks(_blocks(text, line), whole)
            line += text.count("\n")


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """What ends with a blank line, and what comes after the last one."""
    at = max(data.rfind(b"\n\n") + 2, data.rfind(b"\n\r\n") + 3)
    return (data[:at], data[at:]) if at > 2 else (b"", data)


def _decoded(data: bytes) -> tuple[str, bool]:
    try:
        text, whole = data.decode(), True
    except UnicodeDecodeError:
        text, whole = data.decode(errors="surrogateescape"), False
    return text.replace("\r\n", "\n"), whole


def _blocks(text: str, line: int) -> list[tuple[int, str]]:
    found = []
    for block in text.split("\n\n"):
        inner = block.lstrip("\n")
        if inner:
            trimmed = inner.rstrip("\n")
            found.append((line + len(block) - len(inner), trimmed))
        line += block.count("\n") + 2
    return found


def lone(text: str) -> int:
    """Where the first byte that is not UTF-8 stands in what was decoded; -1 where there is none."""
    match = None if text.isascii() else _LONE.search(text)
    return -1 if match is None else match.start()
