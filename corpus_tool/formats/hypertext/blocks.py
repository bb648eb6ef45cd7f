"""The blocks of a tree: what a reader sees of each, and where passages stand within."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus_tool.formats import Place
from corpus_tool.formats.hypertext.tree import Element
from corpus_tool.formats.hypertext.vocabulary import (
    BLOCKS,
    CELLS,
    FURNITURE,
    PASSAGE,
    is_hidden,
    passage_type,
)

_SPACE = re.compile(r"([ \t\n\r\f]+)")
_SHORT = 200
"""A paragraph no longer than this that names its author is a byline."""
_LEADING = frozenset({"byline", "dateline", "credit", "source"})


@dataclass(slots=True)
class Mark:
    """A passage within a block; offsets are of the block's text."""

    type: str
    id: str | None
    stated: bool
    place: Place
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Block:
    """Text between two breaks, white space as a browser shows it; `type` is None where it is no passage."""

    type: str | None
    text: str
    id: str | None
    place: Place
    marks: tuple[Mark, ...] = ()


def blocks(root: Element, *, furniture: bool = True) -> list[Block]:
    """The blocks below an element, in order; `furniture` are navigation, footers, forms and asides too."""
    walk = _Walk(furniture=furniture)
    walk.element(root, _Context(None, None))
    walk.flush(_Context(None, None))
    return walk.found


@dataclass(frozen=True, slots=True)
class _Context:
    """What the elements above say: the type of the passage, and which element said so."""

    type: str | None
    element: Element | None
    figure: bool = False
    pre: bool = False


@dataclass(slots=True)
class _Walk:
    furniture: bool
    found: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    gap: bool = False
    marks: list[Mark] = field(default_factory=list)
    waiting: list[Mark] = field(default_factory=list)
    """Marks whose first character has not come yet."""
    headed: bool = False
    place: Place | None = None

    def element(self, element: Element, above: _Context) -> None:
        if is_hidden(element) or (not self.furniture and element.tag in FURNITURE):
            return
        if element.tag == "br":
            self.line_break()
            return
        if element.tag in BLOCKS:
            self.flush(above)
            inside = _inside(element, above)
            self.children(element, inside)
            self.flush(inside)
            return
        if element.tag in CELLS and self.length:
            self.gap = False
            self.append("\t", element.place)
        mark = self.open_mark(element, above)
        self.children(element, above)
        if mark is not None:
            mark.end = self.length
            if mark.start < 0 and mark in self.waiting:
                self.waiting.remove(mark)

    def children(self, element: Element, context: _Context) -> None:
        for child in element.children:
            if isinstance(child, Element):
                self.element(child, context)
            else:
                self.put(child, element.place, pre=context.pre)

    def open_mark(self, element: Element, above: _Context) -> Mark | None:
        kind = passage_type(element, in_figure=above.figure)
        if kind is None or (kind not in _LEADING and PASSAGE not in element.attributes):
            return None
        mark = Mark(kind, element.attributes.get("id"), PASSAGE in element.attributes, element.place)
        self.marks.append(mark)
        self.waiting.append(mark)
        return mark

    def put(self, text: str, place: Place, *, pre: bool) -> None:
        if pre:
            self.append(text, place)
            return
        for part in _SPACE.split(text):
            if not part:
                continue
            if _SPACE.fullmatch(part):
                self.gap = self.length > 0
                continue
            if self.gap and self.pieces[-1] not in {"\n", "\t"}:
                self.append(" ", place, starts=False)
            self.gap = False
            self.append(part, place)

    def append(self, text: str, place: Place, *, starts: bool = True) -> None:
        if not text:
            return
        self.place = self.place or place
        if starts and self.waiting:
            for mark in self.waiting:
                mark.start = self.length
            self.waiting = []
        self.pieces.append(text)
        self.length += len(text)

    def line_break(self) -> None:
        self.gap = False
        if self.length:
            self.pieces.append("\n")
            self.length += 1

    def flush(self, context: _Context) -> None:
        """End the block that is open, if it has text."""
        text, marks, place = "".join(self.pieces), self.marks, self.place
        self.pieces, self.length, self.gap, self.marks, self.place = [], 0, False, [], None
        self.waiting = []
        lead = len(text) - len(text.lstrip(" \t\n\r\f"))
        shown = text.strip(" \t\n\r\f")
        if not shown.strip():
            return
        kept = []
        for mark in marks:
            mark.start, mark.end = max(mark.start - lead, 0), min(mark.end - lead, len(shown))
            if 0 <= mark.start < mark.end and shown[mark.start : mark.end].strip():
                kept.append(mark)
        self.found.append(self._block(shown, kept, context, place or (1, 1)))

    def _block(self, text: str, marks: list[Mark], context: _Context, place: Place) -> Block:
        stated = context.element is not None and PASSAGE in context.element.attributes
        kind = context.type or "paragraph"
        if not stated:
            kind, marks = _led(kind, text, marks)
            if kind == "headline":
                kind = "subheading" if self.headed else kind
        self.headed = self.headed or kind == "headline"
        name = context.element.attributes.get("id") if context.element is not None else None
        return Block(None if kind == "none" else kind, text, name, place, tuple(marks))


def _inside(element: Element, above: _Context) -> _Context:
    figure = above.figure or element.tag in {"figure", "media"}
    kind = passage_type(element, in_figure=figure)
    said = element if kind is not None or above.type is None else above.element
    return _Context(kind or above.type, said, figure, above.pre or element.tag == "pre")


def _led(kind: str, text: str, marks: Iterable[Mark]) -> tuple[str, list[Mark]]:
    """The type that inline elements give their block, and the passages that stay within it."""
    marks = list(marks)
    for mark in marks:
        whole = not text[: mark.start].strip() and not text[mark.end :].strip()
        if kind == "paragraph" and (whole or (mark.type == "byline" and len(text) <= _SHORT)):
            return mark.type, [other for other in marks if other.stated]
    return kind, [mark for mark in marks if mark.stated or (mark.type == "credit" and kind == "caption")]
