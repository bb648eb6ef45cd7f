"""Which entities the links of a chain are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus_tool.formats.typed_layers.model import TypedElement

KIND, RELATION = "referenceType", "referenceRelation"
CONTINUATION = "Continuation"
"""How a link relates to the next where both are pieces of one mention."""
Where = tuple[tuple[int, int], ...]


def mentions(elements: Sequence[TypedElement]) -> Iterator[tuple[Where, TypedElement]]:
    """Where each mention of a chain stands, and the last of its links, which says what it is."""
    pieces: list[tuple[int, int]] = []
    for number, element in enumerate(elements, start=1):
        pieces.append((element.begin, element.end))
        if element.relation != CONTINUATION or number == len(elements):
            yield tuple(pieces), element
            pieces = []


def links(where: Where, kind: str | None, relation: str | None) -> Iterator[TypedElement]:
    """The links of a mention: one for each of its pieces."""
    for begin, end in where[:-1]:
        yield TypedElement(begin, end, kind, CONTINUATION)
    yield TypedElement(*where[-1], kind, relation)


def where_of(one: Mapping[str, Any]) -> Where:
    return tuple((piece["start"], piece["end"]) for piece in one.get("spans") or ())


class Mentions:
    """Entities by where they stand, since a link of a chain is a piece of text of its own."""

    def __init__(self, entities: Iterable[Mapping[str, Any]]) -> None:
        self.at: defaultdict[Where, list[Mapping[str, Any]]] = defaultdict(list)
        for entity in entities:
            self.add(entity)

    def add(self, entity: Mapping[str, Any]) -> None:
        self.at[where_of(entity)].append(entity)

    def find(self, where: Where, element: TypedElement, prov: str | None) -> str | None:
        """The entity that stands there, if it is the only one or one of the link's kind; None for one of its own.

        Of several the one of the maker of the chain. A link that says how it relates to the next is a mention of its
        own.
        """
        there = self.at.get(where, [])
        if element.relation not in (None, CONTINUATION):
            return None
        if element.kind is None:
            return str(there[0]["id"]) if len(there) == 1 else None
        fit = [one for one in there if one["type"] == element.kind]
        return next((str(one["id"]) for one in sorted(fit, key=lambda one: one.get("prov") != prov)), None)

    def kind(self, entity: Mapping[str, Any]) -> str | None:
        """What the link to an entity has to say for the entity to be found again."""
        return None if len(self.at[where_of(entity)]) == 1 else str(entity["type"])

    @staticmethod
    def features(element: TypedElement, link_type: str) -> dict[str, Any]:
        """The type and attributes of a mention that is made for a link."""
        attributes = [{"name": "layer", "value": f"{link_type}:{KIND}"}]
        if element.relation is not None:
            attributes.append({"name": RELATION, "value": element.relation})
        return {"type": element.kind or link_type, "spans": [], "attributes": attributes}
