"""A window of an article's text as rows, with marks under the span."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from corpus_tool.findings import Excerpt
from corpus_tool.reporters.escaping import BRACKET, commands, plain
from corpus_tool.reporters.width import clusters, is_right_to_left, width

COLUMNS = 92
LONGEST = 64
"""Columns of a span that are shown; of a wider one its beginning and end."""
_CUT = "…"
_VISIBLE = {"\n": "↵", "\r": "␍", "\t": "⇥"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the window, and the line of marks below it: empty where nothing is marked."""

    text: str
    marks: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A grapheme cluster as it is shown, and the columns it takes."""

    shown: str
    columns: int


def window(excerpt: Excerpt) -> tuple[Row, ...]:
    """The text around a span on one line, line breaks visible; a whole cluster is marked where the span cuts one.

    Where characters run from right to left the span has a line of its own: its marks are right whatever order the
    terminal shows them in.
    """
    from corpus_tool.excerpts import AROUND  # a run without findings loads nothing for them

    before, covered, after = _parts(excerpt)
    if excerpt.start > len(excerpt.before):
        before = [_Cell(_CUT, 1), *before]
    if len(excerpt.after) >= AROUND:
        after = [*after[:-1], _Cell(_CUT, 1)]  # in the place of a cluster, since the text may end here
    covered = _middle(covered)
    room = COLUMNS - _columns(covered)
    before = _tail(before, max(room // 2, room - _columns(after)))
    after = _head(after, room - _columns(before))
    marks = "^" * max(1, _columns(covered))
    if is_right_to_left(excerpt.before + excerpt.covered + excerpt.after):
        rows = (Row(_text(before)), Row(_text(covered), marks), Row(_text(after)))
        return tuple(row for row in rows if row.text or row.marks)
    return (Row(_text(before + covered + after), " " * _columns(before) + marks),)


def _parts(excerpt: Excerpt) -> tuple[list[_Cell], list[_Cell], list[_Cell]]:
    """The cells before the span, under it and after it."""
    text = excerpt.before + excerpt.covered + excerpt.after
    start = len(excerpt.before)
    end = start + len(excerpt.covered)
    brackets = frozenset(commands(text))
    parts: tuple[list[_Cell], list[_Cell], list[_Cell]] = ([], [], [])
    at = 0
    for cluster in clusters(text):
        part = 0 if at + len(cluster) <= start else 1 if at < end else 2
        parts[part].append(_cell(cluster, is_command=at in brackets))
        at += len(cluster)
    return parts


def _cell(cluster: str, *, is_command: bool) -> _Cell:
    shown = BRACKET if is_command else "".join(_VISIBLE.get(char, char) for char in cluster)
    shown = plain(shown)
    # A mark without a letter would stand on the character before it.
    shown = f"◌{shown}" if unicodedata.category(shown[0]) in ("Mn", "Me", "Mc") else shown
    return _Cell(shown, width(shown))


def _middle(cells: list[_Cell]) -> list[_Cell]:
    if _columns(cells) <= LONGEST:
        return cells
    return [*_head(cells, LONGEST * 2 // 3), *_tail(cells, LONGEST // 3)[1:]]


def _head(cells: list[_Cell], room: int) -> list[_Cell]:
    return cells if _columns(cells) <= room else [*_fitting(cells, room - 1), _Cell(_CUT, 1)]


def _tail(cells: list[_Cell], room: int) -> list[_Cell]:
    return cells if _columns(cells) <= room else [_Cell(_CUT, 1), *_fitting(cells[::-1], room - 1)[::-1]]


def _fitting(cells: list[_Cell], room: int) -> list[_Cell]:
    kept: list[_Cell] = []
    for cell in cells:
        room -= cell.columns
        if room < 0:
            break
        kept.append(cell)
    return kept


def _columns(cells: Iterable[_Cell]) -> int:
    return sum(cell.columns for cell in cells)


def _text(cells: Iterable[_Cell]) -> str:
    return "".join(cell.shown for cell in cells).rstrip(" ")
