"""The parts of a PubAnnotation document whose shape nobody vouches for, each as what it should be or as a finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from corpus_tool.formats.graph.draft import MALFORMED, Draft

Piece = tuple[int, int]


class Mark(NamedTuple):
    """A denotation or a block."""

    id: str | None
    obj: str
    pieces: tuple[Piece, ...]
    block: bool
    words: str | None
    at: str


class Link(NamedTuple):
    """A relation."""

    id: str | None
    subj: str
    pred: str
    obj: str
    at: str


class Remark(NamedTuple):
    """An attribute or a modification."""

    id: str | None
    subj: str
    pred: str
    obj: Any
    at: str


def parts(draft: Draft, track: dict[str, Any], name: str, pointer: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a list of the track, each with its pointer."""
    value = track.get(name)
    if value is not None and not isinstance(value, list):
        draft.error(MALFORMED, pointer, f"'{name}' is not a list: left out")
        return
    for number, one in enumerate(value or ()):
        at = f"{pointer}/{name}/{number}"
        if isinstance(one, dict):
            yield one, at
        else:
            draft.error(MALFORMED, at, f"an element of '{name}' is not an object: left out")


def marks(draft: Draft, track: dict[str, Any], pointer: str) -> Iterator[Mark]:
    for name in ("denotations", "blocks"):
        value = track.get(name)
        if value is not None:
            usual = _usual_marks(value, name, pointer)
            yield from _marks(draft, track, name, pointer) if usual is None else usual


def _usual_marks(value: Any, name: str, pointer: str) -> list[Mark] | None:
    """The marks of a list in which each has a label and one piece, as `_marks` has them."""
    if not isinstance(value, list):
        return None
    block = name == "blocks"
    found = [
        Mark(_id(one), obj, ((begin, end),), block, words, f"{pointer}/{name}/{number}")
        for number, one in enumerate(value)
        if type(one) is dict
        and type(span := one.get("span")) is dict
        and type(begin := span.get("begin")) is int
        and type(end := span.get("end")) is int
        and 0 <= begin <= end
        and type(obj := one.get("obj")) is str
        and obj
        and ((words := one.get("text")) is None or type(words) is str)
    ]
    return found if len(found) == len(value) else None


def _marks(draft: Draft, track: dict[str, Any], name: str, pointer: str) -> Iterator[Mark]:
    for one, at in parts(draft, track, name, pointer):
        found = pieces(one.get("span"))
        obj = one.get("obj")
        if not found:
            message = f"a {name[:-1]} whose 'span' is not 'begin' and 'end', numbers in this order: left out"
            draft.error(MALFORMED, at, message, _id(one))
            continue
        words = one.get("text")
        label = obj if isinstance(obj, str) and obj else name[:-1] if obj in (None, "") else text_of(obj)
        yield Mark(_id(one), label, tuple(found), name == "blocks", words if isinstance(words, str) else None, at)


def links(draft: Draft, track: dict[str, Any], pointer: str) -> Iterator[Link]:
    for one, at in parts(draft, track, "relations", pointer):
        subj, pred, obj = (one.get(name) for name in ("subj", "pred", "obj"))
        if isinstance(subj, str) and isinstance(pred, str) and isinstance(obj, str) and pred:
            yield Link(_id(one), subj, pred, obj, at)
        else:
            draft.error(MALFORMED, at, "a relation without 'subj', 'pred' and 'obj' in strings: left out", _id(one))


def remarks(draft: Draft, track: dict[str, Any], pointer: str) -> Iterator[Remark]:
    """Attributes, and modifications as attributes that say no more than their name."""
    for one, at in parts(draft, track, "attributes", pointer):
        subj, pred = one.get("subj"), one.get("pred")
        if isinstance(subj, str) and isinstance(pred, str) and pred:
            yield Remark(_id(one), subj, pred, one.get("obj"), at)
        else:
            draft.error(MALFORMED, at, "an attribute without 'subj' and 'pred' in strings: left out", _id(one))
    for one, at in parts(draft, track, "modifications", pointer):
        obj, pred = one.get("obj"), one.get("pred")
        if isinstance(obj, str) and isinstance(pred, str) and pred:
            yield Remark(_id(one), obj, pred, True, at)
        else:
            draft.error(MALFORMED, at, "a modification without 'obj' and 'pred' in strings: left out", _id(one))


def pieces(span: Any) -> list[Piece]:
    """An object with begin and end, a pair of numbers, or a list of these; none where any of it is something else."""
    if isinstance(span, list) and not _is_pair(span):
        found = [pieces(one) if not isinstance(one, list) or _is_pair(one) else [] for one in span]
        return [piece for each in found for piece in each] if all(found) else []
    begin, end = span if isinstance(span, list) else _ends(span)
    return [(begin, end)] if _is_pair([begin, end]) and 0 <= begin <= end else []


def _ends(span: Any) -> tuple[Any, Any]:
    return (span.get("begin"), span.get("end")) if isinstance(span, dict) else (None, None)


def _is_pair(value: list[Any]) -> bool:
    return len(value) == 2 and all(isinstance(one, int) and not isinstance(one, bool) for one in value)


def _id(one: dict[str, Any]) -> str | None:
    value = one.get("id")
    return value if isinstance(value, str) and value else None


def text_of(value: Any) -> str:
    """A string as it is, another value as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
