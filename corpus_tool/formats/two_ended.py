"""Relations in formats where one has a head and a child, and no names of roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

HEAD, CHILD = "head", "child"


@dataclass(frozen=True, slots=True)
class Ends:
    """What a relation joins, and whether its roles come back from where the two stand."""

    head: str
    child: str
    named: bool


def roles(inventory: Inventory | None, label: str) -> tuple[str, str]:
    """The roles of head and child: the two that the inventory declares, in its order; else `head` and `child`."""
    known = inventory.label("relation", label) if inventory is not None else None
    if known is not None and len(known.arguments) == 2:
        return known.arguments[0].role, known.arguments[1].role
    return HEAD, CHILD


def ends(relation: Mapping[str, Any], inventory: Inventory | None) -> Ends | None:
    """Head and child of a relation; None where it has other than two arguments."""
    arguments: Sequence[Mapping[str, str]] = relation.get("arguments") or ()
    if len(arguments) != 2:
        return None
    first, second = roles(inventory, relation["type"])
    by_role = {part["role"]: part["ref"] for part in arguments}
    if by_role.keys() == {first, second}:
        return Ends(by_role[first], by_role[second], named=True)
    return Ends(arguments[0]["ref"], arguments[1]["ref"], named=False)
