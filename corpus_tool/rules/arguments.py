"""What stands in the roles of a block's relations and events, as numbers, and what the inventory says of each role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.layers import EACH
from corpus_tool.rules.characters import shown
from corpus_tool.rules.extents import once_a_block

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.inventory import Argument, Inventory, Label
    from corpus_tool.layers import Layer, RefPlace
    from corpus_tool.rules.extents import Numbers
    from corpus_tool.tables import Tables

WITH_ARGUMENTS = ("relation", "event")
_DIGITS = "0123456789"
_SHOWN = 6


def called(row: dict[str, Any]) -> str:
    """An annotation for a message: its label, or else its kind, and its id."""
    return " ".join(part for part in (row["label"] or row["kind"], shown(row["id"]) if row["id"] else "") if part)


def listed(names: tuple[str, ...]) -> str:
    """Names to choose from, for a message: the first few."""
    cut = names[:_SHOWN]
    if len(names) > len(cut):
        return f"{', '.join(cut)} or one of {len(names) - len(cut)} more"
    return " or ".join([", ".join(cut[:-1]), cut[-1]] if len(cut) > 1 else cut)


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as numbers: `values` are what it has, `codes` the number of each row's; the last number means null."""

    values: tuple[str, ...]
    codes: Numbers

    def __getitem__(self, row: int) -> str | None:
        code = int(self.codes[row])
        return self.values[code] if code < len(self.values) else None


def coded(rows: pl.DataFrame, *names: str) -> list[Coded]:
    """The values of some columns of strings, numbered."""
    known = rows.select(pl.col(name).drop_nulls().unique().implode() for name in names).row(0)
    codes = rows.select(
        pl.col(name).cast(pl.Enum(values)).to_physical().cast(pl.Int64).fill_null(len(values))
        for name, values in zip(names, known, strict=True)
    )
    return [Coded(tuple(values), codes[name].to_numpy()) for name, values in zip(names, known, strict=True)]


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of all relations, or of all events: rows of the references table, with their labels and roles."""

    kind: str
    rows: pl.DataFrame
    labels: Coded
    roles: Coded

    @property
    def owners(self) -> Numbers:
        """The row of the annotation that each argument is of."""
        return self.rows["row"].to_numpy().astype(np.int64)

    def of(self, row: int) -> pl.DataFrame:
        """The arguments of one annotation."""
        return self.rows.filter(pl.col("row") == row)

    def roles_of(self, rows: pl.Series) -> dict[int, list[str | None]]:
        """The roles that some annotations have arguments for."""
        found: dict[int, list[str | None]] = {}
        chosen = self.rows.filter(pl.col("row").is_in(rows.implode())) if len(rows) else self.rows.clear()
        for row, role in chosen.select("row", "role").iter_rows():
            found.setdefault(row, []).append(role)
        return found

    def pairs(self) -> tuple[Numbers, Numbers, list[tuple[str | None, str | None]]]:
        """The different labels with roles: for each pair its first row, for each row its pair, and the pairs."""
        key = self.labels.codes * (len(self.roles.values) + 1) + self.roles.codes
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        return first, inverse, [(self.labels[row], self.roles[row]) for row in first.tolist()]


def references_at(tables: Tables, contract: Contract, kind: str) -> Iterator[tuple[int, Layer, RefPlace]]:
    """Where in the block annotations of a kind refer to others: number of the place, layer, and place in it."""
    layers = {layer.name: layer for layer in contract.of_kind(kind)}
    for at, place in enumerate(tables.places):
        layer = layers.get(place.path[0]) if len(place.path) > 2 else None
        found = [ref for ref in layer.references if ref.path == place.path[2:]] if layer else []
        for ref in found:
            assert layer is not None
            yield at, layer, ref


def rows_at(table: pl.DataFrame, places: Iterable[int]) -> pl.DataFrame:
    """The rows of a table that stand at some places: a table is in the order of its places."""
    at = table["at"].to_numpy()
    edges = [(int(np.searchsorted(at, place)), int(np.searchsorted(at, place, side="right"))) for place in places]
    parts = [table.slice(low, high - low) for low, high in edges if high > low]
    return pl.concat(parts, rechunk=False) if len(parts) > 1 else parts[0] if parts else table.clear()


def annotations_of(tables: Tables, layer: str) -> pl.DataFrame:
    """The annotations of one layer, which stand together."""
    ats = [at for at, place in enumerate(tables.places) if len(place.path) == 2 and place.path[0] == layer]
    return rows_at(tables.annotations, ats)


def trigger(contract: Contract, layer: Layer) -> RefPlace | None:
    """Where the events of a layer name what triggers them: the first single reference without a role to a span."""
    for place in layer.references if layer.kind == "event" else ():
        spanned = [kind for kind in place.kinds if all(each.spans for each in contract.of_kind(kind))]
        if spanned and place.role is None and EACH not in place.path:
            return place
    return None


@once_a_block
def arguments(tables: Tables, contract: Contract) -> tuple[Arguments, ...]:
    """The arguments of relations, and those of events; the field stands for the role where there is none beside it."""
    return tuple(found for kind in WITH_ARGUMENTS if (found := _arguments(tables, contract, kind)) is not None)


def _arguments(tables: Tables, contract: Contract, kind: str) -> Arguments | None:
    places = [
        (at, place) for at, layer, place in references_at(tables, contract, kind) if place != trigger(contract, layer)
    ]
    if not places:
        return None
    rows = rows_at(tables.references, [at for at, _ in places])
    plain = [at for at, place in places if place.role is None]
    if plain:
        role = pl.when(pl.col("at").is_in(plain)).then("field").otherwise("role")
        rows = rows.with_columns(role=role)
    return Arguments(kind, rows, *coded(rows, "label", "role")) if rows.height else None


def with_roles(contract: Contract, kind: str) -> dict[str, Label]:
    """The labels of a kind whose roles the inventory declares; where it declares none, anything goes."""
    labels = () if contract.inventory is None else contract.inventory.of(kind)
    return {label.name: label for label in labels if label.arguments}


def declared(label: Label, role: str | None) -> Argument | None:
    """What the inventory says of a role; its trailing number counts only where the full name is not declared."""
    roles = {argument.role: argument for argument in label.arguments}
    return None if role is None else roles.get(role) or roles.get(role.rstrip(_DIGITS))


def lineage(inventory: Inventory, kind: str, name: str | None) -> set[str]:
    """A label and those above it."""
    found: set[str] = set()
    while name is not None and name not in found:
        found.add(name)
        known = inventory.label(kind, name)
        name = known.parent if known else None
    return found


def may_stand(inventory: Inventory, argument: Argument, kind: str, label: str | None) -> bool:
    """Whether a label of a kind may stand in a role; one that is not in the inventory has a finding of its own."""
    if not (argument.types or argument.kinds) or kind in argument.kinds:
        return True
    strange = label is not None and bool(inventory.of(kind)) and inventory.label(kind, label) is None
    return strange or not lineage(inventory, kind, label).isdisjoint(argument.types)
