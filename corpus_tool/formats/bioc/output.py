"""Documents of BioC as XML and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from corpus_tool.formats.bioc.conventions import KEY
from corpus_tool.formats.bioc.elements import Element

XML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">\n'
    f"<collection>\n<source></source>\n<date></date>\n<key>{KEY}</key>\n"
)
XML_FOOT = "</collection>\n"
JSON_HEAD = f'{{"source": "", "date": "", "key": "{KEY}", "infons": {{}}, "documents": [\n'
JSON_FOOT = "\n]}\n"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RETURN = {"\r": "&#13;"}
_PLURAL = {"passage": "passages", "sentence": "sentences", "annotation": "annotations", "relation": "relations"}
_PARTS = {
    "document": ("passages", "annotations", "relations"),
    "passage": ("sentences", "annotations", "relations"),
    "sentence": ("annotations", "relations"),
}


def xml(document: Element) -> str:
    return "".join(_xml(document, 0))


def not_in_xml(text: str) -> str | None:
    """The first character that XML has no way to write; None where there is none."""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def _xml(element: Element, depth: int) -> Iterator[str]:
    said = "".join(f" {name}={quoteattr(value)}" for name, value in element.attributes.items())
    if element.children:
        yield f"{' ' * depth}<{element.tag}{said}>\n"
        for child in element.children:
            yield from _xml(child, depth + 1)
        yield f"{' ' * depth}</{element.tag}>\n"
    elif element.tag in {"location", "node"}:
        yield f"{' ' * depth}<{element.tag}{said}/>\n"
    else:
        yield f"{' ' * depth}<{element.tag}{said}>{escape(element.text, _RETURN)}</{element.tag}>\n"


def as_json(document: Element) -> str:
    return json.dumps(_value(document), ensure_ascii=False)


def _value(element: Element) -> dict[str, Any]:
    made: dict[str, Any] = dict(element.attributes)
    made |= {child.tag: child.text for child in element.children if child.tag in {"id", "text"}}
    if element.tag in {"passage", "sentence"}:
        made["offset"] = int(element.said("offset") or 0)
        made.setdefault("text", "")
    made["infons"] = dict(element.infons())
    if element.tag == "annotation":
        made["locations"] = [
            {name: int(value) for name, value in one.attributes.items()} for one in element.all("location")
        ]
    elif element.tag == "relation":
        made["nodes"] = [dict(node.attributes) for node in element.all("node")]
    made |= {name: [] for name in _PARTS.get(element.tag, ())}
    for child in element.children:
        if child.tag in _PLURAL:
            made[_PLURAL[child.tag]].append(_value(child))
    return made
