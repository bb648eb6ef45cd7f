"""Spans of any layer to entities, with their features as types, links, attributes and confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus_tool.formats.typed_layers.identifiers import from_identifier
from corpus_tool.formats.typed_layers.model import TypedRelation, TypedSpan
from corpus_tool.formats.typed_layers.names import (
    CONTINUATION,
    LABELS,
    NAMED_ENTITY,
    RELATION,
    LabelFeatures,
    from_feature,
    is_identifier,
    is_type,
    reserved,
)

Piece = tuple[int, int]
_DEFAULT = {"entities": NAMED_ENTITY, "relations": RELATION}
"""The layers that need not be named: what has no attribute `layer` is of these."""


def labelled(layer: str, features: Mapping[str, str], labels: LabelFeatures, kind: str) -> dict[str, Any]:
    """Type, links, confidence and attributes of an annotation.

    The type is the value of the layer's label feature, or the layer where that is unset or there is none. An attribute
    `layer` names the label feature in full (`webanno.custom.Span:value`) where the type alone does not tell it.
    """
    label = labels.label(layer)
    value = features.get(label or "") or None
    made: dict[str, Any] = {"type": value or layer}
    attributes = []
    if label is not None and not _derivable(layer, value, kind):
        attributes.append({"name": "layer", "value": f"{layer}:{label}"})
    taken = reserved(layer, label)
    links = []
    for name, said in features.items():
        if name == label:
            continue
        link = from_identifier(said) if is_identifier(name) else None
        if link is not None and kind == "entities":
            links.append(link)
        elif name == "confidence" and (number := as_confidence(said)) is not None:
            made["confidence"] = number
        else:
            attributes.append({"name": from_feature(name, taken), **({"value": said} if said else {})})
    return made | ({"links": links} if links else {}) | ({"attributes": attributes} if attributes else {})


def _derivable(layer: str, value: str | None, kind: str) -> bool:
    """Whether the type alone tells layer and feature: a plain label, or the name of a layer with known features."""
    if value is None:
        return layer in LABELS
    return layer == _DEFAULT.get(kind, layer) and not is_type(value)


def as_confidence(said: str) -> float | int | None:
    """A number from 0 to 1 that is written as it would be again."""
    try:
        number = int(said) if said.isdecimal() else float(said)
    except ValueError:
        return None
    return number if 0 <= number <= 1 and str(number) == said else None


def pieces(spans: Sequence[TypedSpan], relations: Sequence[TypedRelation]) -> tuple[dict[str, list[str]], set[str]]:
    """Of each first piece the pieces of its annotation, in order, and the relations that say so.

    What does not lead from piece to piece in one line, within one layer, stays a relation.
    """
    layers = {span.id: span.type for span in spans}
    steps: dict[str, TypedRelation] = {}
    reached: set[str] = set()
    for one in relations:
        same = layers.get(one.source) == layers.get(one.target, "")
        if one.type == CONTINUATION and same and one.source not in steps and one.target not in reached:
            steps[one.source] = one
            reached.add(one.target)
    found, used = {}, set()
    for first in [name for name in steps if name not in reached]:
        line = [first]
        while (step := steps.get(line[-1])) is not None:
            line.append(step.target)
            used.add(step.id)
        found[first] = line
    return found, used
