"""One document of CoNLL coreference as it is read: words and brackets go in, the article comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from corpus_tool.findings import Severity
from corpus_tool.formats import Article, Imported
from corpus_tool.formats.conll import comments
from corpus_tool.formats.conll.building import Building, Places, head
from corpus_tool.formats.conll.columns import COMMENT
from corpus_tool.formats.conll.spacing import parse
from corpus_tool.formats.conll.troubles import FORM, Troubles
from corpus_tool.formats.conll_coref import ontonotes
from corpus_tool.formats.conll_coref.brackets import Mention, Wrong, mentions
from corpus_tool.formats.made import by_unknown
from corpus_tool.formats.tally import Tally

WIKIPEDIA, WIKIDATA = "wikipedia", "wikidata"
"""What the names behind clusters are entries of: the second where it stands before a colon."""


class _Row(NamedTuple):
    line: int
    word: str
    brackets: str
    misc: str
    cells: ontonotes.Cells


@dataclass(slots=True)
class Draft:
    """A document being read; `ends` are the numbers of the rows behind which a sentence ends.

    `full` is whether its rows have the columns of CoNLL-2012.
    """

    path: str
    rows: list[_Row] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    fields: Article = field(default_factory=dict)
    layers: frozenset[str] | None = None
    troubles: Troubles = field(init=False)
    tally: Tally = field(default_factory=Tally)
    name: str | None = None
    width: int = 0
    begun: bool = False
    refused: bool = False

    def __post_init__(self) -> None:
        self.troubles = Troubles(self.path)

    @property
    def full(self) -> bool:
        return self.width >= ontonotes.WIDTH

    def row(self, line: int, word: str, misc: str, cells: ontonotes.Cells) -> None:
        self.rows.append(_Row(line, word, cells[-1], misc, cells))

    def sentence(self) -> None:
        """A blank line: what comes before it is a sentence."""
        if self.rows and (not self.ends or self.ends[-1] < len(self.rows)):
            self.ends.append(len(self.rows))

    def comment(self, content: str) -> None:
        """Take in a comment; one that no field stands for is counted as lost."""
        found = COMMENT.fullmatch(content)
        key, value = (found[1], found[2].strip()) if found else ("", content)
        if key == comments.LAYERS:
            self.layers = frozenset(value.split())
        elif not key or not comments.read(self.fields, key, value):
            self.tally.add(f"comments: {key}" if key else "comments", value)

    def finished(self, name: str) -> Imported:
        """The article, under the id that the file gives, or this one."""
        name = self.name or name
        if self.refused:
            return Imported(self.path, None, tuple(self.troubles.findings(name)))
        building = self._built()
        article = head(name, building.text()) | self.fields
        found = self._mentions()
        entities = _entities(article["text"], building, found)
        made = {
            "sentences": building.sentences if self.ends else None,
            "tokens": building.tokens,
            "words": self.words if self.full else None,
            "entities": entities,
            "coreference": _chains(entities, found),
        }
        for layer, items in made.items():
            if items is not None and (self.layers is None or layer in self.layers):
                article[layer] = items
        annotated = [layer for layer in ("entities", "coreference") if layer in article]
        if annotated:
            article["provenance"] = [by_unknown("conll-coref")]
            article["coverage"] = [{"layer": layer, "prov": "A1", "status": "complete"} for layer in annotated]
        places = Places(building, [one.first for one in found] if "entities" in article else [])
        return Imported(self.path, article, tuple(self.troubles.findings(name)), places, tuple(self.tally))

    def _built(self) -> Building:
        """Text, tokens and sentences of the document."""
        building = Building()
        said = [parse(row.misc) for row in self.rows]
        words = [row.word if one.word is None else one.word for row, one in zip(self.rows, said, strict=True)]
        lines = [row.line for row in self.rows]
        if said:
            building.after = said[0].before
        begun = 0
        for end in dict.fromkeys([*self.ends, len(self.rows)] if self.rows else ()):
            gaps = [" " if one.after is None else one.after for one in said[begun:end]]
            explicit = said[end - 1].after is not None
            group = building.add(words[begun:end], lines[begun:end], gaps if explicit else gaps[:-1])
            if self.full:
                cells = [row.cells for row in self.rows[begun:end]]
                self.words += ontonotes.words_of(group.name, words[begun:end], cells, self.tally)
            begun = end
        return building

    def _mentions(self) -> list[Mention]:
        """The mentions in the order of the text, the longer first; those of a cluster before names."""
        found = []
        names = ontonotes.names([row.cells for row in self.rows]) if self.full else ()
        for one in chain(mentions([row.brackets for row in self.rows]), names):
            if isinstance(one, Wrong):
                self.troubles.add(FORM, Severity.ERROR, self.rows[one.at].line, 1, f"{one.message}: left out")
            else:
                found.append(one)
        return sorted(found, key=lambda one: (one.first, -one.behind, one.cluster is None, int(one.cluster or 0)))


def _entities(text: str, building: Building, found: list[Mention]) -> list[dict[str, Any]]:
    taken: dict[str, int] = {}
    made = []
    for one in found:
        first, last = building.tokens[one.first], building.tokens[one.behind - 1]
        start, end = first["spans"][0]["start"], last["spans"][0]["end"]
        name = f"T{first['id'][1:]}-{one.behind - one.first}"
        taken[name] = taken.get(name, 0) + 1
        entity = {
            "id": name if taken[name] == 1 else f"{name}-{taken[name]}",
            "type": one.type,
            "spans": [{"start": start, "end": end, "text": text[start:end]}],
        }
        made.append(entity | _linked(one) | {"prov": "A1"})
    return made


def _linked(one: Mention) -> dict[str, Any]:
    if not one.identity:
        return {}
    base, _, entry = one.identity.partition(":")
    known = base == WIKIDATA and entry
    return {"links": [{"db": WIKIDATA, "id": entry} if known else {"db": WIKIPEDIA, "id": one.identity}]}


def _chains(entities: list[dict[str, Any]], found: list[Mention]) -> list[dict[str, Any]]:
    """Clusters of two mentions and more: one that is alone in its own refers with no other."""
    clusters: dict[str, list[str]] = {}
    for entity, one in zip(entities, found, strict=True):
        if one.cluster is not None:
            clusters.setdefault(one.cluster, []).append(entity["id"])
    return [
        {"id": f"C{number}", "type": "identity", "mentions": names, "prov": "A1"}
        for number, names in clusters.items()
        if len(names) > 1
    ]
