"""Whether parts of articles have their canonical form: most do, and asking all alike objects at once is quicker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain, repeat
from operator import itemgetter
from types import NoneType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus_tool.fields import Field

Check = Callable[[Collection[Any]], bool]
"""Whether values, all of one field, need no change. No is also said where it takes long to tell."""
_OTHERWISE: dict[str, type] = {"integer": float, "number": int}
"""Numbers of which type a field may have to write otherwise."""
_MOST = 1000


def check_of(field: Field) -> Check | None:
    """The check of a field's values, which keep the shape of the contract; None where each is as it should be."""
    if field.type == "object":
        return _objects(field)
    if field.type == "array" and field.item is not None:
        return _lists(check_of(field.item))
    return _numbers(_OTHERWISE[field.type]) if field.type in _OTHERWISE else None


def _numbers(kind: type) -> Check:
    return lambda values: kind not in set(map(type, values))


def _lists(inner: Check | None) -> Check:
    def check(values: Collection[Any]) -> bool:
        if set(map(type, values)) != {list}:
            return False
        return inner is None or inner(list(chain.from_iterable(values)))

    return check


def _objects(field: Field) -> Check:
    inner = {child.name: of_child for child in field.fields if (of_child := check_of(child)) is not None}
    left_out = {child.name for child in field.fields if _is_left_out(child)}
    numbers = {child.name for child in field.fields if child.type in _OTHERWISE}
    otherwise = {_OTHERWISE[child.type] for child in field.fields if child.type in _OTHERWISE}
    places = {child.name: at for at, child in enumerate(field.fields)}
    known: dict[tuple[str, ...], bool] = {}

    def check(values: Collection[Any]) -> bool:
        try:
            kinds = set(map(type, chain.from_iterable(map(dict.values, values))))
        except TypeError:  # one is no object
            return False
        shapes = set(map(tuple, values))
        if NoneType in kinds or not all(map(ordered, shapes)):
            return False
        looked_into = inner.keys() | left_out
        if kinds.isdisjoint(otherwise):
            looked_into -= numbers
        return all(map(fine, looked_into.intersection(chain.from_iterable(shapes)), repeat(values), repeat(shapes)))

    def fine(name: str, values: Collection[Any], shapes: Collection[tuple[str, ...]]) -> bool:
        if all(name in shape for shape in shapes):
            parts = list(map(itemgetter(name), values))
        else:
            parts = [value[name] for value in values if name in value]
        return (name not in left_out or all(parts)) and (name not in inner or inner[name](parts))

    def ordered(names: tuple[str, ...]) -> bool:
        found = known.get(names)
        if found is None:
            found = _ordered(names, places)
            if len(known) < _MOST:
                known[names] = found
        return found

    return check


def _is_left_out(field: Field) -> bool:
    """Whether a property is left out where it is empty."""
    return field.type in {"array", "object"} and not field.required


def _ordered(names: Iterable[str], places: Mapping[str, int]) -> bool:
    """Whether properties stand in the order of the schema, and unknown ones last."""
    at = [places.get(name, len(places)) for name in names]
    return at == sorted(at)
