"""Types of our own, for what of an article UIMA has no type: who made an annotation, ids, labels of the whole.

They stand in the type system that is written, so that every UIMA tool reads and keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.formats.cas import details, mentions, words
from corpus_tool.formats.cas.structures import Cas, Structure, Value
from corpus_tool.formats.cas.types import STRING, TOP, Feature, Type

_STRINGS = "uima.cas.StringArray"
_DOUBLE = "uima.cas.Double"
_PACKAGE = "corpustool."
ORIGIN = f"{_PACKAGE}Origin"
LAYER = f"{_PACKAGE}Layer"
"""A layer that was annotated, and nothing was found: its type, and whether it is of spans, relations or chains."""
DOCUMENT = "document"
"""The kind of a layer that is not on the text."""


def _record(name: str, strings: str, lists: str = "", numbers: str = "") -> Type:
    features = [Feature(each, STRING) for each in strings.split()]
    features += [Feature(each, _STRINGS) for each in lists.split()]
    features += [Feature(each, _DOUBLE) for each in numbers.split()]
    return Type(_PACKAGE + name, TOP, tuple(features))


RECORDS: Mapping[str, Type] = {
    "provenance": _record(
        "Provenance",
        "id agent agent_type role model_version prompt_sha256 decoding run created guideline_version tool",
        "derived_from",
    ),
    "labels": _record("Label", "id axis value prov", numbers="confidence"),
    "coverage": _record("Coverage", "layer prov status", "labels"),
    "adjudication": _record("Adjudication", "layer status prov", "derived_from"),
}
"""The layers of articles that are not on the text, and their types."""
ORIGIN_TYPE = Type(ORIGIN, TOP, (Feature("target", TOP), Feature("id", STRING), Feature("prov", STRING)))
LAYER_TYPE = _record("Layer", "layer kind", "features")
TYPES = (ORIGIN_TYPE, LAYER_TYPE, details.TYPE, mentions.TYPE, *RECORDS.values(), *words.TYPES)
NAMES = {each.name: each for each in TYPES}
_LAYERS = {each.name: layer for layer, each in RECORDS.items()}


def record(cas: Cas, structure: Structure) -> tuple[str, dict[str, Any]] | None:
    """The layer and the object of an article that a feature structure stands for; None where it stands for none."""
    layer = _LAYERS.get(structure.type)
    if layer is None:
        return None
    return layer, dict(_properties(cas, structure))


def _properties(cas: Cas, structure: Structure) -> Iterator[tuple[str, Any]]:
    for feature in NAMES[structure.type].features:
        value = structure.values.get(feature.name)
        if feature.range == _STRINGS and value is not None:
            yield feature.name, [each for each in cas.several(value) if isinstance(each, str)]
        elif value is not None and (feature.range != STRING or isinstance(value, str)):
            yield feature.name, value


def values(kind: Type, said: Mapping[str, Any]) -> dict[str, Value]:
    """The features of an object of an article."""
    made: dict[str, Value] = {}
    for feature in kind.features:
        value = said.get(feature.name)
        if value is not None:
            made[feature.name] = tuple(value) if feature.range == _STRINGS else value
    return made
