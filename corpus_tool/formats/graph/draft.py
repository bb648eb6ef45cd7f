"""An article on its way: its layers, where their parts stand in the source, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Imported, Place
from corpus_tool.formats.made import ContentIds, begun, span
from corpus_tool.formats.tally import Tally

At = Place | str
"""A line and column, or a JSON Pointer into the source."""
LAYERS = (
    "passages", "sentences", "tokens", "words", "entities", "relations", "events", "quotations", "coreference",
    "labels", "notes", "provenance", "coverage", "adjudication",
)  # fmt: skip
LETTERS = dict(zip(LAYERS, "PSKWTREQCLNAVD", strict=True))
"""What derived ids begin with."""
WITHOUT_ID = ("coverage", "adjudication")
UNNAMED = "unnamed:"
"""What the ids of labels begin with that have none, in formats where everything has one."""

NOT_UTF8 = ("IO001", "text-is-utf8")
INCOMPLETE = ("IO015", "pair-is-complete")
OUTSIDE = ("IO018", "offset-stands-for-a-character")
MALFORMED = ("IO019", "source-is-well-formed")
AMBIGUOUS = ("IO020", "source-is-unambiguous")
SURFACE = ("SPN304", "surface-matches-text")
DANGLING = ("REF402", "dangling-reference")


@dataclass(frozen=True, slots=True)
class Said:
    """A finding before its line is known."""

    rule: tuple[str, str]
    severity: Severity
    at: At | None
    message: str
    about: str | None = None


@dataclass(slots=True)
class Draft:
    """One article being read; ids are unique in it."""

    path: str
    id: str
    text: str = ""
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    split: str | None = None
    at: dict[str, At] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    lost: Tally = field(default_factory=Tally)
    ids: ContentIds = field(default_factory=ContentIds)
    taken: set[str] = field(default_factory=set)

    def error(self, rule: tuple[str, str], at: At | None, message: str, about: str | None = None) -> None:
        self.said.append(Said(rule, Severity.ERROR, at, message, about))

    def warning(self, rule: tuple[str, str], at: At | None, message: str, about: str | None = None) -> None:
        self.said.append(Said(rule, Severity.WARNING, at, message, about))

    def lose(self, what: str, example: str) -> None:
        """Count something that the source has and an article cannot hold."""
        self.lost.add(what, f"{self.id}: {example}")

    def new_id(self, layer: str, wanted: str | None, at: At | None, *content: object) -> str:
        """The id of an annotation: what it is called in the source, if nothing else is, or one made of its content."""
        if wanted and wanted not in self.taken:
            self.taken.add(wanted)
            return wanted
        name = self.ids.make(LETTERS[layer], layer, wanted, *content)
        while name in self.taken:
            name = self.ids.make(LETTERS[layer], layer, wanted, *content)
        if wanted:
            self.warning(AMBIGUOUS, at, f"the id '{wanted}' stands twice: this one is called '{name}'", name)
        self.taken.add(name)
        return name

    def spans(self, pieces: list[tuple[int, int]]) -> list[dict[str, Any]]:
        return [span(self.text, start, end) for start, end in pieces]

    def add(self, layer: str, one: dict[str, Any], at: At | None) -> str:
        """Append to a layer; its pointer."""
        items = self.layers.setdefault(layer, [])
        pointer = f"/{layer}/{len(items)}"
        items.append(one)
        if at is not None:
            self.at[pointer] = at
        return pointer

    def article(self) -> Article:
        """The article, its properties in the order of the schema."""
        made: Article = begun(self.id, self.text)
        made |= {"split": self.split} if self.split else {}
        made |= {"metadata": self.metadata} if self.metadata else {}
        return made | {layer: self.layers[layer] for layer in LAYERS if layer in self.layers}

    def finish(self, places: Callable[[Mapping[str, At]], Mapping[str, Place]]) -> Imported:
        """The article and its findings; `places` turns what `at` holds into lines and columns."""
        lines = places({str(number): said.at for number, said in enumerate(self.said) if said.at is not None})
        findings = [
            Finding(*said.rule, said.severity, _located(self, lines.get(str(number)), said), said.message)
            for number, said in enumerate(self.said)
        ]
        return Imported(self.path, self.article(), tuple(findings), places(self.at), tuple(self.lost))


def _located(draft: Draft, place: Place | None, said: Said) -> Location:
    line, column = place or (None, None)
    return Location(draft.path, line, column, article=draft.id, annotation=said.about)


def refused(path: str, article: str, rule: tuple[str, str], message: str, place: Place | None = None) -> Imported:
    """A source that gives no article."""
    line, column = place or (None, None)
    location = Location(path, line, column, article=article)
    return Imported(path, None, (Finding(*rule, Severity.ERROR, location, message),))
