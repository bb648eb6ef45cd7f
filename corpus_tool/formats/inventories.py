"""What several inventories allow together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import TypeVar

from corpus_tool.inventory import Argument, Attribute, Axis, Inventory, Label

_Item = TypeVar("_Item", Label, Attribute, Axis)
_Limits = TypeVar("_Limits", Argument, Attribute)


def merge(inventories: Sequence[Inventory]) -> Inventory:
    """One inventory that allows what any of them allows."""
    kinds = dict.fromkeys(kind for inventory in inventories for kind in inventory.labels)
    unlimited = any(inventory.overlaps is None for inventory in inventories)
    overlaps = dict.fromkeys(overlap for inventory in inventories for overlap in inventory.overlaps or ())
    return Inventory(
        labels={kind: united(label for item in inventories for label in item.of(kind)) for kind in kinds},
        attributes=united(attribute for inventory in inventories for attribute in inventory.attributes),
        axes=united(axis for inventory in inventories for axis in inventory.axes),
        overlaps=None if unlimited else tuple(overlaps),
    )


def united(items: Iterable[_Item]) -> tuple[_Item, ...]:
    """Items of one name made one, in order of the first."""
    named: dict[str, list[_Item]] = {}
    for item in items:
        named.setdefault(item.name, []).append(item)
    return tuple(reduce(unite, same) for same in named.values())


def unite(first: _Item, second: _Item) -> _Item:
    """One declaration that allows what either allows; what cannot be joined is as the first says."""
    if isinstance(first, Label) and isinstance(second, Label):
        return replace(
            first,
            abstract=first.abstract and second.abstract,
            trigger=first.trigger or second.trigger,
            arguments=_arguments(first.arguments, second.arguments),
            symmetric=first.symmetric and second.symmetric,
            transitive=first.transitive and second.transitive,
        )
    if isinstance(first, Attribute) and isinstance(second, Attribute):
        licence = replace(_licence(first, second), values=_values(first.values, second.values))
        return replace(licence, open=first.open or second.open, required=first.required and second.required)
    if isinstance(first, Axis) and isinstance(second, Axis):
        required, exclusive = first.required and second.required, first.exclusive and second.exclusive
        return replace(first, values=_both(first.values, second.values), exclusive=exclusive, required=required)
    return first


def _arguments(first: Sequence[Argument], second: Sequence[Argument]) -> tuple[Argument, ...]:
    others = {argument.role: argument for argument in second}
    made = []
    for argument in first:
        other = others.pop(argument.role, None)
        if other is None:
            made.append(replace(argument, min=0))
            continue
        most = None if argument.max is None or other.max is None else max(argument.max, other.max)
        made.append(replace(_licence(argument, other), min=min(argument.min, other.min), max=most))
    return (*made, *(replace(argument, min=0) for argument in others.values()))


def _licence(first: _Limits, second: _Limits) -> _Limits:
    """The first, open to the types and kinds of both; to anything where either is."""
    limited = (first.types or first.kinds) and (second.types or second.kinds)
    if not limited:
        return replace(first, types=(), kinds=())
    return replace(first, types=_both(first.types, second.types), kinds=_both(first.kinds, second.kinds))


def _values(first: tuple[str, ...] | None, second: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if first is None and second is None else _both(first or (), second or ())


def _both(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first + second))
