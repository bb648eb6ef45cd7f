"""Type system descriptions (XML) to type systems."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.formats.cas.noted import UnreadableError
from corpus_tool.formats.cas.types import TOP, Feature, Type, TypeSystem
from corpus_tool.formats.cas.xml import Element, parse

ROOT = "typeSystemDescription"


def read_typesystem(data: bytes) -> TypeSystem:
    """The types that a description declares; what it imports from elsewhere is not fetched. Raises UnreadableError."""
    root = parse(data)
    if root.name != ROOT:
        raise UnreadableError(f"the root element is <{root.name}>, not <{ROOT}>")
    return TypeSystem.of(_types(root))


def _types(root: Element) -> Iterator[Type]:
    for each in _below(root, "types", "typeDescription"):
        name = each.said("name")
        if name is not None:
            features = tuple(_features(each))
            allowed = tuple(text for one in _below(each, "allowedValues", "value") if (text := one.said("string")))
            yield Type(name, each.said("supertypeName") or TOP, features, each.said("description") or "", allowed)


def _features(described: Element) -> Iterator[Feature]:
    for each in _below(described, "features", "featureDescription"):
        name = each.said("name")
        if name is not None:
            shared = each.said("multipleReferencesAllowed") == "true"
            yield Feature(name, each.said("rangeTypeName") or TOP, each.said("elementType"), shared)


def _below(element: Element, group: str, name: str) -> Iterator[Element]:
    found = element.child(group)
    yield from (each for each in (found.children if found else ()) if each.name == name)
