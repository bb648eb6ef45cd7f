"""The dialects of doccano: what a record says, under the names and in the shapes that its versions used.

Spans stand as `[start, end, label]` under `label` or `labels`, as objects under `entities`, and, before version 1.3, as
objects with the numbers of label and user under `annotations`. Labels of the whole text are strings there, or `cats`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from corpus_tool.formats.json_values import mapping, objects, whole, words

SPAN_KEYS = ("label", "labels", "entities", "annotations")
_OWN = {*SPAN_KEYS, "id", "text", "cats", "relations", "Comments", "comments", "meta", "user", "annotator", "username",
        "annotation_approver"}  # fmt: skip
_PAIR_LENGTH = 3


class SpanSaid(NamedTuple):
    """A span as a record has it; `label` may be the number of one."""

    start: int
    end: int
    label: str | int
    number: int | None = None
    user: Any = None


@dataclass(slots=True)
class Said:
    """What a record says: spans, labels of the whole text, pairs, comments; `empty` are lists that have nothing."""

    spans: list[SpanSaid] = field(default_factory=list)
    categories: list[tuple[str | int, Any]] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, Any]] = field(default_factory=list)


def said_in(record: Mapping[str, Any]) -> Said:
    """What the annotations of a record are."""
    said = Said()
    for key in (*SPAN_KEYS, "cats"):
        value = record.get(key)
        parts = value if isinstance(value, list) else [] if value is None else [value]
        if value == []:
            said.empty.append(key)
        for part in parts:
            _take(said, key, part)
    _take_pairs(said, record)
    for key in ("Comments", "comments"):
        said.comments += words(record.get(key))
        said.comments += [text for one, _ in objects(record.get(key), "") for text in words(one.get("comment"))]
    return said


def columns_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are no annotations: those beside the text, and those of `meta`."""
    own = {name: value for name, value in record.items() if name not in _OWN}
    meta = record.get("meta")
    return {**mapping(meta), **own} if isinstance(meta, dict) or meta is None else {**own, "meta": meta}


def user_of(record: Mapping[str, Any]) -> Any:
    """Who annotated the whole record, where it says so."""
    return next((record[key] for key in ("user", "annotator", "username") if record.get(key) is not None), None)


def _take(said: Said, key: str, part: Any) -> None:
    found = _span(part)
    if found is not None:
        said.spans.append(found)
    elif (isinstance(part, str) and part) or whole(part) is not None:
        said.categories.append((part, None))
    elif isinstance(part, dict) and _label(part.get("label")) is not None and "start_offset" not in part:
        said.categories.append((part["label"], part.get("user")))
    else:
        said.unreadable.append((key, part))


def _take_pairs(said: Said, record: Mapping[str, Any]) -> None:
    value = record.get("relations")
    if value == []:
        said.empty.append("relations")
    for part in value if isinstance(value, list) else [] if value is None else [value]:
        if isinstance(part, dict) and whole(part.get("from_id")) is not None and whole(part.get("to_id")) is not None:
            said.pairs.append(part)
        else:
            said.unreadable.append(("relations", part))


def _span(part: Any) -> SpanSaid | None:
    if isinstance(part, list) and len(part) == _PAIR_LENGTH:
        start, end, label, number, user = whole(part[0]), whole(part[1]), _label(part[2]), None, None
    elif isinstance(part, dict):
        start, end, label = whole(part.get("start_offset")), whole(part.get("end_offset")), _label(part.get("label"))
        number, user = whole(part.get("id")), part.get("user")
    else:
        return None
    return None if start is None or end is None or label is None else SpanSaid(start, end, label, number, user)


def _label(value: Any) -> str | int | None:
    return value if isinstance(value, str) and value else whole(value)
