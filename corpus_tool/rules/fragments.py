"""SPN308 and SPN309: the fragments of discontinuous spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus_tool.findings import Edit, Fix
from corpus_tool.rules import TABLES, WARNING, Bad, Hit, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.example import span
from corpus_tool.rules.extents import fragments, regions, texts
from corpus_tool.tables import SPANS
from corpus_tool.vocabulary import pointer, steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.rules.extents import Region
    from corpus_tool.tables import Tables


@rule(
    "SPN308",
    on=TABLES,
    severity=WARNING,
    message="fragments are not in order",
    bad=[
        Bad({"/entities/0/spans": [span(5, 10), span(0, 4)]}, "/entities/0/spans/1"),
        Bad({"/quotations/0/spans": [span(36, 52), span(52, 53)]}, "/quotations/0/spans/1"),
    ],
    good=[{"/entities/0/spans": [span(0, 4), span(5, 10)]}],
)
def fragments_are_in_order(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """The fragments of a discontinuous span stand in the order of the text, with something between each and the next.

    Out of order, two spellings of one span compare as different; overlapping or touching fragments are one. The fix
    sorts and merges them.
    """
    for region, first in _fragmented(tables):
        rows = tables.spans.slice(region.low, region.high - region.low)
        start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
        wrong = start[1:] <= end[:-1]
        wrong[first[1:] - 1] = False
        seen: set[int] = set()
        for number in (np.flatnonzero(wrong) + 1).tolist():
            low = int(first[np.searchsorted(first, number, side="right") - 1])
            pieces = rows.slice(low, int(np.append(first, len(rows))[np.searchsorted(first, low) + 1]) - low)
            if low in seen or pieces["covered"].null_count():
                continue
            seen.add(low)
            row, before = (rows.row(at, named=True) for at in (number, number - 1))
            own, other = (row["start"], row["end"]), (before["start"], before["end"])
            how = "touches" if own[0] == other[1] else "overlaps" if own[1] > other[0] else "stands before"
            message = f"the fragment [{own[0]}, {own[1]}) {how} the one listed before it, [{other[0]}, {other[1]})"
            yield Hit(SPANS, row, message, _merge(tables, list(pieces.iter_rows(named=True))))


def _fragmented(tables: Tables) -> Iterator[tuple[Region, np.ndarray[Any, Any]]]:
    """The regions in which some annotation has several fragments, and where in them each annotation begins."""
    for region in regions(tables):
        first = fragments(tables, region)
        if len(first) < region.high - region.low:
            yield region, first


def _merge(tables: Tables, pieces: list[dict[str, Any]]) -> Fix:
    names = dict(tables.places[pieces[0]["at"]].names)
    text = texts(tables)[pieces[0]["article"]]
    stated = all(piece["surface"] is not None for piece in pieces)

    def written(start: int, end: int, surface: str | None) -> dict[str, Any]:
        span: dict[str, Any] = {names["start"]: start, names["end"]: end}
        return span if surface is None else {**span, names["surface"]: surface}

    merged: list[list[int]] = []
    for start, end in sorted((piece["start"], piece["end"]) for piece in pieces):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    old = [written(piece["start"], piece["end"], piece["surface"]) for piece in pieces]
    new = [written(start, end, text[start:end] if stated else None) for start, end in merged]
    at = pointer(steps(tables.pointer(pieces[0]))[:-1])
    return Fix("sort and merge the fragments", (Edit(at, old, new),))


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
            found = "" if row["covered"] is None else f"; the text has {shown(row['covered'])}"
            yield Hit(SPANS, row, f"the fragment states no surface, and others of its annotation do{found}")
