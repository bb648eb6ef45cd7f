"""Relations and chains in formats that only know pairs: from one annotation to another, with a label."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

ROLES = ("Arg1", "Arg2")
HEAD_AND_CHILD = ("head", "child")
"""What the two are called in formats that come from dependency trees."""
Link = tuple[str, str, str]
"""The label of a pair, and where it goes from and to."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Where a relation goes from and to; `exact` where its roles are told by the direction."""

    source: str
    target: str
    exact: bool


def roles_of(label: str, inventory: Inventory | None, otherwise: tuple[str, str] = ROLES) -> tuple[str, str]:
    """The roles of a relation's source and target: those of the inventory where it has two."""
    declared = inventory.label("relation", label) if inventory is not None else None
    found = [argument.role for argument in declared.arguments] if declared is not None else []
    return (found[0], found[1]) if len(found) == 2 and found[0] != found[1] else otherwise


def pair_of(
    relation: Mapping[str, Any], inventory: Inventory | None, otherwise: tuple[str, str] = ROLES
) -> Pair | None:
    """The two ends of a relation; None where it has another number of them."""
    ends = list(relation.get("arguments") or ())
    if len(ends) != 2:
        return None
    first, second = roles_of(relation["type"], inventory, otherwise)
    by_role = {end["role"]: end["ref"] for end in ends}
    if by_role.keys() == {first, second}:
        return Pair(by_role[first], by_role[second], exact=True)
    return Pair(ends[0]["ref"], ends[1]["ref"], exact=False)


def arguments_of(
    label: str, source: str, target: str, inventory: Inventory | None, otherwise: tuple[str, str] = ROLES
) -> list[dict[str, str]]:
    """The arguments that a pair stands for."""
    first, second = roles_of(label, inventory, otherwise)
    return [{"role": first, "ref": source}, {"role": second, "ref": target}]


def arguments_of_all(
    links: Collection[Link], inventory: Inventory | None, otherwise: tuple[str, str] = ROLES
) -> list[list[dict[str, str]]]:
    """What `arguments_of` gives for each of many pairs; the roles are looked up once a label."""
    labels = {label for label, _, _ in links}
    roles = {label: roles_of(label, inventory, otherwise) for label in labels}
    return [
        [{"role": roles[label][0], "ref": source}, {"role": roles[label][1], "ref": target}]
        for label, source, target in links
    ]


def chain_labels(inventory: Inventory | None) -> frozenset[str]:
    """Labels that name chains and no relations: pairs that have one are links of a chain."""
    if inventory is None:
        return frozenset()
    return frozenset(inventory.names("coreference")) - frozenset(inventory.names("relation"))


def links_of(mentions: Iterable[str]) -> list[tuple[str, str]]:
    """A chain as pairs, each mention with the next."""
    names = list(dict.fromkeys(mentions))
    return list(pairwise(names))


def joined(links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Pairs as chains, each with its mentions in the order they came in."""
    chain_of: dict[str, list[str]] = {}
    for source, target in links:
        one, other = chain_of.setdefault(source, [source]), chain_of.setdefault(target, [target])
        if one is not other:
            one += other
            chain_of.update(dict.fromkeys(other, one))
    rank = {name: place for place, name in enumerate(chain_of)}
    return [sorted(chain, key=rank.__getitem__) for chain in {id(one): one for one in chain_of.values()}.values()]
