"""What a value repeats of a text: pieces of the text by their offsets, and what stands in the value alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from corpus_tool.masking import veiled

QUOTED = 12
"""So many code points in a row that a value shares with the text are the text's."""
LOWER = "lower"
"""Marks a piece of the text in small letters, as a lemma has it."""

Cut = tuple[int, int] | tuple[int, int, str]
"""From where to where a piece stands in the text, in code points, and how it is changed."""
Piece = str | Cut
"""Letters of the value alone, or a cut of the text."""


def pieces(value: str, text: str, near: tuple[int, int] | None = None) -> list[Piece]:
    """A value as pieces that make it again from the text: each run of QUOTED or more is one of the text.

    `near` is where in the text the value comes from, if that is known: there any run is one of the text.
    """
    found: list[Piece] = []
    own, at = "", 0
    while at < len(value):
        piece = (near and _near(value, at, text, near)) or _anywhere(value, at, text)
        if piece is None:
            own += value[at]
            at += 1
            continue
        found += [own, piece] if own else [piece]
        own = ""
        at += piece[1] - piece[0]
    return [*found, own] if own else found


def quotes(value: str, text: str) -> bool:
    """Whether a value shares QUOTED code points in a row with the text."""
    return any(value[at : at + QUOTED] in text for at in range(len(value) - QUOTED + 1))


def joined(parts: Iterable[Piece], text: str) -> str:
    """The value that pieces make of the text."""
    return "".join(part if isinstance(part, str) else _cut(part, text) for part in parts)


def shown(parts: Sequence[Piece]) -> str | None:
    """A value without what it quotes, which is told by its length; None where it is all quoted."""
    if not any(isinstance(part, str) for part in parts):
        return None
    return "".join(part if isinstance(part, str) else veiled("x" * (part[1] - part[0])) for part in parts)


def read_pieces(values: Iterable[Any]) -> list[Piece]:
    """Pieces as JSON has them; TypeError or ValueError where they are none."""
    return [value if isinstance(value, str) else _read(*value) for value in values]


def _read(start: int, end: int, how: str | None = None) -> Piece:
    if not 0 <= int(start) <= int(end) or how not in (None, LOWER):
        raise ValueError(f"no piece of a text: {[start, end, how]!r}")
    return (start, end) if how is None else (start, end, how)


def _cut(piece: Cut, text: str) -> str:
    covered = text[piece[0] : piece[1]]
    return covered.lower() if len(piece) == 3 else covered


def _near(value: str, at: int, text: str, near: tuple[int, int]) -> Cut | None:
    """The longest piece of a part of the text that the value goes on with, in its letters or in small ones."""
    window = text[near[0] : near[1]]
    found = list(_forms(value, at, window))
    if not found:
        return None
    place, length, lowered = max(found, key=lambda one: one[1])
    start = near[0] + place
    return (start, start + length, LOWER) if lowered else (start, start + length)


def _forms(value: str, at: int, window: str) -> Iterator[tuple[int, int, bool]]:
    small = window.lower()
    for form in (window, small) if len(small) == len(window) else (window,):
        if value[at] in form:
            yield (*_extended(value, at, form, 1), form is not window)


def _anywhere(value: str, at: int, text: str) -> Cut | None:
    if at + QUOTED > len(value) or value[at : at + QUOTED] not in text:
        return None
    start, length = _extended(value, at, text, QUOTED)
    return start, start + length


def _extended(value: str, at: int, text: str, length: int) -> tuple[int, int]:
    """Where the text has the longest piece that begins so, and how long it is."""
    while at + length < len(value) and value[at : at + length + 1] in text:
        length += 1
    return text.find(value[at : at + length]), length
