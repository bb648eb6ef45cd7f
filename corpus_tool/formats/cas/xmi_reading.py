"""UIMA CAS XMI to feature structures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus_tool.formats import Place
from corpus_tool.formats.cas.guessing import guessed
from corpus_tool.formats.cas.noted import Noted, UnreadableError
from corpus_tool.formats.cas.structures import SOFA, Cas, Ref, Structure, Value, View
from corpus_tool.formats.cas.types import Feature, TypeSystem
from corpus_tool.formats.cas.values import MistypedError, children, typed
from corpus_tool.formats.cas.xml import Element, parse, places

XMI = "http://www.omg.org/XMI"
_UIMA = "http:///uima/cas.ecore"
_NO_NAMESPACE = "uima.noNamespace."
_ID = f"{XMI} id"
_MOST = 2**62


def read_xmi(data: bytes, types: TypeSystem, noted: Noted, *, stated: bool) -> Cas:
    """The feature structures of a file; `stated` says whether `types` came with it.

    Types that nobody declares are read by names and shapes, and that is noted. Raises UnreadableError.
    """
    root = parse(data)
    if (root.space, root.name) != (XMI, "XMI"):
        raise UnreadableError(f"the root element is <{root.name}>, not <xmi:XMI>")
    reading = _Reading(types, noted, dict(places(data, [each.offset for each in root.children])))
    structures = dict(reading.structures(root.children))
    views = tuple(reading.views(root.children, structures))
    cas = Cas(types, structures, views, stated=stated)
    return guessed(cas, reading.unknown, noted)


def type_name(element: Element) -> str:
    """The name of the type of an element: the namespace is its package."""
    package = element.space.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
    return f"{package}.{element.name}".removeprefix(_NO_NAMESPACE)


class _Reading:
    def __init__(self, types: TypeSystem, noted: Noted, where: dict[int, Place]) -> None:
        self.types, self.noted, self.where = types, noted, where
        self.unknown: dict[str, set[str]] = {}
        """Types and features that no type system declares."""

    def structures(self, elements: Iterable[Element]) -> Iterator[tuple[int, Structure]]:
        seen: set[int] = set()
        for element in elements:
            if element.space == _UIMA and element.name in {"NULL", "View"}:
                continue
            number, place = _number(element.attributes.get(_ID)), self.where[element.offset]
            if number is None or number in seen:
                why = "has no xmi:id that is a number" if number is None else f"has the xmi:id {number} of another"
                self.noted.malformed(f"<{element.name}> {why}: left out", place)
                continue
            seen.add(number)
            yield number, Structure(number, type_name(element), self._values(element, place), place)

    def _values(self, element: Element, place: Place) -> dict[str, Value]:
        name = type_name(element)
        if self.types.get(name) is None:
            self.unknown.setdefault(name, set())
        features = self.types.features(name)
        values: dict[str, Value] = {}
        several: dict[str, list[str]] = {}
        for key, said in element.attributes.items():
            if " " not in key:
                self._put(values, name, key, [said], features.get(key), place)
        for child in element.children:
            several.setdefault(child.name, []).append(child.text)
        for key, each in several.items():
            self._put(values, name, key, each, features.get(key), place, apart=True)
        return values

    def _put(  # noqa: PLR0913, PLR0917 (where a value goes, and what is said of it)
        self, values: dict[str, Value], name: str, key: str, said: list[str], feature: Feature | None, place: Place,
        *, apart: bool = False,
    ) -> None:  # fmt: skip
        if feature is None:
            self.unknown.setdefault(name, set()).add(key)
            values[key] = tuple(said) if apart else said[0]
            return
        try:
            values[key] = children(self.types, feature, said) if apart else typed(self.types, feature, said[0])
        except MistypedError as error:
            self.noted.malformed(f"'{key}' of {name} {error}: '{said[0][:60]}'", place)

    def views(self, elements: Iterable[Element], structures: dict[int, Structure]) -> Iterator[View]:
        """Every view, and one without members for each sofa that none speaks of, as UIMA leaves those out."""
        spoken: set[int] = set()
        for element in elements:
            if element.space == _UIMA and element.name == "View":
                sofa = _number(element.attributes.get("sofa"))
                spoken.add(sofa or 0)
                yield View(_named(structures, sofa), sofa, tuple(self._members(element, structures)))
        for number, structure in structures.items():
            if structure.type == SOFA and number not in spoken:
                yield View(_named(structures, number), number)

    def _members(self, view: Element, structures: dict[int, Structure]) -> Iterator[int]:
        for said in view.attributes.get("members", "").split():
            number = _number(said)
            if number in structures:
                yield number
            else:
                message = f"a view has '{said[:20]}' as a member, and there is none"
                self.noted.malformed(message, self.where[view.offset])


def _number(said: str | None) -> int | None:
    if said is None or not said.isascii() or not said.isdigit() or len(said) > 18:
        return None
    return int(said)


def _named(structures: dict[int, Structure], sofa: int | None) -> str:
    structure = structures.get(sofa or 0)
    return (structure.text("sofaID") if structure else None) or "_InitialView"


__all__ = ["Ref", "read_xmi", "type_name"]
