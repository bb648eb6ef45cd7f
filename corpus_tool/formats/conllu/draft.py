"""An article while its sentences come in."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Place
from corpus_tool.formats.conllu.naming import Names

MALFORMED = ("IO019", "source-is-well-formed")
AMBIGUOUS = ("IO020", "source-is-unambiguous")
Annotation = dict[str, Any]


class Lines(Mapping[str, Place]):
    """Where annotations stand, by JSON Pointer; only looked up when something is found.

    Of each layer the lines of its annotations, in their order.
    """

    def __init__(self) -> None:
        self.layers: dict[str, array[int]] = {}

    def of(self, layer: str) -> array[int]:
        return self.layers.setdefault(layer, array("Q"))

    def __getitem__(self, pointer: str) -> Place:
        if not pointer.startswith("/"):
            raise KeyError(pointer)
        layer, _, number = pointer[1:].partition("/")
        if not number.isdecimal() or not number.isascii():
            raise KeyError(pointer)
        lines = self.layers.get(layer, ())
        if len(number) > 18 or int(number) >= len(lines) or str(int(number)) != number:
            raise KeyError(pointer)
        return lines[int(number)], 1

    def __iter__(self) -> Iterator[str]:
        return (f"/{layer}/{number}" for layer, lines in self.layers.items() for number in range(len(lines)))

    def __len__(self) -> int:
        return sum(map(len, self.layers.values()))


@dataclass(slots=True)
class Spacing:
    """White space said to stand behind the last token, and who says so where the text cannot show it."""

    after: str | None = None
    firm: bool = False
    holder: Annotation | None = None


@dataclass(slots=True)
class Draft:
    """An article, its sentences so far, and what was found while reading them."""

    path: str
    id: str
    names: Names
    line: int = 1
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    spacing: Spacing = field(default_factory=Spacing)
    layers: dict[str, list[Annotation]] = field(default_factory=dict)
    places: Lines = field(default_factory=Lines)
    findings: list[Finding] = field(default_factory=list)
    stated: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, key and value of what comments say of the whole article."""
    explicit: bool = False
    """Whether the file lists the layers of the article, and says of tokens that they have no word."""
    refused: bool = False

    def add(self, layer: str, annotation: Annotation, line: int) -> None:
        self.layers.setdefault(layer, []).append(annotation)
        self.places.of(layer).append(line)

    def report(
        self, rule: tuple[str, str], severity: Severity, place: Place, message: str, about: str | None = None
    ) -> None:
        at = Location(self.path, *place, article=self.id, annotation=about)
        self.findings.append(Finding(*rule, severity, at, message))

    def malformed(self, place: Place, message: str) -> None:
        self.report(MALFORMED, Severity.ERROR, place, message)

    def ambiguous(self, place: Place, message: str) -> None:
        self.report(AMBIGUOUS, Severity.WARNING, place, message)


def column(cells: list[str], number: int) -> int:
    """Where a cell begins in its line, from 1."""
    return sum(map(len, cells[:number])) + number + 1
