"""What an annotation is about: pieces of the text, other annotations, or the whole text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats.graph.ends import End
from corpus_tool.formats.units import Stated
from corpus_tool.formats.w3c.names import ROLE, iri, listed, types
from corpus_tool.formats.w3c.selecting import stated

_SETS = {"Composite", "List", "Independents", "Choice"}
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Target:
    """One target: the selectors in a text, or the end that is another annotation; neither is the text itself.

    `source` is the IRI of the text, `text` the text where it stands in the file itself.
    """

    selector: Any = None
    end: End | None = None
    source: str | None = None
    text: str | None = None


def targets(value: Any, known: Collection[str], depth: int = 0) -> Iterator[Target]:
    """The targets of an annotation; `known` are the IRIs of the annotations of the file."""
    for one in listed(value):
        if isinstance(one, dict) and types(one) & _SETS and depth < _DEEPEST:
            yield from targets(one.get("items"), known, depth + 1)
        elif isinstance(one, str | dict):
            yield _target(one, known)


def _target(one: str | dict[str, Any], known: Collection[str]) -> Target:
    if isinstance(one, str):
        place, _, fragment = one.partition("#")
        if one not in known and fragment.startswith("char="):
            return Target({"type": "FragmentSelector", "value": fragment}, source=place)
        return Target(end=("", one)) if one in known else Target(source=one)
    source = one.get("source")
    named = iri(source) if source is not None else iri(one)
    text = embedded(source if source is not None else one)
    selector = one.get("selector")
    if selector is None and named in known:
        role = one.get(ROLE)
        return Target(end=(role if isinstance(role, str) else "", named or ""))
    return Target(selector, source=named, text=text)


def embedded(source: Any) -> str | None:
    """The text that a source has in itself."""
    if isinstance(source, dict) and isinstance(source.get("value"), str):
        return str(source["value"])
    return None


def all_stated(annotation: dict[str, Any]) -> Iterator[Stated]:
    for target in targets(annotation.get("target"), ()):
        found = stated(target.selector)
        if found is not None:
            yield found
