"""REL601: what stands in the roles of relations and events, against the inventory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules import TABLES, Bad, Case, Hit, Skipped, rule
from corpus_tool.rules.arguments import (
    Arguments,
    arguments,
    called,
    coded,
    declared,
    listed,
    may_stand,
    with_roles,
)
from corpus_tool.rules.characters import shown
from corpus_tool.rules.mending import edits
from corpus_tool.tables import REFERENCES, ROLE
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.inventory import Argument, Inventory, Label
    from corpus_tool.tables import Tables

    Row = dict[str, Any]


def _target(row: Row) -> str:
    return f"the {row['target_label'] or row['target_kind']} {shown(row['ref'])}"


def _swap(case: Case) -> Fix | None:
    """Exchange what the two arguments name, where that is what the inventory licenses."""
    inventory = case.contract.inventory
    found = next(found for found in arguments(case.tables, case.contract) if found.kind == case.row["kind"])
    own = list(found.of(case.row["row"]).iter_rows(named=True))
    label = with_roles(case.contract, found.kind).get(case.row["label"] or "")
    if inventory is None or label is None or not _is_reversed(inventory, label, own):
        return None
    one, two = own
    at = case.tables.pointer
    made = edits(case, {at(one): two["ref"], at(two): one["ref"]})
    return Fix(f"swap {shown(one['ref'])} and {shown(two['ref'])}", made, "unsafe") if made else None


@rule(
    "REL601",
    on=TABLES,
    message="the argument is not licensed",
    fix=_swap,
    fixes=("unsafe",),
    bad=[
        Bad(
            {"/relations/0/arguments": [{"role": "Arg1", "ref": "T2"}, {"role": "Arg2", "ref": "T1"}]},
            "/relations/0/arguments/0/ref",
        ),
        Bad({"/relations/0/arguments/1/ref": "T4"}, "/relations/0/arguments/1/ref"),
        Bad({"/relations/0/arguments/-": {"role": "Agr1", "ref": "T3"}}, "/relations/0/arguments/2/role"),
        Bad({"/events/0/arguments/-": {"role": "Goal", "ref": "T2"}}, "/events/0/arguments/1/role"),
    ],
    good=[{"/events/0/arguments/-": {"role": "Agent2", "ref": "T3"}}],
)
def argument_is_licensed(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:
    """The roles of relations and events, and what stands in them, are what the inventory licenses for their label.

    A number at the end of a role (`Theme2`) is part of its name only where the inventory declares that name. What a
    label may, the labels below it may. A label for which the inventory declares no roles may have any. Correct the role
    or the reference, or declare it in the inventory. Where two arguments stand the wrong way round, the finding says
    so, and the unsafe fix swaps them.
    """
    inventory = contract.inventory
    if inventory is None:
        return
    for found in arguments(tables, contract):
        labels = with_roles(contract, found.kind)
        wrong = _unlicensed(found, inventory, labels) if labels else np.zeros(0, bool)
        lost = found.rows["target"].null_count()
        if lost:
            yield Skipped(lost)
        if wrong.any():
            owners = found.rows["row"].gather(np.flatnonzero(wrong)).unique(maintain_order=True)
            some = found.rows.with_columns(wrong=pl.Series(wrong)).filter(pl.col("row").is_in(owners.implode()))
            for _, rows in some.group_by("row", maintain_order=True):
                yield from _unlicensed_hits(tables, inventory, labels, list(rows.iter_rows(named=True)))


def _unlicensed(found: Arguments, inventory: Inventory, labels: dict[str, Label]) -> np.ndarray[Any, Any]:
    """Which arguments the inventory does not license: every combination that occurs is looked at once."""
    kinds, targets = coded(found.rows, "target_kind", "target_label")
    _, pair, _ = found.pairs()
    key = (pair * (len(kinds.values) + 1) + kinds.codes) * (len(targets.values) + 1) + targets.codes
    values, first = np.unique(key, return_index=True)
    bad = [
        value
        for value, row in zip(values.tolist(), first.tolist(), strict=True)
        if not _fits(inventory, labels.get(found.labels[row] or ""), found.roles[row], kinds[row], targets[row])
    ]
    if not bad:
        return np.zeros(len(key), bool)
    # REF403 and REF405 have said what is wrong with the others.
    looked_at = pl.col("target").is_null() | (pl.col("licensed") & (pl.col("target") != pl.col("row")))
    known = found.rows.select(looked_at).to_series().to_numpy()
    wrong: np.ndarray[Any, Any] = np.isin(key, bad) & known
    return wrong


def _fits(inventory: Inventory, label: Label | None, role: str | None, kind: str | None, target: str | None) -> bool:
    if label is None:
        return True
    argument = declared(label, role)
    return argument is not None and (kind is None or may_stand(inventory, argument, kind, target))


def _is_reversed(inventory: Inventory, label: Label, own: list[Row]) -> bool:
    """Whether two arguments would be licensed with what they name exchanged, and are not as they stand."""
    if len(own) != 2 or own[0]["role"] == own[1]["role"] or any(row["target"] is None for row in own):
        return False
    places = ((own[0], own[1]), (own[1], own[0]))
    straight = all(_fits(inventory, label, row["role"], row["target_kind"], row["target_label"]) for row in own)
    return not straight and all(
        _fits(inventory, label, row["role"], other["target_kind"], other["target_label"]) for row, other in places
    )


def _unlicensed_hits(tables: Tables, inventory: Inventory, labels: dict[str, Label], own: list[Row]) -> Iterator[Hit]:
    label = labels[own[0]["label"]]
    wrong = [row for row in own if row["wrong"]]
    if _is_reversed(inventory, label, own):
        row = wrong[0]
        what = f"{row['role']} of {called(row)} is {_target(row)}, and may be {_may_be(declared(label, row['role']))}"
        yield Hit(REFERENCES, row, f"{what}: the two arguments stand the wrong way round")
        return
    for row in wrong:
        argument = declared(label, row["role"])
        if argument is None:
            roles = tuple(each.role for each in label.arguments)
            hint = did_you_mean(row["role"] or "", roles) or f", but {listed(roles)}"
            message = f"{called(row)} has no role {shown(row['role'] or '')}{hint}"
            yield Hit(REFERENCES, _holder(tables, row), message, point=ROLE)
        else:
            what = f"{row['role']} of {called(row)} is {_target(row)}, and may be {_may_be(argument)}"
            yield Hit(REFERENCES, row, what)


def _may_be(argument: Argument | None) -> str:
    if argument is None:
        return "nothing"
    return listed((*argument.types, *(f"any {kind}" for kind in argument.kinds))) or "anything"


def _holder(tables: Tables, row: Row) -> Row:
    """The row of an argument as one of the object it stands in, where that has a field for the role."""
    path = tables.places[row["at"]].path[:-1]
    holders = (at for at, place in enumerate(tables.places) if place.path == path and dict(place.names).get(ROLE))
    return {**row, "at": next(holders, row["at"])}
