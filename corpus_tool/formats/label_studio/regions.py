"""Results of one annotation that stand on the text: regions, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats.json_values import fraction, mapping, whole, words
from corpus_tool.formats.label_studio.config import SPAN_LAYERS
from corpus_tool.formats.label_studio.draft import AMBIGUOUS, MALFORMED, OUTSIDE, SURFACE, Draft
from corpus_tool.formats.label_studio.offsets import Ruler, flat, verbatim
from corpus_tool.formats.made import span

SPAN_TYPES = ("labels", "hypertextlabels", "paragraphlabels")
ANSWER_TYPES = ("choices", "taxonomy", "rating", "number", "textarea")
LINKS = "links"
NOTES = "notes"
EVENTS = "events"
"""The choices of a region, by this name, that make it the trigger of an event."""
Result = tuple[dict[str, Any], str]
"""An item of `result` with its pointer."""


@dataclass(slots=True)
class Maker:
    """Who made the results, the score that holds for all of them, and what their regions have become."""

    prov: str
    score: float | None = None
    regions: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """By the id of a region, layer and annotation."""
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the id of a region, the event that it triggers."""


def labels_of(result: Mapping[str, Any]) -> list[str]:
    """The labels of a region: under the name of its type."""
    return words(mapping(result.get("value")).get(str(result.get("type"))))


def stated(result: Mapping[str, Any]) -> tuple[int, int, str | None] | None:
    """Start, end and words of a region, from `globalOffsets` where there are some; None where it has no offsets."""
    value = mapping(result.get("value"))
    offsets = value.get("globalOffsets")
    place = offsets if isinstance(offsets, dict) else value
    start, end = whole(place.get("start")), whole(place.get("end"))
    said = value.get("text")
    return None if start is None or end is None else (start, end, said if isinstance(said, str) else None)


def piece_id(name: str, number: int) -> str:
    """The id of another piece of a region, which has the region as its parent."""
    return f"{name}.{number + 1}"


def add_region(draft: Draft, maker: Maker, result: Result, ruler: Ruler) -> None:
    """The annotations that a region with labels is: one of each label."""
    item, pointer = result
    piece = _piece(draft, result, ruler)
    if piece is None:
        return
    name = item.get("id") if isinstance(item.get("id"), str) else None
    labels = labels_of(item)
    if _is_piece(maker, item, labels):
        maker.regions[str(item["parentID"])][1]["spans"].append(piece)
        return
    if not labels:
        draft.lose("regions without a label", piece["text"])
    for label in labels:
        layer = _layer(draft, item, label)
        own = name or draft.content_ids.make("T", label, piece["start"], piece["end"])
        one: dict[str, Any] = {
            "id": draft.own_id(own, maker.prov),
            "type": label,
            "spans": [dict(piece)],
            "prov": maker.prov,
        }
        if layer == "sentences":
            del one["type"]
        score = fraction(item.get("score"))
        confidence = maker.score if score is None else score
        if confidence is not None and layer not in {"passages", "sentences"}:
            one["confidence"] = confidence
        draft.add(layer, one, pointer)
        if name is not None:
            maker.regions.setdefault(name, (layer, one))
        _meta(draft, maker, item, one, pointer)


def _is_piece(maker: Maker, item: Mapping[str, Any], labels: list[str]) -> bool:
    """Whether a region is another piece of the one it stands below."""
    parent = item.get("parentID")
    layer, one = maker.regions.get(str(parent), ("", {"spans": ()}))
    name = piece_id(str(parent), len(one["spans"]))
    return bool(layer) and item.get("id") == name and len(labels) == 1 and one.get("type", labels[0]) == labels[0]


def _layer(draft: Draft, item: Mapping[str, Any], label: str) -> str:
    named = item.get("from_name")
    if named in SPAN_LAYERS:
        return str(named)
    inventory = draft.project.inventory
    if inventory is not None and inventory.label("entity", label) is None:
        if inventory.label("quotation", label) is not None:
            return "quotations"
        if inventory.label("passage", label) is not None:
            return "passages"
    return "entities"


def _meta(draft: Draft, maker: Maker, item: Mapping[str, Any], one: dict[str, Any], pointer: str) -> None:
    """Notes that were written to a region in the side panel."""
    for said in words(mapping(item.get("meta")).get("text")):
        note = {"id": draft.content_ids.make("N", one["id"], said), "ref": one["id"], "text": said, "prov": maker.prov}
        draft.add("notes", note, pointer)


def _piece(draft: Draft, result: Result, ruler: Ruler) -> dict[str, Any] | None:
    """Where a region stands, with the text it covers; None where it cannot be said, which is reported."""
    item, pointer = result
    place = stated(item)
    if place is None:
        if isinstance(mapping(item.get("value")).get("start"), str):
            draft.lose("regions placed by XPath in HTML, without offsets that hold for the text", item.get("id"))
        else:
            draft.report(MALFORMED, Severity.ERROR, "a region has no offsets, left out", f"{pointer}/value")
        return None
    start, end, said = place
    first, last = ruler.to_points(start), ruler.to_points(end)
    if first is None or last is None or first > last:
        message = f"{start} to {end} is no place in the text, which has {len(draft.text):,} characters: left out"
        draft.report(OUTSIDE, Severity.ERROR, message, f"{pointer}/value")
        return None
    piece = span(draft.text, first, last)
    _check(draft, piece["text"], said, pointer)
    return piece


def _check(draft: Draft, covered: str, said: str | None, pointer: str) -> None:
    if said is None or verbatim(covered, said):
        return
    message = f"the region says '{said[:60]}', its offsets cover '{covered[:60]}'"
    if flat(covered) == flat(said):
        message = f"{message}: only white space differs"
        draft.report(AMBIGUOUS, Severity.WARNING, message, f"{pointer}/value/text")
    else:
        draft.report(SURFACE, Severity.ERROR, message, f"{pointer}/value/text")
