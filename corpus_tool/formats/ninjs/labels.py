"""What an item as a whole is about: labels of the article, one axis for each of its lists of concepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.ninjs.metadata import KEYWORD, entries
from corpus_tool.formats.ninjs.names import Item

AXES = {
    "subjects": "subject", "genres": "genre", "people": "person", "organisations": "organisation", "places": "place",
    "events": "event", "objects": "object",
}  # fmt: skip
_LISTS = {axis: name for name, axis in AXES.items()}
_KEPT = frozenset({"name", "confidence", "creator"})
UNKNOWN = "A1"


@dataclass(slots=True)
class Labels:
    """Labels, where each stands in the item, who made them, and which fields have no place."""

    found: list[dict[str, Any]] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)
    creators: dict[str, str] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    annotated: bool = False


def read_labels(item: Item, spelt: Mapping[str, str]) -> Labels:
    """The labels of an item, in the order of its lists."""
    out = Labels()
    for name, axis in AXES.items():
        out.annotated = out.annotated or isinstance(item.get(name), list)
        for number, one in entries(item, name):
            if one.get("rel") == KEYWORD and name == "subjects":
                continue
            value = next((one[key] for key in ("name", "literal", "code", "uri") if _says(one.get(key))), None)
            if value is None:
                out.lost[f"{name} without a name"] += 1
                continue
            out.pointers.append(f"/{spelt[name]}/{number}")
            out.found.append(_label(one, axis, value, out))
            used = _KEPT | {key for key in ("literal", "code", "uri") if one.get(key) == value}
            for key in one.keys() - used:
                if one[key] not in (None, "", []):
                    out.lost[f"{name}: {key}"] += 1
    return out


def _says(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _label(one: Item, axis: str, value: str, out: Labels) -> dict[str, Any]:
    label: dict[str, Any] = {"axis": axis, "value": value}
    creator = one.get("creator")
    if _says(creator):
        label["prov"] = out.creators.setdefault(str(creator), f"C{len(out.creators) + 1}")
    else:
        label["prov"] = UNKNOWN
    percent = one.get("confidence")
    if isinstance(percent, int) and not isinstance(percent, bool) and 0 <= percent <= 100:
        label["confidence"] = percent / 100
    elif percent is not None:
        out.lost["confidence that is no per cent"] += 1
    return label


def write_labels(labels: Sequence[Mapping[str, Any]], agents: Mapping[str, str]) -> tuple[Item, Iterator[str]]:
    """Lists of concepts for an item, and for each label what of it cannot be kept."""
    item: Item = {"subjects": []} if not labels else {}
    problems: list[str] = []
    for label in labels:
        axis = label["axis"]
        one: Item = {"name": label["value"]}
        if axis not in _LISTS:
            one["rel"] = axis
            problems.append("axes that ninjs has no list for: written as subjects")
        name = _LISTS.get(axis, "subjects")
        if label.get("prov") is not None and label["prov"] in agents:
            if name == "subjects":
                one["creator"] = agents[label["prov"]]
            elif agents[label["prov"]] != "unknown":
                problems.append("who made a label that is no subject")
        if label.get("confidence") is not None:
            percent = round(label["confidence"] * 100)
            if name == "subjects":
                one["confidence"] = percent
            if name != "subjects" or percent / 100 != label["confidence"]:
                problems.append("confidence of labels: whole per cents of subjects are kept")
        item.setdefault(name, []).append(one)
    return item, iter(problems)
