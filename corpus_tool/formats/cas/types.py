"""The type system of a CAS: names of types, what they inherit, the ranges of their features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

TOP = "uima.cas.TOP"
STRING = "uima.cas.String"
INTEGERS = frozenset({"uima.cas.Integer", "uima.cas.Short", "uima.cas.Long", "uima.cas.Byte"})
FLOATS = frozenset({"uima.cas.Float", "uima.cas.Double"})
BOOLEAN = "uima.cas.Boolean"
FS_ARRAY = "uima.cas.FSArray"
_NUMBERS = ("Boolean", "Byte", "Short", "Integer", "Long", "Float", "Double")
_LISTED = ("FS", "String", "Integer", "Float")
PRIMITIVES = frozenset({STRING, BOOLEAN}) | INTEGERS | FLOATS
ELEMENTS = {f"uima.cas.{name}Array": f"uima.cas.{name}" for name in ("String", *_NUMBERS)} | {FS_ARRAY: TOP}
"""Array types, and the types of what they hold."""
LISTS = {f"uima.cas.{name}List": f"uima.cas.{name}" for name in _LISTED if name != "FS"} | {"uima.cas.FSList": TOP}
_CELLS = frozenset(f"uima.cas.{how}{name}List" for how in ("Empty", "NonEmpty", "") for name in _LISTED)
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a type: `element` is what an array or list holds, `shared` whether that stands apart."""

    name: str
    range: str
    element: str | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """A type, and the features that it adds to those of its parent."""

    name: str
    parent: str = TOP
    features: tuple[Feature, ...] = ()
    description: str = ""
    allowed: tuple[str, ...] = ()
    """The values of a kind of string; none where any will do."""


def _predefined() -> Iterator[Type]:
    yield Type(TOP)
    yield Type("uima.cas.Sofa", TOP, (
        Feature("sofaNum", "uima.cas.Integer"), Feature("sofaID", STRING), Feature("mimeType", STRING),
        Feature("sofaArray", TOP), Feature("sofaString", STRING), Feature("sofaURI", STRING),
    ))  # fmt: skip
    yield Type("uima.cas.AnnotationBase", TOP, (Feature("sofa", "uima.cas.Sofa"),))
    offsets = (Feature("begin", "uima.cas.Integer"), Feature("end", "uima.cas.Integer"))
    yield Type("uima.tcas.Annotation", "uima.cas.AnnotationBase", offsets)
    yield Type("uima.tcas.DocumentAnnotation", "uima.tcas.Annotation", (Feature("language", STRING),))
    for array, element in ELEMENTS.items():
        yield Type(array, TOP, (Feature("elements", array, element),))
    for name in _LISTED:
        both, head = f"uima.cas.{name}List", TOP if name == "FS" else f"uima.cas.{name}"
        yield Type(both)
        yield Type(f"uima.cas.Empty{name}List", both)
        cell = (Feature("head", head), Feature("tail", both, None, shared=True))
        yield Type(f"uima.cas.NonEmpty{name}List", both, cell)


@dataclass(slots=True)
class TypeSystem:
    """Types by name: those that UIMA has of itself, and those of a source."""

    own: dict[str, Type] = field(default_factory=dict)
    _features: dict[str, Mapping[str, Feature]] = field(default_factory=dict)
    _lineages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _primitives: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, types: Iterable[Type]) -> TypeSystem:
        """A type system of these types; features of a type that is declared again are added to it."""
        made: dict[str, Type] = {}
        for each in types:
            if (before := made.get(each.name)) is not None:
                known = {one.name for one in before.features}
                added = tuple(one for one in each.features if one.name not in known)
                made[each.name] = Type(
                    each.name, before.parent, before.features + added, before.description, before.allowed
                )
            else:
                made[each.name] = each
        return cls(made)

    def get(self, name: str) -> Type | None:
        return PREDEFINED.get(name) or self.own.get(name)

    def lineage(self, name: str) -> tuple[str, ...]:
        """The type, its parent, and so on to the top; a circle ends where it closes."""
        if name not in self._lineages:
            passed: dict[str, None] = {}
            above: str | None = name
            while above is not None and above not in passed and len(passed) < _DEEPEST:
                passed[above] = None
                found = self.get(above)
                above = None if found is None or above == TOP else found.parent
            self._lineages[name] = tuple(passed)
        return self._lineages[name]

    def is_a(self, name: str, ancestor: str) -> bool:
        return ancestor in self.lineage(name)

    def is_list(self, name: str) -> bool:
        return name in _CELLS

    def features(self, name: str) -> Mapping[str, Feature]:
        """All features of a type by name, with those it inherits first."""
        if name not in self._features:
            found: dict[str, Feature] = {}
            for each in reversed(self.lineage(name)):
                for of in (PREDEFINED.get(each), self.own.get(each)):
                    found |= {feature.name: feature for feature in (of.features if of else ())}
            self._features[name] = found
        return self._features[name]

    def primitive(self, name: str) -> str | None:
        """The primitive type that a range is or derives from (kinds of strings); None for structures."""
        if name not in self._primitives:
            self._primitives[name] = next((each for each in self.lineage(name) if each in PRIMITIVES), None)
        return self._primitives[name]


PREDEFINED = {each.name: each for each in _predefined()}


def element_of(feature: Feature) -> str | None:
    """What an array or list feature holds; None for a feature of one value."""
    if feature.range.endswith("[]"):
        return feature.range[:-2]
    held = ELEMENTS.get(feature.range) or LISTS.get(feature.range)
    return (feature.element or held) if held == TOP else held
