"""Which of the bodies of an item is its text, and what the others say of it.

Plain text is preferred: it is the text, character by character, and no rule for white space stands between. Bodies in
markup (NITF before XHTML: it says more) then say where its passages are. Without plain text, the text is that of the
first body in markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats.hypertext.blocks import blocks
from corpus_tool.formats.hypertext.layout import Layout, find, lay_out
from corpus_tool.formats.hypertext.tree import Element, parse
from corpus_tool.formats.ninjs.names import entry

PLAIN, NITF, XHTML, OTHER = "plain", "nitf", "xhtml", "other"
_TYPES = {
    "text/plain": PLAIN, "text/html": XHTML, "text/html5": XHTML, "application/xhtml+xml": XHTML, "text/xhtml": XHTML,
    "text/vnd.iptc.nitf": NITF, "application/nitf+xml": NITF, "application/vnd.iptc.nitf": NITF,
}  # fmt: skip
_ROLES = {"text": PLAIN, "plain": PLAIN, "xhtml": XHTML, "html": XHTML, "html5": XHTML, "nitf": NITF}
_INLINE = frozenset({
    "person", "org", "location", "chron", "event", "money", "num", "object.title", "virtloc", "function",
})  # fmt: skip
"""Elements of NITF that annotate words."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body: its place in the list, its kind and its text as it stands."""

    number: int
    kind: str
    role: str
    value: str
    at: str
    """Where its text stands in the item."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The text of an item with its passages, and which bodies they come from."""

    layout: Layout
    text: Body
    markup: Body | None
    unused: tuple[Body, ...]
    annotated: int = 0
    """How many elements of NITF annotate words: persons, organisations, places."""


def bodies(values: Any, name: str = "bodies") -> list[Body]:
    """The bodies (or descriptions, or headlines) that have a value, in order; `name` is that of their list."""
    found = []
    for number, value in enumerate(values if isinstance(values, list) else ()):
        one = entry(value)
        if one is not None and isinstance(one.get("value"), str) and one["value"].strip():
            role = one.get("role") if isinstance(one.get("role"), str) else ""
            at = f"/{one['spelt']}" if one.get("spelt") else f"/{name}/{number}/value"
            found.append(Body(number, _kind(one), str(role), one["value"], at))
    return found


def _kind(body: dict[str, Any]) -> str:
    stated = str(body.get("contentType") or "").partition(";")[0].strip().lower()
    role = str(body.get("role") or "").lower()
    kind = _TYPES.get(stated) or (None if stated else _ROLES.get(role))
    if kind is None and not stated:
        start = body["value"].lstrip("\ufeff \t\r\n")[:2000].lower()
        kind = NITF if "<nitf" in start else XHTML if start.startswith("<") else PLAIN
    return kind or OTHER


def choose(found: Sequence[Body]) -> Chosen | None:
    """The text of these bodies; None where none of them is of a kind that can be read."""
    plain = [body for body in found if body.kind == PLAIN]
    markup = [body for kind in (NITF, XHTML) for body in found if body.kind == kind]
    if not plain:
        for body in markup:
            root = _article_of(body)
            layout = lay_out(blocks(root))
            if layout.text:
                return Chosen(layout, body, body, _others(found, body), _annotated(root))
        return None
    text = plain[0]
    best: tuple[Layout, Body] | None = None
    for body in markup:
        layout = find(blocks(_article_of(body)), text.value)
        if best is None or len(layout.missing) < len(best[0].missing):
            best = layout, body
    if best is None or not best[0].passages:
        return Chosen(Layout(text.value, ()), text, None, _others(found, text))
    return Chosen(best[0], text, best[1], _others(found, text, best[1]), _annotated(_article_of(best[1])))


def _others(found: Sequence[Body], *used: Body) -> tuple[Body, ...]:
    return tuple(body for body in found if body not in used)


def _article_of(body: Body) -> Element:
    root = parse(body.value.removeprefix("\ufeff"))
    return next((element for element in root.elements() if element.tag == "body"), root)


def _annotated(root: Element) -> int:
    return sum(element.tag in _INLINE for element in root.elements())
