"""Inventories read from JSON and TOML, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from corpus_tool.contradictions import contradictions
from corpus_tool.errors import SettingsError
from corpus_tool.inventory import LABELLED_KINDS, Argument, Attribute, Axis, Inventory, Label, Overlap
from corpus_tool.resources import read_json, read_toml
from corpus_tool.vocabulary import explain, worst_error

_T = TypeVar("_T")


def load_inventory(path: Path) -> Inventory:
    """Read and check an inventory, JSON or TOML by its suffix.

    Raises SettingsError with the place: not readable, not `inventory-1`, or contradicting itself.
    """
    if path.suffix != ".toml":
        return parse_inventory(read_json(path, "inventory"), str(path))
    value = read_toml(path, "inventory")
    return parse_inventory(value, str(path))


def parse_inventory(value: Any, place: str) -> Inventory:
    """An inventory from decoded JSON, checked against `inventory-1` and against itself."""
    error = worst_error("inventory-1", value)
    if error is not None:
        raise SettingsError(explain(error, "key"), f"{place}{error.json_path[1:]}")
    inventory = Inventory(
        name=value.get("name"),
        labels={kind: tuple(_label(item) for item in value[kind]) for kind in LABELLED_KINDS if kind in value},
        attributes=tuple(_build(Attribute, item) for item in value.get("attribute", ())),
        axes=tuple(_build(Axis, item) for item in value.get("axis", ())),
        overlaps=tuple(_build(Overlap, item) for item in value["overlap"]) if "overlap" in value else None,
        order={column: tuple(names) for column, names in value.get("order", {}).items()},
    )
    for where, message in contradictions(inventory):
        raise SettingsError(message, f"{place}{where}")
    return inventory


def _label(item: Mapping[str, Any]) -> Label:
    arguments = tuple(_build(Argument, argument) for argument in item.get("arguments", ()))
    return _build(Label, {**item, "arguments": arguments})


def _build(made: type[_T], item: Mapping[str, Any]) -> _T:
    return made(**{name: tuple(value) if isinstance(value, list) else value for name, value in item.items()})
