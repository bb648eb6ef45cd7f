"""Conditions over a table that a corpus states in its settings: which table, which layer, which columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.errors import SettingsError
from corpus_tool.expressions import Inadmissible, kind_of, read_expression
from corpus_tool.flattening import read_tables
from corpus_tool.tables import ANNOTATIONS, ARTICLES, ATTRIBUTES, REFERENCES, SPANS
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

TABLES = (ARTICLES, ANNOTATIONS, SPANS, REFERENCES, ATTRIBUTES)
_NUMBERS = frozenset({"article", "at", "i", "j", "k", "row", "target"})
"""Columns that say where in the tables of a block a row stands."""
Columns = Mapping[str, pl.DataType]


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that a condition is about: those of a table, or of its annotations those of a layer or kind."""

    table: str
    column: str | None = None
    value: str | None = None

    def holds(self) -> pl.Expr | None:
        """Whether a row is one of them; None where every row is."""
        return None if self.column is None else pl.col(self.column).eq_missing(self.value)


def columns_of(contract: Contract) -> Mapping[str, Columns]:
    """The columns of each table that conditions may name, with their types."""
    import pyarrow as pa

    tables = read_tables(pa.RecordBatch.from_pylist([], schema=contract.arrow), contract)
    found: dict[str, Columns] = {}
    for name in TABLES:
        frame = tables[name] if name == ARTICLES else tables.layered(name)
        found[name] = {column: kind for column, kind in frame.schema.items() if column not in _NUMBERS}
    return found


def read_scope(on: str, contract: Contract, place: str) -> Scope:
    """What `on` means; SettingsError where it is neither a table, nor a layer, nor a kind."""
    if on in TABLES:
        return Scope(on)
    layers = {"layer": [layer.name for layer in contract.layers], "kind": [layer.kind for layer in contract.layers]}
    for column, names in layers.items():
        if on in names:
            return Scope(ANNOTATIONS, column, on)
    known = [*TABLES, *layers["layer"], *layers["kind"]]
    raise SettingsError(f"no table, layer or kind '{on[:60]}'{did_you_mean(on[:60], known)}", place)


def read_condition(text: str, columns: Columns, place: str, what: str) -> pl.Expr:
    """The expression of a condition; SettingsError with the place in it where it is not admitted."""
    try:
        return read_expression(text, columns)
    except Inadmissible as refused:
        where = "" if refused.at is None else f", character {refused.at + 1} ({_excerpt(text, refused.at)})"
        raise SettingsError(f"{what}{where}: {refused.message}", place) from refused


def stored(condition: pl.Expr) -> bytes:
    """A condition as data: what goes to other processes, and what keys of caches can hold."""
    return condition.meta.serialize()


def restored(data: bytes) -> pl.Expr:
    return pl.Expr.deserialize(BytesIO(data))


def usable(columns: Columns) -> list[str]:
    """The names of the columns that conditions can use."""
    return [name for name, kind in columns.items() if kind_of(kind) is not None]


def _excerpt(text: str, at: int) -> str:
    start, end = max(0, at - 10), at + 30
    shown = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}"
