"""JSON Pointers to lines and columns of the bytes they came from: worked out only for what has a finding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]

from corpus_tool.vocabulary import steps

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"[-+.0-9eE]+|true|false|null")
_BRACKET = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"?)*+([\[\]{}])', re.DOTALL)
"""The next bracket that is not in a string: a match for each string would take three times as long."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a value stands: lines and columns from 1, columns in code points; the end is behind its last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def locate(data: bytes, pointers: Iterable[str], first_line: int = 1) -> dict[str, Extent]:
    """The extent of each pointer in one JSON value; of the nearest enclosing value where a pointer names none."""
    text = data.decode(errors="replace")
    wanted = {pointer: tuple(steps(pointer)) for pointer in pointers}
    spots = _Walk(text, wanted.values()).run()
    lines = _Lines(text, first_line)
    found = {}
    for pointer, path in wanted.items():
        depth = next(depth for depth in range(len(path), -1, -1) if path[:depth] in spots)
        found[pointer] = lines.extent(*spots[path[:depth]])
    return found


def place_of(data: bytes, offset: int, first_line: int = 1) -> tuple[int, int]:
    """Line and column of a byte offset."""
    before = data[:offset]
    line = before.count(b"\n")
    column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
    return first_line + line, column


def space(text: str, at: int) -> int:
    """The offset behind the white space that stands at one."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def value_end(text: str, at: int) -> int:
    """The end of the JSON value at an offset."""
    mark = text[at : at + 1]
    if mark == '"':
        return int(scanstring(text, at + 1, True)[1])
    if mark not in "[{":
        match = _SCALAR.match(text, at)
        return match.end() if match else at + 1
    depth = 0
    while (match := _BRACKET.match(text, at)) is not None:
        at = match.end()
        depth += 1 if match[1] in "[{" else -1
        if depth == 0:
            return at
    return len(text)


class _Lines:
    """Line starts of a text, to turn character offsets into lines and columns."""

    def __init__(self, text: str, first_line: int) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.first_line = first_line

    def extent(self, start: int, end: int) -> Extent:
        (line, column), (end_line, end_column) = self.at(start), self.at(end)
        return Extent(line, column, end_line, end_column)

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset) - 1
        return self.first_line + line, offset - self.starts[line] + 1


class _Walk:
    """One pass over a JSON text that goes into what is wanted only, and steps over the rest.

    It keeps its own stack: a pointer may be as deep as an article.
    """

    def __init__(self, text: str, paths: Iterable[tuple[str, ...]]) -> None:
        self.text = text
        self.inside: dict[tuple[str, ...], set[str]] = {}
        for path in paths:
            for depth in range(len(path)):
                self.inside.setdefault(path[:depth], set()).add(path[depth])
        self.spots: dict[tuple[str, ...], tuple[int, int]] = {}

    def run(self) -> Mapping[tuple[str, ...], tuple[int, int]]:
        start = space(self.text, 1 if self.text.startswith("\ufeff") else 0)
        self.spots[()] = (start, len(self.text.rstrip(" \t\r\n")))
        open_values = [self.children(start, ())] if () in self.inside else []
        while open_values:
            entered = next(open_values[-1], None)
            if entered is None:
                open_values.pop()
            else:
                open_values.append(self.children(*entered))
        return self.spots

    def children(self, start: int, path: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Go through the object or list at `start` and record what is wanted of it.

        Yields start and path of each value to be entered; when asked for the next, that one has been gone through.
        """
        is_list = self.text[start : start + 1] == "["
        at, number, wanted = space(self.text, start + 1), 0, self.inside[path]
        left = len(wanted)
        while left and self.text[at : at + 1] not in ("", "]", "}"):
            step = str(number)
            if not is_list:
                step, at = scanstring(self.text, at + 1, True)
                at = space(self.text, space(self.text, at) + 1)
            end = value_end(self.text, at)
            if step in wanted:
                child = (*path, step)
                self.spots[child] = (at, end)
                left -= 1
                if child in self.inside and self.text[at] in "[{":
                    yield at, child
            at, number = space(self.text, end), number + 1
            if self.text[at : at + 1] == ",":
                at = space(self.text, at + 1)
