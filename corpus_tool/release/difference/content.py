"""One annotation as content: without ids, with what its references name in their place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from corpus_tool import vocabulary

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field
    from corpus_tool.layers import Layer

Spans = tuple[tuple[int, int], ...]
Token = Callable[[bool, str], str]
"""What stands for a reference: whether it is one to provenance, and the id it names."""
RECORDS = ("provenance", "coverage", "adjudication")
_ROUNDS = 3
_ABOUT = ("axis", "agent", "layer")


@dataclass(frozen=True, slots=True)
class Node:
    """One annotation of an article, with what it is found again by."""

    layer: Layer
    at: int
    item: Mapping[str, Any]
    id: str | None
    label: str | None
    prov: str | None
    spans: Spans
    references: tuple[tuple[str, str], ...]
    """Where a reference stands, with its role, and the id it names."""

    @property
    def key(self) -> tuple[str, int]:
        return self.layer.name, self.at


class Graph:
    """The annotations of one article, and the colour of each: equal where content is, as far as three references go."""

    def __init__(self, article: Mapping[str, Any], contract: Contract) -> None:
        self.nodes = [
            node(layer, at, item) for layer in contract.layers for at, item in enumerate(article.get(layer.name) or ())
        ]
        self.named: dict[tuple[bool, str], Node] = {}
        for one in self.nodes:
            for name in _ids(one.item, one.layer.item):
                self.named.setdefault((one.layer.kind == "provenance", name), one)
        self.own = {one.key: normal(one, lambda *_: "") for one in self.nodes}
        self.colours: Mapping[tuple[str, int], str] = {}
        self.recolour({})

    def recolour(self, fixed: Mapping[tuple[str, int], str]) -> None:
        """Work the colours out again, where those of some annotations are known."""
        self.colours = {**self.own, **fixed}
        for _ in range(_ROUNDS):
            token = self.token(self.colours)
            self.colours = {one.key: fixed.get(one.key) or normal(one, token) for one in self.nodes}

    def token(self, known: Mapping[tuple[str, int], str]) -> Token:
        """References as what is known of the annotations they name; one that names nothing stays as it is."""

        def token(provenance: bool, name: str) -> str:  # noqa: FBT001 (a callback, of one shape)
            found = self.named.get((provenance, name))
            return f"?{name}" if found is None else known[found.key]

        return token

    def place(self, one: Node, hops: int = 2) -> tuple[Any, ...]:
        """Where it stands: its spans, else those of what it names, with their roles.

        Of a label of the article that is its axis, of a record the agent or the layer it is about.
        """
        if one.spans:
            return one.spans
        said = next((one.layer.meanings[name] for name in _ABOUT if name in one.layer.meanings), None)
        if said:
            return ((said[0], str(one.item.get(said[0]))),)
        targets = [(slot, self.named.get((False, name))) for slot, name in one.references]
        found = [(slot, each.spans) for slot, each in targets if each is not None and each.spans]
        if not found and hops:
            below = [(slot, self.place(each, hops - 1)) for slot, each in targets if each is not None]
            return tuple(sorted((slot, place) for slot, place in below if place))
        return tuple(sorted(found))


def node(layer: Layer, at: int, item: Mapping[str, Any]) -> Node:
    spans = sorted((span[place.start], span[place.end]) for place in layer.spans for span in _at(item, place.path))
    named = [
        (f"{'.'.join(place.path)} {holder.get(place.role, '') if place.role else ''}", name)
        for place in layer.references
        for holder in _holders(item, place.path)
        for name in _at(holder, place.path[-1:] if place.path[-1] != "*" else place.path[-2:])
    ]
    return Node(
        layer, at, item, _text(item, layer.id), _text(item, layer.label), _text(item, layer.provenance),
        tuple(spans), tuple(sorted(named)),
    )  # fmt: skip


def normal(one: Node, token: Token) -> str:
    """The digest of an annotation's content."""
    return hashlib.sha256(orjson.dumps(plain(one.item, one.layer.item, token), option=_SORTED)).hexdigest()[:24]


_SORTED = orjson.OPT_SORT_KEYS


def plain(value: Any, field: Field, token: Token) -> Any:
    """A value without ids; references by their token; a list of objects or references in an order of its own."""
    if isinstance(value, Mapping):
        children = {child.name: child for child in field.fields}
        return {
            name: plain(part, children[name], token) if name in children else part
            for name, part in value.items()
            if name not in children or not children[name].says(vocabulary.ID)
        }
    if isinstance(value, list) and field.item is not None:
        made = [plain(part, field.item, token) for part in value]
        unordered = field.item.type == "object" or field.item.says(vocabulary.REF)
        return sorted(made, key=lambda part: orjson.dumps(part, option=_SORTED)) if unordered else made
    if isinstance(value, str) and field.says(vocabulary.PROVENANCE):
        return token(True, value)
    if isinstance(value, str) and (kinds := field.says(vocabulary.REF)):
        return token("provenance" in kinds, value)
    return value


def _ids(value: Any, field: Field) -> Iterator[str]:
    """The ids that an annotation bears, its own first."""
    if isinstance(value, Mapping):
        own = field.child(vocabulary.ID)
        if own is not None and isinstance(value.get(own.name), str):
            yield value[own.name]
        for child in field.fields:
            if child.type in ("object", "array"):
                yield from _ids(value.get(child.name), child)
    elif isinstance(value, list) and field.item is not None and field.item.type == "object":
        for part in value:
            yield from _ids(part, field.item)


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if value is None:
        return
    if not path:
        yield value
    elif path[0] == "*":
        for part in value:
            yield from _at(part, path[1:])
    else:
        yield from _at(value.get(path[0]), path[1:])


def _holders(item: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The objects in which a reference stands."""
    yield from _at(item, path[:-2] if path[-1] == "*" else path[:-1])


def _text(item: Mapping[str, Any], name: str | None) -> str | None:
    value = item.get(name) if name else None
    return None if value is None else str(value)
