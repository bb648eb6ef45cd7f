"""The characters on both sides of where spans begin and end, as numbers: what rules about edges look at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.rules.characters import JOINS_LEFT, JOINS_RIGHT, PUNCTUATION, SPACE, WORD, WORD_START, compiled
from corpus_tool.rules.extents import of_kinds, once_a_block, regions, sound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus_tool.rules.extents import Numbers, Region
    from corpus_tool.tables import Tables

    Points = NDArray[np.uint32]

IN_WORD, BEGINS_WORD, IS_SPACE, IS_PUNCTUATION, JOINED_LEFT, JOINED_RIGHT = (1 << bit for bit in range(6))
_PATTERNS = {
    IN_WORD: WORD, BEGINS_WORD: WORD_START, IS_SPACE: SPACE, IS_PUNCTUATION: PUNCTUATION, JOINED_LEFT: JOINS_LEFT,
    JOINED_RIGHT: JOINS_RIGHT,
}  # fmt: skip
_BEYOND = 0x10000
MADE_OF_WORDS = ("token", "word")


@cache
def _flags() -> NDArray[np.uint8]:
    """What each character below U+10000 is; the last entry stands for all others, which may be anything."""
    found = np.zeros(_BEYOND + 1, np.uint8)
    every = "".join(map(chr, range(_BEYOND)))
    for flag, pattern in _PATTERNS.items():
        for run in compiled(f"{pattern}+").finditer(every):
            found[run.start() : run.end()] |= flag
    found[_BEYOND] = 0xFF
    return found


def is_any(points: Points, flag: int) -> NDArray[np.bool_]:
    """Which characters are of a class; those beyond U+FFFF are looked up one by one."""
    yes = (_flags()[np.minimum(points, _BEYOND)] & flag) > 0
    for at in np.flatnonzero(yes & (points >= _BEYOND)).tolist():
        yes[at] = compiled(_PATTERNS[flag]).match(chr(points[at])) is not None
    return yes


@dataclass(frozen=True, slots=True)
class Edges:
    """For the spans with these row numbers: the characters before and at the start, and before and at the end.

    At the edge of the text the outer character is a line feed. Spans that are not sound or have no width are left out.
    """

    kind: str
    numbers: Numbers
    before: Points
    first: Points
    last: Points
    after: Points

    def at(self, chosen: NDArray[np.bool_]) -> list[int]:
        """Row numbers of chosen edges."""
        found: list[int] = self.numbers[chosen].tolist()
        return found


@once_a_block
def edges(tables: Tables) -> tuple[Edges, ...]:
    """Edges of all spans that are not tokens or words."""
    return tuple(_all(tables, lambda kind: kind not in MADE_OF_WORDS, None))


def edges_of_words(tables: Tables, articles: list[int]) -> Iterator[Edges]:
    """Edges of the tokens and words of some articles."""
    return _all(tables, lambda kind: kind in MADE_OF_WORDS, pl.col("article").is_in(articles))


def _all(tables: Tables, wanted: Callable[[str], bool], which: pl.Expr | None) -> Iterator[Edges]:
    found = (_edges(tables, region, which) for region in regions(tables) if wanted(region.kind))
    return (part for part in found if part is not None)


def _edges(tables: Tables, region: Region, which: pl.Expr | None) -> Edges | None:
    rows = tables.spans.slice(region.low, region.high - region.low)
    wide = sound() & (pl.col("covered").str.len_bytes() > 0)
    good = rows.select(wide if which is None else wide & which).to_series()
    numbers = np.arange(region.low, region.high)
    if not good.all():
        rows, numbers = rows.filter(good), numbers[good.to_numpy()]
        if rows.is_empty():
            return None
    outer = (
        pl.when(pl.col(name).str.len_bytes() > 0).then(name).otherwise(pl.lit("\n")) for name in ("before", "after")
    )
    inner = (pl.col("covered").str.head(1).alias("first"), pl.col("covered").str.tail(1).alias("last"))
    joined = rows.select(*(part.str.join("") for part in (*outer, *inner)))
    before, after, first, last = (_points(text) for text in joined.row(0))
    return Edges(region.kind, numbers, before, first, last, after)


def _points(text: str) -> Any:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


@once_a_block
def token_edges(tables: Tables) -> set[tuple[int, int]]:
    """Article and offset of where tokens begin and end."""
    found: set[tuple[int, int]] = set()
    for _, rows in of_kinds(tables, lambda kind: kind == "token"):
        articles = rows["article"].to_list()
        for edge in ("start", "end"):
            found.update(zip(articles, rows[edge].to_list(), strict=True))
    return found
