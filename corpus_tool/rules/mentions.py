"""COR607 and COR608: the mentions of coreference chains, and what they are linked to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpus_tool.findings import ABSENT, Edit, Fix
from corpus_tool.layers import EACH
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.members import Hulls, called_chain, hulls_of, members
from corpus_tool.rules.mending import standing
from corpus_tool.rules.overlaps import CROSSING, relation
from corpus_tool.tables import ANNOTATIONS, REFERENCES
from corpus_tool.vocabulary import pointer, steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.layers import Path_
    from corpus_tool.rules.extents import Numbers
    from corpus_tool.tables import Tables

_WIDE = 1 << 32


def _drop_mention(case: Case) -> Fix | None:
    """Take the second of two equal mentions out of the list, where both say the same and enough others stay."""
    tables, row = case.tables, case.row
    place = tables.places[row["at"]].path
    every = tables.references.filter((pl.col("row") == row["row"]) & (pl.col("at") == row["at"]))
    same = every.filter(pl.col("target") == row["target"])
    if EACH not in place or same.height < 2 or same.row(0, named=True)["j"] == row["j"]:
        return None
    inner = len(place) - max(number for number, step in enumerate(place) if step == EACH) - 1
    ats = [pointer(steps(tables.pointer(each))[: -inner or None]) for each in (same.row(0, named=True), row)]
    first, second = (standing(case.article, at) for at in ats)
    if first != second or every["ref"].n_unique() < _least(case.contract, place[: -inner - 1]):
        return None
    return Fix(f"drop the second {shown(row['ref'])}", (Edit(ats[1], second, ABSENT),))


def _least(contract: Contract, path: Path_) -> int:
    """How many elements the list at a path must have."""
    field = contract.root
    for step in path:
        field = field.item if field.item is not None else field[step]
    return int(field.keywords.get("minItems", 0))


@rule(
    "COR607",
    on=TABLES,
    message="the mentions do not make a chain",
    fix=_drop_mention,
    fixes=("safe",),
    bad=[
        Bad({"/coreference/0/mentions/-": "T1"}, "/coreference/0/mentions/2"),
        Bad({"/coreference/0/representative": "T2"}, "/coreference/0/representative"),
    ],
)
def mentions_make_a_chain(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """No mention is in its chain twice, no two cross, and the representative is one of them.

    Two mentions of the same thing lie apart or one inside the other: where each has a part that the other has not, an
    edge has slipped. The safe fix drops what is listed twice.
    """
    found = members(tables, contract)
    size = tables.annotations.height
    keys = found.chain * size + found.target
    known, first = np.unique(keys, return_index=True)
    if len(known) < len(keys):
        again = np.ones(len(keys), bool)
        again[first] = False
        for number in np.flatnonzero(again).tolist():
            row = found.mentions.row(number, named=True)
            yield Hit(REFERENCES, row, f"{shown(row['ref'])} is in {called_chain(row)} twice")
    if found.others.height:
        chosen = (found.others["row"].cast(pl.Int64) * size + found.others["target"].cast(pl.Int64)).to_numpy()
        for number in np.flatnonzero(~np.isin(chosen, known)).tolist():
            row = found.others.row(number, named=True)
            yield Hit(
                REFERENCES, row, f"{row['field']} is {shown(row['ref'])}, which is no mention of {called_chain(row)}"
            )
    yield from _crossings(tables, found.mentions, found.chain, found.target)


def _crossings(tables: Tables, mentions: pl.DataFrame, chain: Numbers, target: Numbers) -> Iterator[Hit]:
    for kind in mentions["target_kind"].unique().to_list():
        reach = hulls_of(tables, kind)
        if reach is None:
            continue
        start, end = reach.at(target)
        chosen = np.flatnonzero(start >= 0)
        order = chosen[np.lexsort((-end[chosen], start[chosen], chain[chosen]))]
        # Chains are numbered, so that the furthest end so far of another chain lies before every start of this one.
        base = (np.cumsum(np.diff(chain[order], prepend=-1) != 0)) * _WIDE
        furthest = np.maximum.accumulate(base + end[order])
        overlaps = np.flatnonzero(base[1:] + start[order][1:] < furthest[:-1]) + 1
        for number in np.unique(chain[order][overlaps]).tolist():
            yield from _crossing(mentions, reach, order[chain[order] == number])


def _crossing(mentions: pl.DataFrame, reach: Hulls, own: Numbers) -> Iterator[Hit]:
    """The mentions of one chain, by start and the longer first: those that cross the one still open before them."""
    open_: list[tuple[int, int]] = []
    for number in own.tolist():
        own_pieces = reach.pieces(int(mentions["target"][number]))
        start, end = own_pieces[0][0], own_pieces[-1][1]
        while open_ and open_[-1][0] <= start:
            open_.pop()
        if open_:
            other = open_[-1][1]
            if relation(reach.pieces(int(mentions["target"][other])), own_pieces)[0] == CROSSING:
                hit = mentions.row(number, named=True)
                yield Hit(
                    REFERENCES,
                    hit,
                    f"{shown(hit['ref'])} crosses {shown(mentions['ref'][other])} in {called_chain(hit)}",
                )
        open_.append((end, number))


@rule(
    "COR608",
    on=TABLES,
    severity=WARNING,
    message="the links of the chain disagree",
    bad=[
        Bad(
            {
                "/entities/0/links": [{"db": "wikidata", "id": "Q1"}],
                "/entities/2/links": [{"db": "wikidata", "id": "Q2"}],
            },
            "/coreference/0",
        ),
    ],
    good=[
        {
            "/entities/0/links": [{"db": "wikidata", "id": "Q1"}, {"db": "gazetteer", "id": "7"}],
            "/entities/2/links": [{"db": "wikidata", "id": "Q1"}],
        }
    ],
)
def links_of_a_chain_agree(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """The mentions of a chain are not linked to different entries of one knowledge base.

    Mentions of the same thing have the same entry: a link is wrong, or a mention belongs to another chain. Mentions
    with several links to one knowledge base agree if they all share one.
    """
    if tables.links.is_empty():
        return
    mentions = members(tables, contract).mentions.select("row", mention="target")
    links = tables.links.select("db", "target", mention=pl.col("row"))
    joined = mentions.join(links, on="mention", maintain_order="left").unique(maintain_order=True)
    several = joined.group_by("row", "db").agg(pl.col("target").n_unique().alias("n")).filter(pl.col("n") > 1)
    for chain, db in several.sort("row", "db").select("row", "db").iter_rows():
        own = joined.filter((pl.col("row") == chain) & pl.col("db").eq_missing(pl.lit(db, pl.String)))
        names: dict[int, set[str]] = {}
        for mention, target in own.select("mention", "target").iter_rows():
            names.setdefault(mention, set()).add(target)
        if not set.intersection(*names.values()):
            yield _disagreement(tables, chain, db, own)


def _disagreement(tables: Tables, chain: int, db: str | None, own: pl.DataFrame) -> Hit:
    row = tables.annotations.row(chain, named=True)
    ids = tables.annotations["id"]
    by_target: dict[str, list[str]] = {}
    for mention, target in own.select("mention", "target").iter_rows():
        by_target.setdefault(target, []).append(ids[mention] or "?")
    said = [
        f"{shown(target)} ({', '.join(named[:3])}{', …' * (len(named) > 3)})" for target, named in by_target.items()
    ]
    where = f" in {shown(db)}" if db else ""
    return Hit(
        ANNOTATIONS, row, f"{called_chain(row)} is linked to {' and '.join(said[:4])}{', …' * (len(said) > 4)}{where}"
    )
