"""REL603: relations and events that say the same thing twice, and arguments that do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Edit, Fix
from corpus_tool.layers import EACH
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, rule
from corpus_tool.rules.arguments import WITH_ARGUMENTS, arguments, called, coded
from corpus_tool.rules.characters import shown
from corpus_tool.rules.extents import once_a_block, references_of
from corpus_tool.rules.mending import edits, removable, removal, standing, take_out
from corpus_tool.tables import ANNOTATIONS, REFERENCES
from corpus_tool.vocabulary import ID, ROLE, pointer, steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field
    from corpus_tool.rules.extents import Numbers
    from corpus_tool.tables import Tables

_FEWEST_BOUND = 2
_NEAR = {"id": "R2", "type": "Near", "arguments": [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "T2"}]}


@dataclass(frozen=True, slots=True)
class Repeat:
    """An annotation that says what an earlier one says: rows of both, and whether the label is symmetric."""

    row: int
    first: int
    symmetric: bool


@once_a_block
def repeats(tables: Tables, contract: Contract) -> tuple[Repeat, ...]:
    """Relations and events of one annotator with the same label, arguments and attributes, in block order."""
    rows = references_of(tables, lambda kind: kind in WITH_ARGUMENTS).rechunk()
    if rows.is_empty():
        return ()
    inventory = contract.inventory
    symmetric = {label.name for label in inventory.of("relation") if label.symmetric} if inventory else set()
    some = _alike(rows, symmetric)
    if not len(some):
        return ()
    spanned = {layer.name for layer in contract.layers if layer.spans}  # SPN310 looks at these
    first: dict[Any, int] = {}
    found = []
    contents = _contents(tables, rows, some, symmetric)
    for number in some.tolist():
        own = tables.annotations.row(number, named=True)
        if tables.places[own["at"]].path[0] in spanned or number not in contents:
            continue
        key = own["article"], own["at"], own["label"], own["prov"], contents[number]
        before = first.setdefault(key, number)
        if before != number:
            found.append(Repeat(number, before, own["kind"] == "relation" and own["label"] in symmetric))
    return tuple(found)


def _alike(rows: pl.DataFrame, symmetric: set[str]) -> Numbers:
    """Rows of the annotations whose references may be those of another: a sum over the references of each.

    What has a reference that names nothing is left out: it cannot be compared.
    """
    owner = rows["row"].to_numpy().astype(np.int64)
    low = int(owner.min())
    (labels,) = coded(rows, "label")
    role = np.asarray(rows["role"].hash().to_numpy())
    place = rows["at"].to_numpy().astype(np.uint64)
    if symmetric:
        free = np.array([*(name in symmetric for name in labels.values), False])[labels.codes]
        role = np.where(free, np.uint64(0), role)
        place = np.where(free, np.uint64(0), place)
    target = rows["target"].cast(pl.Int64).fill_null(-1).to_numpy()
    term = _mixed(target.astype(np.uint64) + role + place * np.uint64(0x9E3779B97F4A7C15))
    total = np.zeros(int(owner.max()) - low + 1, np.uint64)
    np.add.at(total, owner - low, term)
    label = np.zeros(len(total), np.uint64)
    label[owner - low] = labels.codes
    members = np.flatnonzero(np.bincount(owner - low))
    total = (total + _mixed(label))[members]
    ordered = np.sort(total)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.zeros(0, np.int64)
    _, inverse, number = np.unique(total, return_inverse=True, return_counts=True)
    found: Numbers = members[number[inverse] > 1] + low
    return found[~np.isin(found, owner[target < 0])]


def _mixed(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Numbers spread over 64 bits, so that sums of different ones differ."""
    spread = values.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        spread = (spread ^ (spread >> np.uint64(shift))) * np.uint64(factor)
    return spread ^ (spread >> np.uint64(31))


def _contents(tables: Tables, rows: pl.DataFrame, some: Numbers, symmetric: set[str]) -> dict[int, Any]:
    """What annotations refer to and carry, whatever its order; only if they refer to more than their annotator."""
    chosen = pl.col("row").is_in(pl.Series(some).implode())
    found: dict[int, list[Any]] = {}
    for row in rows.filter(chosen).iter_rows(named=True):
        free = row["kind"] == "relation" and row["label"] in symmetric and row["target_kind"] != "provenance"
        part = ("", "", row["ref"]) if free else (row["field"], row["role"] or "", row["ref"])
        found.setdefault(row["row"], []).append((*part, row["target_kind"]))
    for row, name, value in tables.attributes.filter(chosen).select("row", "name", "value").iter_rows():
        found.setdefault(row, []).append((name, value))
    about = {row for row, parts in found.items() if any(len(part) == 4 and part[3] != "provenance" for part in parts)}
    return {row: repr(sorted(parts, key=repr)) for row, parts in found.items() if row in about}


def _drop(case: Case) -> Fix | None:
    """Drop the later one, and let what names it name the first: safe where nothing is lost but an id."""
    if case.hit.table == REFERENCES:
        return _drop_argument(case)
    tables, rows = case.tables, case.tables.annotations
    repeat = next((one for one in repeats(tables, case.contract) if one.row == case.row["row"]), None)
    if repeat is None:
        return None
    later, first = (rows.row(number, named=True) for number in (repeat.row, repeat.first))
    naming = tables.references.filter(pl.col("target") == repeat.row)
    if naming.height and (first["id"] is None or first["id"] == later["id"]):
        return None
    moved = {tables.pointer(row): first["id"] for row in naming.iter_rows(named=True)}
    layer = next(layer for layer in case.contract.layers if layer.name == tables.places[later["at"]].path[0])
    stated = [
        _stated(standing(case.article, tables.pointer(row)), layer.item, repeat.symmetric) for row in (later, first)
    ]
    both = tables.references.filter((pl.col("target") == repeat.first) & pl.col("row").is_in(naming["row"].implode()))
    same = stated[0] == stated[1] and both.is_empty()
    redirected: tuple[Edit, ...] = edits(case, moved)
    return Fix(
        f"drop {shown(later['id'] or later['kind'])}",
        (*redirected, take_out(case, later)),
        "safe" if same else "unsafe",
    )


def _drop_argument(case: Case) -> Fix | None:
    """Drop the later of two arguments, where the first says all of it, and two are left where a relation binds them."""
    row = case.row
    later, first = (_argument(case.tables, one) for one in (row, row["original"]))
    more, less = (standing(case.article, at) for at in (later, first))
    if isinstance(more, dict) and any(less.get(name) != value for name, value in more.items() if value is not None):
        return None
    left = len(standing(case.article, pointer(steps(later)[:-1]))) - 1
    if removable(case, later) != later or (row["kind"] == "relation" and left < _FEWEST_BOUND):
        return None
    return Fix(f"drop the second {shown(row['role'] or row['field'])}", (removal(case, later),))


def _argument(tables: Tables, row: dict[str, Any]) -> str:
    """The pointer of the element of a list that a reference is, or stands in."""
    path = tables.places[row["at"]].path
    last = max(number for number, step in enumerate(path) if step == EACH)
    return pointer(steps(tables.pointer(row))[: last + 1])


def _stated(value: Any, field: Field, symmetric: bool) -> Any:  # noqa: FBT001 - as the label is
    """All that an annotation says, whatever its order, without ids (and, where it is symmetric, without roles)."""
    if isinstance(value, list) and field.item is not None:
        return sorted((_stated(part, field.item, symmetric) for part in value), key=repr)
    if not isinstance(value, dict):
        return value
    without = {ID, ROLE} if symmetric else {ID}
    kept = {child.name: child for child in field.fields if not any(child.says(keyword) for keyword in without)}
    parts = ((name, _stated(value[name], child, symmetric)) for name, child in kept.items() if name in value)
    return [(name, part) for name, part in parts if part not in (None, [])]


@rule(
    "REL603",
    on=TABLES,
    severity=WARNING,
    message="the annotation says what another says",
    fix=_drop,
    fixes=("safe", "unsafe"),
    bad=[
        Bad({"/relations/-": {**_NEAR, "prov": "A1"}}, "/relations/1"),
        Bad(
            {
                "/events/-": {
                    "id": "E2",
                    "type": "Sail",
                    "trigger": "T5",
                    "arguments": [{"role": "Agent", "ref": "T1"}],
                    "prov": "A1",
                }
            },
            "/events/1",
        ),
        Bad({"/events/0/arguments/-": {"role": "Agent", "ref": "T1"}}, "/events/0/arguments/1/ref"),
    ],
    good=[{"/events/-": {"id": "E2", "type": "Sail", "trigger": "T5", "prov": "A1",
                         "arguments": [{"role": "Agent", "ref": "T3"}]}}],
)  # fmt: skip
def nothing_is_said_twice(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """No two relations or events of one annotator say the same, and no two arguments of one of them do.

    They say the same by the same label, arguments and attributes; arguments by the same role and reference. A relation
    that the inventory calls `symmetric` is the same from A to B as from B to A. What stands twice counts twice. The fix
    drops the later one, and lets what names it name the first; it is unsafe where the later one says more, or something
    names both. An argument is dropped only where it says no more than the first, and a relation still has two.
    """
    yield from _arguments_again(tables, contract)
    for repeat in repeats(tables, contract):
        later, first = (tables.annotations.row(number, named=True) for number in (repeat.row, repeat.first))
        name = shown(first["id"] or tables.pointer(first))
        how = ", which is symmetric," if repeat.symmetric else ""
        message = f"{later['label'] or later['kind']} {shown(later['id'] or '')}{how} says the same as {name}"
        yield Hit(ANNOTATIONS, later, message)


def _arguments_again(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """Arguments with the role and reference of an earlier one of the same annotation."""
    for found in arguments(tables, contract):
        target = found.rows["target"].cast(pl.Int64).fill_null(-1).to_numpy()
        role, owner = found.roles.codes, found.owners
        key = (owner * (len(tables.annotations) + 1) + target + 1) * (len(found.roles.values) + 1) + role
        ordered = np.sort(key)
        if not (ordered[1:] == ordered[:-1]).any():
            continue
        numbered = found.rows.with_columns(number=pl.Series(key))
        again = numbered.filter(pl.col("number").is_duplicated() & pl.col("target").is_not_null())
        first: dict[tuple[int, int], dict[str, Any]] = {}
        for row in again.iter_rows(named=True):
            before = first.setdefault((row["at"], row["number"]), row)
            if before is not row:
                what = f"the {row['role']} {shown(row['ref'])}" if row["role"] else shown(row["ref"])
                says = f"{called(row)} has {what} twice: drop one"
                yield Hit(REFERENCES, {**row, "original": before}, says)
