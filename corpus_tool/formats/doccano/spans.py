"""Spans and pairs of a record as entities, relations and chains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats import Unit
from corpus_tool.formats.doccano.dialects import Said, SpanSaid
from corpus_tool.formats.doccano.draft import AMBIGUOUS, Draft
from corpus_tool.formats.doccano.offsets import settle
from corpus_tool.formats.doccano.records import MALFORMED
from corpus_tool.formats.made import span
from corpus_tool.formats.pairs import arguments_of, joined
from corpus_tool.formats.units import Offsets

_OUTSIDE = ("IO018", "offset-stands-for-a-character")
_UNIT = ("IO017", "offsets-are-in-the-unit-of-the-format")
_DANGLING = ("REF402", "dangling-reference")


def take_spans(draft: Draft, said: Said, user: Any) -> dict[int, str]:
    """The spans as entities; their ids by the numbers of doccano."""
    settled = settle(draft.text, [(one.start, one.end) for one in said.spans])
    if settled.unit is not Unit.CODE_POINTS:
        message = f"offsets are {settled.unit}, where doccano has code points unless asked: converted from those"
        draft.report(_UNIT, Severity.WARNING, message)
    elif settled.doubtful:
        message = "spans stand within signs or words by code points as by grapheme clusters: code points are taken"
        draft.report(AMBIGUOUS, Severity.WARNING, message)
    offsets = Offsets(draft.text, settled.unit)
    names: dict[int, str] = {}
    for one in said.spans:
        name = _take_span(draft, one, offsets, user if one.user is None else one.user)
        if name is not None and one.number is not None:
            names.setdefault(one.number, name)
    if said.spans:
        draft.reading.kind = "entities"
    return names


def _take_span(draft: Draft, one: SpanSaid, offsets: Offsets, user: Any) -> str | None:
    first, last = offsets.to_points(one.start), offsets.to_points(one.end)
    label = one.label if isinstance(one.label, str) else label_of(draft, one.label)
    if first is None or last is None or first > last:
        message = f"{one.start} to {one.end} ({label}) is no place in the text, which has "
        draft.report(_OUTSIDE, Severity.ERROR, f"{message}{len(draft.text):,} characters: left out")
        return None
    name = draft.own_id("T", one.number, label, first, last, str(user))
    piece = span(draft.text, first, last)
    draft.add("entities", {"id": name, "type": label, "spans": [piece], "prov": draft.prov_of(user)})
    return name


def label_of(draft: Draft, label: str | int) -> str:
    if isinstance(label, str):
        return label
    known = draft.reading.names.get(label)
    if known is None and draft.reading.once(f"label {label}"):
        stem = draft.reading.source.id.rpartition("/")[2]
        message = f"the label is the number {label}, and nothing names it: it stays a number; put the labels of the "
        draft.report(AMBIGUOUS, Severity.WARNING, f"{message}project beside it as {stem}.labels.json")
    return str(label) if known is None else known


def take_pairs(draft: Draft, said: Said, user: Any, names: Mapping[int, str]) -> None:
    links: dict[str, list[tuple[str, str]]] = {}
    makers = {one["id"]: one["prov"] for one in draft.layers.get("entities", ())} if said.pairs else {}
    for pair in said.pairs:
        ends = [names.get(pair[key]) for key in ("from_id", "to_id")]
        label = label_of(draft, pair["type"]) if isinstance(pair.get("type"), int | str) and pair["type"] else ""
        if None in ends or not label:
            what = "has no type" if None not in ends else "joins what is no span of the record"
            message = f"the relation from {pair['from_id']} to {pair['to_id']} {what}: left out"
            draft.report(_DANGLING if None in ends else MALFORMED, Severity.ERROR, message)
            continue
        source, target = str(ends[0]), str(ends[1])
        if label in draft.reading.chains:
            links.setdefault(label, []).append((source, target))
            continue
        arguments = arguments_of(label, source, target, draft.reading.inventory)
        name = draft.own_id("R", pair.get("id") if isinstance(pair.get("id"), int) else None, label, source, target)
        prov = _maker(draft, makers[source], pair, user)
        draft.add("relations", {"id": name, "type": label, "arguments": arguments, "prov": prov})
    for label, found in links.items():
        for mentions in joined(found):
            name = draft.own_id("C", None, label, mentions)
            prov = _maker(draft, makers[mentions[0]], {}, user)
            draft.add("coreference", {"id": name, "type": label, "mentions": mentions, "prov": prov})


def _maker(draft: Draft, first: str, pair: Mapping[str, Any], user: Any) -> str:
    """Who made a pair: as it says, as the record says, else who made the `first` of the two."""
    if pair.get("user") is not None or user is not None:
        return draft.prov_of(pair["user"] if pair.get("user") is not None else user)
    return first
