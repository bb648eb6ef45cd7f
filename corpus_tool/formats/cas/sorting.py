"""What the feature structures of a view are: tokens, sentences, spans, relations, chains, and what is none of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from corpus_tool.formats.cas import dkpro, own
from corpus_tool.formats.cas.structures import ANNOTATION, DOCUMENT_ANNOTATION, SOFA, Structure
from corpus_tool.formats.cas.types import TypeSystem

_INNER = ("Array", "List", "[]")


@dataclass(slots=True)
class Sorted:
    """Feature structures by what they are, each in the order of the source."""

    tokens: list[Structure] = field(default_factory=list)
    sentences: list[Structure] = field(default_factory=list)
    spans: list[Structure] = field(default_factory=list)
    relations: list[Structure] = field(default_factory=list)
    chains: list[Structure] = field(default_factory=list)
    elements: list[Structure] = field(default_factory=list)
    """The links of chains."""
    documents: list[Structure] = field(default_factory=list)
    fields: list[Structure] = field(default_factory=list)
    own: list[Structure] = field(default_factory=list)
    links: list[Structure] = field(default_factory=list)
    """The links of slots."""
    others: list[Structure] = field(default_factory=list)


def sort(types: TypeSystem, structures: Iterable[Structure]) -> Sorted:
    """The feature structures of a view, by kind."""
    listed = list(structures)
    used = {each.type for each in listed}
    kinds = {name: kind_of(types, name) for name in used}
    if used.isdisjoint(own.NAMES):
        kinds |= _named_alike(kinds)
    found = Sorted()
    for each in listed:
        if (kind := kinds[each.type]) is not None:
            getattr(found, kind).append(each)
    return found


def _named_alike(kinds: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Types of other packages that are called Token or Sentence, where DKPro's own do not occur."""
    for layer, local in (("tokens", "Token"), ("sentences", "Sentence")):
        alike = [name for name, kind in kinds.items() if kind == "spans" and name.rpartition(".")[2] == local]
        if layer not in kinds.values() and len(alike) == 1:
            yield alike[0], layer


def kind_of(types: TypeSystem, name: str) -> str | None:
    """The field of Sorted that structures of a type go to; None for texts and lists, which are no annotations."""
    if name == SOFA or name.endswith(_INNER):
        return None
    known = next((kind for above, kind in _BY_TYPE.items() if types.is_a(name, above)), None)
    return known or ("own" if name in own.NAMES else _kind_by_shape(types, name))


def _kind_by_shape(types: TypeSystem, name: str) -> str:
    refers = {each.name for each in types.features(name).values() if types.primitive(each.range) is None}
    if refers >= {"Governor", "Dependent"}:
        return "relations"
    if types.is_a(name, ANNOTATION):
        return "elements" if "next" in refers else "spans"
    if "first" in refers:
        return "chains"
    return "links" if "target" in refers else "others"


_BY_TYPE = {
    dkpro.TOKEN: "tokens",
    dkpro.SENTENCE: "sentences",
    dkpro.METADATA_FIELD: "fields",
    dkpro.TAGSET: "others",
    dkpro.TAG: "others",
    DOCUMENT_ANNOTATION: "documents",
}
