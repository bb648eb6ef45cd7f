"""SPN310 to SPN314: spans that share characters with others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Edit, Fix
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, Skipped, rule
from corpus_tool.rules.characters import QUOTES, counted, shown
from corpus_tool.rules.example import annotator, entity, span
from corpus_tool.rules.extents import crosses, extents, extents_of, once_a_block, overlapping, unsound
from corpus_tool.rules.mending import standing, take_out
from corpus_tool.tables import ANNOTATIONS

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.inventory import Inventory
    from corpus_tool.rules.extents import Extents, Numbers
    from corpus_tool.tables import Tables

ENTITY = "entity"
_SOUND = ("SPN301", "SPN302", "SPN304")
EQUAL, NESTED, CROSSING = "equal", "nested", "crossing"


def _annotation(tables: Tables, row: int, message: str) -> Hit:
    return Hit(ANNOTATIONS, tables.annotations.row(row, named=True), message)


def _name(row: dict[str, Any]) -> str:
    return " ".join(part for part in (row["label"] or row["kind"], shown(row["id"]) if row["id"] else "") if part)


def drop_again(case: Case) -> Fix | None:
    """The later of two goes, where the first says all of it and what names the later can name the first."""
    tables, later = case.tables, case.row
    first = tables.annotations.row(later["original"], named=True)
    own = dict(tables.places[later["at"]].names).get("id")
    more, less = (standing(case.article, tables.pointer(row)) for row in (later, first))
    if any(less.get(name) != value for name, value in more.items() if name != own and value is not None):
        return None
    naming = tables.references.filter(pl.col("target") == later["row"])
    both = tables.references.filter((pl.col("target") == first["row"]) & pl.col("row").is_in(naming["row"].to_list()))
    inside = naming["row"].is_in([first["row"], later["row"]]).any()
    if (len(naming) and first["id"] is None) or len(both) or inside:
        return None
    redirected = [Edit(tables.pointer(row), row["ref"], first["id"]) for row in naming.iter_rows(named=True)]
    name = shown(first["id"]) if first["id"] else tables.pointer(first)
    moved = (
        f", and let {counted(len(redirected), 'reference')} name {name}" if redirected else f", which {name} says too"
    )
    return Fix(f"drop {_name(later)}{moved}", (*redirected, take_out(case, later)))


@rule(
    "SPN310",
    on=TABLES,
    severity=WARNING,
    message="the annotation stands twice",
    needs=_SOUND,
    fix=drop_again,
    fixes=("safe",),
    bad=[
        Bad({"/entities/-": entity("LOC", 23, 34)}, "/entities/5"),
        Bad({"/entities/-": entity("LOC", 23, 34), "/notes/0/ref": "T9"}, "/entities/5"),
    ],
    good=[
        {
            "/provenance/-": annotator("A2"),
            "/entities/-": {"id": "T9", "type": "LOC", "spans": [span(23, 34)], "prov": "A2"},
        }
    ],
)
def annotation_stands_once(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001 - one shape of rule
    """No two annotations of one annotator have the same kind, label, fragments, attributes and references.

    The second counts twice in every statistic and in training. Drop it, and let what names it name the first: the fix
    does, unless the second says more than the first, or something names both.
    """
    yield from unsound(tables)
    alike = [same for found in extents(tables) for run in _runs(found) for same in _alike(tables, found, run)]
    contents = contents_of(tables, [row["row"] for same in alike for row in same])
    for same in alike:
        first: dict[Any, dict[str, Any]] = {}
        for row in same:
            before = first.setdefault(contents[row["row"]], row)
            if before is not row:
                original = tables.annotations.row(before["row"], named=True)
                name = shown(before["id"]) if before["id"] else tables.pointer(original)
                hit = _annotation(tables, row["row"], f"{_name(row)} says the same as {name}: drop it")
                yield replace(hit, row={**hit.row, "original": before["row"]})


def _touching(found: Extents) -> np.ndarray[Any, Any]:
    """Whether each sorted extent has the hull of the one before."""
    same = (
        (found.article[1:] == found.article[:-1])
        & (found.start[1:] == found.start[:-1])
        & (found.end[1:] == found.end[:-1])
    )
    return np.append(False, same)


def _runs(found: Extents) -> Iterator[list[int]]:
    """Extents of one article with the same hull, where there are several."""
    same = _touching(found)
    again = np.flatnonzero(same)
    if not len(again):
        return
    begins = np.flatnonzero(~same)
    for low in np.unique(begins[np.searchsorted(begins, again, side="right") - 1]).tolist():
        high = low + 1
        while high < len(same) and same[high]:
            high += 1
        yield list(range(low, high))


def _alike(tables: Tables, found: Extents, run: list[int]) -> Iterator[list[dict[str, Any]]]:
    """Of extents with the same hull, those with the same label, annotator and fragments; rows of the spans table."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for number in sorted(run, key=lambda number: int(found.first[number])):
        row = tables.spans.row(int(found.first[number]), named=True)
        groups.setdefault((row["label"], row["prov"], _pieces(tables, found, number)), []).append(row)
    return (rows for rows in groups.values() if len(rows) > 1)


def _pieces(tables: Tables, found: Extents, number: int) -> tuple[tuple[int, int], ...]:
    """The fragments of an annotation in the order of the text."""
    rows = tables.spans.slice(int(found.first[number]), int(found.count[number])).select("start", "end")
    return tuple(sorted(rows.iter_rows()))


def contents_of(tables: Tables, rows: list[int]) -> dict[int, Any]:
    """Attributes and references of annotations, whatever their order."""
    found: dict[int, list[Any]] = {row: [] for row in rows}
    if rows:
        chosen = pl.col("row").is_in(rows)
        for row, *more in tables.attributes.filter(chosen).select("row", "name", "value").iter_rows():
            found[row].append(more)
        for row, *more in tables.references.filter(chosen).select("row", "field", "role", "ref").iter_rows():
            found[row].append(more)
    return {row: repr(sorted(content, key=repr)) for row, content in found.items()}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two annotations that overlap as the inventory forbids: how, and the row of each in the spans table."""

    how: str
    outer: int
    inner: int


@once_a_block
def unlicensed(tables: Tables, contract: Contract) -> tuple[Overlap, ...]:
    """Overlaps of entities that no licence of the inventory covers: for each entity and way, the first."""
    inventory = contract.inventory
    if inventory is None or inventory.overlaps is None:
        return ()
    found: dict[tuple[str, int], Overlap] = {}
    for one in extents_of(tables, ENTITY):
        for overlap in _unlicensed(tables, one, inventory):
            found.setdefault((overlap.how, overlap.inner), overlap)
    return tuple(found.values())


def _unlicensed(tables: Tables, found: Extents, inventory: Inventory) -> Iterator[Overlap]:
    for outer, inner in overlapping(found):
        names, label = codes_of(tables, found, "label", outer, inner)
        _, prov = codes_of(tables, found, "prov", outer, inner)
        licences = {how: _licences(inventory, how, names) for how in (EQUAL, NESTED, CROSSING)}
        together = prov[outer] == prov[inner]
        outer, inner = outer[together], inner[together]  # noqa: PLW2901 - the same pairs, fewer
        parts = (found.count[outer] > 1) | (found.count[inner] > 1)
        equal = ~parts & (found.start[outer] == found.start[inner]) & (found.end[outer] == found.end[inner])
        nested = ~parts & ~equal & (found.end[inner] <= found.end[outer])
        for how, chosen in ((EQUAL, equal), (NESTED, nested), (CROSSING, ~parts & ~equal & ~nested)):
            one, two = outer[chosen], inner[chosen]
            wrong = ~licences[how][label[two], label[one]]
            _, first = np.unique(two[wrong], return_index=True)
            for a, b in zip(one[wrong][first].tolist(), two[wrong][first].tolist(), strict=True):
                yield Overlap(how, int(found.first[a]), int(found.first[b]))
        for a, b in zip(outer[parts].tolist(), inner[parts].tolist(), strict=True):
            met, swap = relation(_pieces(tables, found, a), _pieces(tables, found, b))
            a, b = (b, a) if swap else (a, b)  # noqa: PLW2901
            if met is not None and not licences[met][label[b], label[a]]:
                yield Overlap(met, int(found.first[a]), int(found.first[b]))


def codes_of(tables: Tables, found: Extents, name: str, *some: Numbers) -> tuple[list[str | None], Numbers]:
    """The different values that a column has at some extents, and by extent the number of its value among them."""
    members = np.unique(np.concatenate(some))
    values = tables.spans[name].gather(found.first[members])
    known = values.unique(maintain_order=True)
    codes = np.zeros(len(found.first), np.int64)
    codes[members] = values.replace_strict(
        known, pl.int_range(len(known), eager=True), return_dtype=pl.Int64
    ).to_numpy()
    return known.to_list(), codes


def relation(outer: tuple[tuple[int, int], ...], inner: tuple[tuple[int, int], ...]) -> tuple[str | None, bool]:
    """How two sets of fragments overlap, and whether it is the first that lies inside the second.

    The gap between fragments is no part of a span: what lies there overlaps nothing.
    """
    if outer == inner:
        return EQUAL, False
    if not any(a < d and c < b for a, b in outer for c, d in inner):
        return None, False
    if all(any(a <= c and d <= b for a, b in outer) for c, d in inner):
        return NESTED, False
    if all(any(c <= a and b <= d for c, d in inner) for a, b in outer):
        return NESTED, True
    return CROSSING, False


def _licences(inventory: Inventory, how: str, names: list[str | None]) -> np.ndarray[Any, Any]:
    """A table, inner label by outer label, of whether the inventory lets them overlap so."""
    known = {label.name: label.parent for label in inventory.of(ENTITY)}
    allowed = np.zeros((len(names), len(names)), dtype=bool)
    for number, name in enumerate(names):
        if name not in known:  # LBL501 has said so
            allowed[number, :] = allowed[:, number] = True
    if how == EQUAL:  # one label twice is SPN310, or says two things of one span
        np.fill_diagonal(allowed, val=True)
    kinds = [_with_ancestors(name, known) for name in names]
    for licence in inventory.overlaps or ():
        if how in licence.how:
            inner = np.array([not licence.inner or not kind.isdisjoint(licence.inner) for kind in kinds])
            outer = np.array([not licence.outer or not kind.isdisjoint(licence.outer) for kind in kinds])
            allowed |= inner[:, None] & outer[None, :]
            if how != NESTED:
                allowed |= outer[:, None] & inner[None, :]
    return allowed


def _with_ancestors(name: str | None, parents: dict[str, str | None]) -> set[str]:
    found: set[str] = set()
    while name is not None and name not in found:
        found.add(name)
        name = parents.get(name)
    return found


def _unlicensed_hits(tables: Tables, contract: Contract, how: str, says: str) -> Iterator[Hit | Skipped]:
    if contract.inventory is not None and contract.inventory.overlaps is not None:
        yield from unsound(tables, pl.col("kind") == ENTITY)
    for overlap in unlicensed(tables, contract):
        if overlap.how == how:
            outer, inner = (tables.spans.row(number, named=True) for number in (overlap.outer, overlap.inner))
            message = f"{_name(inner)} {says} {_name(outer)}, and the inventory licenses no {inner['label']} {how}{_in(how)} {outer['label']}"
            yield _annotation(tables, inner["row"], message)


def _in(how: str) -> str:
    return {EQUAL: " to", NESTED: " in", CROSSING: ""}[how]


@rule(
    "SPN311",
    on=TABLES,
    message="the span has another label, too",
    needs=_SOUND,
    bad=[
        Bad({"/entities/-": entity("CUE", 23, 34)}, "/entities/5"),
    ],
)
def span_has_one_label(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:
    """No span has two labels of one annotator, but where the inventory allows the two to be `equal`.

    A token can carry one tag only, so one of the two is lost. Keep the right one, or license the pair under `overlap`.
    """
    yield from _unlicensed_hits(tables, contract, EQUAL, "covers the same as")


@rule(
    "SPN312",
    on=TABLES,
    message="the span lies inside another",
    needs=_SOUND,
    bad=[
        Bad({"/entities/-": entity("CUE", 28, 34)}, "/entities/5"),
    ],
    good=[{"/entities/-": entity("PER", 28, 34, attributes=[{"name": "Sure", "value": "Low"}])}],
)
def nesting_is_licensed(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:
    """No span of an annotator lies inside another, but where the inventory allows the two to be `nested`.

    Nesting that was not meant is most often a slip, and flat tags keep only the longest. Remove one, or license the pair
    under `overlap`. What lies in the gap of a discontinuous span is not inside it.
    """
    yield from _unlicensed_hits(tables, contract, NESTED, "lies inside")


@rule(
    "SPN313",
    on=TABLES,
    message="the span crosses another",
    needs=_SOUND,
    bad=[
        Bad({"/entities/-": entity("CUE", 18, 27)}, "/entities/1"),
    ],
)
def crossing_is_licensed(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:
    """No two spans of an annotator cross, sharing a part while each has more, but where the inventory allows it.

    No tag set can hold both, and it is nearly always a slip of one edge. The gap of a discontinuous span is no part of it.
    """
    yield from _unlicensed_hits(tables, contract, CROSSING, "crosses")


@rule(
    "SPN314",
    on=TABLES,
    severity=WARNING,
    message="the span crosses a boundary",
    needs=_SOUND,
    bad=[
        Bad({"/entities/3/spans/0": span(58, 68)}, "/entities/3"),
    ],
    good=[{"/entities/-": entity("CUE", 36, 53)}],
)
def span_stays_in_its_sentence(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """An entity lies in one sentence and one passage, where an article has such layers.

    Models read sentence by sentence and never see the whole of it; most often the sentence was split wrongly, at an
    abbreviation. Quoted speech may run over several sentences.
    """
    yield from unsound(tables, pl.col("kind").is_in(["passage", "sentence", ENTITY]))
    for kind in ("passage", "sentence"):
        edges = [(found.article, side) for found in extents_of(tables, kind) for side in (found.start, found.end)]
        if not edges:
            continue
        for found in extents_of(tables, ENTITY):
            for number in np.flatnonzero(crosses(found, edges)).tolist():
                row = tables.spans.row(int(found.first[number]), named=True)
                low, high = int(found.start[number]), int(found.end[number])
                if kind == "passage" or not _is_quoted(tables, row, low, high):
                    yield _annotation(
                        tables, row["row"], f"{_name(row)} [{low}, {high}) crosses the edge of a {kind}: mend either"
                    )


@once_a_block
def _quotations(tables: Tables) -> set[tuple[int, int, int]]:
    """Article, start and end of the annotations that are quotations."""
    found: set[tuple[int, int, int]] = set()
    for some in extents_of(tables, "quotation"):
        found.update(zip(some.article.tolist(), some.start.tolist(), some.end.tolist(), strict=True))
    return found


def _is_quoted(tables: Tables, row: dict[str, Any], low: int, high: int) -> bool:
    """Whether an entity is quoted speech: it has quotation marks at an end, or a quotation of the same extent."""
    covered = row["covered"]
    return covered[0] in QUOTES or covered[-1] in QUOTES or (row["article"], low, high) in _quotations(tables)
