"""Results that answer something: choices, taxonomies, ratings, numbers and texts, of a region or of the whole text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats.json_values import fraction, mapping, words
from corpus_tool.formats.label_studio.draft import MALFORMED, Draft
from corpus_tool.formats.label_studio.regions import EVENTS, LINKS, NOTES, Maker, Result

_LEVEL = "/"


def add_answer(draft: Draft, maker: Maker, result: Result) -> None:
    """An answer as attributes, links or notes of its region, or as labels or notes of the article."""
    item, pointer = result
    region = maker.regions.get(str(item.get("id")))
    name = item.get("from_name")
    if not isinstance(name, str) or not name:
        draft.report(MALFORMED, Severity.ERROR, "a result names no control, left out", pointer)
    elif region is None and _is_of_region(item):
        draft.lose("answers about regions that have no label", f"{name} of {item.get('id')}")
    elif item.get("type") == "textarea":
        _texts(draft, maker, result, name, region[1]["id"] if region else None)
    elif region is not None and name == EVENTS and region[0] == "entities":
        _event(draft, maker, result, region[1]["id"])
    elif region is not None:
        _of_region(draft, item, name, *region)
    else:
        _of_text(draft, maker, result, name)


def _is_of_region(item: Mapping[str, Any]) -> bool:
    return "start" in mapping(item.get("value"))


def _texts(draft: Draft, maker: Maker, result: Result, name: str, ref: str | None) -> None:
    item, pointer = result
    for said in words(mapping(item.get("value")).get("text")):
        note: dict[str, Any] = {"id": draft.content_ids.make("N", name, ref, said)}
        note |= {"type": name} if name != NOTES else {}
        note |= {"ref": ref} if ref is not None else {}
        draft.add("notes", {**note, "text": said, "prov": maker.prov}, pointer)


def _event(draft: Draft, maker: Maker, result: Result, trigger: str) -> None:
    item, pointer = result
    score = fraction(item.get("score"))
    for kind in (path[-1] for path in _values(item)):
        name = draft.own_id(draft.content_ids.make("E", kind, trigger), maker.prov)
        event: dict[str, Any] = {"id": name, "type": kind, "trigger": trigger, "prov": maker.prov}
        event |= {} if score is None else {"confidence": score}
        maker.events.setdefault(str(item["id"]), draft.add("events", event, pointer))


def _of_region(draft: Draft, item: Mapping[str, Any], name: str, layer: str, one: dict[str, Any]) -> None:
    if layer in {"passages", "sentences"}:
        draft.lose(f"attributes of {layer}", f"{name} of {one['id']}")
        return
    for path in _values(item):
        if name == LINKS and layer == "entities" and len(path) == 2:
            one.setdefault("links", []).append({"db": path[0], "id": path[1]})
        else:
            value = _LEVEL.join(path)
            flag = {"name": name} if value == name else {"name": name, "value": value}
            one.setdefault("attributes", []).append(flag)


def _of_text(draft: Draft, maker: Maker, result: Result, name: str) -> None:
    item, pointer = result
    score = fraction(item.get("score"))
    confidence = maker.score if score is None else score
    for path in _values(item):
        label: dict[str, Any] = {"axis": name, "value": _LEVEL.join(path), "prov": maker.prov}
        draft.add("labels", label if confidence is None else {**label, "confidence": confidence}, pointer)


def _values(item: Mapping[str, Any]) -> Iterator[list[str]]:
    """The values of an answer, each as the path that leads to it."""
    value = mapping(item.get("value")).get(str(item.get("type")))
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield [str(value)]
    elif item.get("type") == "taxonomy" and isinstance(value, list):
        yield from (path for part in value if (path := words(part)))
    else:
        yield from ([word] for word in words(value))
