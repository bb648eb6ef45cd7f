"""Names of layers and features: which a type system knows, which are ours, and what cannot be one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from corpus_tool.formats.typed_layers.model import TypedDocument

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
_CUSTOM = "webanno.custom."
TOKEN = f"{_DKPRO}segmentation.type.Token"
SENTENCE = f"{_DKPRO}segmentation.type.Sentence"
LEMMA = f"{_DKPRO}segmentation.type.Lemma"
FORM = f"{_DKPRO}segmentation.type.TokenForm"
POS = f"{_DKPRO}lexmorph.type.pos.POS"
MORPHOLOGY = f"{_DKPRO}lexmorph.type.morph.MorphologicalFeatures"
DEPENDENCY = f"{_DKPRO}syntax.type.dependency.Dependency"
NAMED_ENTITY = f"{_DKPRO}ner.type.NamedEntity"
COREFERENCE_LINK = f"{_DKPRO}coref.type.CoreferenceLink"
ANNOTATION = "uima.tcas.Annotation"

CONTINUATION = f"{_CUSTOM}Continuation"
"""A relation from each piece of a discontinuous annotation to its next."""
EVENT = f"{_CUSTOM}Event"
NARY = f"{_CUSTOM}RelationHost"
"""A span for a relation of other than two arguments, where its first argument stands; they fill its slot."""
NOTE = f"{_CUSTOM}Note"
PASSAGE = f"{_CUSTOM}Passage"
QUOTATION = f"{_CUSTOM}Quotation"
RELATION = f"{_CUSTOM}Relation"

LABELS: Mapping[str, str] = {
    NAMED_ENTITY: "value", RELATION: "value", EVENT: "value", NARY: "value", NOTE: "value", PASSAGE: "value",
    QUOTATION: "value", POS: "PosValue", LEMMA: "value", FORM: "value", MORPHOLOGY: "value",
    DEPENDENCY: "DependencyType",
}  # fmt: skip
"""The feature that says what an annotation is, of types whose features are known."""
_LIKELY = ("value", "label", "type", "entity", "kind", "category")
GOVERNOR, DEPENDENT = "Governor", "Dependent"
ROLES = ("governorRole", "dependentRole")
"""The features that hold the roles of a relation where they are others than Governor and Dependent."""
RESERVED = frozenset({"begin", "end", "sofa", "confidence", "layer", GOVERNOR, DEPENDENT, *ROLES})
OWN_SLOTS: Mapping[str, tuple[str, ...]] = {
    EVENT: ("arguments", "trigger"), NARY: ("arguments",), NOTE: ("about",), PASSAGE: (), QUOTATION: ("cue", "speaker"),
}  # fmt: skip
"""The layers that this tool writes for what an article has and DKPro has not, and their slots."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+", re.ASCII)
_IDENTIFIER = re.compile(r"identifier(?:[2-9]|[1-9][0-9]+)?")
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")


@lru_cache(maxsize=256)
def reserved(layer: str, label: str | None) -> frozenset[str]:
    """The features of a layer that no attribute may be named after."""
    return RESERVED.union(OWN_SLOTS.get(layer, ()), () if label is None else (label,))


def is_type(name: str) -> bool:
    """Whether a name could be that of a UIMA type in a package."""
    return _TYPE.fullmatch(name) is not None


def split_feature(name: str) -> tuple[str, str] | None:
    """The type and the feature of a full feature name such as `webanno.custom.Span:value`."""
    layer, colon, feature = name.partition(":")
    return (layer, feature) if colon and is_type(layer) and _PLAIN.fullmatch(feature) else None


def to_feature(name: str, reserved: Collection[str]) -> str:
    """A feature for an attribute of any name: what a feature cannot be called is written `_xHHHH_` (its code point)."""
    made = re.sub(r"_(?=x)|[^A-Za-z0-9_]", lambda match: _escape(match[0]), name)
    if not _PLAIN.fullmatch(made) or made in reserved or is_identifier(made):
        made = _escape(name[0]) + re.sub(r"_(?=x)|[^A-Za-z0-9_]", lambda match: _escape(match[0]), name[1:])
    return made


@lru_cache(maxsize=4096)
def from_feature(feature: str, reserved: Collection[str]) -> str:
    """The attribute that a feature is named after."""
    name = _ESCAPED.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), feature)
    if not name or any("\ud800" <= character <= "\udfff" for character in name):
        return feature
    return name if to_feature(name, reserved) == feature else feature


def is_identifier(feature: str) -> bool:
    """Whether a feature holds what an annotation names in a knowledge base: `identifier`, `identifier2`."""
    return _IDENTIFIER.fullmatch(feature) is not None


def _escape(character: str) -> str:
    return f"_x{ord(character):04X}_"


def chain_type(link_type: str) -> str:
    """The type of chain that links of a layer make: `identity` for DKPro's own."""
    if link_type == COREFERENCE_LINK:
        return "identity"
    name = link_type.removeprefix(_CUSTOM).removesuffix("Link")
    named = from_feature(name, ())
    return named if name and link_layer(named) == link_type else link_type


def link_layer(kind: str) -> str:
    """The layer of links for a type of chain."""
    if kind == "identity":
        return COREFERENCE_LINK
    return kind if is_type(kind) else f"{_CUSTOM}{to_feature(kind, ())}Link"


def conventional_link(host: str, feature: str) -> str:
    """How INCEpTION names the type of the links that a slot holds."""
    return f"{host}{feature[:1].upper()}{feature[1:]}Link"


@dataclass(slots=True)
class LabelFeatures:
    """Which feature of each layer says what an annotation is: known, or the only one that looks like it."""

    features: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: TypedDocument) -> LabelFeatures:
        found = cls()
        for layer in document.layers:
            found.seen(layer.type, layer.features)
        for span in document.spans:
            found.seen(span.type, span.features)
        for relation in document.relations:
            found.seen(relation.type, relation.features)
        return found

    def seen(self, layer: str, features: Iterable[str]) -> None:
        self.features.setdefault(layer, set()).update(features)

    def label(self, layer: str) -> str | None:
        """The feature; None where the layer has none, or several that could be it."""
        if layer in LABELS:
            return LABELS[layer]
        found = [name for name in _LIKELY if name in self.features.get(layer, ())]
        return found[0] if found[:1] == ["value"] or len(found) == 1 else None
