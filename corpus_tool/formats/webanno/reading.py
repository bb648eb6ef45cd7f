"""A WebAnno TSV 3 file as a document of typed layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.typed_layers.model import (
    LayerKind,
    TypedChain,
    TypedDocument,
    TypedElement,
    TypedLayer,
    TypedLink,
    TypedRelation,
    TypedSlot,
    TypedSpan,
)
from corpus_tool.formats.typed_layers.names import ANNOTATION, DEPENDENCY, SENTENCE, TOKEN
from corpus_tool.formats.webanno.cells import Annotations
from corpus_tool.formats.webanno.drafts import Draft, Place, Slot
from corpus_tool.formats.webanno.escapes import numbered
from corpus_tool.formats.webanno.header import layers
from corpus_tool.formats.webanno.lines import Parsed, Unit
from corpus_tool.formats.webanno.text import Rebuilt

_LINK_FEATURES = ("referenceType", "referenceRelation")


@dataclass(frozen=True, slots=True)
class Read:
    """A document, and the line and column where each of its ids begins."""

    document: TypedDocument
    places: dict[str, tuple[int, int]]


def read_document(article: str, parsed: Parsed, made: Rebuilt, noticed: Noticed) -> Read:
    """The document; what refers to nothing, or stands nowhere, is a finding."""
    reader = _Reader(parsed, made, noticed)
    reader.units()
    spans, relations, chains = tuple(reader.spans()), tuple(reader.relations()), tuple(reader.chains())
    document = TypedDocument(
        article,
        made.text,
        tuple(reader.sentences()) if parsed.has("sentences") else None,
        tuple(reader.tokens) if parsed.has("tokens") else None,
        spans,
        relations,
        chains,
        tuple(TypedLayer(one.type, one.kind, one.features) for one in layers(parsed.columns)),
    )
    return Read(document, reader.places)


@dataclass(slots=True)
class _Reader:
    parsed: Parsed
    made: Rebuilt
    noticed: Noticed
    annotations: Annotations = field(init=False)
    arrows: set[str] = field(init=False)
    token_ids: set[str] = field(default_factory=set)
    at: dict[str, Place] = field(default_factory=dict)
    tokens: list[TypedSpan] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.annotations = Annotations(self.noticed)
        self.arrows = {column.layer for column in self.parsed.columns if column.kind is LayerKind.RELATION}

    def units(self) -> None:
        for sentence in self.parsed.sentences:
            for unit in sentence.units:
                place = self.place(unit, made="tokens" in sentence.made)
                if place is not None:
                    self.annotations.read_all(place, self.parsed.columns, unit.cells)
        self.places |= {draft.id: (draft.line, 1) for draft in self.annotations.drafts.values()}

    def place(self, unit: Unit, *, made: bool) -> Place | None:
        begin, end = self.made.offsets.to_points(unit.begin), self.made.offsets.to_points(unit.end)
        if begin is None or end is None:
            message = f"{unit.begin}-{unit.end} lies outside the text, or within a surrogate pair"
            self.noticed.wrong(unit.line, message, "IO018")
            return None
        if unit.id in self.at:
            self.noticed.doubt(unit.line, f"'{unit.id}' is the name of another line: references lead to the first")
        place = Place(unit.id, unit.line, begin, end)
        self.at.setdefault(unit.id, place)
        if unit.is_token and begin < end and not made:
            name = unit.id if self.at[unit.id] is place else f"{unit.id}#{unit.line}"
            self.tokens.append(TypedSpan(name, TOKEN, begin, end))
            self.token_ids.add(name)
            self.places[name] = (unit.line, 1)
        return place

    def sentences(self) -> Iterator[TypedSpan]:
        for one in self.parsed.sentences:
            where = self.made.sentences.get(one.line)
            if where is None or where[0] == where[1] or "sentence" in one.made:
                continue
            first = self.made.offsets.to_points(one.begin) if one.begin is not None else where[0]
            name = f"sentence#{one.line}"
            self.places[name] = (one.line, 1)
            yield TypedSpan(name, SENTENCE, where[0] if first is None else min(first, where[0]), where[1], name=one.id)

    def spans(self) -> Iterator[TypedSpan]:
        for draft in self.annotations.drafts.values():
            if draft.link is None and not self.is_relation(draft):
                slots = tuple(self.slot(draft, slot) for slot in draft.slots.values())
                yield TypedSpan(draft.id, draft.layer, draft.begin, draft.end, draft.features, slots)

    def is_relation(self, draft: Draft) -> bool:
        return draft.layer in self.arrows

    def slot(self, draft: Draft, slot: Slot) -> TypedSlot:
        links = []
        if slot.fillers and slot.roles and len(slot.fillers) != len(slot.roles):
            self.noticed.doubt(
                draft.line, f"{len(slot.roles)} roles for {len(slot.fillers)} fillers of '{slot.column.feature}'"
            )
        for number, written in enumerate(slot.fillers):
            unit, numbers = numbered(written)
            target = self.refer(unit, (numbers or (0, 0))[0], slot.column.target)
            if target is None:
                self.noticed.wrong(draft.line, f"'{written[:40]}' leads to no annotation")
            else:
                links.append(TypedLink(slot.roles[number] if number < len(slot.roles) else None, target))
        return TypedSlot(slot.column.feature, tuple(links), slot.column.link_type or None, slot.column.target)

    def refer(self, unit: str, number: int, base: str) -> str | None:
        """The annotation that a reference leads to: that of the number, else the first of the type on the unit."""
        if number:
            found = self.annotations.by_number.get(number, {})
            fit = found.get(base) or next(iter(found.values()), None)
            return fit.id if fit else None
        place = self.at.get(unit)
        if place is None:
            return None
        if base == TOKEN:
            return unit if unit in self.token_ids else None
        there = [draft for draft in place.stacked.get(base, ()) if draft.link is None]
        if base == ANNOTATION:
            return self.untyped(place)
        return there[0].id if there else None

    def untyped(self, place: Place) -> str | None:
        """What a reference without type and number leads to: the one span there that has no number, else the token."""
        there = [
            draft.id
            for own in place.stacked.values()
            for draft in own
            if draft.link is None and not self.is_relation(draft) and draft.id not in self.annotations.with_number
        ]
        if len(there) == 1:
            return there[0]
        return place.id if place.id in self.token_ids else None

    def relations(self) -> Iterator[TypedRelation]:
        for draft in self.annotations.drafts.values():
            if not self.is_relation(draft):
                continue
            base = TOKEN if draft.layer == DEPENDENCY else draft.base
            governor, dependent = (0, 0) if base == TOKEN else draft.numbers
            source = self.refer(draft.source or "", governor, base)
            target = self.refer(draft.unit, dependent, base)
            if source is None or target is None:
                self.noticed.wrong(
                    draft.line, f"the relation from '{draft.source}' to '{draft.unit}' leads to no annotation"
                )
            else:
                yield TypedRelation(draft.id, draft.layer, source, target, draft.features)

    def chains(self) -> Iterator[TypedChain]:
        found: dict[tuple[str, int], list[tuple[int, Draft]]] = {}
        for (layer, chain, number), draft in self.annotations.links.items():
            found.setdefault((layer, chain), []).append((number, draft))
        for (layer, chain), links in sorted(found.items(), key=lambda item: item[0][1]):
            elements = [
                TypedElement(one.begin, one.end, *(one.features.get(name) for name in _LINK_FEATURES))
                for _, one in sorted(links, key=lambda link: link[0])
            ]
            name = f"{layer}#chain{chain}"
            self.places[name] = (links[0][1].line, 1)
            yield TypedChain(name, layer, tuple(elements))
