"""What an inventory says and `annotation.conf` cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from corpus_tool.formats import Loss
from corpus_tool.formats.brat.conf import parse
from corpus_tool.formats.brat.conf_writing import dumps, storable
from corpus_tool.inventory import Attribute, Inventory, Label


def losses(inventory: Inventory) -> tuple[Loss, ...]:
    """Every difference between the inventory and what reading it back from brat gives; none where they are equal."""
    back = parse(dumps(inventory), "annotation.conf")
    return tuple(_differences(inventory, back))


def _differences(inventory: Inventory, back: Inventory) -> Iterator[Loss]:
    if inventory.name is not None:
        yield Loss("inventory: name", 1, inventory.name)
    for kind in dict.fromkeys([*inventory.labels, *back.labels]):
        ours, theirs = inventory.of(kind), back.of(kind)
        if (kind in inventory.labels) != (kind in back.labels) and not ours and not theirs:
            yield Loss(f"inventory: whether {kind} is a layer", 1, kind)
        yield from _compare(f"inventory: {kind} labels", ours, theirs)
    yield from _compare("inventory: attributes", inventory.attributes, back.attributes)
    if inventory.axes:
        yield Loss("inventory: axes of document labels", len(inventory.axes), inventory.axes[0].name)
    if inventory.overlaps != back.overlaps:
        overlaps = inventory.overlaps or ()
        changed = [overlap for overlap in overlaps if overlap not in (back.overlaps or ())]
        yield Loss("inventory: licences to overlap", len(changed) or 1, " ".join(changed[0].how) if changed else "none")


def _compare(what: str, ours: Iterable[Label | Attribute], theirs: Iterable[Label | Attribute]) -> Iterator[Loss]:
    here = {item.name: item for item in ours}
    there = {item.name: item for item in theirs}
    missing = [name for name in here if name not in there]
    if missing:
        yield Loss(what, len(missing), missing[0])
    expected = {"identity", *here, *map(storable, missing)}
    added = [name for name in there if name not in expected]
    if added:
        yield Loss(f"{what}: brat allows more", len(added), added[0])
    differ: dict[str, list[str]] = {}
    for name, item in here.items():
        if name in there:
            for spec in fields(item):
                if getattr(item, spec.name) != getattr(there[name], spec.name, None):
                    differ.setdefault(spec.name, []).append(name)
    for part, names in differ.items():
        yield Loss(f"{what}: {part}", len(names), names[0])
    if [name for name in here if name in there] != [name for name in there if name in here]:
        yield Loss(f"{what}: order", 1, next(iter(here)))
