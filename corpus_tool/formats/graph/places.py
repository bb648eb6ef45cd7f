"""Where the annotations of an article stand in the JSON they came from, looked up only when somebody asks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from corpus_tool.formats import Place
from corpus_tool.formats.graph.draft import At
from corpus_tool.positions import locate, space, value_end

Places = Callable[[Mapping[str, At]], Mapping[str, Place]]


@dataclass(slots=True)
class JsonFile:
    """The bytes of a source, and where the documents in its lists begin and end once somebody has asked.

    A list is gone through once, however many of its documents have findings.
    """

    data: bytes
    first_line: int = 1
    _text: str | None = None
    _lines: list[int] = field(default_factory=list)
    _lists: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def places(self, document: str) -> Places:
        """What turns pointers into a document, which itself is at a pointer, into lines and columns."""

        def found(at: Mapping[str, At]) -> Mapping[str, Place]:
            return JsonPlaces(self, document, {key: place for key, place in at.items() if isinstance(place, str)})

        return found

    def locate(self, document: str, pointers: set[str]) -> dict[str, Place]:
        text, start, end = self._portion(document)
        line = bisect_right(self._lines, start)
        before = start - self._lines[line - 1]
        inner = {pointer: pointer.removeprefix(document) for pointer in pointers}
        known = {pointer: one if pointer.startswith(document) else "" for pointer, one in inner.items()}
        first = self.first_line + line - 1
        extents = locate(text[start:end].encode(), set(known.values()), first)
        found = {pointer: extents[one] for pointer, one in known.items()}
        return {
            pointer: (one.line, one.column + (before if one.line == first else 0)) for pointer, one in found.items()
        }

    def _portion(self, document: str) -> tuple[str, int, int]:
        """The text of the file, and where in it the document stands."""
        if self._text is None:
            self._text = self.data.decode(errors="replace")
            self._lines = [0, *(at + 1 for at, mark in enumerate(self._text) if mark == "\n")]
        outer, _, number = document.rpartition("/")
        if not number.isdecimal():
            return self._text, 0, len(self._text)
        if outer not in self._lists:
            extent = locate(self.data, [outer])[outer]
            self._lists[outer] = list(_elements(self._text, self._lines[extent.line - 1] + extent.column - 1))
        return self._text, *self._lists[outer][int(number)]


def _elements(text: str, start: int) -> Iterator[tuple[int, int]]:
    at = space(text, start + 1)
    while text[at : at + 1] not in ("", "]"):
        end = value_end(text, at)
        yield at, end
        at = space(text, end)
        if text[at : at + 1] == ",":
            at = space(text, at + 1)


class JsonPlaces(Mapping[str, Place]):
    """From pointers of an article to places, by way of the pointers in the file; found at the first question."""

    def __init__(self, file: JsonFile, document: str, pointers: Mapping[str, str]) -> None:
        self._file, self._document, self._pointers = file, document, pointers
        self._found: dict[str, Place] = {}

    def __getitem__(self, pointer: str) -> Place:
        if not self._found:
            self._found = self._file.locate(self._document, set(self._pointers.values()))
        return self._found[self._pointers[pointer]]

    def __contains__(self, pointer: object) -> bool:
        return pointer in self._pointers

    def __iter__(self) -> Iterator[str]:
        return iter(self._pointers)

    def __len__(self) -> int:
        return len(self._pointers)
