"""The dialects of doccano: what a record says, under the names and in the shapes that its versions used.

Spans stand as `[start, end, label]` under `label` or `labels`, as objects under `entities`, and, before version 1.3, as
objects with the numbers of label and user under `annotations`. Labels of the whole text are strings there, or `cats`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from corpus_tool.formats.json_values import mapping, objects, whole, words

SPAN_KEYS = ("label", "labels", "entities", "annotations")
_OWN = {*SPAN_KEYS, "id", "text", "cats", "relations", "Comments", "comments", "meta", "user", "annotator", "username",
        "annotation_approver"}  # fmt: skip
_LISTS = (*SPAN_KEYS, "cats")
_TRIPLE = 3
_SPAN = ("start_offset", "end_offset", "label", "id", "user")
_NUMBERS_OR_NONE = frozenset({int, type(None)})
_NAMES_OR_NUMBERS = frozenset({str, int})


class SpanSaid(NamedTuple):
    """A span as a record has it; `label` may be the number of one."""

    start: int
    end: int
    label: str | int
    number: int | None = None
    user: Any = None


class Spans(NamedTuple):
    """Spans as a record has them, by column: what is asked of all of them is asked at once."""

    starts: list[int]
    ends: list[int]
    labels: list[str | int]
    numbers: list[int | None]
    users: list[Any]

    def each(self) -> Iterator[SpanSaid]:
        return map(SpanSaid, *self)


@dataclass(slots=True)
class Said:
    """What a record says: spans, labels of the whole text, pairs, comments; `empty` are lists that have nothing."""

    spans: Spans | None = None
    categories: list[tuple[str | int, Any]] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, Any]] = field(default_factory=list)


def said_in(record: Mapping[str, Any]) -> Said:
    """What the annotations of a record are."""
    said = Said()
    for key in _LISTS:
        value = record.get(key)
        if value is None:
            continue
        if value == []:
            said.empty.append(key)
            continue
        spans = _alike(value) or _one_by_one(said, key, value)
        said.spans = _together(said.spans, spans)
    _take_pairs(said, record)
    for key in ("Comments", "comments"):
        value = record.get(key)
        if value:
            said.comments += words(value)
            said.comments += [text for one, _ in objects(value, "") for text in words(one.get("comment"))]
    return said


def columns_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are no annotations: those beside the text, and those of `meta`."""
    own = {name: value for name, value in record.items() if name not in _OWN}
    meta = record.get("meta")
    return {**mapping(meta), **own} if isinstance(meta, dict) or meta is None else {**own, "meta": meta}


def user_of(record: Mapping[str, Any]) -> Any:
    """Who annotated the whole record, where it says so."""
    return next((record[key] for key in ("user", "annotator", "username") if record.get(key) is not None), None)


def _alike(value: Any) -> Spans | None:
    """The spans of a list that has nothing else, all of one form, as nearly all lists are."""
    found = _columns(value)
    if found is None or {*map(type, found.starts), *map(type, found.ends)} != {int}:
        return None
    labelled = _NAMES_OR_NUMBERS.issuperset(map(type, found.labels)) and "" not in found.labels
    return found if labelled and _NUMBERS_OR_NONE.issuperset(map(type, found.numbers)) else None


def _columns(value: Any) -> Spans | None:
    kinds = set(map(type, value)) if isinstance(value, list) else None
    if kinds == {list} and set(map(len, value)) == {_TRIPLE}:
        nothing: list[Any] = [None] * len(value)
        return Spans([one[0] for one in value], [one[1] for one in value], [one[2] for one in value], nothing, nothing)
    return Spans(*([one.get(key) for one in value] for key in _SPAN)) if kinds == {dict} else None


def _one_by_one(said: Said, key: str, value: Any) -> Spans | None:
    """The spans of a value; what is none goes where it belongs."""
    spans = []
    for part in value if isinstance(value, list) else [value]:
        found = _span(part)
        if found is not None:
            spans.append(found)
        elif (isinstance(part, str) and part) or whole(part) is not None:
            said.categories.append((part, None))
        elif isinstance(part, dict) and _label(part.get("label")) is not None and "start_offset" not in part:
            said.categories.append((part["label"], part.get("user")))
        else:
            said.unreadable.append((key, part))
    return Spans(*map(list, zip(*spans, strict=True))) if spans else None


def _together(one: Spans | None, more: Spans | None) -> Spans | None:
    if one is None or more is None:
        return one or more
    columns: Iterator[tuple[list[Any], list[Any]]] = zip(one, more, strict=True)
    return Spans(*(first + second for first, second in columns))


def _take_pairs(said: Said, record: Mapping[str, Any]) -> None:
    value = record.get("relations")
    if value is None:
        return
    if value == []:
        said.empty.append("relations")
    if _are_pairs(value):
        said.pairs = value
        return
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict) and whole(part.get("from_id")) is not None and whole(part.get("to_id")) is not None:
            said.pairs.append(part)
        else:
            said.unreadable.append(("relations", part))


def _are_pairs(value: Any) -> bool:
    """Whether it is a list of nothing but pairs."""
    if not isinstance(value, list) or set(map(type, value)) != {dict}:
        return False
    return {type(pair.get(end)) for pair in value for end in ("from_id", "to_id")} == {int}


def _span(part: Any) -> SpanSaid | None:
    if isinstance(part, list) and len(part) == _TRIPLE:
        start, end, label, number, user = whole(part[0]), whole(part[1]), _label(part[2]), None, None
    elif isinstance(part, dict):
        start, end, label = whole(part.get("start_offset")), whole(part.get("end_offset")), _label(part.get("label"))
        number, user = whole(part.get("id")), part.get("user")
    else:
        return None
    return None if start is None or end is None or label is None else SpanSaid(start, end, label, number, user)


def _label(value: Any) -> str | int | None:
    return value if isinstance(value, str) and value else whole(value)
