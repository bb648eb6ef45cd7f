"""Annotations of an article as results of Label Studio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article
from corpus_tool.formats.label_studio.config import SPAN_LAYERS
from corpus_tool.formats.label_studio.regions import EVENTS, LINKS, NOTES, piece_id
from corpus_tool.formats.pairs import links_of, pair_of
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

Item = dict[str, Any]
REGION_LAYERS = (*SPAN_LAYERS, "entities")
OBJECT = "text"
"""The name of the text in the labelling configuration, and of its column."""


@dataclass(slots=True)
class Results:
    """Results of one article by who made them, as they grow."""

    article: Article
    inventory: Inventory | None
    losses: Tally
    made: dict[str | None, list[Item]] = field(default_factory=dict)
    regions: dict[str, Item] = field(default_factory=dict)
    """The annotations that are regions, by id."""
    triggers: dict[str, str] = field(default_factory=dict)
    """By the id of an event, its trigger."""

    def lose(self, what: str, example: object, count: int = 1) -> None:
        self.losses.add(what, f"{self.article['id']}: {example}", count)

    def put(self, prov: str | None, item: Item) -> None:
        self.made.setdefault(prov, []).append(item)

    def own(self, ref: str | None, prov: str | None) -> bool:
        """Whether it is a region of the same maker: results join only what is in one annotation."""
        region = self.regions.get(ref or "")
        return region is not None and region.get("prov") == prov


def results_of(article: Article, inventory: Inventory | None, losses: Tally) -> dict[str | None, list[Item]]:
    """The results by the id of the provenance that made them."""
    results = Results(article, inventory, losses)
    for layer in REGION_LAYERS:
        for one in article.get(layer) or ():
            _region(results, layer, one)
    for one in article.get("events") or ():
        _trigger(results, one)
    for put, layer in _OTHERS:
        for one in article.get(layer) or ():
            put(results, one)
    _labels(results)
    return results.made


def _region(results: Results, layer: str, one: Mapping[str, Any]) -> None:
    prov, label = one.get("prov"), one.get("type", "sentence")
    results.regions[one["id"]] = dict(one)
    for number, piece in enumerate(one["spans"]):
        # Label Studio has no regions of several pieces: the others stand below the first in its outline.
        part = {"id": piece_id(one["id"], number), "parentID": one["id"]} if number else {"id": one["id"]}
        value = {**_place(piece), "labels": [label]}
        item = {**part, "from_name": layer, "to_name": OBJECT, "type": "labels", "value": value}
        results.put(prov, item | _score(one) | {"origin": "manual"})
    place = _place(one["spans"][0])
    for name, values in _grouped(one).items():
        results.put(prov, _answer(one["id"], name, "choices", {**place, "choices": values}))
    for link in one.get("links") or ():
        results.put(prov, _answer(one["id"], LINKS, "taxonomy", {**place, "taxonomy": [[link["db"], link["id"]]]}))
        for extra in ("text", "confidence", "id_in_source"):
            if link.get(extra) is not None:
                results.lose(f"links: {extra}", f"{link['db']}:{link['id']}")


def _place(piece: Mapping[str, Any]) -> Item:
    return {"start": piece["start"], "end": piece["end"], "text": piece["text"]}


def _grouped(one: Mapping[str, Any]) -> dict[str, list[str]]:
    """The values of each attribute; one without a value has its name as its only choice."""
    found: dict[str, list[str]] = {}
    for attribute in one.get("attributes") or ():
        value = attribute.get("value")
        found.setdefault(attribute["name"], []).append(attribute["name"] if value is None else value)
    return found


def _answer(name: str, control: str, kind: str, value: Item) -> Item:
    return {"id": name, "from_name": control, "to_name": OBJECT, "type": kind, "value": value, "origin": "manual"}


def _score(one: Mapping[str, Any]) -> Item:
    return {} if one.get("confidence") is None else {"score": one["confidence"]}


def _quotation(results: Results, one: Mapping[str, Any]) -> None:
    if one["id"] not in results.regions:
        return
    named = [("speaker", one.get("speaker")), *(("cue", cue) for cue in one.get("cue") or ())]
    for role, ref in named:
        if ref is not None:
            _pair(results, one, (one["id"], ref), role, "speakers and cues of quotations")


def _trigger(results: Results, one: Mapping[str, Any]) -> None:
    """An event as a choice of its trigger."""
    trigger, prov = one["trigger"], one.get("prov")
    if not results.own(trigger, prov) or trigger in results.triggers.values():
        results.lose("events whose trigger is no region of the same annotator, or of another event too", one["id"])
        return
    results.triggers[one["id"]] = trigger
    if one.get("attributes"):
        results.lose("attributes of events", one["id"], len(one["attributes"]))
    place = _place(results.regions[trigger]["spans"][0])
    results.put(prov, _answer(trigger, EVENTS, "choices", {**place, "choices": [one["type"]]}) | _score(one))


def _event(results: Results, one: Mapping[str, Any]) -> None:
    trigger = results.triggers.get(one["id"])
    for argument in (one.get("arguments") or ()) if trigger is not None else ():
        ref = argument["ref"]
        if ref in results.triggers.values():
            results.lose("arguments that are triggers: they become the event", f"{one['id']} ({argument['role']})")
        ends = str(trigger), results.triggers.get(ref, ref)
        _pair(results, {**one, "confidence": None}, ends, argument["role"], "arguments of events")


def _relation(results: Results, one: Mapping[str, Any]) -> None:
    pair = pair_of(one, results.inventory)
    if pair is None:
        results.lose("relations with other than two arguments", one["id"])
        return
    if not pair.exact:
        results.lose("roles of relations that the inventory does not name", one["id"])
    if one.get("attributes"):
        results.lose("attributes of relations", one["id"], len(one["attributes"]))
    _pair(results, one, (pair.source, pair.target), one["type"], "relations")


def _chain(results: Results, one: Mapping[str, Any]) -> None:
    pairs = links_of(one["mentions"])
    if not pairs:
        results.lose("chains of one mention", one["id"])
    for lost in ("representative", "confidence"):
        if one.get(lost) is not None:
            results.lose(f"chains: {lost}", one["id"])
    for ends in pairs:
        _pair(results, one, ends, one.get("type") or "identity", "links of chains")


def _pair(results: Results, one: Mapping[str, Any], ends: tuple[str, str], label: str, what: str) -> None:
    prov = one.get("prov")
    if not all(results.own(end, prov) for end in ends):
        results.lose(f"{what} that join what is no region of the same annotator", f"{one['id']} ({label})")
        return
    inventory = results.inventory
    declared = inventory.label("relation", label) if inventory is not None else None
    direction = "bi" if declared is not None and declared.symmetric and what == "relations" else "right"
    item = {"type": "relation", "from_id": ends[0], "to_id": ends[1], "direction": direction, "labels": [label]}
    results.put(prov, item | (_score(one) if what == "relations" else {}))


def _note(results: Results, one: Mapping[str, Any]) -> None:
    ref, prov = one.get("ref"), one.get("prov")
    if ref is not None and not results.own(ref, prov):
        results.lose("notes on what is no region of the same annotator", one["id"])
    elif not one["text"]:
        results.lose("notes without a text", one["id"])
    else:
        place = {} if ref is None else results.regions[ref]["spans"][0]
        value = {**{key: place[key] for key in ("start", "end") if key in place}, "text": [one["text"]]}
        results.put(prov, _answer(ref or one["id"], one.get("type") or NOTES, "textarea", value))


_OTHERS: tuple[tuple[Callable[[Results, Mapping[str, Any]], None], str], ...] = (
    (_quotation, "quotations"), (_event, "events"), (_relation, "relations"), (_chain, "coreference"), (_note, "notes"),
)  # fmt: skip


def _labels(results: Results) -> None:
    """One result an axis, with all choices of one person; more where these are sure of them in different degrees."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for label in results.article.get("labels") or ():
        groups.setdefault((label.get("prov"), label["axis"], label.get("confidence")), []).append(label["value"])
    for number, ((prov, axis, confidence), values) in enumerate(groups.items()):
        item = _answer(f"L{number + 1}", axis, "choices", {"choices": values})
        results.put(prov, item if confidence is None else {**item, "score": confidence})


def regions_in(article: Article) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The annotations of an article that may be regions, each with its layer."""
    for layer in REGION_LAYERS:
        for one in article.get(layer) or ():
            yield layer, one
