"""What WebAnno TSV and UIMA CAS both hold: a text, and typed layers of spans, relations and chains on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Features = Mapping[str, str]
"""The features of an annotation that are set, as strings; one that is unset is left out."""


@dataclass(frozen=True, slots=True)
class TypedLink:
    """One filler of a slot: its role, and the id of the span that fills it."""

    role: str | None
    target: str


@dataclass(frozen=True, slots=True)
class TypedSlot:
    """A feature that holds links to other spans; `target_type` is what it is declared to hold, None where unknown."""

    feature: str
    links: tuple[TypedLink, ...]
    link_type: str | None = None
    target_type: str | None = None


@dataclass(frozen=True, slots=True)
class TypedSpan:
    """An annotation of a piece of text, in code points; `id` names it within the document, for references only.

    `name` is the id that the source itself gives it, if it gives one.
    """

    id: str
    type: str
    begin: int
    end: int
    features: Features = field(default_factory=dict)
    slots: tuple[TypedSlot, ...] = ()
    name: str | None = None
    prov: str | None = None


@dataclass(frozen=True, slots=True)
class TypedRelation:
    """An arrow from one span (the governor) to another (the dependent)."""

    id: str
    type: str
    source: str
    target: str
    features: Features = field(default_factory=dict)
    name: str | None = None
    prov: str | None = None


@dataclass(frozen=True, slots=True)
class TypedElement:
    """A link of a chain: a piece of text of its own, what it is, and how it relates to the next."""

    begin: int
    end: int
    kind: str | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class TypedChain:
    """A chain in the order of its elements; `type` is the type of the links (`…CoreferenceLink`)."""

    id: str
    type: str
    elements: tuple[TypedElement, ...]
    name: str | None = None
    prov: str | None = None


class LayerKind(StrEnum):
    """What the annotations of a layer are."""

    SPAN = "span"
    RELATION = "relation"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class TypedLayer:
    """A layer that the source declares, also where nothing is annotated: its primitive features by name."""

    type: str
    kind: LayerKind
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedDocument:
    """A text with its typed layers; all offsets are code points, half-open.

    `sentences` and `tokens` are None where the source does not have them. POS, lemmas, morphology and dependencies are
    spans and relations of DKPro's types like any other (dependencies lead from token to token). `provenance` are the
    records of an article that the `prov` of annotations name; empty where the source says nothing. `rest` is what of
    an article no span stands for (`metadata`, `split`, `labels`, `coverage`, `adjudication`): for formats that can
    hold it.
    """

    id: str
    text: str
    sentences: tuple[TypedSpan, ...] | None = None
    tokens: tuple[TypedSpan, ...] | None = None
    spans: tuple[TypedSpan, ...] = ()
    relations: tuple[TypedRelation, ...] = ()
    chains: tuple[TypedChain, ...] = ()
    layers: tuple[TypedLayer, ...] = ()
    provenance: tuple[Mapping[str, Any], ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict)
