"""Typed layers to an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats import Article, Loss
from corpus_tool.formats.made import ContentIds, begun, by_unknown, span
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers.hosts import LAYERS, fill_slot, refer, slot_event, unreferred
from corpus_tool.formats.typed_layers.mentions import Mentions, mentions, where_of
from corpus_tool.formats.typed_layers.model import LayerKind, TypedDocument, TypedRelation, TypedSlot, TypedSpan
from corpus_tool.formats.typed_layers.names import DEPENDENT, GOVERNOR, ROLES, TOKEN, LabelFeatures, chain_type
from corpus_tool.formats.typed_layers.own import is_own
from corpus_tool.formats.typed_layers.spans import labelled, pieces
from corpus_tool.formats.typed_layers.words import WORD_LAYERS, read_words

_MADE = "A1"
_PLAIN = ("passages", "sentences", "tokens", "words")
_LETTERS = {"passages": "P", "sentences": "S", "tokens": "K", "entities": "T", "relations": "R", "coreference": "C"}
_MAKERS = ("entities", "relations", "events", "quotations", "coreference", "notes")


@dataclass(frozen=True, slots=True)
class Built:
    """An article, the JSON Pointer of what each id of the document became, and what an article cannot hold."""

    article: Article
    pointers: Mapping[str, str] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()


def to_article(document: TypedDocument, tool: str) -> Built:
    """The article of a document; what has no provenance in it was made by someone unknown with `tool`."""
    reader = _Reader(document)
    reader.structure()
    reader.spans()
    reader.references()
    reader.chains()
    reader.relations()
    reader.declared()
    reader.records(tool)
    order = {name: reader.article[name] for name in _ORDER if name in reader.article}
    return Built(order | reader.article, reader.pointers, tuple(reader.lost))


_ORDER = (
    "schema_version", "id", "text", "text_sha256", "split", "metadata", "passages", "sentences", "tokens", "words",
    "entities", "relations", "events", "quotations", "coreference", "labels", "notes", "provenance", "coverage",
    "adjudication",
)  # fmt: skip


class _Reader:
    """An article as it grows; `names` are the ids in it of the spans that may be referred to."""

    def __init__(self, document: TypedDocument) -> None:
        self.document = document
        self.article: Article = begun(document.id, document.text)
        self.ids, self.taken = ContentIds(), set[str]()
        self.labels = LabelFeatures.of(document)
        self.pointers: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.lost = Tally()
        self.tokens = {one.id: one for one in document.tokens or ()}
        self.hosts: list[tuple[TypedSpan, TypedSlot | None]] = []
        self.said: set[str] = set()
        """Ids of spans and relations that are told already, as words or as further pieces."""

    def add(self, layer: str, one: TypedSpan | TypedRelation | Any, made: dict[str, Any], *content: object) -> str:
        """Put an annotation into its layer; its id is what the source calls it, else derived from the content."""
        name = one.name if one.name and one.name not in self.taken else None
        while name is None or name in self.taken:
            name = self.ids.make(_LETTERS.get(layer, layer[0].upper()), *content)
        self.taken.add(name)
        items = self.article.setdefault(layer, [])
        self.pointers[one.id] = f"/{layer}/{len(items)}"
        prov = one.prov or (None if layer in _PLAIN else _MADE)
        items.append({"id": name, **made, **({"prov": prov} if prov else {})})
        return name

    def structure(self) -> None:
        tokens: dict[str, str] = {}
        for layer, found in (("sentences", self.document.sentences), ("tokens", self.document.tokens)):
            if found is not None:
                self.article[layer] = []
            for one in found or ():
                made = {"spans": [span(self.document.text, one.begin, one.end)]}
                tokens[one.id] = self.add(layer, one, made, one.begin, one.end)
        words = read_words(self.document, {one.id: tokens[one.id] for one in self.document.tokens or ()}, self.ids)
        if words.words is not None:
            self.article["words"] = words.words
            for number, token in enumerate(self.document.tokens or ()):
                self.pointers[f"{token.id}#word"] = f"/words/{number}"
        self.said |= words.spans | words.relations

    def spans(self) -> None:
        """Every span but those that are told already; what they refer to comes after."""
        spans = {one.id: one for one in self.document.spans if one.id not in self.said}
        lines, used = pieces(list(spans.values()), self.document.relations)
        self.said |= used | {name for line in lines.values() for name in line[1:]}
        types = {one.id: one.type for one in spans.values()}
        for one in spans.values():
            if one.id in self.said:
                continue
            parts = [spans[name] for name in lines.get(one.id, [one.id])]
            where = [span(self.document.text, part.begin, part.end) for part in parts]
            if is_own(one, types):
                made = unreferred(one, where, self.labels)
                self.names[one.id] = self.add(LAYERS[one.type], one, made, made.get("type"), one.begin, one.end)
                self.hosts.append((one, None))
            else:
                self.entity(one, where)
                self.hosts += [(one, slot) for slot in one.slots]
            for part in parts[1:]:
                self.pointers[part.id] = self.pointers[one.id]

    def references(self) -> None:
        types = {one.id: one.type for one in self.document.spans}
        for host, slot in self.hosts:
            if slot is not None:
                one = TypedSpan(_slot_id(host, slot), host.type, host.begin, host.end, prov=host.prov)
                made = slot_event(host, slot, self.names[host.id], types)
                self.names[one.id] = self.add("events", one, made, made["type"], made["trigger"])
        for host, slot in self.hosts:
            made = self.at(host.id if slot is None else _slot_id(host, slot))
            missing = refer(made, host, self.resolve) if slot is None else fill_slot(made, slot, self.resolve)
            for name in missing:
                self.lost.add(f"{name}: what no article can refer to", f"{self.document.id}: {made['id']}")

    def at(self, name: str) -> dict[str, Any]:
        """The annotation that an id of the document became."""
        layer, number = self.pointers[name].split("/")[1:]
        return self.article[layer][int(number)]  # type: ignore[no-any-return]

    def resolve(self, name: str, layers: tuple[str, ...]) -> str | None:
        if self.layer_of(name) == "tokens" and "tokens" not in layers:
            self.token_entity(self.tokens[name])
        return str(self.at(name)["id"]) if self.layer_of(name) in layers else None

    def entity(self, one: TypedSpan, where: list[dict[str, Any]]) -> str:
        said = labelled(one.type, one.features, self.labels, "entities")
        made = {"type": said.pop("type"), "spans": where, **said}
        self.names[one.id] = self.add("entities", one, made, made["type"], where_of(made))
        return self.names[one.id]

    def chains(self) -> None:
        if not self.document.chains:
            return
        entities = Mentions(self.article.get("entities", []))
        for chain in self.document.chains:
            found = []
            for number, (where, element) in enumerate(mentions(chain.elements)):
                name = entities.find(where, element, chain.prov or _MADE)
                if name is None:
                    made = entities.features(element, chain.type)
                    one = TypedSpan(f"{chain.id}#{number}", chain.type, element.begin, element.end, prov=chain.prov)
                    made["spans"] = [span(self.document.text, *piece) for piece in where]
                    name = self.add("entities", one, made, made["type"], where)
                    entities.add(self.article["entities"][-1])
                found.append(name)
            self.add("coreference", chain, {"type": chain_type(chain.type), "mentions": found}, chain.type, *found)

    def relations(self) -> None:
        for one in self.document.relations:
            if one.id in self.said:
                continue
            said = labelled(one.type, one.features, self.labels, "relations")
            ends = [self.resolve(name, ("entities", "events")) for name in (one.source, one.target)]
            if None in ends:
                self.lost.add("relations to what no argument can name", f"{self.document.id}: {said['type']}")
                continue
            arguments = [{"role": role, "ref": name} for role, name in zip(_roles(said), ends, strict=True)]
            made = {"type": said.pop("type"), "arguments": arguments, **said}
            self.add("relations", one, made, made["type"], arguments)

    def layer_of(self, name: str) -> str:
        return self.pointers[name].split("/")[1] if name in self.pointers else ""

    def token_entity(self, token: TypedSpan) -> None:
        """An entity for a token, which no argument of an article could name."""
        one = TypedSpan(f"{token.id}#entity", TOKEN, token.begin, token.end)
        self.entity(one, [span(self.document.text, token.begin, token.end)])
        self.pointers[token.id] = self.pointers[one.id]

    def declared(self) -> None:
        """A layer that the source declares was annotated, also where it is empty."""
        for layer in self.document.layers:
            if layer.type not in WORD_LAYERS:
                self.article.setdefault(_declared(layer.kind, layer.type), [])
        if any(layer.type in WORD_LAYERS for layer in self.document.layers):
            self.article.setdefault("words", [])

    def records(self, tool: str) -> None:
        self.article |= self.document.rest
        records = [dict(one) for one in self.document.provenance]
        known = {record["id"] for record in records}
        used = any(one.get("prov") == _MADE for layer in _MAKERS for one in self.article.get(layer, ()))
        if _MADE not in known and (used or not records):
            records.append(by_unknown(tool))
        self.article["provenance"] = records


def _slot_id(host: TypedSpan, slot: TypedSlot) -> str:
    return f"{host.id}#{slot.feature}"


def _declared(kind: LayerKind, layer: str) -> str:
    if kind is LayerKind.CHAIN:
        return "coreference"
    return "relations" if kind is LayerKind.RELATION else LAYERS.get(layer, "entities")


def _roles(said: dict[str, Any]) -> list[str]:
    """The roles of a relation, which are taken from its attributes, else the names of its ends."""
    found = {one["name"]: one.get("value") for one in said.get("attributes", ())}
    rest = [one for one in said.pop("attributes", ()) if one["name"] not in ROLES]
    if rest:
        said["attributes"] = rest
    return [found.get(name) or usual for name, usual in zip(ROLES, (GOVERNOR, DEPENDENT), strict=True)]
