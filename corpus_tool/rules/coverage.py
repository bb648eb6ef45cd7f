"""PRV706: what coverage and adjudication say of one piece of work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tool.rules import TABLES, Bad, Hit, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.example import annotator
from corpus_tool.tables import ANNOTATIONS, JOINT

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

    Row = dict[str, Any]

_PARTIAL = {"layer": "entities", "prov": "A1", "status": "partial"}
_COMPLETE = {"layer": "entities", "prov": "A1", "status": "complete"}
_DECIDED = {"layer": "entities", "prov": "A1", "status": "adjudicated"}
_UNDECIDED = ("pending", "disagreed")


@rule(
    "PRV706",
    on=TABLES,
    message="coverage or adjudication contradicts itself",
    bad=[
        Bad({"/coverage/-": _PARTIAL}, "/coverage/1"),
        Bad({"/coverage/-": _COMPLETE}, "/coverage/1"),
        Bad({"/adjudication": [{"layer": "entities", "status": "adjudicated"}]}, "/adjudication/0"),
        Bad({"/adjudication": [_DECIDED, {**_DECIDED, "status": "disagreed"}]}, "/adjudication/1"),
        Bad({"/adjudication": [{"layer": "entities", "status": "pending"}, _DECIDED]}, "/adjudication/1"),
    ],
    good=[
        {"/coverage": [{**_COMPLETE, "labels": ["PER", "LOC"]}, {**_PARTIAL, "labels": ["CUE"]}]},
        {"/coverage": [_PARTIAL, {**_COMPLETE, "labels": ["PER"]}]},
        {"/provenance/-": annotator("A2"), "/coverage/-": {**_PARTIAL, "prov": "A2"},
         "/adjudication": [_DECIDED, {**_DECIDED, "prov": "A2"}]},
    ],
)  # fmt: skip
def coverage_does_not_contradict_itself(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """Coverage and adjudication say one thing of each layer and annotator, once; and what is adjudicated has a `prov`.

    A layer that is both complete and partial is taken for complete, and what nobody looked for becomes a negative
    example. One that is adjudicated and pending is taken for gold; one that is adjudicated by nobody is not. Keep the
    record that is true. For different labels a layer may be complete and partial, and it may be adjudicated to several.
    """
    records = tables.records
    about = pl.col("layer").is_not_null()
    yield from _covered(_several(records.filter(about & pl.col("coverage-status").is_not_null()), "prov"))
    decided = records.filter(about & pl.col("adjudication-status").is_not_null())
    yield from _by_nobody(decided)
    yield from _undecided(_several(decided))


def _several(rows: pl.DataFrame, *more: str) -> Iterator[list[Row]]:
    """Records of one layer of one article (and whatever more is the same), where there are several."""
    key = ["article", "at", "layer", *more]
    if len(rows) < 2:
        return
    same = (pl.col(name).hash(seed) for seed, name in enumerate(key))
    if rows.select(pl.sum_horizontal(part // 8 for part in same).n_unique()).item() == len(rows):
        return
    some = rows.filter(pl.struct(key).is_duplicated()).sort(key, maintain_order=True)
    for _, group in groupby(some.iter_rows(named=True), key=lambda row: [row[name] for name in key]):
        yield list(group)


def _covered(groups: Iterator[list[Row]]) -> Iterator[Hit]:
    """Records that stand twice, and partial ones of what others say is complete."""
    for rows in groups:
        whole = [_labels(row) for row in rows if row["coverage-status"] == "complete"]
        every = None in whole
        named = frozenset().union(*(labels for labels in whole if labels))
        known: set[tuple[str, frozenset[str] | None]] = set()
        for row in rows:
            labels, status = _labels(row), row["coverage-status"]
            of = f"the work of {shown(row['prov'])}" if row["prov"] else "the work"
            if (status, labels) in known:
                yield _hit(row, f"{of} on {shown(row['layer'])} is said to be {status} twice: drop one")
            elif status == "partial" and (every or (labels is not None and labels <= named)):
                yield _hit(row, f"{of} on {shown(row['layer'])} is said to be both complete and partial: keep one")
            known.add((status, labels))


def _labels(row: Row) -> frozenset[str] | None:
    """The labels that a record of coverage is about; None means all."""
    said = row["coverage-labels"]
    return frozenset(said.split(JOINT)) if said else None


def _by_nobody(rows: pl.DataFrame) -> Iterator[Hit]:
    if rows.is_empty():
        return
    lost = rows.filter((pl.col("adjudication-status") == "adjudicated") & pl.col("prov").is_null())
    for row in lost.iter_rows(named=True):
        yield _hit(row, f"{shown(row['layer'])} is adjudicated, and no `prov` says whose work is the truth: name it")


def _undecided(groups: Iterator[list[Row]]) -> Iterator[Hit]:
    """Records of the same work, and those of a whole layer that say otherwise than one of them."""
    for rows in groups:
        first: dict[str | None, Row] = {}
        named: Row | None = None
        open_: Row | None = None
        for row in rows:
            prov, status = row["prov"], row["adjudication-status"]
            what = f"the adjudication of {shown(row['layer'])}"
            whose = f" by {shown(prov)}" if prov else ""
            if prov in first:
                before = first[prov]["adjudication-status"]
                said = f"{status} twice: drop one" if status == before else f"both {before} and {status}: keep one"
                yield _hit(row, f"{what}{whose} is said to be {said}")
            elif status == "adjudicated" and open_ is not None:
                yield _hit(row, f"{what} is said to be both {open_['adjudication-status']} and adjudicated: keep one")
            elif status in _UNDECIDED and prov is None and named is not None:
                yield _hit(row, f"{what} is said to be both adjudicated and {status}: keep one")
            first.setdefault(prov, row)
            named = row if status == "adjudicated" and prov is not None else named
            open_ = row if status in _UNDECIDED and prov is None else open_


def _hit(row: Row, says: str) -> Hit:
    return Hit(ANNOTATIONS, row, says)
