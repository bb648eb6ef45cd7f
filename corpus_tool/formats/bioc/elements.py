"""Elements of BioC, whether they stand in XML or in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus_tool.formats.graph.draft import At


@dataclass(slots=True)
class Element:
    """One element: attributes, its own text, the elements in it, and where it stands in the source."""

    tag: str
    at: At
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        return [child for child in self.children if child.tag == tag]

    def said(self, name: str) -> str | None:
        """The text of the first child of that name, else of the attribute: BioC 1 has the one, BioC 2 the other."""
        child = next((child for child in self.children if child.tag == name), None)
        return child.text if child is not None else self.attributes.get(name)

    def infons(self) -> Iterator[tuple[str, str]]:
        for child in self.children:
            if child.tag == "infon" and child.attributes.get("key"):
                yield child.attributes["key"], child.text


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a source cannot be read any further, and why."""

    rule: tuple[str, str]
    place: tuple[int, int] | None
    message: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A document, and what the collection says before it."""

    document: Element
    collection: Element
