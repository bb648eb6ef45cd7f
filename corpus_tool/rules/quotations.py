"""QUO: quotations, their speakers and their cues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Edit, Fix
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, rule
from corpus_tool.rules.arguments import lineage, references_at, rows_at
from corpus_tool.rules.characters import shown
from corpus_tool.rules.edges import edges
from corpus_tool.rules.example import entity, span
from corpus_tool.rules.extents import extents_of, once_a_block, texts
from corpus_tool.rules.members import Hulls, hulls_of
from corpus_tool.rules.mending import LONGEST_SURFACE, edits
from corpus_tool.rules.quoting import Bounds, bounds, enclosed, marks
from corpus_tool.tables import REFERENCES, SPANS

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.rules.extents import Extents, Numbers
    from corpus_tool.tables import Tables

    Row = dict[str, Any]

QUOTATION = "quotation"
DIRECT = "direct"
FAR = 2
"""A cue stands at most so many sentences before or after its quotation."""
_WIDE = 1 << 32


def _name(row: Row) -> str:
    return f"the quotation {shown(row['id'])}" if row["id"] else "the quotation"


def _direct(contract: Contract) -> list[str]:
    """The labels of quotations in somebody's own words: `direct`, and those below it in the inventory."""
    inventory = contract.inventory
    known = [] if inventory is None else [label.name for label in inventory.of(QUOTATION)]
    return [DIRECT, *(name for name in known if inventory and DIRECT in lineage(inventory, QUOTATION, name))]


@once_a_block
def _unbounded(tables: Tables, contract: Contract) -> dict[int, Bounds]:
    """Direct quotations without marks at both edges: by the number of their first row in the spans table."""
    found: dict[int, Bounds] = {}
    named = _direct(contract)
    for own in extents_of(tables, QUOTATION):
        labels = tables.spans["label"].gather(own.first)
        direct = labels.is_in(named).fill_null(value=False).to_numpy()
        for number in np.flatnonzero(direct & ~_marked(tables, own)).tolist():
            low, high = int(own.start[number]), int(own.end[number])
            at = bounds(texts(tables)[int(own.article[number])], low, high)
            if not at.both:
                left, right = _met(tables, own, number)
                at = Bounds(at.left or ("other" if left else None), at.right or ("other" if right else None))
            if not at.both:
                found[int(own.first[number])] = at
    return found


def _marked(tables: Tables, own: Extents) -> np.ndarray[Any, Any]:
    """Which quotations have a mark at or next to both edges: all that needs to be asked of most."""
    left, right = (np.zeros(tables.spans.height, bool) for _ in range(2))
    for part in edges(tables):
        if part.kind == QUOTATION:
            left[part.numbers] = np.isin(part.first, marks()) | np.isin(part.before, marks())
            right[part.numbers] = np.isin(part.last, marks()) | np.isin(part.after, marks())
    single = own.count == 1
    found: np.ndarray[Any, Any] = left[own.first] & right[own.first + own.count - 1]
    if not single.all():  # fragments may stand in any order
        for number in np.flatnonzero(~single & found).tolist():
            rows = slice(int(own.first[number]), int(own.first[number] + own.count[number]))
            starts, ends = tables.spans["start"][rows].to_numpy(), tables.spans["end"][rows].to_numpy()
            found[number] = left[rows][starts.argmin()] and right[rows][ends.argmax()]
    return found


def _met(tables: Tables, own: Extents, number: int) -> tuple[bool, bool]:
    """Whether another quotation ends right before this one, and begins right after it."""
    text = texts(tables)[int(own.article[number])]

    def follows(one: int, two: int) -> bool:
        if one < 0 or two >= len(own.first) or own.article[one] != own.article[two]:
            return False
        between = text[int(own.end[one]) : int(own.start[two])]
        return own.end[one] <= own.start[two] and not any(char.isalnum() for char in between)

    return follows(number - 1, number), follows(number, number + 1)


def _outermost(tables: Tables, row: int) -> tuple[Row, Row]:
    """The fragments with which a quotation begins and ends."""
    reach = hulls_of(tables, QUOTATION)
    assert reach is not None
    first, count = int(reach.first[row - reach.low]), int(reach.count[row - reach.low])
    pieces = list(tables.spans.slice(first, count).iter_rows(named=True))
    return min(pieces, key=lambda piece: int(piece["start"])), max(pieces, key=lambda piece: int(piece["end"]))


def _expand(case: Case) -> Fix | None:
    """Let a quotation reach the marks that enclose it; up to them, where its other edge keeps its mark out."""
    reach = hulls_of(case.tables, QUOTATION)
    if case.hit.table != SPANS or reach is None:
        return None
    at = _unbounded(case.tables, case.contract)[int(reach.first[case.row["row"] - reach.low])]
    first, last = _outermost(case.tables, case.row["row"])
    text = texts(case.tables)[case.row["article"]]
    before, after = (enclosed(text, piece["start"], piece["end"]) for piece in (first, last))
    if before is None or after is None:
        return None
    start, end = first["start"], last["end"]
    if at.left is None:
        start = before[0] + (at.right is not None and end < after[1])
    if at.right is None:
        end = after[1] - (at.left is not None and before[0] < start)
    moved = _reaching(case, first, last, start, end, text)
    return Fix("expand the quotation to its marks", moved, "unsafe") if moved else None


def _reaching(case: Case, first: Row, last: Row, start: int, end: int, text: str) -> tuple[Edit, ...]:  # noqa: PLR0913, PLR0917 - both edges
    pointer = case.tables.pointer
    single = pointer(first) == pointer(last)
    changes: dict[str, Any] = {pointer(first, "start"): start, pointer(last, "end"): end}
    for piece, low, high in (
        (first, start, end if single else first["end"]),
        (last, start if single else last["start"], end),
    ):
        if piece["surface"] is not None:
            if high - low > LONGEST_SURFACE:
                return ()
            changes[pointer(piece, "surface")] = text[low:high]
    return edits(case, changes)


@rule(
    "QUO609",
    on=TABLES,
    severity=WARNING,
    message="the quotation does not hold together",
    fix=_expand,
    fixes=("unsafe",),
    bad=[
        Bad({"/quotations/0/spans/0": span(41, 53)}, "/quotations/0/spans/0"),
        Bad({"/quotations/0/speaker": "T9", "/entities/-": entity("CUE", 37, 45)}, "/quotations/0/speaker"),
        Bad({"/quotations/0/cue/-": "T9", "/entities/-": entity("CUE", 37, 45)}, "/quotations/0/cue/1"),
    ],
    good=[{"/quotations/0/spans/0": span(37, 52)}, {"/quotations/0/spans": [span(36, 40), span(46, 53)]},
          {"/quotations/0": {"id": "Q1", "type": "indirect", "spans": [span(41, 45)], "speaker": "T3", "prov": "A1"}}],
)  # fmt: skip
def quotation_holds_together(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """What is quoted directly stands between quotation marks; speaker and cue stand outside of it, and the cue near.

    Marks of any script count, at the edge of the span or next to it, and so do the dashes of a dialogue; a quotation is
    direct where its label is `direct`, or one that the inventory puts below it. Where speaker or cue stand within what
    is quoted, the clause that reports them is part of the span: make it two fragments. A cue more than two sentences
    away introduces something else. The unsafe fix expands the quotation to the marks that enclose it.
    """
    found = _unbounded(tables, contract)
    for number, at in sorted(found.items()):
        first, last = _outermost(tables, tables.spans["row"][number])
        row = last if at.left is not None else first
        edges_ = "begins and ends" if at.left is at.right is None else "begins" if at.left is None else "ends"
        yield Hit(SPANS, row, f"{_name(row)} is direct, and {edges_} without a quotation mark")
    rows = rows_at(tables.references, [at for at, _, _ in references_at(tables, contract, QUOTATION)]).filter(
        "licensed"
    )
    reach = hulls_of(tables, QUOTATION)
    if reach is None or rows.is_empty():
        return
    start, end = reach.at(rows["row"].cast(pl.Int64).to_numpy())
    for kind in rows["target_kind"].unique(maintain_order=True):
        other = hulls_of(tables, kind)
        if other is not None:
            low, high = other.at(rows["target"].cast(pl.Int64).to_numpy())
            low, high = (np.where(rows["target_kind"] == kind, edge, -1) for edge in (low, high))
            yield from _overlapping(rows, (reach, other), np.flatnonzero((low >= 0) & (low < end) & (start < high)))
            yield from _far(tables, contract, rows, (start, end, low))


def _overlapping(rows: pl.DataFrame, reach: tuple[Hulls, Hulls], some: Numbers) -> Iterator[Hit]:
    """What a quotation names and overlaps: the hulls do, so that the fragments are looked at."""
    for number in some.tolist():
        row = rows.row(number, named=True)
        start, end = reach[0].fragments(row["row"])
        named = reach[1].pieces(row["target"])
        if any(((start < high) & (low < end)).any() for low, high in named):
            yield Hit(
                REFERENCES, row, f"{row['field']} {shown(row['ref'])} of {_name(row)} stands within what is quoted"
            )


def _far(
    tables: Tables, contract: Contract, rows: pl.DataFrame, edge: tuple[Numbers, Numbers, Numbers]
) -> Iterator[Hit]:
    """Cues too many sentences away, in articles that have sentences."""
    cues = [
        at for at, layer, ref in references_at(tables, contract, QUOTATION) if layer.meanings.get("cue") == ref.path
    ]
    sentences = list(extents_of(tables, "sentence"))
    if not cues or not sentences:
        return
    start, end, cue = edge
    begins = np.concatenate([found.article * _WIDE + found.start for found in sentences])
    if len(sentences) > 1:
        begins = np.unique(begins)
    article = rows["article"].cast(pl.Int64).to_numpy() * _WIDE
    first, last, own = (
        np.searchsorted(begins, article + at, side="right") - 1 for at in (start, np.maximum(end - 1, start), cue)
    )
    distance = np.maximum(first - own, own - last)
    known = (np.minimum(first, own) >= 0) & (begins[np.minimum(first, own)] >= article) & (start >= 0) & (cue >= 0)
    for number in np.flatnonzero(known & (distance > FAR) & rows["at"].is_in(cues).to_numpy()).tolist():
        row = rows.row(number, named=True)
        message = f"{row['field']} {shown(row['ref'])} of {_name(row)} stands {distance[number]} sentences away"
        yield Hit(REFERENCES, row, message)
