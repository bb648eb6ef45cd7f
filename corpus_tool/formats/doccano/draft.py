"""An article of doccano as it grows, and what the records of its file have shown so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Source
from corpus_tool.formats.doccano.label_names import names_of
from corpus_tool.formats.doccano.members import everyone
from corpus_tool.formats.made import ContentIds, by_unknown
from corpus_tool.formats.pairs import chain_labels
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.users import agent_of

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

AMBIGUOUS = ("IO020", "source-is-unambiguous")
LAYERS = ("entities", "relations", "coreference", "labels", "notes")


@dataclass(slots=True)
class Reading:
    """What is the same for all records of a file, and what its records have shown so far."""

    source: Source
    inventory: Inventory | None
    names: dict[int, str]
    chains: frozenset[str]
    losses: Tally = field(default_factory=Tally)
    told: set[str] = field(default_factory=set)
    kind: str | None = None
    """The layer that a list under `label` has brought."""

    def once(self, what: str) -> bool:
        """Whether it is the first time that this is to be said of the file."""
        new = what not in self.told
        self.told.add(what)
        return new


@dataclass(slots=True)
class Draft:
    """An article as it grows, of one record or of several of the same text by different users."""

    reading: Reading
    id: str
    text: str
    metadata: dict[str, Any]
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    provenance: dict[str, dict[str, Any]] = field(default_factory=dict)
    adjudication: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[str, list[int | None]] = field(default_factory=dict)
    """The line of each annotation by layer; none where it is one of a member's file beside that of the article."""
    findings: list[Finding] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    content_ids: ContentIds = field(default_factory=ContentIds)
    line: int = 0
    path: str = ""

    def report(self, rule: tuple[str, str], severity: Severity, message: str) -> None:
        at = Location(self.path, self.line, 1, article=self.id)
        self.findings.append(Finding(*rule, severity, at, message))

    def lose(self, what: str, example: object) -> None:
        self.reading.losses.add(what, f"{self.id}: {example}")

    def add(self, layer: str, one: dict[str, Any]) -> None:
        self.add_all(layer, [one])

    def add_all(self, layer: str, found: list[dict[str, Any]]) -> None:
        self.layers.setdefault(layer, []).extend(found)
        line = self.line if self.path == self.reading.source.path else None
        self.lines.setdefault(layer, []).extend([line] * len(found))

    def own_id(self, letter: str, number: int | None, *content: object) -> str:
        """The number of doccano behind a letter; without one, or where it is taken, an id from the content."""
        name = f"{letter}{number}" if number is not None else self.content_ids.make(letter, *content)
        while name in self.taken:
            name = self.content_ids.make(letter, *content)
        self.taken.add(name)
        return name

    def own_ids(self, letter: str, numbers: Sequence[int | None], contents: Iterable[tuple[object, ...]]) -> list[str]:
        """What `own_id` would give them one after the other."""
        if None not in numbers:
            names = [f"{letter}{number}" for number in numbers]
            if len(set(names)) == len(names) and self.taken.isdisjoint(names):
                self.taken.update(names)
                return names
        elif not self.taken and numbers.count(None) == len(numbers):
            names = self.content_ids.make_all(letter, contents)
            self.taken.update(names)
            return names
        return [self.own_id(letter, number, *content) for number, content in zip(numbers, contents, strict=True)]

    def prov_of(self, user: Any) -> str:
        """The provenance of a user; of nobody known where there is none."""
        if user is None:
            known = self.provenance.get("") or self.provenance.setdefault("", by_unknown("doccano"))
            return str(known["id"])
        agent = agent_of(user)
        name = f"U{len(self.provenance) + 1}"
        record = {"id": name, "agent": agent, "agent_type": "human", "role": "annotator", "tool": "doccano"}
        return str(self.provenance.setdefault(agent, record)["id"])


def start_reading(files: Sequence[Source], inventory: Inventory | None) -> Reading:
    """The state in which an export is begun, of one file or of one a member."""
    source = everyone(files) if len(files) > 1 else files[0]
    names = {number: name for file in files for number, name in names_of(file).items()}
    return Reading(source, inventory, names, chain_labels(inventory))
