"""An article as typed layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers.chains_writing import link_layers, links_alone, write_chains
from corpus_tool.formats.typed_layers.counting import count_fields
from corpus_tool.formats.typed_layers.features import Layered, features_of, layered
from corpus_tool.formats.typed_layers.hosts import LINK_TYPE, TARGET_TYPE, targets
from corpus_tool.formats.typed_layers.model import (
    LayerKind,
    TypedDocument,
    TypedLayer,
    TypedLink,
    TypedRelation,
    TypedSlot,
    TypedSpan,
)
from corpus_tool.formats.typed_layers.names import (
    ANNOTATION,
    CONTINUATION,
    COREFERENCE_LINK,
    DEPENDENT,
    EVENT,
    GOVERNOR,
    NAMED_ENTITY,
    NARY,
    NOTE,
    PASSAGE,
    POS,
    QUOTATION,
    RELATION,
    ROLES,
    SENTENCE,
    TOKEN,
    conventional_link,
    split_feature,
)
from corpus_tool.formats.typed_layers.words_writing import write_words

Annotation = Mapping[str, Any]
_REST = ("metadata", "split", "labels", "coverage", "adjudication")
_EMPTY = {
    "entities": (NAMED_ENTITY, LayerKind.SPAN, ("value", "identifier")),
    "passages": (PASSAGE, LayerKind.SPAN, ("value",)),
    "events": (EVENT, LayerKind.SPAN, ("value",)),
    "quotations": (QUOTATION, LayerKind.SPAN, ("value",)),
    "notes": (NOTE, LayerKind.SPAN, ("value",)),
    "relations": (RELATION, LayerKind.RELATION, ("value",)),
    "coreference": (COREFERENCE_LINK, LayerKind.CHAIN, ()),
    "words": (POS, LayerKind.SPAN, ("PosValue", "coarseValue")),
}
"""What is declared for a layer that was annotated and is empty."""


def from_article(article: Article, lost: Tally) -> TypedDocument:
    """The typed layers of an article; what none of them can hold is counted in `lost`."""
    writer = _Writer(article, lost)
    writer.entities()
    writer.hosts()
    writer.relations()
    writer.words()
    count_fields(article, lost)
    return TypedDocument(
        article["id"],
        article["text"],
        writer.pieces("sentences", SENTENCE),
        writer.pieces("tokens", TOKEN),
        tuple(writer.spans.values()),
        tuple(writer.arrows),
        tuple(write_chains(article, writer.layers, writer.alone, writer.lose)),
        (*writer.declared.values(), *(TypedLayer(*said) for layer, said in _EMPTY.items() if article.get(layer) == [])),
        tuple(article.get("provenance") or ()),
        {name: article[name] for name in _REST if article.get(name) is not None},
    )


class _Writer:
    """Typed layers as they grow; `at` is the span that stands for each id of the article."""

    def __init__(self, article: Article, lost: Tally) -> None:
        self.article, self.lost = article, lost
        self.spans: dict[str, TypedSpan] = {}
        self.arrows: list[TypedRelation] = []
        self.declared: dict[str, TypedLayer] = {}
        """Layers whose label no annotation may set."""
        self.at: dict[str, str] = {}
        self.layers: dict[str, Layered] = {one["id"]: layered(one, NAMED_ENTITY) for one in self.all("entities")}
        self.alone = links_alone(article, self.layers)
        self.pieces_at = {
            one["id"]: (one["spans"][0]["start"], one["spans"][-1]["end"])
            for layer in ("sentences", "tokens")
            for one in self.all(layer)
        }
        self.tokens = {
            (one["spans"][0]["start"], one["spans"][-1]["end"]): one["id"] for one in self.all("tokens")
        }  # fmt: skip

    def all(self, layer: str) -> list[dict[str, Any]]:
        return list(self.article.get(layer) or ())

    def lose(self, what: str, example: object) -> None:
        self.lost.add(what, f"{self.article['id']}: {example}")

    def pieces(self, layer: str, kind: str) -> tuple[TypedSpan, ...] | None:
        if self.article.get(layer) is None:
            return None
        found = [(one, one["spans"][0]["start"], one["spans"][-1]["end"]) for one in self.all(layer)]
        return tuple(
            TypedSpan(one["id"], kind, begin, end, name=one["id"], prov=one.get("prov")) for one, begin, end in found
        )

    def put(self, one: Annotation, kind: str, features: dict[str, str], *, label: str | None = "value") -> None:
        """A span for each piece, each but the first with the label alone, and arrows from each to its next."""
        before = None
        for number, piece in enumerate(one["spans"]):
            name = one["id"] if number == 0 else f"{one['id']}\0{number}"
            said = features if number == 0 else {key: value for key, value in features.items() if key == label}
            given = one["id"] if number == 0 else None
            prov = one.get("prov")
            self.spans[name] = TypedSpan(name, kind, piece["start"], piece["end"], said, (), given, prov)
            if before is not None:
                self.arrows.append(TypedRelation(f"{name}\0of", CONTINUATION, before, name, prov=prov))
            before = name
        self.at[one["id"]] = one["id"]

    def entities(self) -> None:
        links = link_layers(self.article)
        for one in self.all("entities"):
            made = self.layers[one["id"]]
            if one["id"] in self.alone:
                continue
            token = self.token_of(one)
            if token is not None:
                self.at[one["id"]] = token
                continue
            if made.layer in links:
                self.lose("the layers of mentions that more than a chain says something of", one["id"])
            if made.layer == TOKEN or made.layer in links:
                made = self.layers[one["id"]] = Layered(NAMED_ENTITY, "value")
            self.declare(made, LayerKind.SPAN)
            self.put(one, made.layer, features_of(one, made, self.lose), label=made.label)

    def declare(self, made: Layered, kind: LayerKind) -> None:
        if made.label is not None:
            self.declared[made.layer] = TypedLayer(made.layer, kind, (made.label,))

    def token_of(self, one: Annotation) -> str | None:
        """The token that an entity only stands for."""
        piece = one["spans"][0]
        plain = one["type"] == TOKEN and not one.get("attributes") and len(one["spans"]) == 1
        return self.tokens.get((piece["start"], piece["end"])) if plain else None

    def hosts(self) -> None:
        for one in self.all("passages"):
            self.put(one, PASSAGE, {"value": one["type"]})
        events = self.all("events")
        for one in events:
            self.event_span(one)
        for one in events:
            self.event_slots(one)
        for one in self.all("quotations"):
            self.put(one, QUOTATION, features_of(one, Layered(QUOTATION, "value"), self.lose))
            speaker = [one["speaker"]] if one.get("speaker") else []
            self.slot(one["id"], QUOTATION, "cue", self.fillers(("cue", name) for name in one.get("cue") or ()))
            self.slot(one["id"], QUOTATION, "speaker", self.fillers(("speaker", name) for name in speaker))
        for one in self.all("notes"):
            self.note(one)

    def event_span(self, one: Annotation) -> None:
        """A span of its own at the trigger, unless it is a slot of the trigger itself."""
        trigger = self.spans.get(self.at.get(one["trigger"], ""))
        if trigger is None:
            self.lose("events whose trigger is lost", one["id"])
        elif _slot_of(one, trigger) is not None:
            self.at[one["id"]] = trigger.id
        else:
            where = {"spans": [{"start": trigger.begin, "end": trigger.end}]}
            self.put({**one, **where}, EVENT, features_of(one, Layered(EVENT, "value"), self.lose))

    def event_slots(self, one: Annotation) -> None:
        if one["id"] not in self.at:
            return
        host = self.spans[self.at[one["id"]]]
        filled = self.fillers((part["role"], part["ref"]) for part in one.get("arguments") or ())
        if host.id == one["id"]:
            self.slot(host.id, EVENT, "arguments", filled)
            self.slot(host.id, EVENT, "trigger", self.fillers([("trigger", one["trigger"])]))
            return
        feature = str(_slot_of(one, host))
        said = {part["name"]: part.get("value") for part in one.get("attributes") or ()}
        links = [TypedLink(None if link.role == feature else link.role, link.target) for link in filled]
        target = said.get(TARGET_TYPE) or targets(self.type_of(link.target) for link in links)
        self.add_slot(
            host, TypedSlot(feature, tuple(links), said.get(LINK_TYPE) or conventional_link(host.type, feature), target)
        )

    def type_of(self, name: str) -> str:
        return self.spans[name].type if name in self.spans else TOKEN

    def fillers(self, named: Iterable[tuple[str, str]]) -> list[TypedLink]:
        found = []
        for role, name in named:
            if name in self.at:
                found.append(TypedLink(role, self.at[name]))
            else:
                self.lose("references to what is lost", name)
        return found

    def slot(self, host: str, kind: str, feature: str, links: list[TypedLink]) -> None:
        slot = TypedSlot(feature, tuple(links), conventional_link(kind, feature), ANNOTATION)
        self.add_slot(self.spans[host], slot)

    def add_slot(self, host: TypedSpan, slot: TypedSlot) -> None:
        self.spans[host.id] = TypedSpan(
            host.id, host.type, host.begin, host.end, host.features, (*host.slots, slot), host.name, host.prov
        )

    def note(self, one: Annotation) -> None:
        """A span at what the note is on; one on the whole article stands at its beginning, with no width."""
        ref = one.get("ref")
        about = self.spans.get(self.at.get(ref or "", ""))
        where = (about.begin, about.end) if about is not None else (0, 0)
        target = about.id if about is not None else None
        if about is None and ref in self.pieces_at:
            where, target = self.pieces_at[ref], ref
        if ref is not None and target is None:
            self.lose("notes on what no span stands for", one["id"])
            return
        features = {"value": one["text"]} | ({"type": one["type"]} if one.get("type") else {})
        links = [] if target is None else [TypedLink(None, target)]
        self.put({**one, "spans": [{"start": where[0], "end": where[1]}]}, NOTE, features)
        self.slot(one["id"], NOTE, "about", links)

    def relations(self) -> None:
        for one in self.all("relations"):
            arguments = one.get("arguments") or []
            ends = [self.at[part["ref"]] for part in arguments if part["ref"] in self.at]
            if not ends or len(ends) < len(arguments):
                self.lose("relations to what is lost" if arguments else "relations without an argument", one["id"])
            elif len(ends) == 2:
                self.arrow(one, *ends)
            else:
                self.nary(one, self.spans.get(ends[0]))

    def arrow(self, one: Annotation, source: str, target: str) -> None:
        """A relation of two; roles that are not the usual ones are features."""
        made = layered(one, RELATION)
        self.declare(made, LayerKind.RELATION)
        features = features_of(one, made, self.lose)
        for part, feature, usual in zip(one["arguments"], ROLES, (GOVERNOR, DEPENDENT), strict=True):
            if part["role"] != usual:
                features[feature] = part["role"]
        self.arrows.append(TypedRelation(one["id"], made.layer, source, target, features, one["id"], one.get("prov")))

    def nary(self, one: Annotation, first: TypedSpan | None) -> None:
        """A span where the first argument stands; the arguments fill its slot."""
        if first is None:
            self.lose("relations of other than two arguments, of which the first is a token", one["id"])
            return
        where = [{"start": first.begin, "end": first.end}]
        self.put({**one, "spans": where}, NARY, features_of(one, Layered(NARY, "value"), self.lose))
        filled = self.fillers((part["role"], part["ref"]) for part in one["arguments"])
        self.slot(one["id"], NARY, "arguments", filled)

    def words(self) -> None:
        tokens = {one.id: one for one in self.pieces("tokens", TOKEN) or ()}
        spans, arrows = write_words(self.all("words"), tokens, self.article["text"], self.lost, self.article["id"])
        self.spans = {span.id: span for span in spans} | self.spans
        self.arrows = [*arrows, *self.arrows]


def _slot_of(event: Annotation, trigger: TypedSpan) -> str | None:
    """The slot of the trigger that an event stands for."""
    named = split_feature(event["type"])
    return named[1] if named is not None and named[0] == trigger.type else None
