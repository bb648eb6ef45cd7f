"""Documents of BioC JSON, as the elements that BioC XML would have for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from corpus_tool.formats.bioc.elements import Element, Piece

_DEEPEST = 20
"""BioC itself goes no deeper than to the locations of annotations of sentences of passages."""
_SINGULAR = {
    "passages": "passage",
    "sentences": "sentence",
    "annotations": "annotation",
    "relations": "relation",
    "locations": "location",
    "nodes": "node",
}


def documents(value: Any, pointer: str = "") -> Iterator[Piece]:
    """The documents of a collection, of a list of collections, or the one document that a file is."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from documents(one, f"{pointer}/{number}") if isinstance(one, dict) else ()
    elif isinstance(value, dict) and isinstance(value.get("documents"), list):
        head = {name: one for name, one in value.items() if name != "documents"}
        collection = _element("collection", head, pointer)
        for number, one in enumerate(value["documents"]):
            yield Piece(_element("document", one, f"{pointer}/documents/{number}"), collection)
    elif isinstance(value, dict) and "passages" in value:
        yield Piece(_element("document", value, pointer), Element("collection", pointer))


def _element(tag: str, value: Any, pointer: str, depth: int = 0) -> Element:
    made = Element(tag, pointer)
    if depth > _DEEPEST:
        return made
    for name, inner in value.items() if isinstance(value, dict) else ():
        if name == "infons" and isinstance(inner, dict):
            made.children += [
                Element("infon", pointer, {"key": key}, _text(infon)) for key, infon in inner.items() if key
            ]
        elif name in _SINGULAR and isinstance(inner, list):
            made.children += [
                _element(_SINGULAR[name], one, f"{pointer}/{name}/{number}", depth + 1)
                for number, one in enumerate(inner)
            ]
        elif inner is not None:
            made.children.append(Element(name, pointer, text=_text(inner)))
    return made


def _text(value: Any) -> str:
    """A string as it is, nothing for null, other values as JSON writes them."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
