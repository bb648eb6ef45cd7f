"""XML as a tree with places: no entity is declared, no DTD loaded, nothing fetched.

The parser is that of the standard library, used directly: `xml.etree` has no columns, and character data come as they
stand, which offsets rest on. White space is as XML has it: a line break of the file is one line feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from corpus_tool.formats import Place

NAMESPACE = "http://www.tei-c.org/ns/1.0"
_XML = "http://www.w3.org/XML/1998/namespace"
DEEPEST = 256


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a file is no XML that is read, and where."""

    message: str
    place: Place


@dataclass(slots=True)
class Node:
    """An element: local name (of another namespace as `{namespace}name`), attributes, children and text in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    place: Place = (1, 1)
    children: list[Node | str] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """An attribute with something in it."""
        return self.attributes.get(name) or None

    def elements(self) -> Iterator[Node]:
        """The elements directly below."""
        return (child for child in self.children if isinstance(child, Node))

    def first(self, *path: str) -> Node | None:
        """The first element down a path of names; None where there is none."""
        found: Node | None = self
        for name in path:
            found = next((child for child in found.elements() if child.tag == name), None) if found else None
        return found

    def every(self, *names: str) -> Iterator[Node]:
        """All elements of these names below, in document order."""
        for child in self.elements():
            if child.tag in names:
                yield child
            yield from child.every(*names)

    def text(self) -> str:
        """All its character data, white space collapsed."""
        return " ".join(self.verbatim().split())

    def verbatim(self) -> str:
        """All its character data as they stand."""
        return "".join(child if isinstance(child, str) else child.verbatim() for child in self.children)


def parse(data: bytes) -> Node | Broken:
    """The root element of a file."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        return Broken(expat.ErrorString(error.code), (error.lineno, error.offset + 1))
    except _RefusedError as error:
        return error.broken
    except (LookupError, ValueError) as error:
        return Broken(f"an encoding that cannot be read: {error}", (1, 1))
    return reader.root.children[0]  # type: ignore[return-value]


class _RefusedError(Exception):
    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.message)
        self.broken = broken


class _Reader:
    def __init__(self) -> None:
        self.parser: Any = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = self.entity
        self.parser.SkippedEntityHandler = self.skipped
        self.root = Node("")
        self.open = [self.root]

    def place(self) -> Place:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) > DEEPEST:
            raise _RefusedError(Broken(f"elements nest deeper than {DEEPEST}", self.place()))
        named = {_local(name): value for name, value in attributes.items()}
        node = Node(_local(tag), named, self.place())
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, _: str) -> None:
        self.open.pop()

    def characters(self, data: str) -> None:
        self.open[-1].children.append(data)

    def entity(self, name: str, *_: object) -> None:
        raise _RefusedError(Broken(f"the entity '{name[:80]}' is declared: entities are not read", self.place()))

    def skipped(self, name: str, *_: object) -> None:
        message = f"the entity '{name[:80]}' is declared elsewhere: write its characters"
        raise _RefusedError(Broken(message, self.place()))


def _local(name: str) -> str:
    """`xml:id` for what is XML's own, a plain name for TEI and what has no namespace."""
    namespace, _, local = name.rpartition(" ")
    if namespace in {"", NAMESPACE}:
        return local
    return f"xml:{local}" if namespace == _XML else f"{{{namespace}}}{local}"
