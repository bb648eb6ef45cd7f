"""LBL507: attributes and labels of an article that stand twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, rule
from corpus_tool.rules.arguments import annotations_of
from corpus_tool.rules.characters import shown
from corpus_tool.rules.mending import removable, removal, standing
from corpus_tool.rules.overlaps import contents_of, drop_again
from corpus_tool.tables import ANNOTATIONS, ATTRIBUTES

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

_SURE = {"name": "Sure", "value": "High"}
_CALM = {"axis": "tone", "value": "calm", "prov": "A1"}


def _drop(case: Case) -> Fix | None:
    """The later one goes, where the first says all of it."""
    if case.hit.table == ANNOTATIONS:
        return drop_again(case)
    if not case.row["same"]:
        return None
    tables, row = case.tables, case.row
    at, own = tables.pointer(row), dict(tables.places[row["at"]].names).get("own_id")
    first = standing(case.article, tables.pointer(tables.attributes.row(row["original"], named=True)))
    more = {name: value for name, value in standing(case.article, at).items() if name != own and value is not None}
    if any(first.get(name) != value for name, value in more.items()) or removable(case, at) != at:
        return None
    return Fix(f"drop the second {shown(row['name'])}", (removal(case, at),))


@rule(
    "LBL507",
    on=TABLES,
    severity=WARNING,
    message="it stands twice",
    fix=_drop,
    fixes=("safe",),
    bad=[
        Bad({"/entities/0/attributes/-": _SURE}, "/entities/0/attributes/1"),
        Bad({"/entities/0/attributes/-": {"name": "Sure", "value": "Low"}}, "/entities/0/attributes/1"),
        Bad({"/labels/-": {"axis": "subject", "value": "sea", "prov": "A1"}}, "/labels/1"),
    ],
    good=[
        {"/entities/0/attributes/-": {"name": "Named"}},
        {"/labels": [{"axis": "subject", "value": "sea", "prov": "A1"}, _CALM, {**_CALM, "value": "rough"}]},
    ],
)
def attribute_and_label_stand_once(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """No annotation has an attribute twice, and no article a label twice by one annotator.

    What stands twice counts twice, and says nothing: the fix drops the later one, unless that says more. A name with
    two of the values that the inventory lists for it contradicts itself, and whoever reads it gets either: keep the
    right one. An attribute that the inventory calls `open` may have several values.
    """
    yield from _attributes(tables, contract)
    for layer in contract.of_kind("label"):
        if not layer.spans:  # of those SPN310 speaks
            yield from _labels(tables, annotations_of(tables, layer.name))


def _attributes(tables: Tables, contract: Contract) -> Iterator[Hit]:
    rows = tables.attributes
    key = pl.col("name").hash() ^ (pl.col("row").cast(pl.UInt64) * 2 + 1).hash()
    if rows.is_empty() or rows.select(key.n_unique()).item() == len(rows):
        return
    some = rows.with_row_index("number").filter(pl.col("name").is_not_null() & key.is_duplicated())
    known = () if contract.inventory is None else contract.inventory.attributes
    listed = {one.name: () if one.open else one.values or () for one in known}
    first: dict[Any, dict[str, dict[str | None, int]]] = {}
    for row in some.iter_rows(named=True):
        name, value, number = row["name"], row["value"], row["number"]
        before = first.setdefault(row["row"], {}).setdefault(name, {})
        found: dict[str, Any] = {**row, "original": before.get(value), "same": value in before}
        others = [other for other in before if other in listed.get(name, ())]
        if value in before:
            yield Hit(ATTRIBUTES, found, f"the attribute {shown(name)} stands twice{_with(value)}: drop one")
        elif others and value in listed[name]:
            says = f"the attribute {shown(name)} has the values {shown(others[0] or '')} and {shown(value)}: keep one"
            yield Hit(ATTRIBUTES, found, says)
        before.setdefault(value, number)


def _with(value: str | None) -> str:
    return "" if value is None else f" with the value {shown(value)}"


def _labels(tables: Tables, rows: pl.DataFrame) -> Iterator[Hit]:
    key = "article", "axis", "label", "prov"
    if len(rows) < 2 or rows.select(pl.struct(key).n_unique()).item() == len(rows):
        return
    again = rows.filter(pl.col("label").is_not_null() & pl.struct(key).is_duplicated())
    contents = contents_of(tables, again["row"].to_list())
    first: dict[Any, dict[str, Any]] = {}
    for row in again.iter_rows(named=True):
        before = first.setdefault((*(row[name] for name in key), contents[row["row"]]), row)
        if before is not row:
            says = f"the label {shown(row['label'])} stands twice, first at {tables.pointer(before)}: drop one"
            hit = Hit(ANNOTATIONS, row, says)
            yield replace(hit, row={**row, "original": before["row"]})
