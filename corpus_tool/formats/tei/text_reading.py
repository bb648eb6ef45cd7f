"""The text of a TEI document, and where in it its elements stand.

White space: below `xml:space="preserve"` every character counts. Elsewhere a run of white space is one space, none
at the edges of a block, and a blank line parts two blocks: that is how TEI is laid out for people. `lb` is a line
break, unless one stands there or `break="no"`; `pb`, `cb` and other milestones are nothing. Where a `w` or `pc` of the
text has `join`, spaces between tokens are those that it allows, not those of the file. Of `choice` the text has what
was written (`sic`, `orig`, `abbr`), of `app` the lemma.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from corpus_tool.formats.tei.xml import Node

BLOCKS = frozenset({
    "p", "ab", "head", "byline", "dateline", "docAuthor", "docDate", "docTitle", "titlePart", "l", "item",
    "row", "opener", "closer", "salute", "signed", "postscript", "speaker", "stage", "label", "trailer",
    "argument", "epigraph", "u", "div", "div1", "div2", "div3", "div4", "div5", "div6", "div7", "list", "table",
    "lg", "sp", "figure", "cit", "body", "front", "back", "text", "floatingText", "group", "titlePage",
})  # fmt: skip
TOKENS = frozenset({"w", "pc"})
MARKED = frozenset({
    "persName", "placeName", "orgName", "geogName", "name", "date", "time", "rs", "country", "settlement",
    "region", "district", "bloc", "s", "w", "pc", "q", "said", "quote", "seg", "anchor", "note",
})  # fmt: skip
"""Inline elements that become something."""
_NOT_TEXT = frozenset({
    "teiHeader", "standOff", "note", "fw", "figDesc", "index", "certainty", "precision", "respons", "alt",
    "altGrp", "link", "linkGrp", "join", "joinGrp", "span", "spanGrp", "interp", "interpGrp", "fs", "fLib",
    "fvLib", "desc", "graphic", "media", "listPerson", "listPlace", "listOrg", "listEvent", "listRelation",
    "del", "listBibl", "timeline",
})  # fmt: skip
_BEHIND = frozenset({
    "pb", "cb", "gb", "milestone", "anchor", "gap", "handShift", "delSpan", "addSpan", "damageSpan",
})  # fmt: skip
_WRITTEN = ("sic", "orig", "abbr", "lem")
_SPACE = re.compile(r"([ \t\n\r]+)")
_CHARACTER = re.compile(r"U\+([0-9A-F]{4,6})")


@dataclass(slots=True)
class Found:
    """An element of the text, the stretch of text it holds, half-open in code points, and what is around it."""

    node: Node
    start: int = -1
    end: int = -1
    figure: bool = False
    listed: bool = False
    within: int | None = None
    """The number of the innermost element around it that was found."""


@dataclass(slots=True)
class Text:
    """The text, its elements by start tag, and what of them an article has no place for."""

    text: str
    found: list[Found]
    unheld: Counter[str]


@dataclass(frozen=True, slots=True)
class _Around:
    preserve: bool = False
    figure: bool = False
    listed: bool = False
    within: int | None = None


def read_text(node: Node, *, preserve: bool = False) -> Text:
    """The text of a `text` element; `preserve` is what the elements above it say of white space."""
    joins = any(token.get("join") for token in node.every(*TOKENS))
    walk = _Walk(joins)
    walk.element(node, _Around(preserve=preserve))
    return Text("".join(walk.pieces), walk.found, walk.unheld)


@dataclass(slots=True)
class _Walk:
    joins: bool
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    last: str = ""
    gap: bool = False
    parted: bool = False
    joined: bool = True
    found: list[Found] = field(default_factory=list)
    waiting: list[Found] = field(default_factory=list)
    unheld: Counter[str] = field(default_factory=Counter)

    def element(self, node: Node, around: _Around) -> None:
        space = node.attributes.get("xml:space")
        preserve = around.preserve if space is None else space == "preserve"
        if self.special(node, preserve=preserve, around=around):
            return
        inside = self.enter(node, around, preserve=preserve)
        one = self.found[inside.within] if inside.within != around.within and inside.within is not None else None
        for child in node.children:
            if isinstance(child, str):
                self.put(child, preserve=preserve, tokens=around.within is not None or node.tag == "s")
            else:
                self.element(child, inside)
        if one is not None:
            self.leave(one)
        if node.tag in BLOCKS and not preserve:
            self.part()

    def enter(self, node: Node, around: _Around, *, preserve: bool) -> _Around:
        if node.tag in BLOCKS and not preserve:
            self.part()
        elif node.tag == "cell" and not preserve and not self.parted and self.length:
            self.gap = False
            self.emit("\t")
        if node.tag in TOKENS and self.joins and not preserve:
            self.gap = not (self.joined or node.get("join") in {"left", "both"})
            self.joined = node.get("join") in {"right", "both"}
        number = around.within
        if node.tag in MARKED or node.tag in BLOCKS:
            number = len(self.found)
            one = Found(node, figure=around.figure, listed=around.listed, within=around.within)
            self.found.append(one)
            if preserve:
                one.start = self.length
            else:
                self.waiting.append(one)
        elif node.tag not in {"choice", "app", "subst", "cell", "g", *_WRITTEN}:
            self.unheld[node.tag] += 1
        figure = around.figure or node.tag == "figure"
        listed = around.listed or node.tag in {"list", "table"}
        return _Around(preserve, figure, listed, number)

    def leave(self, one: Found) -> None:
        if one.start < 0:
            self.waiting.remove(one)
            one.start = self.length
        one.end = self.length

    def special(self, node: Node, *, preserve: bool, around: _Around) -> bool:
        """Elements that are not what their content says."""
        if node.tag == "lb":
            self.line(node, preserve=preserve)
        elif node.tag in _NOT_TEXT or node.tag in _BEHIND:
            self.aside(node, around)
        elif node.tag == "space":
            self.put(" ", preserve=preserve, tokens=False)
        elif node.tag == "g" and (match := _CHARACTER.fullmatch(node.get("type") or "")) and not node.children:
            self.flush()
            self.emit(chr(int(match[1], 16)))
        elif node.tag in {"choice", "app"}:
            self.choose(node, around)
        else:
            return False
        return True

    def aside(self, node: Node, around: _Around) -> None:
        if node.tag in {"note", "anchor"}:
            self.found.append(Found(node, self.length, self.length, around.figure, around.listed, around.within))
        elif node.tag in {"del", "fw", "figDesc", "gap"}:
            self.unheld[node.tag] += 1

    def choose(self, node: Node, around: _Around) -> None:
        parts = list(node.elements())
        taken = next((part for name in _WRITTEN for part in parts if part.tag == name), parts[0] if parts else None)
        for part in parts:
            if part is not taken:
                self.unheld[part.tag] += 1
        if taken is not None:
            self.element(taken, around)

    def line(self, node: Node, *, preserve: bool) -> None:
        if node.get("break") == "no":
            self.gap = False
        elif self.length and not self.parted and self.last != "\n":
            self.gap = False
            self.emit("\n", starts=preserve)

    def part(self) -> None:
        """The next character begins a block."""
        self.gap, self.parted, self.joined = False, self.length > 0, True

    def flush(self) -> None:
        if self.parted:
            self.emit("\n\n", starts=False)
        elif self.gap and self.last not in {"\n", "\t", ""}:
            self.emit(" ", starts=False)
        self.gap = self.parted = False

    def put(self, text: str, *, preserve: bool, tokens: bool) -> None:
        if preserve:
            self.flush()
            self.emit(text)
            return
        for part in _SPACE.split(text):
            if not part:
                continue
            if _SPACE.fullmatch(part):
                if not (tokens and self.joins):
                    self.gap = self.length > 0
                continue
            self.flush()
            self.emit(part)

    def emit(self, text: str, *, starts: bool = True) -> None:
        if not text:
            return
        if starts and self.waiting:
            for one in self.waiting:
                one.start = self.length
            self.waiting.clear()
        self.pieces.append(text)
        self.length += len(text)
        self.last = text[-1]
