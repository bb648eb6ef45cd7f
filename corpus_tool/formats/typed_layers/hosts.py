"""Spans that refer to other spans: events, quotations and notes, and the slots of any other layer as events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from corpus_tool.formats.typed_layers.model import TypedLink, TypedSlot, TypedSpan
from corpus_tool.formats.typed_layers.names import (
    ANNOTATION,
    EVENT,
    NARY,
    NOTE,
    PASSAGE,
    QUOTATION,
    LabelFeatures,
    conventional_link,
)
from corpus_tool.formats.typed_layers.spans import labelled

Resolve = Callable[[str, tuple[str, ...]], str | None]
"""The id in the article of a span, if it is in one of some layers."""
LINK_TYPE, TARGET_TYPE = "link_type", "target_type"
LAYERS = {EVENT: "events", NARY: "relations", NOTE: "notes", PASSAGE: "passages", QUOTATION: "quotations"}
_ARGUMENTS = ("entities", "events")
_ANYTHING = ("entities", "events", "passages", "quotations", "sentences", "tokens", "notes", "relations", "coreference")


def unreferred(one: TypedSpan, where: list[dict[str, Any]], labels: LabelFeatures) -> dict[str, Any]:
    """What a span of one of our own layers is, but for what it refers to."""
    if one.type == NOTE:
        kind = one.features.get("type")
        return ({} if kind is None else {"type": kind}) | {"text": one.features["value"]}
    said = labelled(one.type, one.features, labels, "own")
    if "attributes" in said:
        said["attributes"] = [
            part for part in said["attributes"] if part != {"name": "layer", "value": f"{one.type}:value"}
        ]
        said = {name: value for name, value in said.items() if value != []}
    return {"type": said.pop("type"), **({} if one.type in (EVENT, NARY) else {"spans": where}), **said}


def refer(made: dict[str, Any], one: TypedSpan, resolve: Resolve) -> list[str]:
    """Fill in what a span of one of our own layers refers to; what refers to nothing is named."""
    slots = {slot.feature: slot.links for slot in one.slots}
    if one.type == EVENT:
        made["trigger"] = resolve(slots["trigger"][0].target, ("entities",))
        found, missing = _arguments(slots.get("arguments", ()), "argument", resolve)
        return missing + _put(made, "arguments", found) + (["trigger"] if made["trigger"] is None else [])
    if one.type == NARY:
        found, missing = _arguments(slots["arguments"], "argument", resolve)
        made["arguments"] = found
        return missing
    if one.type == NOTE:
        return _single(made, "ref", slots["about"], resolve, _ANYTHING)
    if one.type == QUOTATION:
        cues = [resolve(link.target, ("entities",)) for link in slots.get("cue", ())]
        _put(made, "cue", [cue for cue in cues if cue is not None])
        return _single(made, "speaker", slots.get("speaker", ()), resolve, ("entities",)) + ["cue"] * cues.count(None)
    return []


def _single(
    made: dict[str, Any], name: str, links: Iterable[TypedLink], resolve: Resolve, layers: tuple[str, ...]
) -> list[str]:
    for link in links:
        found = resolve(link.target, layers)
        if found is None:
            return [name]
        made[name] = found
    return []


def _put(made: dict[str, Any], name: str, found: list[Any]) -> list[str]:
    if found:
        made[name] = found
    return []


def _arguments(links: Iterable[TypedLink], unnamed: str, resolve: Resolve) -> tuple[list[dict[str, str]], list[str]]:
    found, missing = [], []
    for link in links:
        name = resolve(link.target, _ARGUMENTS)
        if name is None:
            missing.append("arguments")
        else:
            found.append({"role": link.role or unnamed, "ref": name})
    return found, missing


def slot_event(host: TypedSpan, slot: TypedSlot, trigger: str, types: dict[str, str]) -> dict[str, Any]:
    """The event that a slot of any layer makes of its host: its type names the slot in full.

    Types of links and of what they lead to are attributes where neither convention nor the links tell them.
    """
    said = []
    if slot.link_type not in (None, conventional_link(host.type, slot.feature)):
        said.append({"name": LINK_TYPE, "value": slot.link_type})
    if slot.target_type not in (None, targets(types[link.target] for link in slot.links if link.target in types)):
        said.append({"name": TARGET_TYPE, "value": slot.target_type})
    made: dict[str, Any] = {"type": f"{host.type}:{slot.feature}", "trigger": trigger}
    return made | ({"attributes": said} if said else {})


def fill_slot(made: dict[str, Any], slot: TypedSlot, resolve: Resolve) -> list[str]:
    """Fill in the arguments; a link without a role has the name of the slot as role."""
    found, missing = _arguments(slot.links, slot.feature, resolve)
    _put(made, "arguments", found)
    return missing


def targets(types: Iterable[str]) -> str:
    """The type that all links lead to, else that of any annotation."""
    found = set(types)
    return found.pop() if len(found) == 1 else ANNOTATION
