"""Which spans are of the layers that this tool writes for what an article has and DKPro has not."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.formats.typed_layers.model import TypedSpan
from corpus_tool.formats.typed_layers.names import EVENT, NARY, NOTE, OWN_SLOTS, PASSAGE, QUOTATION

PASSAGES = frozenset({
    "headline", "byline", "dateline", "caption", "credit", "paragraph", "subheading", "related", "source",
})  # fmt: skip
QUOTATIONS = frozenset({"direct", "indirect", "mixed"})
_FILLED: Mapping[str, Mapping[str, tuple[int, int]]] = {
    EVENT: {"trigger": (1, 1)}, NARY: {"arguments": (1, 2**31)}, NOTE: {"about": (0, 1)}, PASSAGE: {},
    QUOTATION: {"speaker": (0, 1), "cue": (0, 2**31)},
}  # fmt: skip
"""The slots that a span of each layer has when this tool writes it, and how many fillers these may have."""


def is_own(span: TypedSpan, types: Mapping[str, str]) -> bool:
    """Whether a span says what the layer of its name says when this tool writes it: others may use the name."""
    if span.type not in OWN_SLOTS or not span.features.get("value"):
        return False
    slots = {slot.feature: slot.links for slot in span.slots}
    if not slots.keys() <= set(OWN_SLOTS[span.type]) or not _is_filled(
        span.type, {k: len(v) for k, v in slots.items()}
    ):
        return False
    if span.type == EVENT:
        trigger = types.get(slots["trigger"][0].target)
        return trigger is not None and trigger not in OWN_SLOTS
    return _is_labelled(span)


def _is_filled(layer: str, fillers: Mapping[str, int]) -> bool:
    return all(low <= fillers.get(slot, -1) <= high for slot, (low, high) in _FILLED[layer].items())


def _is_labelled(span: TypedSpan) -> bool:
    if span.type == PASSAGE:
        return span.features["value"] in PASSAGES and not span.features.keys() - {"value"}
    return span.type != QUOTATION or span.features["value"] in QUOTATIONS
