"""Typed layers to the feature structures of a CAS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.formats import Unit
from corpus_tool.formats.cas import dkpro, own
from corpus_tool.formats.cas.beyond import Beside
from corpus_tool.formats.cas.declaring import Declared
from corpus_tool.formats.cas.details import DETAIL
from corpus_tool.formats.cas.feature_names import to_written
from corpus_tool.formats.cas.mentions import CHAIN, told
from corpus_tool.formats.cas.metadata import NO_LANGUAGE, SPLIT, fields, standard
from corpus_tool.formats.cas.sorting import kind_of
from corpus_tool.formats.cas.structures import INITIAL_VIEW, SOFA, Cas, Ref, Structure, Value, View
from corpus_tool.formats.cas.words import write_words
from corpus_tool.formats.typed_layers import LayerKind, TypedChain, TypedDocument, TypedRelation, TypedSpan
from corpus_tool.formats.units import Offsets

_ON_TOKENS = {dkpro.POS: "pos", dkpro.LEMMA: "lemma", dkpro.MORPH: "morph", dkpro.TOKEN_FORM: "form"}


class UnwritableError(Exception):
    """Something of an article that no CAS can hold."""


def write_document(document: TypedDocument, beside: Beside) -> Cas:
    """One view with all of it; numbers are given in the order of the document. Raises UnwritableError."""
    writing = _Writing(document, beside)
    writing.metadata()
    for one in document.sentences or ():
        writing.span(one, named="id")
    for one in document.tokens or ():
        writing.span(one, named="id")
    for one in document.spans:
        writing.span(one)
    writing.on_tokens()
    writing.slots()
    for arrow in document.relations:
        writing.relation(arrow)
    for chain in document.chains:
        writing.chain(chain)
    writing.records()
    for detail in beside.details:
        writing.own(DETAIL, detail)
    write_words(beside.words, writing.numbers, len(writing.structures) + 1, writing.own)
    return writing.cas()


class _Writing:
    def __init__(self, document: TypedDocument, beside: Beside) -> None:
        self.document, self.chains = document, beside.chains
        self.offsets = Offsets(document.text, Unit.UTF16)
        self.declared = Declared()
        self.structures: dict[int, Structure] = {}
        self.numbers: dict[str, int] = {}
        """The numbers of what the document names by its ids."""
        self.origins: list[tuple[int, str | None, str | None]] = []
        self.kinds: set[tuple[str, str]] = set()
        """Layers, and what each has to come back as."""
        self.sofa = self.add(SOFA, {
            "sofaNum": 1, "sofaID": INITIAL_VIEW, "mimeType": "text", "sofaString": document.text,
        })  # fmt: skip

    def cas(self) -> Cas:
        """All of it. Raises UnwritableError where a layer has the name of a type that is something else."""
        types = self.declared.types()
        for name, wanted in sorted(self.kinds):
            if (found := kind_of(types, name)) != wanted:
                raise UnwritableError(f"no layer of {wanted} can be called {name}: those are {found or 'built in'}")
        members = tuple(number for number in self.structures if number != self.sofa)
        return Cas(types, self.structures, (View(INITIAL_VIEW, self.sofa, members),))

    def add(self, kind: str, values: Mapping[str, Value]) -> int:
        number = len(self.structures) + 1
        self.structures[number] = Structure(number, kind, dict(values))
        return number

    def place(self, begin: int, end: int) -> dict[str, Value]:
        first, last = self.offsets.from_points(begin), self.offsets.from_points(end)
        assert first is not None
        assert last is not None
        return {"sofa": Ref(self.sofa), "begin": first, "end": last}

    def metadata(self) -> None:
        """What DKPro says of a document, and its fields for what it has no feature for."""
        rest, whole = self.document.rest, self.place(0, len(self.document.text))
        metadata: Mapping[str, Any] = rest.get("metadata") or {}
        address = standard(metadata, "uri")
        self.add(dkpro.METADATA, {
            **whole, "language": standard(metadata, "language") or NO_LANGUAGE,
            "documentTitle": self.document.id, "documentId": self.document.id,
            **({"documentUri": address} if address else {}), "isLastSegment": False,
        })  # fmt: skip
        said = [*fields(metadata), *([(SPLIT, rest["split"])] if rest.get("split") else [])]
        for key, value in said:
            self.add(dkpro.METADATA_FIELD, {**self.place(0, 0), "key": key, "value": value})
        self.declared.know(dkpro.METADATA)
        if said:
            self.declared.know(dkpro.METADATA_FIELD)

    def span(self, one: TypedSpan, named: str | None = None) -> None:
        """An annotation; what names it stands in a feature where its type has one, else apart."""
        features: dict[str, Value] = {to_written(name): said for name, said in one.features.items()}
        if named is not None and one.name is not None:
            features[named] = one.name
        number = self.add(one.type, {**self.place(one.begin, one.end), **features})
        self.declared.span(one.type, features)
        if named is None:
            self.kinds.add((one.type, "spans"))
        self.known(one.id, number, None if named else one.name, one.prov)

    def known(self, name: str, number: int, own_name: str | None, prov: str | None) -> None:
        self.numbers[name] = number
        if own_name is not None or prov is not None:
            self.origins.append((number, own_name, prov))

    def on_tokens(self) -> None:
        """A token refers to what DKPro keeps of it: the first of each kind that covers it."""
        at: dict[tuple[int, int], dict[str, Value]] = {}
        for one in self.document.spans:
            if one.type in _ON_TOKENS:
                found = at.setdefault((one.begin, one.end), {})
                found.setdefault(_ON_TOKENS[one.type], Ref(self.numbers[one.id]))
        for token in self.document.tokens or ():
            self.more(self.numbers[token.id], at.get((token.begin, token.end), {}))

    def more(self, number: int, values: Mapping[str, Value]) -> None:
        before = self.structures[number]
        self.structures[number] = Structure(number, before.type, {**before.values, **values})

    def slots(self) -> None:
        for one in self.document.spans:
            for slot in one.slots:
                link = self.declared.slot(one.type, slot)
                made: list[Value] = []
                for each in slot.links:
                    role: dict[str, Value] = {"role": each.role} if each.role is not None else {}
                    made.append(Ref(self.add(link, {**role, "target": Ref(self.numbers[each.target])})))
                self.more(self.numbers[one.id], {to_written(slot.feature): tuple(made)})

    def relation(self, one: TypedRelation) -> None:
        """An arrow; it stands where its dependent stands, as INCEpTION has it."""
        source, target = self.numbers[one.source], self.numbers[one.target]
        where = {name: self.structures[target].values[name] for name in ("sofa", "begin", "end")}
        features: dict[str, Value] = {to_written(name): said for name, said in one.features.items()}
        number = self.add(one.type, {**where, "Governor": Ref(source), "Dependent": Ref(target), **features})
        self.declared.relation(one.type, features)
        self.kinds.add((one.type, "relations"))
        self.known(one.id, number, one.name, one.prov)

    def chain(self, one: TypedChain) -> None:
        first = len(self.structures) + 1
        for number, each in enumerate(one.elements, first + 1):
            said = {"referenceType": each.kind, "referenceRelation": each.relation}
            following = {"next": Ref(number)} if number - first < len(one.elements) else {}
            self.add(one.type, {
                **self.place(each.begin, each.end), **{key: value for key, value in said.items() if value is not None},
                **following,
            })  # fmt: skip
        self.kinds.add((one.type, "elements"))
        head: dict[str, Value] = {"first": Ref(first)} if one.elements else {}
        number = self.add(self.declared.chain(one.type), {"sofa": Ref(self.sofa), **head})
        self.known(one.id, number, one.name, one.prov)
        if (beside := self.chains.get(one.name or "")) is not None:
            self.own(CHAIN, told(beside, number))

    def records(self) -> None:
        """What UIMA has no types for: ids, who made what, labels of the whole, layers that were looked for."""
        for number, name, prov in self.origins:
            self.own(
                own.ORIGIN_TYPE.name,
                {
                    "target": Ref(number),
                    **_set({"id": name, "prov": prov}),
                },
            )
        for layer in self.document.layers:
            said: dict[str, Value | None] = {
                "layer": layer.type,
                "kind": layer.kind.value,
                "features": layer.features or None,
            }
            self.own(own.LAYER, _set(said))
        for piece, found in ((dkpro.SENTENCE, self.document.sentences), (dkpro.TOKEN, self.document.tokens)):
            if found == ():
                self.own(own.LAYER, {"layer": piece, "kind": LayerKind.SPAN.value})
        for name, kind in own.RECORDS.items():
            records = self.document.provenance if name == "provenance" else self.document.rest.get(name)
            for each in records or ():
                self.own(kind.name, own.values(kind, each))
            if records == []:
                self.own(own.LAYER, {"layer": name, "kind": own.DOCUMENT})

    def own(self, name: str, values: Mapping[str, Value]) -> int:
        self.declared.know(name)
        return self.add(name, values)


def _set(said: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in said.items() if value is not None}
