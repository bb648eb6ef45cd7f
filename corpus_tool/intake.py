"""Chunks of bytes to articles; what cannot be read is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus_tool import decoding, positions, refusals
from corpus_tool.blocks import MAX_BYTES, Chunk
from corpus_tool.collecting import Collector
from corpus_tool.findings import Fix, LineEdit, Location
from corpus_tool.records import Record
from corpus_tool.refusals import BOM, Refusal

MOST_BLANK = 1000
"""The fix of so many blank lines in a row is offered; it states each."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Reads chunks; what it finds goes to `out`."""

    out: Collector

    def read(self, chunk: Chunk) -> Iterator[Record]:
        """The values of a chunk; what cannot be read is a finding."""
        if chunk.problem == "broken compression":
            self.out.byte_finding("IO014", Location(chunk.name, chunk.line), chunk.detail)
            return
        if chunk.problem == "too long":
            self.out.refuse("IO013", Location(chunk.name, chunk.line), _too_long(chunk.detail))
            return
        data = chunk.read()
        first = chunk.line == 1
        marked = first and data.startswith(BOM)
        if marked:
            mark = LineEdit(1, 1, BOM.decode(), "")
            self.out.byte_finding("IO004", Location(chunk.name, 1, 1), "", Fix("remove the mark", lines=(mark,)))
            data = data[len(BOM) :]
        wide = refusals.wide_encoding(data) if first else None
        if wide is not None:
            self.out.refuse("IO001", Location(chunk.name, 1, 1), refusals.of_encoding(wide).message)
        elif first and not data.strip():
            self.out.byte_finding("IO006", Location(chunk.name, 1), "the file is empty")
        elif chunk.whole:
            yield from self.one(data, chunk.name, 1)
        else:
            yield from self.lines(data, chunk, 2 if marked else 1)

    def lines(self, data: bytes, chunk: Chunk, column: int) -> Iterator[Record]:
        """The values of lines, the first of which begins at a column: a byte order mark may stand before it."""
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        blank: list[bytes] = []
        for number, line in enumerate(lines, chunk.line):
            if not line.strip():
                blank.append(line)
                continue
            if blank:
                self.blank(chunk, number - len(blank), blank, column)
                blank = []
            yield from self.one(line, chunk.name, number)
        if blank:
            self.blank(chunk, chunk.line + len(lines) - len(blank), blank, column, last=not data.endswith(b"\n"))

    def blank(self, chunk: Chunk, line: int, blank: list[bytes], column: int, *, last: bool = False) -> None:
        """Blank lines one below the other: a small compressed file unpacks to millions of them."""
        words = "the line is blank" if len(blank) == 1 else f"{len(blank):,} lines are blank"
        fix = None
        if len(blank) <= MOST_BLANK:
            old = "\n".join(each.decode() for each in blank) + ("" if last else "\n")
            edit = LineEdit(line, column if line == 1 else 1, old, "")
            fix = Fix(f"remove the blank line{'s' if len(blank) > 1 else ''}", lines=(edit,))
        self.out.byte_finding("IO006", Location(chunk.name, line), words, fix)

    def one(self, data: bytes, path: str, line: int) -> Iterator[Record]:
        if len(data) > MAX_BYTES:
            self.out.refuse("IO013", Location(path, line), _too_long(f"{len(data):,} bytes"))
            return
        value = decoding.decode(data)
        if isinstance(value, Refusal):
            where, column = (line, None) if value.offset is None else positions.place_of(data, value.offset, line)
            self.out.refuse(value.code, Location(path, where, column), value.message)
        else:
            self.out.summary.articles += 1
            yield Record(value, path, line, data)


def _too_long(size: str) -> str:
    return f"{size}, where at most {MAX_BYTES:,} are read"
