"""The type system of what is written: DKPro's types as they are, and layers as their annotations need them."""

from __future__ import annotations

from collections.abc import Iterable

from corpus_tool.formats.cas import dkpro, own
from corpus_tool.formats.cas.feature_names import to_written
from corpus_tool.formats.cas.structures import ANNOTATION, ANNOTATION_BASE
from corpus_tool.formats.cas.types import ELEMENTS, FS_ARRAY, PREDEFINED, STRING, TOP, Feature, Type, TypeSystem
from corpus_tool.formats.typed_layers import TypedSlot
from corpus_tool.formats.typed_layers.names import conventional_link

_KNOWN = {each.name: each for each in (*dkpro.KNOWN, *own.TYPES)}


class Declared:
    """Types as they come into use."""

    def __init__(self) -> None:
        self.made: dict[str, Type] = {}

    def types(self) -> TypeSystem:
        return TypeSystem(dict(sorted(self.made.items())))

    def know(self, name: str) -> None:
        """Take in a known type with all that it speaks of; built-in and other types are left as they are."""
        if name in self.made or name not in _KNOWN:
            return
        self.made[name] = _KNOWN[name]
        self.know(_KNOWN[name].parent)
        for feature in _KNOWN[name].features:
            self.know(feature.range)
            self.know(feature.element or "")

    def span(self, name: str, features: Iterable[str]) -> None:
        self._layer(name, ANNOTATION, (Feature(each, STRING) for each in features))

    def relation(self, name: str, features: Iterable[str]) -> None:
        ends = (Feature(end, ANNOTATION) for end in ("Governor", "Dependent"))
        self._layer(name, ANNOTATION, [*ends, *(Feature(each, STRING) for each in features)])

    def slot(self, host: str, slot: TypedSlot) -> str:
        """Declare a slot of a layer; the type of its links."""
        link = slot.link_type or conventional_link(host, slot.feature)
        target = slot.target_type or ANNOTATION
        self.know(target)
        if target not in PREDEFINED:
            self._layer(target, ANNOTATION, ())
        self._layer(link, TOP, (Feature("role", STRING), Feature("target", target)))
        self._layer(host, ANNOTATION, (Feature(to_written(slot.feature), FS_ARRAY, link),))
        return link

    def chain(self, link: str) -> str:
        """Declare the links of chains; the type of the chains."""
        name = (link.removesuffix("Link") if link.endswith("Link") else link) + "Chain"
        said = (Feature(each, STRING) for each in ("referenceType", "referenceRelation"))
        self._layer(link, ANNOTATION, [Feature("next", link), *said])
        self._layer(name, ANNOTATION_BASE, (Feature("first", link),))
        return name

    def _layer(self, name: str, parent: str, features: Iterable[Feature]) -> None:
        self.know(name)
        before = self.made.get(name, Type(name, parent))
        known = {each.name for each in before.features}
        added = tuple(each for each in features if each.name not in known)
        if name not in PREDEFINED and (added or name not in self.made):
            self.made[name] = Type(name, before.parent, before.features + added, before.description)


def array_of(feature: Feature) -> str | None:
    """The array type of a feature that holds several values."""
    return feature.range if feature.range in ELEMENTS else None
