"""Whether articles have their canonical form already: most do, and asking all alike objects at once takes less time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary

if TYPE_CHECKING:
    from corpus_tool.fields import Field

Check = Callable[[Collection[Any]], bool]
"""Whether values, all of one field, need no change. No is also said where it takes long to tell."""
_OTHERWISE: dict[str, type] = {"integer": float, "number": int}
"""Numbers of which type a field may have to write otherwise."""
_MOST = 1000


def check_of(root: Field) -> Check:
    """The check of articles that keep the shape of the contract whose root this is."""
    return _objects(root, top=True)


def _check(field: Field) -> Check | None:
    """The check of a field's values; None where each is as it should be."""
    if field.type == "object":
        return _objects(field)
    if field.type == "array" and field.item is not None:
        return _lists(_check(field.item))
    return _numbers(_OTHERWISE[field.type]) if field.type in _OTHERWISE else None


def _numbers(kind: type) -> Check:
    return lambda values: kind not in set(map(type, values))


def _lists(inner: Check | None) -> Check:
    def check(values: Collection[Any]) -> bool:
        if set(map(type, values)) != {list}:
            return False
        return inner is None or inner(list(chain.from_iterable(values)))

    return check


def _objects(field: Field, *, top: bool = False) -> Check:
    inner = {child.name: of_child for child in field.fields if (of_child := _check(child)) is not None}
    left_out = {child.name for child in field.fields if _is_left_out(child, top=top)}
    looked_into = inner.keys() | left_out
    places = {child.name: at for at, child in enumerate(field.fields)}
    known: dict[tuple[str, ...], bool] = {}

    def check(values: Collection[Any]) -> bool:
        if not values:
            return True
        if set(map(type, values)) != {dict}:
            return False
        shapes = set(map(tuple, values))
        if not all(map(ordered, shapes)) or None in chain.from_iterable(map(dict.values, values)):
            return False
        for name in looked_into.intersection(chain.from_iterable(shapes)):
            parts = [value[name] for value in values if name in value]
            if (name in left_out and not all(parts)) or (name in inner and not inner[name](parts)):
                return False
        return True

    def ordered(names: tuple[str, ...]) -> bool:
        found = known.get(names)
        if found is None:
            found = _ordered(names, places)
            if len(known) < _MOST:
                known[names] = found
        return found

    return check


def _is_left_out(field: Field, *, top: bool) -> bool:
    """Whether a property is left out where it is empty."""
    return field.type in {"array", "object"} and not (field.required or (top and field.says(vocabulary.LAYER)))


def _ordered(names: Iterable[str], places: Mapping[str, int]) -> bool:
    """Whether properties stand in the order of the schema, and unknown ones last."""
    at = [places.get(name, len(places)) for name in names]
    return at == sorted(at)
