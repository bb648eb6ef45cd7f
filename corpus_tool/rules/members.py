"""The mentions of a block's coreference chains, and from where to where annotations reach, by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.layers import EACH
from corpus_tool.rules.arguments import references_at, rows_at
from corpus_tool.rules.characters import shown
from corpus_tool.rules.extents import extents_of, once_a_block

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.rules.extents import Numbers
    from corpus_tool.tables import Tables

CHAIN = "coreference"


def called_chain(row: dict[str, Any]) -> str:
    """A chain for a message."""
    return f"the chain {shown(row['id'])}" if row["id"] else "the chain"


@dataclass(frozen=True, slots=True)
class Members:
    """References that chains make: `mentions` stand in a list, `others` (the representative) alone.

    Rows of the references table that name something of a kind that may stand there. `chain` and `target` are the rows
    of both annotations, for each of the mentions; `lost` is how many mentions name nothing that could be looked at, and
    `unsure` are the rows of the chains that have some of these.
    """

    mentions: pl.DataFrame
    others: pl.DataFrame
    chain: Numbers
    target: Numbers
    lost: int
    unsure: frozenset[int]


@once_a_block
def members(tables: Tables, contract: Contract) -> Members:
    """The mentions of all chains."""
    listed = [at for at, _, place in references_at(tables, contract, CHAIN) if EACH in place.path]
    alone = [at for at, _, place in references_at(tables, contract, CHAIN) if EACH not in place.path]
    every = rows_at(tables.references, listed)
    mentions = every if every["licensed"].all(ignore_nulls=False) else every.filter(pl.col("licensed"))
    others = rows_at(tables.references, alone).filter("licensed")
    chain, target = (mentions[name].cast(pl.Int64).to_numpy() for name in ("row", "target"))
    lost = every.height - mentions.height
    unsure = every.filter(~pl.col("licensed").fill_null(value=False))["row"] if lost else ()
    return Members(mentions, others, chain, target, lost, frozenset(unsure))


@dataclass(frozen=True, slots=True)
class Hulls:
    """From where to where the annotations of one kind reach, by row from `low` on; -1 where that is not known.

    `first` is the first of an annotation's rows in the spans table, and `count` how many follow each other there;
    `starts` and `ends` are those of the whole table.
    """

    low: int
    start: Numbers
    end: Numbers
    first: Numbers
    count: Numbers
    starts: Numbers
    ends: Numbers

    def at(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Start and end of some rows; -1 for rows of other kinds."""
        number = rows - self.low
        inside = (number >= 0) & (number < len(self.start))
        number = np.where(inside, number, 0)
        return np.where(inside, self.start[number], -1), np.where(inside, self.end[number], -1)

    def fragments(self, row: int) -> tuple[Numbers, Numbers]:
        """Starts and ends of the fragments of one annotation."""
        number = row - self.low
        own = slice(self.first[number], self.first[number] + self.count[number])
        return self.starts[own], self.ends[own]

    def pieces(self, row: int) -> tuple[tuple[int, int], ...]:
        """The fragments of one annotation, in the order of the text."""
        start, end = self.fragments(row)
        return tuple(sorted(zip(start.tolist(), end.tolist(), strict=True)))


@once_a_block
def _measured(tables: Tables) -> dict[str, Hulls | None]:  # noqa: ARG001 - kept for as long as the block is
    """The hulls that have been asked for, by kind."""
    return {}


def hulls_of(tables: Tables, kind: str) -> Hulls | None:
    """The hulls of the annotations of a kind; None where none has a sound span."""
    made = _measured(tables)
    if kind not in made:
        made[kind] = _hulls(tables, kind)
    return made[kind]


def _hulls(tables: Tables, kind: str) -> Hulls | None:
    parts = list(extents_of(tables, kind))
    if not parts:
        return None
    rows = tables.spans["row"].to_numpy()
    owners = [rows[part.first].astype(np.int64) for part in parts]
    low = min(int(owner.min()) for owner in owners)
    size = max(int(owner.max()) for owner in owners) - low + 1
    start, end, first, count = (np.full(size, -1, np.int64) for _ in range(4))
    for owner, part in zip(owners, parts, strict=True):
        for filled, values in ((start, part.start), (end, part.end), (first, part.first), (count, part.count)):
            filled[owner - low] = values
    edges = (tables.spans[name].fill_null(-1).to_numpy() for name in ("start", "end"))
    return Hulls(low, start, end, first, count, *edges)
