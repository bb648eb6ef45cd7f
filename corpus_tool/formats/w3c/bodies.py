"""What an annotation says: labels, notes, links and attributes, each by the purpose of its body."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.graph.ends import End
from corpus_tool.formats.w3c.names import NAME, ROLE, iri, listed, types

COMMENTING = ("commenting", "replying", "")
_DEEPEST = 10


@dataclass(slots=True)
class Said:
    """The bodies of one annotation, sorted."""

    classes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)
    """Bodies that say what of it they describe."""
    comments: list[tuple[str, str]] = field(default_factory=list)
    """Texts, each with its purpose."""
    links: list[str] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def said(annotation: dict[str, Any], known: Collection[str]) -> Said:
    """Sort the bodies; where one has no purpose, it is the motivation of the annotation (3.3.5 of the model)."""
    motivation = next((one for one in listed(annotation.get("motivation")) if isinstance(one, str)), "")
    made = Said()
    value = annotation.get("bodyValue")
    if isinstance(value, str):
        made.comments.append((motivation, value))
    for body in _bodies(annotation.get("body")):
        _sort(made, body, motivation, known)
    return made


def _bodies(value: Any, depth: int = 0) -> Iterator[Any]:
    for one in listed(value):
        if isinstance(one, dict) and types(one) & {"Choice", "Composite", "List", "Independents"} and depth < _DEEPEST:
            yield from _bodies(one.get("items"), depth + 1)
        else:
            yield one


def _sort(made: Said, body: Any, motivation: str, known: Collection[str]) -> None:
    if isinstance(body, str):
        body = {"id": body}
    if not isinstance(body, dict):
        made.unread.append(str(body))
        return
    purpose = next((one for one in listed(body.get("purpose")) if isinstance(one, str)), motivation)
    named = iri(body["source"]) if body.get("source") is not None else iri(body)
    value = body.get("value")
    if named in known and not isinstance(value, str):
        role = body.get(ROLE)
        made.ends.append((role if isinstance(role, str) else "", named or ""))
    elif isinstance(body.get(NAME), str) and body[NAME]:
        made.named.append((body[NAME], value if isinstance(value, str) else ""))
    elif not isinstance(value, str):
        (made.links if named else made.unread).append(named or str(body))
    elif purpose == "classifying" and value:
        made.classes.append(value)
    elif purpose == "tagging" and value:
        made.tags.append(value)
    else:
        made.comments.append((purpose, value))
