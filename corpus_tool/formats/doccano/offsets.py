"""Offsets of doccano: code points, or grapheme clusters where a project asked for them; its files say neither.

They also give no words, so that only where spans stand can tell: outside the text, in the middle of what is one sign,
at a space, or in the middle of a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from corpus_tool.formats import Unit
from corpus_tool.formats.units import Offsets

_COUNTED_APART = regex.compile(r"[^\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}]|[\U00010000-\U0010ffff]")
"""What makes units differ: characters that join others to a cluster, and those that are two in UTF-16."""
_LIKELY = (Unit.CODE_POINTS, Unit.GRAPHEMES, Unit.UTF16)
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Settled:
    """The unit of a record's offsets; `doubtful` where spans stand oddly in every unit."""

    unit: Unit
    doubtful: bool = False


def settle(text: str, places: Sequence[Place]) -> Settled:
    """Code points, unless spans stand oddly in them and in exactly one other unit do not."""
    if (text.isascii() and "\r" not in text) or not _COUNTED_APART.search(text):
        return Settled(Unit.CODE_POINTS)
    clusters = Offsets(text, Unit.GRAPHEMES)
    if not _odd(text, places, Offsets(text, Unit.CODE_POINTS), clusters):
        return Settled(Unit.CODE_POINTS)
    others = {unit: Offsets(text, unit) for unit in _LIKELY[1:]}
    differing = {unit: offsets for unit, offsets in others.items() if _differs(places, offsets)}
    good = [unit for unit, offsets in differing.items() if not _odd(text, places, offsets, clusters)]
    if len(good) == 1:
        return Settled(good[0])
    return Settled(Unit.CODE_POINTS, doubtful=bool(differing))


def _differs(places: Sequence[Place], offsets: Offsets) -> bool:
    return any(offsets.to_points(offset) != offset for place in places for offset in place)


def _odd(text: str, places: Sequence[Place], offsets: Offsets, clusters: Offsets) -> bool:
    """Whether any span stands where nobody would put one."""
    for start, end in places:
        first, last = offsets.to_points(start), offsets.to_points(end)
        if first is None or last is None or first >= last:
            return True
        if clusters.from_points(first) is None or clusters.from_points(last) is None:
            return True
        if text[first].isspace() or text[last - 1].isspace() or _in_word(text, first) or _in_word(text, last):
            return True
    return False


def _in_word(text: str, at: int) -> bool:
    """Whether it is between two letters of a script that has cases, and so spaces between words."""
    around = text[at - 1 : at + 1] if 0 < at < len(text) else ""
    return len(around) == 2 and all(letter.isalpha() and letter.lower() != letter.upper() for letter in around)
