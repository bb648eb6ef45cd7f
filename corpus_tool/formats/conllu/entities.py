"""Mentions as entities of an article, and what is the same entity as chains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.chains import LISTED, Chains
from corpus_tool.formats.conllu.escapes import decoded
from corpus_tool.formats.conllu.mentions import (
    IDENTITY_FIELD,
    INNER,
    OWN_FIELDS,
    TYPE_FIELDS,
    UNTYPED,
    Mention,
    others,
    unsafe_in,
)
from corpus_tool.formats.conllu.naming import Names, extent
from corpus_tool.formats.conllu.nodes import Edges, Node, head_of
from corpus_tool.formats.conllu.records import parse_record
from corpus_tool.formats.made import span

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.draft import Annotation

WIKIFIED = "wikipedia"
"""The knowledge base of the field `identity`."""
ASIDE = "e:"
"""Before the name of an entity that is also the id of a sentence."""


@dataclass(slots=True)
class Read:
    """Mentions as annotations; `chosen` the entity that each mention became."""

    entities: list[Annotation] = field(default_factory=list)
    chains: list[Annotation] = field(default_factory=list)
    notes: list[Annotation] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    chosen: list[tuple[Mention, Annotation]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EntityReader:
    """Makes entities of the mentions of one article."""

    text: str
    fields: tuple[str, ...]
    sentences: Sequence[Sequence[Node]]
    shorts: Sequence[str]
    names: Names
    prov: str | None

    def read(self, mentions: Sequence[Mention]) -> Read:
        edges = Edges.of(self.sentences)
        groups: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            groups[mention.eid].append(mention)
        chains = Chains()
        read = Read()
        for mention in mentions:
            name = self._name(mention, alone=len(groups[mention.eid]) == 1)
            if len(groups[mention.eid]) > 1 or (mention.fields.get("id") and name != self.own(mention.eid)):
                chains.add(self.own(mention.eid), mention, name, mention.fields.get("chain"))
            chains.also(mention, name)
            read.entities.append(self._entity(mention, name, edges, read))
            read.lines.append(mention.line)
            read.chosen.append((mention, read.entities[-1]))
        read.chains += chains.annotations(self.prov)
        return read

    def own(self, eid: str) -> str:
        """The id that an entity's name in the file makes."""
        return ASIDE + eid if eid in self.names.sentences else eid

    def _name(self, mention: Mention, *, alone: bool) -> str:
        if mention.fields.get("id"):
            return decoded(mention.fields["id"], INNER)
        if alone:
            return self.own(mention.eid)
        return self.names.other(derived_id(mention.pieces, self.shorts))

    def _entity(self, mention: Mention, name: str, edges: Edges, read: Read) -> Annotation:
        kind = next((mention.fields[one] for one in TYPE_FIELDS if mention.fields.get(one)), None)
        spans = [self._span(first, last) for first, last in mention.pieces]
        entity: Annotation = {
            "id": name,
            "type": decoded(kind, INNER) if kind else UNTYPED,
            "spans": spans,
        }
        links, attributes = self._said(mention, name, entity, read)
        words = [f"{first.word} {last.word}" for first, last in mention.pieces]
        found = [edges.of_span(one) for one in spans]
        if found != mention.pieces:
            attributes.append({"name": "words", "value": ", ".join(words)})
        if links:
            entity["links"] = links
        if attributes:
            entity["attributes"] = attributes
        if self.prov is not None and "prov" not in entity:
            entity["prov"] = self.prov
        return entity

    def _said(self, mention: Mention, name: str, entity: Annotation, read: Read) -> tuple[list[Any], list[Any]]:
        links: list[dict[str, str]] = []
        attributes: list[dict[str, str]] = []
        for key, value in others(mention.fields, self.fields):
            if key == IDENTITY_FIELD:
                links.append({"db": WIKIFIED, "id": value})
            elif key == "links":
                links += [link for part in value.split(";") if (link := _link(part))]
            elif key == "other":
                pairs = parse_record(value, unsafe_in("other", self.fields))
                attributes += [{"name": one} | ({} if said is None else {"value": said}) for one, said in pairs if one]
            elif key in OWN_FIELDS:
                self._own(key, value, name, entity, read)
            elif key != "head" or value != str(head_of(nodes_of(mention.pieces, self.sentences))):
                attributes.append({"name": key, "value": value})
        return links, attributes

    def _own(self, key: str, value: str, name: str, entity: Annotation, read: Read) -> None:
        if key == "notes":
            for text in value.split(";"):
                note = {"id": self.names.other(f"N:{name}"), "ref": name, "text": decoded(text, LISTED)}
                read.notes.append(note | ({"prov": self.prov} if self.prov else {}))
        elif key == "prov":
            entity["prov"] = value
        elif key == "confidence" and (number := _number(value)) is not None:
            entity["confidence"] = number

    def _span(self, first: Node, last: Node) -> dict[str, Any]:
        nodes = [node for node in nodes_of([(first, last)], self.sentences) if node.start >= 0]
        if nodes:
            return span(self.text, nodes[0].start, max(node.end for node in nodes))
        before = (
            node
            for nodes in reversed(self.sentences[: first.sentence + 1])
            for node in reversed(nodes)
            if node.start >= 0 and node.order < first.order
        )
        at = next((node.end for node in before), 0)
        return span(self.text, at, at)


def derived_id(pieces: Sequence[tuple[Node, Node]], shorts: Sequence[str]) -> str:
    """The id of a mention that the file gives none."""
    return extent(shorts[pieces[0][0].sentence], [(first.number, last.number) for first, last in pieces])


def nodes_of(pieces: Sequence[tuple[Node, Node]], sentences: Sequence[Sequence[Node]]) -> list[Node]:
    """All words and empty nodes of a mention."""
    found: list[Node] = []
    for first, last in pieces:
        for number in range(first.sentence, last.sentence + 1):
            begin = first.at if number == first.sentence else 0
            end = last.at + 1 if number == last.sentence else len(sentences[number])
            found += sentences[number][begin:end]
    return found


def _link(part: str) -> dict[str, str] | None:
    db, sign, name = part.partition(":")
    return {"db": decoded(db, LISTED), "id": decoded(name, LISTED)} if db and name and sign else None


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None
