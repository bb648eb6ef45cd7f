"""Which rows of a sentence are words, ranges of words, empty nodes; and which are none of these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.formats.conllu.draft import column

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.draft import Draft

Row = list[str]
COLUMNS = 10
_NUMBERS = [str(number) for number in range(1, 2049)]
_ID = re.compile(r"(0|[1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8})|\.([1-9][0-9]{0,8}))?")


@dataclass(slots=True)
class Shape:
    """The rows of a sentence: `surface` those of its tokens, `words` those of its words and empty nodes.

    `owners` is of each word the number of its token, None for an empty node; `lines` those of the words.
    """

    surface: list[Row]
    surface_lines: list[int] | range
    words: list[Row]
    owners: list[str | None] | list[str]
    lines: list[int] | range
    plain: bool = True


def shape_of(draft: Draft, rows: list[Row], first: int) -> Shape:
    """What the rows are; those that are nothing are told to the draft and left out."""
    numbers = [row[0] for row in rows]
    if numbers == _NUMBERS[: len(rows)] and set(map(len, rows)) == {COLUMNS} and all(row[1] for row in rows):
        lines = range(first, first + len(rows))
        return Shape(rows, lines, rows, numbers, lines)
    return _Reading(draft, Shape([], [], [], [], [], plain=False)).read(rows, first)


@dataclass(slots=True)
class _Reading:
    """Rows that are not just words one after the other."""

    draft: Draft
    shape: Shape
    last: int = 0
    minor: int = 0
    range_end: int = 0
    owner: str = ""

    def read(self, rows: list[Row], first: int) -> Shape:
        for line, row in enumerate(rows, first):
            problem = self._take(row, line)
            if problem is not None:
                self.draft.malformed((line, 1), problem)
        if self.range_end > self.last:
            message = f"the words {self.owner} go on behind the last word of the sentence, {self.last}"
            self.draft.malformed((first + len(rows) - 1, 1), message)
        return self.shape

    def _take(self, row: Row, line: int) -> str | None:
        """Why the row is left out, None where it is not."""
        if len(row) != COLUMNS:
            return f"a row has {COLUMNS} columns parted by tabs, this one has {len(row)}: it is left out"
        match = _ID.fullmatch(row[0])
        if match is None:
            return f"'{row[0][:20]}' is no ID: the row is left out"
        if not row[1]:
            self.draft.malformed((line, column(row, 1)), "FORM is empty, read as '_'")
            row[1] = "_"
        number = int(match[1])
        if match[2]:
            return self._range(row, line, number, int(match[2]))
        if match[3]:
            return self._empty(row, line, number, int(match[3]))
        return self._word(row, line, number)

    def _word(self, row: Row, line: int, number: int) -> str | None:
        if number <= self.last:
            return f"the ID {number} is not behind {self.last}: the row is left out"
        if number != self.last + 1:
            self.draft.malformed((line, 1), f"the ID {number} comes where {self.last + 1} is next")
        self.last, self.minor = number, 0
        inside = number <= self.range_end
        if not inside:
            self.shape.surface.append(row)
            self.shape.surface_lines.append(line)  # type: ignore[union-attr]
        self._add(row, line, self.owner if inside else row[0])
        return None

    def _range(self, row: Row, line: int, start: int, end: int) -> str | None:
        if start != self.last + 1 or end < start or start <= self.range_end:
            return f"the words {row[0]} are not those that come next: the row is left out"
        self.range_end, self.owner = end, row[0]
        self.shape.surface.append(row)
        self.shape.surface_lines.append(line)  # type: ignore[union-attr]
        return None

    def _empty(self, row: Row, line: int, number: int, minor: int) -> str | None:
        if number != self.last or minor <= self.minor:
            return f"the empty node {row[0]} does not stand behind the word {number}: the row is left out"
        if minor != self.minor + 1:
            self.draft.malformed((line, 1), f"the empty node {row[0]} comes where {number}.{self.minor + 1} is next")
        self.minor = minor
        self._add(row, line, None)
        return None

    def _add(self, row: Row, line: int, owner: str | None) -> None:
        self.shape.words.append(row)
        self.shape.owners.append(owner)  # type: ignore[arg-type]
        self.shape.lines.append(line)  # type: ignore[union-attr]
