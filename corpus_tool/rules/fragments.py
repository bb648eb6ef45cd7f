"""SPN308 and SPN309: the fragments of discontinuous spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, Skipped, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.example import span
from corpus_tool.rules.extents import fragments, regions, texts
from corpus_tool.rules.mending import edits, pieces, standing
from corpus_tool.tables import SPANS
from corpus_tool.vocabulary import pointer, steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.rules.extents import Region
    from corpus_tool.tables import Tables


def _merge(case: Case) -> Fix | None:
    found = pieces(case.tables, case.row)
    names = dict(case.tables.places[case.row["at"]].names)
    text = texts(case.tables)[case.row["article"]]
    if not found.select((pl.col("surface") == pl.col("covered")).fill_null(value=True).all()).item():
        return None
    merged: list[list[int]] = []
    for start, end in sorted(found.select("start", "end").iter_rows()):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    at = pointer(steps(case.tables.pointer(case.row))[:-1])
    old = standing(case.article, at)
    if len(merged) == len(old):
        new = sorted(old, key=lambda piece: (piece[names["start"]], piece[names["end"]]))
        return Fix("sort the fragments", edits(case, {at: new}))
    if any(name not in names.values() for piece in old for name in piece):
        return None  # what else a fragment says would be lost
    stated = found["surface"].null_count() < found.height
    more = [{names["surface"]: text[start:end]} if stated else {} for start, end in merged]
    new = [{names["start"]: start, names["end"]: end, **say} for (start, end), say in zip(merged, more, strict=True)]
    return Fix(f"sort and merge the fragments to {_listed(text, merged)}", edits(case, {at: new}))


@rule(
    "SPN308",
    on=TABLES,
    severity=WARNING,
    message="fragments are not in order",
    needs=("SPN301", "SPN302"),
    fix=_merge,
    fixes=("safe",),
    bad=[
        Bad({"/entities/0/spans": [span(5, 10), span(0, 4)]}, "/entities/0/spans/1"),
        Bad({"/quotations/0/spans": [span(36, 52), span(52, 53)]}, "/quotations/0/spans/1"),
    ],
    good=[{"/entities/0/spans": [span(0, 4), span(5, 10)]}],
)
def fragments_are_in_order(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """The fragments of a discontinuous span stand in the order of the text, with something between each and the next.

    Out of order, two spellings of one span compare as different; overlapping or touching fragments are one. The fix
    sorts and merges them, unless one states another surface than the text has.
    """
    skipped = 0
    for region, first in _fragmented(tables):
        rows = tables.spans.slice(region.low, region.high - region.low)
        start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
        wrong = start[1:] <= end[:-1]
        wrong[first[1:] - 1] = False
        seen: set[int] = set()
        for number in (np.flatnonzero(wrong) + 1).tolist():
            low = int(first[np.searchsorted(first, number, side="right") - 1])
            together = rows.slice(low, int(np.append(first, len(rows))[np.searchsorted(first, low) + 1]) - low)
            if low in seen:
                continue
            seen.add(low)
            if together["covered"].null_count():
                skipped += together.height
                continue
            row, before = (rows.row(at, named=True) for at in (number, number - 1))
            own, other = (row["start"], row["end"]), (before["start"], before["end"])
            if own == other:
                yield Hit(SPANS, row, f"the fragment [{own[0]}, {own[1]}) stands twice: drop one")
                continue
            how = "touches" if own[0] == other[1] else "overlaps" if own[1] > other[0] else "stands before"
            message = f"the fragment [{own[0]}, {own[1]}) {how} the one listed before it, [{other[0]}, {other[1]})"
            yield Hit(
                SPANS, row, f"{message}: sort and merge them" if how != "stands before" else f"{message}: sort them"
            )
    if skipped:
        yield Skipped(skipped)


def _fragmented(tables: Tables) -> Iterator[tuple[Region, np.ndarray[Any, Any]]]:
    """The regions in which some annotation has several fragments, and where in them each annotation begins."""
    for region in regions(tables):
        first = fragments(tables, region)
        if len(first) < region.high - region.low:
            yield region, first


def _listed(text: str, merged: list[list[int]]) -> str:
    shown_ = [shown(text[start:end], 30) for start, end in merged[:3]]
    return ", ".join(shown_) + (f" and {len(merged) - 3} more" if len(merged) > 3 else "")


@rule(
    "SPN309",
    on=TABLES,
    message="a fragment states no surface",
    bad=[
        Bad({"/entities/0/spans": [span(0, 4), {"start": 5, "end": 10}]}, "/entities/0/spans/1"),
    ],
)
def fragments_all_state_their_surface(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """Where one fragment of an annotation states its surface, all do.

    A surface that is missing among others is most often one that was lost, so that what remains belongs to the wrong
    fragment. State what the span covers.
    """
    if not tables.spans["surface"].null_count():
        return
    for region, first in _fragmented(tables):
        missing = tables.spans["surface"].slice(region.low, region.high - region.low).is_null().to_numpy()
        some = np.logical_or.reduceat(missing, first) & ~np.logical_and.reduceat(missing, first)
        mixed = np.repeat(some, np.diff(np.append(first, len(missing))))
        for number in np.flatnonzero(mixed & missing).tolist():
            row = tables.spans.row(region.low + number, named=True)
            found = "" if row["covered"] is None else f": the text has {shown(row['covered'])} there"
            yield Hit(SPANS, row, f"the fragment states no surface, though others of its annotation do{found}")
