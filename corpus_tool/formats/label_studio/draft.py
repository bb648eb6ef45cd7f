"""One task on its way to an article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Place
from corpus_tool.formats.label_studio.config import Config
from corpus_tool.formats.made import ContentIds
from corpus_tool.formats.tally import Tally
from corpus_tool.positions import Extent

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

MALFORMED = ("IO019", "source-is-well-formed")
AMBIGUOUS = ("IO020", "source-is-unambiguous")
OUTSIDE = ("IO018", "offset-stands-for-a-character")
UNIT = ("IO017", "offsets-are-in-the-unit-of-the-format")
SURFACE = ("SPN304", "surface-matches-text")
DANGLING = ("REF402", "dangling-reference")
Found = tuple[tuple[str, str], Severity, str, str]
"""Rule, severity, message, and the pointer of the source it is about."""


@dataclass(frozen=True, slots=True)
class Project:
    """What is the same for all tasks of a file."""

    path: str
    id: str
    config: Config | None
    inventory: Inventory | None
    chains: frozenset[str]
    losses: Tally = field(default_factory=Tally)

    def is_role(self, label: str) -> bool:
        """Whether it names a role of events; one that stands several times has a number behind it."""
        names = {label, label.rstrip("0123456789")}
        if self.config is not None and names & self.config.roles:
            return True
        events = self.inventory.of("event") if self.inventory is not None else ()
        return any(argument.role in names for event in events for argument in event.arguments)


@dataclass(slots=True)
class Draft:
    """An article as it grows: its layers, what was found, and where in the source each part stands."""

    project: Project
    id: str
    pointer: str
    text: str = ""
    has_text: bool = False
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    provenance: list[dict[str, Any]] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    adjudication: list[dict[str, Any]] = field(default_factory=list)
    pointers: dict[str, str] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    content_ids: ContentIds = field(default_factory=ContentIds)

    def report(self, rule: tuple[str, str], severity: Severity, message: str, pointer: str) -> None:
        self.found.append((rule, severity, message, pointer))

    def lose(self, what: str, example: object) -> None:
        self.project.losses.add(what, f"{self.id}: {example}")

    def add(self, layer: str, one: dict[str, Any], pointer: str) -> dict[str, Any]:
        """Append to a layer, remembering where it stands."""
        items = self.layers.setdefault(layer, [])
        self.pointers[f"/{layer}/{len(items)}"] = pointer
        items.append(one)
        return one

    def own_id(self, name: str, prov: str) -> str:
        """The id of a region, unless another annotation of the task has it too: then with who made it."""
        made = name
        if made in self.taken:
            made = f"{name}-{prov}"
        number = 2
        while made in self.taken:
            made, number = f"{name}-{prov}-{number}", number + 1
        self.taken.add(made)
        return made

    def findings(self, places: Mapping[str, Extent]) -> Iterator[Finding]:
        """What was found, with line and column."""
        for rule, severity, message, pointer in self.found:
            place = places[pointer]
            at = Location(self.project.path, place.line, place.column, article=self.id)
            yield Finding(*rule, severity, at, message)

    def places(self, places: Mapping[str, Extent]) -> dict[str, Place]:
        """Where the parts of the article stand."""
        return {own: (places[pointer].line, places[pointer].column) for own, pointer in self.pointers.items()}
