"""One article of columns as it is read: sentences go in, the article comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats import Article, Imported
from corpus_tool.formats.conll import comments, words
from corpus_tool.formats.conll.building import Building, Group, Places, head
from corpus_tool.formats.conll.columns import HEADER, Columns
from corpus_tool.formats.conll.spacing import NOTHING, gaps_in, parse
from corpus_tool.formats.conll.tags import FAULTY, OUTSIDE, chunks
from corpus_tool.formats.conll.troubles import DOUBT, Troubles
from corpus_tool.formats.made import by_unknown
from corpus_tool.formats.tally import Tally


@dataclass(slots=True)
class Rows:
    """The rows of one sentence, column by column; what the file has no column for is empty."""

    words: list[str]
    lines: list[int] | range
    tags: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    more: dict[int, list[str]] = field(default_factory=dict)
    text: tuple[int, str] | None = None
    """What a comment says the sentence is, and the line of the comment."""

    def append(self, line: int, cells: Sequence[str], columns: Columns) -> None:
        self.words.append(cells[columns.word])
        if isinstance(self.lines, list):
            self.lines.append(line)
        if columns.tag is not None:
            self.tags.append(cells[columns.tag])
        if columns.misc is not None:
            self.cells.append(cells[columns.misc])
        for at in columns.more:
            self.more.setdefault(at, []).append(cells[at])


@dataclass(slots=True)
class Draft:
    """An article being read; `started` is whether a line of its own began it, `name` the id that the file gives."""

    path: str
    columns: Columns = field(default_factory=Columns)
    fix: bool = False
    building: Building = field(default_factory=Building)
    entities: list[dict[str, Any]] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    fields: Article = field(default_factory=dict)
    layers: frozenset[str] | None = None
    troubles: Troubles = field(init=False)
    tally: Tally = field(default_factory=Tally)
    name: str | None = None
    started: bool = False
    refused: bool = False

    def __post_init__(self) -> None:
        self.troubles = Troubles(self.path, self.fix)

    def add(self, rows: Rows) -> None:
        """Take in a sentence."""
        if not rows.words:
            return
        number = len(self.building.tokens)
        gaps = self._gaps(rows)
        group = self.building.add(rows.words, rows.lines, gaps)
        if rows.tags and rows.tags.count(OUTSIDE) != len(rows.tags):
            self._entities(rows, rows.tags, number, group)
        for at in self.columns.inner:
            self._entities(rows, rows.more[at], number, group, f".{at}")
        if self.columns.of_words:
            said = {key: rows.more[at] for key, at in self.columns.of_words.items()}
            self.words += words.read(group.name, rows.words, said, self.tally)
        for at, what in self.columns.others.items():
            held = [cell for cell in rows.more[at] if cell not in {"_", ""}]
            if held:
                self.tally.add(what, held[0], len(held))

    def _gaps(self, rows: Rows) -> list[str] | None:
        """What stands behind each word, as far as the file says it."""
        if rows.cells and any(cell != "_" for cell in rows.cells):
            return self._spacing(rows)
        if rows.text is None:
            return None
        gaps = gaps_in(rows.text[1], rows.words)
        if gaps is None:
            message = "the text that a comment gives is not made of these words: one space stands between them"
            self.troubles.add(DOUBT, Severity.WARNING, rows.text[0], 1, message)
        return gaps

    def _spacing(self, rows: Rows) -> list[str]:
        """What MISC cells say stands behind each word; words that they give otherwise replace those."""
        said = [NOTHING if cell == "_" else parse(cell) for cell in rows.cells]
        rows.words = [word if one.word is None else one.word for word, one in zip(rows.words, said, strict=True)]
        for one in said:
            for other in one.others:
                self.tally.add("parts of MISC that say nothing of white space", other)
        gaps = [" " if one.after is None else one.after for one in said]
        if said[0].before is not None:
            self.building.after = (self.building.after or "") + said[0].before
        return gaps if said[-1].after is not None else gaps[:-1]

    def _entities(self, rows: Rows, tags: Sequence[str], number: int, group: Group, mark: str = "") -> None:
        """Make the entities that the tags of a sentence mark; `number` is that of its first token."""
        found, troubles = chunks(tags, self.columns.scheme)
        for at, wrong, reading in troubles:
            self.troubles.contradiction(FAULTY, rows.lines[at], wrong, reading)
        if found and not self.columns.sure:
            message = "no B- in the file so far: tags are read as IOB1, where an entity begins with I-"
            self.troubles.add(DOUBT, Severity.WARNING, rows.lines[found[0][0]], 1, message)
            self.columns = self.columns.settled()
        name, text, starts = group
        base = starts[0]
        for first, behind, label in found:
            start, end = starts[first], starts[behind - 1] + len(rows.words[behind - 1])
            covered = {"start": start, "end": end, "text": text[start - base : end - base]}
            self.firsts.append(number + first)
            self.entities.append({"id": f"T{name}.{first + 1}{mark}", "type": label, "spans": [covered], "prov": "A1"})

    def comment(self, line: int, key: str, value: str, rows: Rows) -> None:
        """Take in a comment; one that no field stands for is counted as lost."""
        if key == "text":
            rows.text = (line, value)
        elif key == comments.LAYERS:
            self.layers = frozenset(value.split())
        elif key == HEADER:
            return
        elif self.building.tokens or rows.words or not key or not comments.read(self.fields, key, value):
            self.tally.add(f"comments: {key}" if key else "comments", value)

    def finished(self, name: str) -> Imported:
        """The article, under the id that the file gives, or this one."""
        name = self.name or name
        findings = tuple(self.troubles.findings(name))
        if self.refused or self.troubles.refused:
            return Imported(self.path, None, findings)
        article = head(name, self.building.text()) | self.fields
        for layer, items in self._layers().items():
            article[layer] = items
        if "entities" in article:
            article["provenance"] = [by_unknown("conll")]
            article["coverage"] = [{"layer": "entities", "prov": "A1", "status": "complete"}]
        places = Places(self.building, self.firsts)
        return Imported(self.path, article, findings, places, tuple(self.tally), tuple(self.troubles.mended))

    def _layers(self) -> dict[str, list[dict[str, Any]]]:
        made = {"sentences": self.building.sentences, "tokens": self.building.tokens}
        if self.columns.of_words or (self.layers is not None and "words" in self.layers):
            made["words"] = self.words
        if self.columns.tag is not None:
            made["entities"] = self.entities
        return {layer: items for layer, items in made.items() if self.layers is None or layer in self.layers}
