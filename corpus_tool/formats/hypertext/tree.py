"""Markup as a tree: any text a browser would show something of, well formed or not.

No entity but HTML's own is resolved, nothing is fetched, no script runs. NITF is read by the same rules, since agencies
send it with tags left open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from corpus_tool.formats import Place
from corpus_tool.formats.hypertext.tokens import Tag, tokens

DEEPEST = 200
"""Elements below this are read as if their tags were not there."""
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "media-reference", "du-key", "doc-id",
})  # fmt: skip
_ENDS_PARAGRAPH = frozenset({
    "address", "article", "aside", "blockquote", "center", "details", "dialog", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul", "block", "media",
})  # fmt: skip
_ENDS_LIKE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
"""Of a start tag, the open elements that it ends, and those it does not look beyond."""
_PARAGRAPH = (frozenset({"p"}), frozenset({"td", "th", "table", "button", "object", "li", "blockquote", "body"}))


@dataclass(slots=True)
class Element:
    """An element with its attributes, its place in the markup, and its elements and text in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    place: Place = (1, 1)
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """All text below it, as it stands."""
        found: list[str] = []
        stack: list[Element | str] = [self]
        while stack:
            one = stack.pop()
            if isinstance(one, str):
                found.append(one)
            else:
                stack += reversed(one.children)
        return "".join(found)

    def elements(self) -> list[Element]:
        """It and every element below it, in document order."""
        found: list[Element] = []
        stack = [self]
        while stack:
            one = stack.pop()
            found.append(one)
            stack += [child for child in reversed(one.children) if isinstance(child, Element)]
        return found


def parse(markup: str) -> Element:
    """The root above everything in the markup."""
    builder = _Builder(markup)
    for token in tokens(markup):
        if isinstance(token, str):
            builder.text(token)
        elif token.ends:
            builder.end(token.name)
        else:
            builder.start(token)
    return builder.root


class _Builder:
    def __init__(self, markup: str) -> None:
        self.root = Element("")
        self._open = [self.root]
        self._names: Counter[str] = Counter()
        self._beyond = 0
        self._lines = [0, *(match.end() for match in re.finditer("\n", markup))]

    def start(self, tag: Tag) -> None:
        self._end_implied(tag.name)
        element = self._add(tag)
        if tag.name in _VOID or tag.empty:
            return
        if len(self._open) > DEEPEST:
            self._beyond += 1
            return
        self._open.append(element)
        self._names[tag.name] += 1

    def _add(self, tag: Tag) -> Element:
        line = bisect_right(self._lines, tag.at)
        element = Element(tag.name, tag.attributes, (line, tag.at - self._lines[line - 1] + 1))
        self._open[-1].children.append(element)
        return element

    def end(self, tag: str) -> None:
        if self._beyond and tag not in _VOID:
            self._beyond -= 1
        elif self._names[tag]:
            while self._pop() != tag:
                pass

    def _pop(self) -> str:
        tag = self._open.pop().tag
        self._names[tag] -= 1
        return tag

    def _end_implied(self, tag: str) -> None:
        if self._beyond:
            return
        if tag in _ENDS_PARAGRAPH and self._names["p"]:
            self._end(*_PARAGRAPH)
        if tag in _ENDS_LIKE:
            self._end(*_ENDS_LIKE[tag])

    def _end(self, ended: frozenset[str], bounds: frozenset[str]) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            tag = self._open[depth].tag
            if tag in ended:
                while len(self._open) > depth:
                    self._pop()
                return
            if tag in bounds:
                return

    def text(self, data: str) -> None:
        self._open[-1].children.append(data)
