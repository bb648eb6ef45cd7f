"""Spans and pairs of a record as entities, relations and chains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats import Unit
from corpus_tool.formats.doccano.dialects import Said, Spans, SpanSaid
from corpus_tool.formats.doccano.draft import AMBIGUOUS, Draft
from corpus_tool.formats.doccano.offsets import settle
from corpus_tool.formats.doccano.records import MALFORMED
from corpus_tool.formats.made import span
from corpus_tool.formats.pairs import Link, arguments_of_all, joined
from corpus_tool.formats.units import Offsets

_OUTSIDE = ("IO018", "offset-stands-for-a-character")
_UNIT = ("IO017", "offsets-are-in-the-unit-of-the-format")
_DANGLING = ("REF402", "dangling-reference")


def take_spans(draft: Draft, said: Said, user: Any) -> dict[int, str]:
    """The spans as entities; their ids by the numbers of doccano."""
    spans = said.spans
    if spans is None:
        return {}
    draft.reading.kind = "entities"
    settled = settle(draft.text, list(zip(spans.starts, spans.ends, strict=True)))
    if settled.unit is not Unit.CODE_POINTS:
        message = f"offsets are {settled.unit}, where doccano has code points unless asked: converted from those"
        draft.report(_UNIT, Severity.WARNING, message)
    elif settled.doubtful:
        message = "spans stand within signs or words by code points as by grapheme clusters: code points are taken"
        draft.report(AMBIGUOUS, Severity.WARNING, message)
    offsets = Offsets(draft.text, settled.unit)
    if offsets.are_points(spans.starts, spans.ends):
        return _take_all(draft, spans, user)
    names: dict[int, str] = {}
    for one in spans.each():
        name = _take_span(draft, one, offsets, user if one.user is None else one.user)
        if name is not None and one.number is not None:
            names.setdefault(one.number, name)
    return names


def _take_all(draft: Draft, spans: Spans, user: Any) -> dict[int, str]:
    """What `_take_span` makes of spans one after the other, where all are code points of the text."""
    text, starts, ends, count = draft.text, spans.starts, spans.ends, len(spans.starts)
    labels = [label_of(draft, label) for label in spans.labels]
    if spans.users.count(None) == count:
        shown, provs = [str(user)] * count, [draft.prov_of(user)] * count
    else:
        users = [user if own is None else own for own in spans.users]
        shown, provs = list(map(str, users)), list(map(draft.prov_of, users))
    ids = draft.own_ids("T", spans.numbers, zip(labels, starts, ends, shown, strict=True))
    draft.add_all("entities", [
        {"id": name, "type": label, "spans": [{"start": start, "end": end, "text": text[start:end]}], "prov": prov}
        for name, label, start, end, prov in zip(ids, labels, starts, ends, provs, strict=True)
    ])  # fmt: skip
    names: dict[int, str] = {}
    for number, name in zip(spans.numbers, ids, strict=True):
        if number is not None:
            names.setdefault(number, name)
    return names


def _take_span(draft: Draft, one: SpanSaid, offsets: Offsets, user: Any) -> str | None:
    first, last = offsets.to_points(one.start), offsets.to_points(one.end)
    label = label_of(draft, one.label)
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
    if not said.pairs:
        return
    relations: list[tuple[Mapping[str, Any], Link]] = []
    chained: dict[str, list[tuple[str, str]]] = {}
    for pair in said.pairs:
        source, target = names.get(pair["from_id"]), names.get(pair["to_id"])
        label = label_of(draft, pair["type"]) if isinstance(pair.get("type"), int | str) and pair["type"] else ""
        if source is None or target is None or not label:
            dangling = source is None or target is None
            what = "joins what is no span of the record" if dangling else "has no type"
            message = f"the relation from {pair['from_id']} to {pair['to_id']} {what}: left out"
            draft.report(_DANGLING if dangling else MALFORMED, Severity.ERROR, message)
        elif label in draft.reading.chains:
            chained.setdefault(label, []).append((source, target))
        else:
            relations.append((pair, (label, source, target)))
    makers = {one["id"]: one["prov"] for one in draft.layers.get("entities", ())}
    _add_relations(draft, relations, user, makers)
    for label, found in chained.items():
        for mentions in joined(found):
            name = draft.own_id("C", None, label, mentions)
            prov = _maker(draft, makers[mentions[0]], {}, user)
            draft.add("coreference", {"id": name, "type": label, "mentions": mentions, "prov": prov})


def _add_relations(
    draft: Draft, relations: list[tuple[Mapping[str, Any], Link]], user: Any, makers: Mapping[str, str]
) -> None:
    if not relations:
        return
    links = [link for _, link in relations]
    numbers = [number if isinstance(number := pair.get("id"), int) else None for pair, _ in relations]
    ids = draft.own_ids("R", numbers, links)
    provs = [_maker(draft, makers[source], pair, user) for pair, (_, source, _) in relations]
    arguments = arguments_of_all(links, draft.reading.inventory)
    draft.add_all("relations", [
        {"id": name, "type": label, "arguments": ends, "prov": prov}
        for name, (label, _, _), ends, prov in zip(ids, links, arguments, provs, strict=True)
    ])  # fmt: skip


def _maker(draft: Draft, first: str, pair: Mapping[str, Any], user: Any) -> str:
    """Who made a pair: as it says, as the record says, else who made the `first` of the two."""
    if pair.get("user") is not None or user is not None:
        return draft.prov_of(pair["user"] if pair.get("user") is not None else user)
    return first
