"""The annotations that stand in a file, and the texts they are on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.w3c.names import iri, types
from corpus_tool.formats.w3c.targets import targets

_DEEPEST = 10


@dataclass(slots=True)
class File:
    """What a file has: annotations with their pointers, what is said of all of them, and pages that are elsewhere."""

    annotations: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    head: dict[str, Any] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def find_annotations(value: Any) -> File:
    """The annotations of a collection, a page, a list, or one alone."""
    made = File()
    _look(made, value, "", 0)
    return made


def _look(made: File, value: Any, pointer: str, depth: int) -> None:
    if isinstance(value, list) and depth < _DEEPEST:
        for number, one in enumerate(value):
            _look(made, one, f"{pointer}/{number}", depth + 1)
    elif not isinstance(value, dict) or depth >= _DEEPEST:
        made.unread.append(pointer)
    elif "Annotation" in types(value) or "target" in value:
        made.annotations.append((value, pointer))
    else:
        _look_inside(made, value, pointer, depth)


def _look_inside(made: File, value: dict[str, Any], pointer: str, depth: int) -> None:
    if not made.head and types(value) & {"AnnotationCollection", "AnnotationPage"}:
        made.head = value
    inner = [name for name in ("items", "first", "@graph", "next") if value.get(name) not in (None, [])]
    for name in inner:
        if isinstance(value[name], str):
            made.elsewhere.append(value[name])
        else:
            _look(made, value[name], f"{pointer}/{name}", depth + 1)
    if not inner and not types(value) & {"AnnotationCollection", "AnnotationPage"}:
        made.unread.append(pointer)


@dataclass(slots=True)
class Group:
    """The annotations of one text."""

    text: str
    source: str | None
    annotations: list[tuple[dict[str, Any], str]] = field(default_factory=list)


def by_text(file: File) -> list[Group]:
    """The annotations of each text that the file has in itself; those on other annotations are with these."""
    known = {name for one, _ in file.annotations if (name := iri(one))}
    texts = dict(_embedded(file, known))
    groups = {key: Group(text, key) for key, text in texts.items()}
    if len(groups) == 1:
        next(iter(groups.values())).annotations = file.annotations
        return list(groups.values())
    of: dict[str, Group] = {}
    waiting = file.annotations
    while waiting:
        left = [pair for pair in waiting if not _assigned(pair, known, groups, of)]
        if len(left) == len(waiting):
            break
        waiting = left
    order = {id(one): number for number, (one, _) in enumerate(file.annotations)}
    for group in groups.values():
        group.annotations.sort(key=lambda pair: order[id(pair[0])])
    return list(groups.values())


def _assigned(
    pair: tuple[dict[str, Any], str], known: set[str], groups: dict[str, Group], of: dict[str, Group]
) -> bool:
    group = None
    for target in targets(pair[0].get("target"), known):
        key = target.source or target.text
        group = group or (of.get(target.end[1]) if target.end else groups.get(key or ""))
    if group is None:
        return False
    group.annotations.append(pair)
    name = iri(pair[0])
    if name is not None:
        of.setdefault(name, group)
    return True


def _embedded(file: File, known: set[str]) -> Iterator[tuple[str, str]]:
    for one, _ in file.annotations:
        for target in targets(one.get("target"), known):
            if target.text is not None:
                yield target.source or target.text, target.text
