"""REL602 and REL610: how often the roles of relations and events are filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.rules import INFO, TABLES, Bad, Hit, rule
from corpus_tool.rules.arguments import (
    WITH_ARGUMENTS,
    Arguments,
    annotations_of,
    arguments,
    called,
    coded,
    declared,
    with_roles,
)
from corpus_tool.rules.extents import once_a_block
from corpus_tool.tables import ANNOTATIONS, REFERENCES

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.inventory import Argument, Label
    from corpus_tool.rules.extents import Numbers
    from corpus_tool.tables import Tables

    Row = dict[str, Any]

_NEAR_T1_T2 = [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "T2"}]


@dataclass(frozen=True, slots=True)
class Filled:
    """How often each annotation fills each role that the inventory declares: one entry for both.

    `most` and `least` are what the inventory allows, `owner` the row of the annotation; `of_argument` is the entry that
    each argument counts for. Arguments of other roles have an entry, too, for which any number will do.
    """

    arguments: Arguments
    of_argument: Numbers
    owner: Numbers
    number: Numbers
    most: Numbers
    least: Numbers

    def enough(self, low: int, high: int) -> Numbers:
        """How many of the roles that must be filled are, for each of the annotations in a range of rows."""
        counts = (self.least > 0) & (self.number >= self.least) & (self.owner >= low) & (self.owner < high)
        return np.bincount(self.owner[counts] - low, minlength=high - low)


@once_a_block
def filled_roles(tables: Tables, contract: Contract) -> tuple[Filled, ...]:
    """How often roles are filled, in relations and in events whose roles the inventory declares."""
    return tuple(
        _filled(found, labels) for found in arguments(tables, contract) if (labels := with_roles(contract, found.kind))
    )


def _filled(found: Arguments, labels: dict[str, Label]) -> Filled:
    _, pair, pairs = found.pairs()
    roles = [(label, declared(labels[label], role) if label in labels else None) for label, role in pairs]
    # A role spelt with several numbers is one role; what is not declared is number 0.
    known = {(label, role.role): role for label, role in roles if role is not None}
    numbers = {name: number for number, name in enumerate(known, 1)}
    number_of = np.array([0 if role is None else numbers[label, role.role] for label, role in roles])
    any_number = np.iinfo(np.int64).max
    most = np.array([any_number, *(role.max or any_number for role in known.values())])
    least = np.array([0, *(role.min for role in known.values())])
    own = number_of[pair]
    key = found.owners * len(most) + own
    _, first, inverse, number = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return Filled(found, inverse, found.owners[first], number, most[own[first]], least[own[first]])


@rule(
    "REL602",
    on=TABLES,
    message="too many arguments of a role",
    bad=[
        Bad({"/relations/0/arguments": [*_NEAR_T1_T2, {"role": "Arg1", "ref": "T3"}]}, "/relations/0/arguments/2/ref"),
    ],
    good=[{"/events/0/arguments/-": {"role": "Agent", "ref": "T3"}}],
)
def no_role_is_filled_too_often(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """A role of a relation or event is not filled more often than the inventory allows by its `max`.

    Whoever reads the relation takes one of the arguments and never sees the other. Remove the one that does not belong
    there, make two relations of it, or raise `max`. What is missing is REL610.
    """
    for roles in filled_roles(tables, contract):
        for number in np.flatnonzero(roles.number > roles.most).tolist():
            own = np.flatnonzero(roles.of_argument == number)
            most = int(roles.most[number])
            row = roles.arguments.rows.row(int(own[most]), named=True)
            allowed = "once" if most == 1 else f"{most} times"
            yield Hit(
                REFERENCES, row, f"{row['role']} of {called(row)} is filled {len(own)} times, and may be {allowed}"
            )


@rule(
    "REL610",
    on=TABLES,
    severity=INFO,
    message="an argument is missing",
    bad=[
        Bad({"/relations/0/arguments": [{"role": "Arg1", "ref": "T1"}]}, "/relations/0"),
        Bad({"/events/0/arguments": []}, "/events/0"),
    ],
)
def no_argument_is_missing(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """Every role of a relation or event is filled as often as the inventory asks for by its `min`.

    The annotation is not finished, or the article does not say. Add the argument; where it may be missing, let `min` be
    0. What is too much is REL602.
    """
    filled = {roles.arguments.kind: roles for roles in filled_roles(tables, contract)}
    for kind in WITH_ARGUMENTS:
        labels = with_roles(contract, kind)
        if labels:
            yield from _missing(tables, contract, kind, labels, filled.get(kind))


def _missing(
    tables: Tables, contract: Contract, kind: str, labels: dict[str, Label], filled: Filled | None
) -> Iterator[Hit]:
    for layer in contract.of_kind(kind):
        fields = {ref.path[0] for ref in layer.references if ref.role is None}
        any_role = any(ref.role is not None for ref in layer.references)
        needs = {
            name: [each for each in label.arguments if each.min and (any_role or each.role in fields)]
            for name, label in labels.items()
        }
        rows = annotations_of(tables, layer.name)
        if rows.is_empty():
            continue
        (own,) = coded(rows, "label")
        asked = np.array([*(len(needs.get(name, ())) for name in own.values), 0])[own.codes]
        low, high = rows["row"][0], rows["row"][-1] + 1
        enough = np.zeros(high - low, np.int64) if filled is None else filled.enough(low, high)
        unfinished = rows.filter(pl.Series(enough < asked))
        given = {} if filled is None else filled.arguments.roles_of(unfinished["row"])
        for row in unfinished.iter_rows(named=True):
            yield from _missing_hits(row, labels[row["label"]], needs[row["label"]], given.get(row["row"], []))


def _missing_hits(row: Row, label: Label, needs: list[Argument], given: list[str | None]) -> Iterator[Hit]:
    roles = [argument.role for argument in (declared(label, role) for role in given) if argument is not None]
    for argument in needs:
        number = roles.count(argument.role)
        if number < argument.min:
            times = f"{number} of {argument.min} arguments" if argument.min > 1 else "no argument"
            yield Hit(ANNOTATIONS, row, f"{called(row)} has {times} for the role {argument.role}")
