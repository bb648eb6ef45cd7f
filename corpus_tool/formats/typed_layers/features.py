"""The layer and the features that an annotation of an article is written with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats.typed_layers.identifiers import comes_back, from_identifier, to_identifier
from corpus_tool.formats.typed_layers.names import LABELS, is_identifier, is_type, reserved, split_feature, to_feature
from corpus_tool.formats.typed_layers.spans import as_confidence


@dataclass(frozen=True, slots=True)
class Layered:
    """A layer, and its feature that the type of an annotation is the value of."""

    layer: str
    label: str | None


def layered(one: Mapping[str, Any], default: str) -> Layered:
    """The layer that the attribute `layer` of an annotation names, else its type if that is one, else the default."""
    for part in one.get("attributes") or ():
        if part["name"] == "layer" and (named := split_feature(part.get("value") or "")) is not None:
            return Layered(*named)
    if is_type(one["type"]):
        return Layered(one["type"], LABELS.get(one["type"]))
    return Layered(default, "value")


def features_of(one: Mapping[str, Any], made: Layered, lose: Callable[[str, object], None]) -> dict[str, str]:
    """The features that say type, links, confidence and attributes; a flag is a feature with an empty value."""
    features = {made.label: str(one["type"])} if made.label is not None and one["type"] != made.layer else {}
    links = [link for link in one.get("links") or () if _holds(link, lose)]
    for number, link in enumerate(links, start=1):
        features["identifier" if number == 1 else f"identifier{number}"] = to_identifier(link)
    if one.get("confidence") is not None:
        features["confidence"] = str(one["confidence"])
    taken = reserved(made.layer, made.label)
    for part in one.get("attributes") or ():
        if part["name"] == "layer" and split_feature(part.get("value") or "") is not None:
            continue
        value = part.get("value") or ""
        plain = _is_no_other(part["name"], value) and part["name"] not in features
        feature = part["name"] if plain else to_feature(part["name"], taken)
        if feature in features:
            lose("further attributes of the same name", f"{one['id']} {part['name']}")
            continue
        if part.get("value") == "":
            lose("attributes with an empty value come back without one", f"{one['id']} {part['name']}")
        features[feature] = value
    return features


def _is_no_other(name: str, value: str) -> bool:
    """Whether a feature of the name of a confidence or an identifier says neither."""
    if name == "confidence":
        return as_confidence(value) is None
    return is_identifier(name) and from_identifier(value) is None


def _holds(link: Mapping[str, Any], lose: Callable[[str, object], None]) -> bool:
    held = comes_back(dict(link))
    if not held:
        lose("links whose knowledge base or entry an identifier cannot tell", f"{link['db']}:{link['id']}")
    return held
