"""Relations and events between entities, as one comment each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from corpus_tool.formats.conllu.escapes import decoded, encoded
from corpus_tool.formats.conllu.records import META, numbered, parse_record, record

_PAIR = "%="
KEYS = {META + "relation": "relations", META + "event": "events"}
_NAMES = {layer: key for key, layer in KEYS.items()}
_ORDER = ("id", "type", "trigger")


def refs_of(one: Mapping[str, Any]) -> list[str]:
    """The ids that a relation or event names."""
    found = [part["ref"] for part in one.get("arguments") or ()]
    return [*found, one["trigger"]] if one.get("trigger") else found


def writable(article: Mapping[str, Any], entities: Collection[str]) -> dict[str, list[Mapping[str, Any]]]:
    """The relations and events that name nothing but what is written: these entities, and events among themselves."""
    events = list(article.get("events") or ())
    while True:
        known = {*entities, *(event["id"] for event in events)}
        kept = [event for event in events if set(refs_of(event)) <= known]
        if len(kept) == len(events):
            break
        events = kept
    relations = [one for one in article.get("relations") or () if set(refs_of(one)) <= known]
    return {"relations": relations, "events": events}


def line_of(layer: str, one: Mapping[str, Any], number: int) -> str:
    """The comment of a relation or event."""
    values: list[tuple[str, Any]] = [(name, one.get(name)) for name in (*_ORDER, "prov", "confidence")]
    values += [("arg", f"{encoded(part['role'], _PAIR)}={part['ref']}") for part in one.get("arguments") or ()]
    for part in one.get("attributes") or ():
        name, value = encoded(part["name"], _PAIR), part.get("value")
        values.append(("attr", name if value is None else f"{name}={value}"))
    return f"# {numbered(_NAMES[layer], number)} = {record(values)}"


def parse_line(key: str, cell: str) -> dict[str, Any] | None:
    """What a comment says; None where it lacks what the layer asks for."""
    made: dict[str, Any] = {}
    arguments: list[dict[str, str]] = []
    attributes: list[dict[str, str]] = []
    for name, value in parse_record(cell):
        if value is None:
            return None
        left, sign, right = value.partition("=")
        if name == "arg":
            if not (left and sign):
                return None
            arguments.append({"role": decoded(left, _PAIR), "ref": right})
        elif name == "attr":
            attributes.append({"name": decoded(left, _PAIR)} | ({"value": right} if sign else {}))
        elif name == "confidence":
            made[name] = _number(value)
        elif name in {*_ORDER, "prov"}:
            made[name] = value
    wanted = _ORDER if KEYS[key] == "events" else _ORDER[:2]
    if not all(made.get(name) for name in wanted) or made.get("confidence", 0) is None:
        return None
    made["arguments"] = arguments
    return made | ({"attributes": attributes} if attributes else {})


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
