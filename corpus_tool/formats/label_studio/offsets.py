r"""Offsets of Label Studio to code points.

Its editor counts code points in `start`, `end` and `globalOffsets` and has tests that say so; versions before 2022
counted UTF-16 code units. Where the text has CRLF, a browser shows one character for it. The `text` of a region has a
backslash and `n` for a line break, or the break itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus_tool.formats import Unit
from corpus_tool.formats.units import Offsets, Stated

_SPACE = re.compile(r"(?:\s|\\n)+")


@dataclass(frozen=True, slots=True)
class Ruler:
    """One way to count; `breaks` are the code points of the text that it passes over."""

    title: str
    offsets: Offsets
    breaks: tuple[int, ...] = ()

    def to_points(self, offset: int) -> int | None:
        """The code point an offset stands before; None where it is none."""
        point = self.offsets.to_points(offset)
        if point is None or not self.breaks:
            return point
        for at in self.breaks:
            if at >= point:
                break
            point += 1
        return point


@dataclass(frozen=True, slots=True)
class Settled:
    """How the offsets of a task are counted; `declared` as the format says, `told` by words that bear it out."""

    ruler: Ruler
    declared: bool
    told: bool


def settle(text: str, stated: Sequence[Stated]) -> Settled:
    """The first way to count that explains the words of all regions; code points where none does."""
    rulers = list(_rulers(text))
    for number, ruler in enumerate(rulers):
        if all(explains(ruler, text, one) for one in stated):
            return Settled(ruler, declared=number == 0, told=bool(stated) or len(rulers) == 1)
    return Settled(rulers[0], declared=True, told=True)


def _rulers(text: str) -> Iterator[Ruler]:
    yield Ruler("code points", Offsets(text, Unit.CODE_POINTS))
    if any(character > "\uffff" for character in text):
        yield Ruler("UTF-16 code units", Offsets(text, Unit.UTF16))
    if "\r\n" in text:
        short = text.replace("\r\n", "\n")
        # An offset before the break stands before both characters, one behind it behind both.
        breaks = tuple(match.start() for match in re.finditer("\r\n", text))
        yield Ruler("code points, CRLF as one", Offsets(short, Unit.CODE_POINTS), breaks)
        if any(character > "\uffff" for character in text):
            yield Ruler("UTF-16 code units, CRLF as one", Offsets(short, Unit.UTF16), breaks)


def explains(ruler: Ruler, text: str, stated: Stated) -> bool:
    """Whether the words stand where the offsets say, up to white space."""
    start, end, said = stated
    first, last = ruler.to_points(start), ruler.to_points(end)
    return first is not None and last is not None and flat(text[first:last]) == flat(said)


def flat(words: str) -> str:
    """Words with each run of white space as one space, and none at the ends."""
    return _SPACE.sub(" ", words).strip(" ")


def verbatim(covered: str, said: str) -> bool:
    """Whether words are those of the text but for how line breaks are written."""
    return said in (
        covered,
        covered.replace("\n", "\\n"),
        covered.replace("\r\n", "\\n"),
        covered.replace("\r\n", "\n"),
    )
