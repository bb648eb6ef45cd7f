"""One document of HIPE as it is read: rows go in, the article comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats import Article, Imported
from corpus_tool.formats.conll.building import Building, Places, head
from corpus_tool.formats.conll.tags import is_tag
from corpus_tool.formats.conll.troubles import FORM, Troubles
from corpus_tool.formats.hipe import headers
from corpus_tool.formats.hipe.cells import LITERAL, MISC, NOTHING, TOKEN, Flags, flags
from corpus_tool.formats.hipe.mentions import Document, Mention, annotated, mentions
from corpus_tool.formats.made import by_unknown
from corpus_tool.formats.tally import Tally

WIKIDATA = "wikidata"
COLUMN = "column"
"""The attribute of a mention that is not one of the first column: which it is of."""


@dataclass(slots=True)
class Draft:
    """A document being read: its rows column by column, and what its comments say."""

    path: str
    fix: bool = False
    words: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    columns: list[list[str]] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)
    flags: list[Flags] = field(default_factory=list)
    fields: Article = field(default_factory=dict)
    layers: frozenset[str] | None = None
    troubles: Troubles = field(init=False)
    tally: Tally = field(default_factory=Tally)
    name: str | None = None
    begun: bool = False
    refused: bool = False

    def __post_init__(self) -> None:
        self.troubles = Troubles(self.path, self.fix)

    def comment(self, content: str) -> None:
        """Take in a comment; one that no field stands for is counted as lost."""
        found = headers.COMMENT.fullmatch(content)
        key, value = (found[1], found[2].strip()) if found else ("", content)
        self.begun = True
        if headers.is_id(key) and value and self.name is None:
            self.name = value
        elif key == f"article:{headers.LAYERS}":
            self.layers = frozenset(value.split())
        elif key != f"{headers.OWN}:{headers.APPLICABLE}" and not headers.read(self.fields, key, value):
            self.tally.add(f"comments: {key}" if key else "comments", value)

    def rows(self, line: int, columns: Sequence[list[str]]) -> None:
        """Take in tokens, of which the first stands on that line."""
        self.lines.extend(range(line, line + len(columns[0])))
        if not self.columns:
            self.columns = [[] for _ in columns]
        for column, cells in zip(self.columns, columns, strict=True):
            column.extend(cells)

    def _taken(self, names: Sequence[str]) -> None:
        """Read the last column, in which the same cells come again and again, and those of tags."""
        self.cells = dict(zip(names, self.columns, strict=True)) if self.columns else {}
        said = self.cells.pop(MISC, [NOTHING] * len(self.lines))
        known = {cell: flags(cell) for cell in set(said)}
        self.flags = [known[cell] for cell in said]
        self.words = self.cells.pop(TOKEN, [])
        if any(one.spacing.word is not None for one in known.values()):
            words = zip(self.words, self.flags, strict=True)
            self.words = [word if own.spacing.word is None else own.spacing.word for word, own in words]
        tags = {name: column for name, column in self.cells.items() if name.startswith("NE-")}
        odd = [(at, name) for name, column in tags.items() for at in _no_tags(column)]
        for at, name in sorted(odd, key=lambda one: one[0]):
            message = f"{name}: '{tags[name][at][:40]}' is no tag: read as O"
            self.troubles.add(FORM, Severity.ERROR, self.lines[at], 1, message)
            tags[name][at] = "O"

    def finished(self, name: str, names: Sequence[str]) -> Imported:
        """The article, under the id that the file gives, or this one; `names` are those of its columns."""
        name = self.name or name
        self._taken(names)
        if self.refused:
            return Imported(self.path, None, tuple(self.troubles.findings(name)))
        document = Document(self.words, self.lines, self.cells, self.flags)
        building = self._built()
        article = head(name, building.text()) | self.fields
        made = {"sentences": building.sentences, "tokens": building.tokens}
        if not any(one.sentence_end for one in self.flags):
            del made["sentences"]
        for layer, items in made.items():
            if self.layers is None or layer in self.layers:
                article[layer] = items
        firsts: list[int] = []
        found = mentions(document, self.troubles, self.tally)
        if annotated(document) or found or (self.layers is not None and "entities" in self.layers):
            firsts = [one.first for one in found]
            article["entities"] = list(_entities(article["text"], building, found))
            article["provenance"] = [by_unknown("hipe")]
            article["coverage"] = [{"layer": "entities", "prov": "A1", "status": "complete"}]
        places = Places(building, firsts)
        findings = tuple(self.troubles.findings(name))
        if self.troubles.refused:
            return Imported(self.path, None, findings)
        return Imported(self.path, article, findings, places, tuple(self.tally), tuple(self.troubles.mended))

    def _built(self) -> Building:
        """Text, tokens and sentences of the document."""
        building = Building()
        gaps = [one.after for one in self.flags]
        if self.flags:
            building.after = self.flags[0].spacing.before
            gaps[-1] = self.flags[-1].spacing.after or ""
        begun = 0
        ends = [at for at, one in enumerate(self.flags[:-1], 1) if one.sentence_end]
        for end in [*ends, len(self.flags)] if self.flags else ():
            building.add(self.words[begun:end], self.lines[begun:end], gaps[begun:end])
            begun = end
        return building


def _no_tags(column: Sequence[str]) -> list[int]:
    """Where a column of tags has something else."""
    odd = {cell for cell in set(column) if cell not in {NOTHING, ""} and not is_tag(cell)}
    return [at for at, cell in enumerate(column) if cell in odd] if odd else []


def _entities(text: str, building: Building, found: Sequence[Mention]) -> list[dict[str, Any]]:
    made = []
    for one in found:
        first, last = building.tokens[one.first], building.tokens[one.behind - 1]
        start, end = first["spans"][0]["start"] + one.lead, last["spans"][0]["end"] - one.tail
        entity: dict[str, Any] = {
            "id": "T" + first["id"][1:] + ("" if one.column == LITERAL else f".{one.column}"),
            "type": one.label,
            "spans": [{"start": start, "end": end, "text": text[start:end]}],
        }
        if one.links:
            entity["links"] = [{"db": WIKIDATA, "id": link} for link in one.links]
        said = one.said if one.column == LITERAL else [(COLUMN, one.column)]
        if said:
            entity["attributes"] = [
                {"name": name} if value is None else {"name": name, "value": value} for name, value in said
            ]
        made.append(entity | {"prov": "A1"})
    return made
