"""What several rules need of one block: its texts, and from where to where each annotation reaches."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import polars as pl

from corpus_tool.layers import EACH
from corpus_tool.rules import Skipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus_tool.tables import Tables

    Numbers = NDArray[np.int64]
    Pairs = tuple[Numbers, Numbers]

_T = TypeVar("_T")
_MOST_PAIRS = 1 << 20
_WIDE = 1 << 32
"""More than any text has characters: `article * _WIDE + offset` orders by both."""


def once_a_block(make: Callable[..., _T]) -> Callable[..., _T]:
    """Remember what was made of a block (and whatever else was given) for as long as the block lives."""
    made: dict[int, dict[tuple[int, ...], _T]] = {}

    @wraps(make)
    def get(tables: Tables, *more: Any) -> _T:
        block = id(tables)
        if block not in made:
            made[block] = {}
            weakref.finalize(tables, made.pop, block, None).atexit = False
        key = tuple(id(other) for other in more)
        if key not in made[block]:
            made[block][key] = make(tables, *more)
        return made[block][key]

    return get


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a block: their UTF-8 bytes in one array, where each begins, and any of them decoded when asked."""

    data: NDArray[np.uint8]
    offsets: Numbers
    _decoded: dict[int, str] = field(default_factory=dict)

    def raw(self, article: int) -> memoryview:
        """The UTF-8 bytes of one text."""
        return self.data.data[self.offsets[article] : self.offsets[article + 1]]

    def __getitem__(self, article: int) -> str:
        if article not in self._decoded:
            self._decoded[article] = str(self.raw(article), "utf-8")
        return self._decoded[article]

    def holders(self, positions: Numbers) -> list[int]:
        """The articles that these byte positions lie in, each once."""
        found = np.searchsorted(self.offsets, positions, side="right") - 1
        return [int(article) for article in np.unique(found)]


@once_a_block
def texts(tables: Tables) -> Texts:
    """The texts of the block."""
    array = tables.articles["text"].rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    if data is None:
        return Texts(np.zeros(0, np.uint8), np.zeros(len(array) + 1, np.int64))
    width = np.int64 if str(array.type) == "large_string" else np.int32
    starts = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    return Texts(np.frombuffer(data, np.uint8), starts)


def covered_by(tables: Tables, number: int) -> str:
    """All that a span inside the text covers, by its row: the column may have the edges only of a long one."""
    article, start, end = (tables.spans[name][number] for name in ("article", "start", "end"))
    return texts(tables)[article][start:end]


@dataclass(frozen=True, slots=True)
class Region:
    """The rows `low` to `high` of a table: all that stand at one place of one layer."""

    at: int
    kind: str
    low: int
    high: int


@once_a_block
def regions(tables: Tables) -> tuple[Region, ...]:
    """The spans table by place."""
    return _regions(tables.spans)


@once_a_block
def _reference_regions(tables: Tables) -> tuple[Region, ...]:
    return _regions(tables.references)


def references_of(tables: Tables, wanted: Callable[[str], bool]) -> pl.DataFrame:
    """The references that annotations of some kinds make."""
    low_high = [(region.low, region.high - region.low) for region in _reference_regions(tables) if wanted(region.kind)]
    parts = [tables.references.slice(low, length) for low, length in low_high]
    return pl.concat(parts, rechunk=False) if parts else tables.references.clear()


def _regions(rows: pl.DataFrame) -> tuple[Region, ...]:
    """A table by place: its rows stand in that order."""
    at = rows["at"].to_numpy()
    if not len(at):
        return ()
    cuts = [0, *(np.flatnonzero(at[1:] != at[:-1]) + 1).tolist(), len(at)]
    kinds = rows["kind"]
    return tuple(Region(int(at[low]), kinds[low], low, high) for low, high in pairwise(cuts))


def of_kinds(tables: Tables, wanted: Callable[[str], bool]) -> Iterator[tuple[int, pl.DataFrame]]:
    """The spans of some kinds: number of the first row, and the rows."""
    for region in regions(tables):
        if wanted(region.kind):
            yield region.low, tables.spans.slice(region.low, region.high - region.low)


def sound() -> pl.Expr:
    """Whether a span is inside the text, and the text has its surface there."""
    covered, surface = pl.col("covered"), pl.col("surface")
    return covered.is_not_null() & (surface.is_null() | (surface == covered))


def unsound(tables: Tables, which: pl.Expr | None = None) -> Iterator[Skipped]:
    """How many spans (of those chosen) a rule could not look at, since they are not sound."""
    found = _all_unsound(tables)
    number = found.height if which is None or found.is_empty() else found.filter(which).height
    if number:
        yield Skipped(number)


@once_a_block
def _all_unsound(tables: Tables) -> pl.DataFrame:
    return tables.spans.filter(~sound().fill_null(value=False))


@dataclass(frozen=True, slots=True)
class Extents:
    """The annotations of one place whose spans are sound.

    Of each: its first row in the spans table, how many fragments follow each other there, and the hull of them.
    """

    kind: str
    first: Numbers
    count: Numbers
    article: Numbers
    start: Numbers
    end: Numbers

    @property
    def in_order(self) -> bool:
        """Whether each begins after the one before, as tokens and sentences do."""
        later = (self.article[1:] > self.article[:-1]) | (self.start[1:] > self.start[:-1])
        return bool(later.all())

    def sorted(self) -> Extents:
        """By article, start, and the longer first."""
        if self.in_order:
            return self
        order = _order(self.article, self.start, self.end)
        return Extents(
            self.kind, *(part[order] for part in (self.first, self.count, self.article, self.start, self.end))
        )


def _order(article: Numbers, start: Numbers, end: Numbers) -> Numbers:
    """One sort where all three fit into 63 bits, as they nearly always do."""
    narrow = 1 << 21
    if int(start.min()) >= 0 and int(end.max()) < narrow and int(article.max()) < narrow:
        return np.argsort((article << 42) | (start << 21) | (narrow - 1 - end), kind="stable")
    return np.lexsort((-end, start, article))


@once_a_block
def extents(tables: Tables) -> tuple[Extents, ...]:
    """The extents of every place that has spans, sorted."""
    return tuple(_measure(tables, region).sorted() for region in regions(tables))


def extents_of(tables: Tables, kind: str) -> Iterator[Extents]:
    """The extents of the annotations of one kind."""
    return (found for found in extents(tables) if found.kind == kind and len(found.first))


def _measure(tables: Tables, region: Region) -> Extents:
    rows = tables.spans.slice(region.low, region.high - region.low)
    start = rows["start"].fill_null(-1).to_numpy().astype(np.int64)
    end = rows["end"].fill_null(-1).to_numpy().astype(np.int64)
    first = fragments(tables, region)
    count = np.diff(np.append(first, len(start)))
    low, high = np.minimum.reduceat(start, first), np.maximum.reduceat(end, first)
    article = rows["article"].to_numpy().astype(np.int64)[first]
    found = Extents(region.kind, first + region.low, count, article, low, high)
    good = rows.select(sound()).to_series()
    if good.all():
        return found
    fits = np.logical_and.reduceat(good.to_numpy(), first)
    return Extents(region.kind, *(part[fits] for part in (found.first, count, article, low, high)))


def fragments(tables: Tables, region: Region) -> Numbers:
    """Where in a region each annotation begins: rows that stand in one list are the fragments of one."""
    path = tables.places[region.at].path
    if path.count(EACH) < 2 or path[-1] != EACH:
        return np.arange(region.high - region.low)
    rows = tables.spans.slice(region.low, region.high - region.low)
    row = rows["row"].to_numpy()
    new = row[1:] != row[:-1]
    if path.count(EACH) > 2:
        j = rows["j"].to_numpy()
        new |= j[1:] != j[:-1]
    return np.append(0, np.flatnonzero(new) + 1)


def overlapping(found: Extents) -> Iterator[Pairs]:
    """Pairs of sorted extents of an article whose hulls share a character; the second never begins before the first."""
    if len(found.first) < 2:
        return
    begins = found.article * _WIDE + found.start
    after = np.searchsorted(begins, found.article * _WIDE + found.end, side="left")
    number = np.arange(len(begins))
    many = np.clip(after - number - 1, 0, None)
    if not many.any():
        return
    total = np.cumsum(many)
    low = 0
    while low < len(many):
        before = total[low - 1] if low else 0
        high = max(low + 1, int(np.searchsorted(total, before + _MOST_PAIRS, side="right")))
        some = many[low:high]
        one = np.repeat(number[low:high], some)
        within = np.arange(len(one)) - np.repeat(np.cumsum(some) - some, some)
        if len(one):
            yield one, one + 1 + within
        low = high


def crosses(found: Extents, positions: Iterable[Pairs]) -> Numbers:
    """How many of these (article, offset) positions lie strictly inside each extent."""
    marks = np.sort(np.concatenate([article * _WIDE + offset for article, offset in positions]))
    low = np.searchsorted(marks, found.article * _WIDE + found.start, side="right")
    high = np.searchsorted(marks, found.article * _WIDE + found.end, side="left")
    inside: Numbers = np.clip(high - low, 0, None)
    return inside
