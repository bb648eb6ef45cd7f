"""LBL501 to LBL506: labels and attributes, against the inventory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules import INFO, SCHEMA, TABLES, WARNING, Bad, Case, Hit, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.mending import edits
from corpus_tool.tables import ANNOTATIONS, ARTICLES, ATTRIBUTES
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.inventory import Attribute, Axis, Inventory
    from corpus_tool.tables import Tables

_SHOWN_VALUES = 6


@rule(
    "LBL501",
    on=SCHEMA,
    message="{detail}",
    fixes=("safe",),
    bad=[
        Bad({"/entities/0/type": "PERSON"}, "/entities/0/type"),
        Bad({"/entities/1/type": "Loc"}, "/entities/1/type"),
        Bad({"/passages/0/type": "paragraf"}, "/passages/0/type"),
    ],
)
def label_is_in_the_inventory() -> None:
    """A label is one that the inventory lists for its kind, in the very spelling.

    A misspelt label is a class of its own in training. Where only the case differs, the fix corrects it; else choose
    the right one, or add it to the inventory.
    """


@rule(
    "LBL502",
    on=ANNOTATIONS,
    point="label",
    message="the label '{label}' is abstract: use one of those below it",
    bad=[
        Bad({"/entities/1/type": "THING"}, "/entities/1/type", drop=("/relations",)),
    ],
)
def label_is_not_abstract(contract: Contract) -> pl.Expr | None:
    """No annotation carries a label that the inventory calls `abstract`.

    Such a label only groups others. Choose the one below it that fits.
    """
    inventory = contract.inventory
    if inventory is None:
        return None
    abstract = {kind: [label.name for label in labels if label.abstract] for kind, labels in inventory.labels.items()}
    found = [(pl.col("kind") == kind) & pl.col("label").is_in(names) for kind, names in abstract.items() if names]
    return ~pl.any_horizontal(found).fill_null(value=False) if found else None


def _rename(case: Case) -> Fix | None:
    new = case.row["new"]
    at = case.tables.pointer(case.row, "label")
    return Fix(f"rename {shown(case.row['label'])} to {shown(new)}", edits(case, {at: new})) if new else None


@rule(
    "LBL503",
    on=TABLES,
    severity=WARNING,
    message="the label is deprecated",
    fix=_rename,
    fixes=("safe",),
    bad=[
        Bad({"/entities/1/type": "PLACE"}, "/entities/1/type", drop=("/relations",)),
    ],
)
def label_is_not_deprecated(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """No annotation carries a label that the inventory calls `deprecated`.

    It stays valid so that old data can be read. The fix changes it to the label that replaces it, where there is one.
    """
    if contract.inventory is None:
        return
    for kind, labels in contract.inventory.labels.items():
        old = {label.name: label.replaced_by for label in labels if label.deprecated}
        if not old:
            continue
        rows = tables.annotations.filter((pl.col("kind") == kind) & pl.col("label").is_in(list(old)))
        for row in rows.iter_rows(named=True):
            new = old[row["label"]]
            said = f"; use '{new}'" if new else ""
            yield Hit(
                ANNOTATIONS, {**row, "new": new}, f"the label '{row['label']}' is deprecated{said}", point="label"
            )


@rule(
    "LBL504",
    on=TABLES,
    message="the attribute is not licensed",
    bad=[
        Bad({"/entities/0/attributes/-": {"name": "Sized", "value": "Big"}}, "/entities/0/attributes/1/name"),
        Bad({"/entities/1/attributes": [{"name": "Sure", "value": "High"}]}, "/entities/1/attributes/0/name"),
        Bad({"/entities/0/attributes/0/value": "Very"}, "/entities/0/attributes/0/value"),
        Bad({"/entities/0/attributes": [{"name": "Sure"}]}, "/entities/0/attributes/0"),
        Bad({"/entities/0/attributes/-": {"name": "Named", "value": "yes"}}, "/entities/0/attributes/1/value"),
    ],
    good=[{"/entities/1/attributes": [{"name": "Named"}]}],
)
def attribute_is_licensed(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """An attribute is one of the inventory's, on a label that may carry it, with a value that it lists.

    A flag has no value; any other attribute has one. Correct the name or value, or add it to the inventory.
    """
    inventory = contract.inventory
    if inventory is None or not inventory.attributes or tables.attributes.is_empty():
        return
    different = tables.attributes.select("kind", "label", "name", "value").unique(maintain_order=True)
    wrong: dict[tuple[Any, ...], tuple[str | None, str]] = {}
    for values in different.iter_rows():
        found = _attribute_breach(inventory, *values)
        if found is not None:
            wrong[values] = found
    for row in tables.attributes.iter_rows(named=True) if wrong else ():
        key = row["kind"], row["label"], row["name"], row["value"]
        if key in wrong:
            point, message = wrong[key]
            yield Hit(ATTRIBUTES, row, message, point=point)


def _attribute_breach(
    inventory: Inventory, kind: str, label: str | None, name: str | None, value: str | None
) -> tuple[str | None, str] | None:
    """What is wrong with an attribute, and which part of it."""
    known = {attribute.name: attribute for attribute in inventory.attributes}
    if name not in known:
        return "name", f"no attribute {shown(name or '')} is in the inventory{did_you_mean(name or '', known)}"
    attribute = known[name]
    strange = bool(inventory.of(kind)) and label is not None and inventory.label(kind, label) is None
    if not strange and not _carries(inventory, attribute, kind, label):
        may = _listed((*attribute.types, *attribute.kinds))
        return "name", f"the attribute '{name}' may not stand on {label or kind}, but on {may}"
    if attribute.values is None and not attribute.open:
        return (
            None
            if value is None
            else ("value", f"the attribute '{name}' is a flag, and has the value {shown(value)}: leave it out")
        )
    if value is None:
        needs = attribute.values is not None and attribute.default is None
        return (
            (None, f"the attribute '{name}' has no value, but needs one of {_listed(attribute.values or ())}")
            if needs
            else None
        )
    if attribute.open or value in (attribute.values or ()):
        return None
    return (
        "value",
        f"the attribute '{name}' has the value {shown(value)}, which is none of {_listed(attribute.values or ())}",
    )


def _listed(names: Collection[str]) -> str:
    cut = list(names)[:_SHOWN_VALUES]
    return ", ".join(cut) + (f" and {len(names) - len(cut)} more" if len(names) > len(cut) else "")


def _carries(inventory: Inventory, attribute: Attribute, kind: str, label: str | None) -> bool:
    """Whether a label of a kind may carry an attribute; what a label may, those below it may."""
    if not attribute.types and not attribute.kinds:
        return True
    if kind in attribute.kinds:
        return True
    seen: set[str] = set()
    while label is not None and label not in seen:
        if label in attribute.types:
            return True
        seen.add(label)
        known = inventory.label(kind, label)
        label = known.parent if known else None
    return False


@rule(
    "LBL505",
    on=TABLES,
    severity=INFO,
    message="an attribute is missing",
    bad=[
        Bad({"/entities/2/attributes": []}, "/entities/2"),
    ],
)
def required_attribute_is_there(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """An annotation has the attributes that the inventory calls `required`.

    The annotation is not finished. Add the attribute; one with a default may be left out.
    """
    inventory = contract.inventory
    if inventory is None:
        return
    able = [layer.kind for layer in contract.layers if "attribute-name" in layer.meanings]
    for attribute in inventory.attributes:
        if not attribute.required or attribute.default is not None:
            continue
        pairs = tables.annotations.filter(pl.col("kind").is_in(able)).select("kind", "label").unique()
        carriers = pairs.filter([_carries(inventory, attribute, kind, label) for kind, label in pairs.iter_rows()])
        having = tables.attributes.filter(pl.col("name") == attribute.name).select("row")
        rows = tables.annotations.join(
            carriers, on=["kind", "label"], how="semi", nulls_equal=True, maintain_order="left"
        )
        for row in rows.join(having, on="row", how="anti", maintain_order="left").iter_rows(named=True):
            yield Hit(
                ANNOTATIONS,
                row,
                f"{row['label'] or row['kind']} {shown(row['id'] or '')} has no attribute {shown(attribute.name)}, "
                f"which the inventory requires",
            )


@rule(
    "LBL506",
    on=TABLES,
    message="the labels of the article do not fit their axis",
    bad=[
        Bad({"/labels/-": {"axis": "subject", "value": "land", "prov": "A1"}}, "/labels/1"),
        Bad(
            {
                "/labels/0": {"axis": "mood", "value": "sea", "prov": "A1"},
                "/labels/-": {"axis": "subject", "value": "sea", "prov": "A1"},
            },
            "/labels/0",
        ),
        Bad({"/labels/0": {"axis": "tone", "value": "calm", "prov": "A1"}}, ""),
    ],
    good=[{"/labels/-": {"axis": "tone", "value": "calm", "prov": "A1"}}],
)
def article_labels_fit_their_axis(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """Labels of the whole article are values of their axis, as many as it asks for.

    An exclusive axis has one value by each annotator; a required axis, where the article has labels at all, at least one.
    Two subjects where there can be one, or none, leave a classifier without a truth. Remove, add or correct a label.
    """
    inventory = contract.inventory
    rows = tables.annotations.filter(pl.col("kind") == "label")
    if inventory is None or not inventory.axes or rows.is_empty():
        return
    yield from _values_of_other_axes(rows, inventory)
    for axis in inventory.axes:
        if axis.exclusive:
            yield from _conflicts(rows, axis)
        if axis.required:
            having = rows.filter(pl.col("axis") == axis.name)["article"].unique()
            for article in sorted(set(rows["article"].to_list()) - set(having.to_list())):
                row = {"article": article, "at": 0, "i": -1, "j": -1, "k": -1, "id": tables.articles["id"][article]}
                yield Hit(
                    ARTICLES,
                    row,
                    f"the article has no label of the axis '{axis.name}': give it one of {_listed(axis.values)}",
                )


def _values_of_other_axes(rows: pl.DataFrame, inventory: Inventory) -> Iterator[Hit]:
    values = {axis.name: set(axis.values) for axis in inventory.axes}
    free = {label.name for label in inventory.of("label")}
    listed = set(inventory.names("label"))
    wrong = [
        (axis, label)
        for axis, label in rows.select("axis", "label").unique().iter_rows()
        if axis is not None and label not in values.get(axis, free) and label in listed
    ]
    if not wrong:
        return
    for row in rows.iter_rows(named=True):
        if (row["axis"], row["label"]) in wrong:
            axis = row["axis"]
            known = f"one of {_listed(sorted(values[axis]))}" if axis in values else f"the axes {_listed(values)}"
            yield Hit(
                ANNOTATIONS, row, f"'{row['label']}' is no value of the axis {shown(axis)}: the inventory has {known}"
            )


def _conflicts(rows: pl.DataFrame, axis: Axis) -> Iterator[Hit]:
    own = rows.filter(pl.col("axis") == axis.name)
    again = own.filter(pl.struct("article", "prov").is_duplicated())
    first: dict[Any, dict[str, Any]] = {}
    for row in again.iter_rows(named=True):
        before = first.setdefault((row["article"], row["prov"]), row)
        if before["label"] != row["label"]:  # the same again is LBL507
            yield Hit(
                ANNOTATIONS,
                row,
                f"the axis '{axis.name}' is exclusive, and has '{before['label']}' and '{row['label']}': keep one",
            )
