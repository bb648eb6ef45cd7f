"""Offsets of other units to code points, and back; which unit explains what a source says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import le

import regex

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Unit

Stated = tuple[int, int, str]
"""Start and end as a source has them, and the words it gives for them."""
_WIDTHS: dict[Unit, Callable[[str], int]] = {
    Unit.UTF16: lambda character: 2 if character > "\uffff" else 1,
    Unit.BYTES: lambda character: len(character.encode("utf-8", "surrogatepass")),
}
_LIKELY = (Unit.CODE_POINTS, Unit.UTF16, Unit.BYTES, Unit.GRAPHEMES)


class Offsets:
    """Offsets of one text in one unit, as code points and the other way round."""

    def __init__(self, text: str, unit: Unit) -> None:
        self.length = len(text)
        self._outer: list[int] | None = None
        if unit is Unit.GRAPHEMES:
            self._outer = [match.start() for match in regex.finditer(r"\X", text)] + [len(text)]
            self._inner = {inner: outer for outer, inner in enumerate(self._outer)}
        elif unit in _WIDTHS and not text.isascii():
            starts = [0, *accumulate(map(_WIDTHS[unit], text))]
            if starts[-1] != len(text):
                self._inner = dict(enumerate(starts))
                self._points = {outer: inner for inner, outer in enumerate(starts)}
                return
        self._points = dict(enumerate(self._outer)) if self._outer is not None else None  # type: ignore[assignment]

    def to_points(self, offset: int) -> int | None:
        """The code point that an offset of the unit stands before; None inside a character or outside the text."""
        if self._points is None:
            return offset if 0 <= offset <= self.length else None
        return self._points.get(offset)

    def are_points(self, starts: Collection[int], ends: Collection[int]) -> bool:
        """Whether offsets are code points already, those of places from a start to an end in the text."""
        if self._points is not None or not starts:
            return False
        return min(starts) >= 0 and max(ends) <= self.length and all(map(le, starts, ends))

    def from_points(self, offset: int) -> int | None:
        """The offset of the unit at a code point; None where it falls within what the unit counts as one."""
        if self._points is None:
            return offset if 0 <= offset <= self.length else None
        return self._inner.get(offset)


@dataclass(frozen=True, slots=True)
class Settled:
    """The unit that the offsets of a source are in, and whether its words bear that out."""

    unit: Unit
    agrees: bool


def settle(text: str, stated: Sequence[Stated], declared: Unit) -> Settled:
    """The unit that explains every surface: the declared one if it does, else the only other one that does."""
    if explains(text, stated, declared):
        return Settled(declared, agrees=True)
    others = [unit for unit in _LIKELY if unit is not declared and explains(text, stated, unit)]
    return Settled(others[0], agrees=True) if len(others) == 1 else Settled(declared, agrees=False)


def explains(text: str, stated: Iterable[Stated], unit: Unit) -> bool:
    """Whether all words stand where offsets of that unit say."""
    if unit is Unit.CODE_POINTS:
        most = len(text)
        for start, end, words in stated:
            if start < 0 or end < 0 or start > most or end > most or text[start:end] != words:
                return False
        return True
    offsets = Offsets(text, unit)
    for start, end, words in stated:
        first, last = offsets.to_points(start), offsets.to_points(end)
        if first is None or last is None or text[first:last] != words:
            return False
    return True


def another_unit(settled: Settled, declared: Unit, path: str, article: str) -> Iterator[Finding]:
    """The finding where a file is in another unit than its format says."""
    if settled.unit is not declared:
        message = f"offsets are {settled.unit}, where the format has {declared}: converted from those"
        yield Finding(*_UNIT, Severity.WARNING, Location(path, article=article), message)


_UNIT = ("IO017", "offsets-are-in-the-unit-of-the-format")
