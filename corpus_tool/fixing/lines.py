"""Edits of lines: what stands between articles, such as blank lines and a byte order mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus_tool.findings import Fix, LineEdit
from corpus_tool.fixing.units import Unit

Lines = Mapping[int, Unit]
"""The units of one chunk by the number of their line; of a file that is one article, the one."""


def edit_lines(fix: Fix, units: Lines) -> bool:
    """Make the line edits of a fix, all or none; False where a line is not what they take it for."""
    edits = sorted(fix.lines, key=lambda edit: (edit.line, edit.column), reverse=True)
    places = [(edit, _reached(edit, units)) for edit in edits]
    if not all(reached and _start(edit, reached) is not None for edit, reached in places):
        return False
    for edit, reached in places:
        start = _start(edit, reached)
        if start is None:
            return False
        data = _joined(reached)
        _spread(data[:start] + edit.new.encode() + data[start + len(edit.old.encode()) :], reached)
    return True


def _reached(edit: LineEdit, units: Lines) -> Sequence[Unit]:
    """The units an edit may change: that of its line, and as many below as it has line ends."""
    first = units.get(edit.line) or next((unit for unit in units.values() if unit.chunk.whole), None)
    if first is None or first.chunk.whole:
        return [first] if first else []
    reached = [first]
    for line in range(edit.line + 1, edit.line + 1 + edit.old.count("\n")):
        if line not in units:
            break
        reached.append(units[line])
    return reached


def _joined(units: Sequence[Unit]) -> bytes:
    return b"".join(unit.data for unit in units)


def _start(edit: LineEdit, units: Sequence[Unit]) -> int | None:
    """The offset of an edit in the bytes of units; None where its `old` does not stand there."""
    data, start = _joined(units), 0
    for _ in range(edit.line - units[0].line):
        start = data.find(b"\n", start) + 1
        if not start:
            return None
    end = data.find(b"\n", start)
    line = data[start : end if end >= 0 else len(data)].decode(errors="surrogateescape")
    if edit.column - 1 > len(line):
        return None
    at = start + len(line[: edit.column - 1].encode(errors="surrogateescape"))
    return at if data.startswith(edit.old.encode(), at) else None


def _spread(data: bytes, units: Sequence[Unit]) -> None:
    """Give bytes to the units they came from: the last keep theirs, and the first has what is left."""
    for unit in reversed(units[1:]):
        unit.data = unit.data if data.endswith(unit.data) else b""
        data = data[: len(data) - len(unit.data)]
    units[0].data = data
