"""Changes inside a JSON string: only the characters that change are written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from corpus_tool.fixing.style import Alphabet

Piece = tuple[int, int, str]
"""Start and end, in code points of the string, and what stands there then."""

_UNIT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]+", re.DOTALL
)


def spliced(literal: str, pieces: Sequence[Piece], alphabet: Alphabet) -> str:
    """A JSON string, quotes included, with pieces replaced; these are in order and do not overlap."""
    edges = offsets(literal, (edge for start, end, _ in pieces for edge in (start, end)))
    out, done = [], 0
    for (_, _, new), start, end in zip(pieces, edges[::2], edges[1::2], strict=True):
        out += [literal[done:start], alphabet.literal(new)]
        done = end
    return "".join([*out, literal[done:]])


def offsets(literal: str, wanted: Iterable[int]) -> list[int]:
    """Where in a JSON string characters stand, given as ascending code points of its value."""
    if "\\" not in literal:
        return [1 + at for at in wanted]
    return list(_offsets(literal, wanted))


def _offsets(literal: str, wanted: Iterable[int]) -> Iterator[int]:
    units = _UNIT.finditer(literal, 1, len(literal) - 1)
    at, chars, number = 1, 0, 0
    for want in wanted:
        while chars + number <= want and (unit := next(units, None)) is not None:
            chars += number
            at, number = unit.start(), 1 if unit[0][0] == "\\" else len(unit[0])
        if want >= chars + number:
            yield len(literal) - 1
        else:
            yield at + want - chars
    return


def difference(old: str, new: str) -> Piece:
    """The one piece that turns a string into another: what they begin and end with alike stays."""
    shorter = min(len(old), len(new))
    head = _alike(old[:shorter], new[:shorter])
    tail = _alike(old[head:][::-1], new[head:][::-1])
    return head, len(old) - tail, new[head : len(new) - tail]


def _alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
