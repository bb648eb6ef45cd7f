"""A view of a CAS to typed layers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from corpus_tool.formats.cas import dkpro, own
from corpus_tool.formats.cas.chains_reading import ChainReader
from corpus_tool.formats.cas.feature_names import from_written
from corpus_tool.formats.cas.features_reading import PLACES, FeatureReader
from corpus_tool.formats.cas.metadata import article_id, read_metadata
from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.placed import Placed, settled
from corpus_tool.formats.cas.raising import raised
from corpus_tool.formats.cas.sorting import Sorted, sort
from corpus_tool.formats.cas.structures import Cas, Structure, View
from corpus_tool.formats.cas.views import members
from corpus_tool.formats.typed_layers import (
    LayerKind,
    TypedChain,
    TypedDocument,
    TypedLayer,
    TypedRelation,
    TypedSpan,
)  # fmt: skip
from corpus_tool.formats.typed_layers.names import CONTINUATION
from corpus_tool.formats.units import another_unit

_ARROW = frozenset({"Governor", "Dependent"})
_ON_TOKENS = frozenset({"pos", "lemma", "morph", "form", "stem"})
"""What a token refers to covers it: the spans say it already."""
_COUNTED = frozenset({"order"})
"""What only counts tokens."""


def read_document(cas: Cas, view: View, noted: Noted, otherwise: str) -> TypedDocument:
    """The typed layers of a view; `otherwise` is the id of an article whose metadata do not say one."""
    sofa = cas.structures[view.sofa or 0]
    text = sofa.text("sofaString") or ""
    found = sort(cas.types, members(cas, view))
    noted.article = article_id(found.documents, otherwise)
    unit = settled(text, found.documents, cas.unit)
    noted.findings += another_unit(unit, cas.unit, noted.path, noted.article)
    placed = Placed(text, unit.unit, view.sofa, noted)
    placed.take([*found.tokens, *found.sentences, *found.spans, *found.elements])
    return _Reading(cas, placed, noted, found).document()


class _Reading:
    def __init__(self, cas: Cas, placed: Placed, noted: Noted, found: Sorted) -> None:
        self.cas, self.placed, self.noted, self.found = cas, placed, noted, found
        links = {each.id for each in found.elements}
        self.features = FeatureReader(cas, placed.spans.keys() - links, noted, bool(found.own))
        origins = [each for each in found.own if each.type == own.ORIGIN]
        self.origins = {each.ref("target"): (each.text("id"), each.text("prov")) for each in origins}

    def document(self) -> TypedDocument:
        found = self.found
        records = self._records()
        provenance = tuple(records.pop("provenance", ()))
        for each in found.others:
            self.noted.lose(f"feature structures that are no annotations: {each.type}", f"number {each.id}")
        return TypedDocument(
            self.noted.article,
            self.placed.text,
            self._pieces(found.sentences, dkpro.SENTENCE),
            self._pieces(found.tokens, dkpro.TOKEN),
            tuple(self._spans(found.spans)),
            tuple(self._relations()),
            tuple(self._chains()),
            tuple(self._declared()),
            provenance,
            records | read_metadata(found.documents, found.fields, self.noted),
        )

    def _pieces(self, structures: list[Structure], kind: str) -> tuple[TypedSpan, ...] | None:
        """Tokens or sentences; None where there are none, unless a file of ours says that they were looked for."""
        if not structures:
            looked = any(each.type == own.LAYER and each.text("layer") == kind for each in self.found.own)
            return () if looked else None
        pieces = tuple(self._spans(structures, _ON_TOKENS, named="id"))
        for one in pieces:
            for name in [*(one.features.keys() - _COUNTED), *(slot.feature for slot in one.slots)]:
                self.noted.lose(
                    "features of tokens and sentences", f"{name} of '{self.placed.text[one.begin : one.end]}'"
                )
        return pieces

    def _spans(
        self, structures: Iterable[Structure], without: Collection[str] = (), named: str | None = None
    ) -> Iterator[TypedSpan]:
        for each in self.placed.in_order(structures):
            name, prov = self.origins.get(each.id, (None, None))
            own_name = each.text(named) if named else None
            features, slots = self.features.read(each, {*without, *([named] if named and own_name else [])})
            kind, features = raised(self.cas.types, each.type, features)
            yield TypedSpan(str(each.id), kind, *self.placed.spans[each.id], features, slots, name or own_name, prov)

    def _relations(self) -> Iterator[TypedRelation]:
        for each in self.found.relations:
            source, target = each.ref("Governor"), each.ref("Dependent")
            if source in self.features.there and target in self.features.there:
                name, prov = self.origins.get(each.id, (None, None))
                features, slots = self.features.read(each, _ARROW)
                for slot in slots:
                    self.noted.lose("references that a relation has", f"{slot.feature} of {each.type} {each.id}")
                yield TypedRelation(str(each.id), each.type, str(source), str(target), features, name, prov)
            else:
                message = f"{each.type} {each.id} does not lead from one annotation of the text to another: left out"
                self.noted.malformed(message, each.place)

    def _chains(self) -> Iterator[TypedChain]:
        reader = ChainReader({each.id: each for each in self.found.elements}, self.placed.spans, self.noted)
        for head, links in reader.read(self.found.chains):
            name, prov = self.origins.get(head.id, (None, None)) if head else (None, None)
            number = str(head.id) if head else f"{links[0].id}-chain"
            kind = links[0].type if links else self.cas.types.features(head.type if head else "")["first"].range
            yield TypedChain(number, kind, tuple(map(reader.element, links)), name, prov)

    def _declared(self) -> Iterator[TypedLayer]:
        """Layers that have annotations, and those that a file of ours says were looked for."""
        used = {raised(self.cas.types, each.type, {})[0]: LayerKind.SPAN for each in self.found.spans}
        used |= {each.type: LayerKind.RELATION for each in self.found.relations if each.type != CONTINUATION}
        used |= {each.type: LayerKind.CHAIN for each in self.found.elements}
        for name, kind in used.items():
            features = self.cas.types.features(name)
            values = [one for one, each in features.items() if self.cas.types.primitive(each.range)]
            yield TypedLayer(name, kind, tuple(from_written(one) for one in values if one not in PLACES))
        for each in self.found.own:
            kinds, said = [one for one in LayerKind if one == each.text("kind")], each.text("layer")
            if each.type == own.LAYER and said and kinds and said not in {*used, dkpro.TOKEN, dkpro.SENTENCE}:
                listed = self.cas.several(each.values.get("features"))
                yield TypedLayer(said, kinds[0], tuple(one for one in listed if isinstance(one, str)))

    def _records(self) -> dict[str, list[dict[str, Any]]]:
        records: dict[str, list[dict[str, Any]]] = {}
        for each in self.found.own:
            made = own.record(self.cas, each)
            if made is not None:
                records.setdefault(made[0], []).append(made[1])
            elif each.type == own.LAYER and each.text("kind") == own.DOCUMENT and each.text("layer") in own.RECORDS:
                records.setdefault(each.text("layer") or "", [])
        return records
