"""Stretches of a text as nested elements: where two cross, the inner one is cut into fragments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus_tool.formats.tei.elements import DIVISION, PASSAGE, Names, Stretch
from corpus_tool.formats.tei.escaping import attribute, text_of


@dataclass(slots=True)
class _Piece:
    """One fragment of an annotation that is written: where its start tag goes, and its name."""

    stretch: Stretch
    name: str | None
    slot: int
    at: int


@dataclass(slots=True)
class Writer:
    """Text and tags in order; start tags are filled in last, since only then the next fragment is known."""

    text: str
    names: Names
    at: int = 0
    out: list[str] = field(default_factory=list)
    open: list[_Piece] = field(default_factory=list)
    written: dict[str, list[_Piece]] = field(default_factory=lambda: defaultdict(list))
    loose: list[_Piece] = field(default_factory=list)

    def run(self, stretches: Iterable[Stretch]) -> str:
        """The mark-up of the whole text."""
        for stretch in sorted(stretches, key=_order):
            self.go_to(stretch.start)
            self.begin(stretch)
        self.go_to(len(self.text))
        self.fill()
        return "".join(self.out)

    def go_to(self, target: int) -> None:
        """Write the text up to an offset, and the end tags on the way; those at the offset too."""
        while self.open and (end := min(piece.stretch.end for piece in self.open)) <= target:
            self.put(end)
            first = next(number for number, piece in enumerate(self.open) if piece.stretch.end == end)
            for stretch in self.close_from(first):
                if stretch.end > end:
                    self.push(stretch)
        self.put(target)

    def put(self, target: int) -> None:
        self.out.append(text_of(self.text[self.at : target]))
        self.at = target

    def begin(self, stretch: Stretch) -> None:
        """Open an element; what is open and less than it, and would end within it, is cut."""
        crossed = [
            number
            for number, piece in enumerate(self.open)
            if piece.stretch.level > stretch.level and (stretch.level <= PASSAGE or piece.stretch.end < stretch.end)
        ]
        again = self.close_from(crossed[0]) if crossed else []
        self.push(stretch)
        if stretch.start == stretch.end:
            self.close_from(len(self.open) - 1)
        for each in again:
            self.push(each)

    def push(self, stretch: Stretch) -> None:
        before = self.loose if stretch.name is None else self.written[stretch.name]
        name = stretch.name
        if name is not None and before:
            name = self.names.free(f"{name}.{len(before) + 1}")
        piece = _Piece(stretch, name, len(self.out), self.at)
        before.append(piece)
        self.out.append("")
        self.open.append(piece)

    def close_from(self, first: int) -> list[Stretch]:
        """End what is open from a depth on; a fragment with nothing in it was never there."""
        closed = self.open[first:]
        for piece in reversed(closed):
            own = self.loose if piece.stretch.name is None else self.written[piece.stretch.name]
            if piece.at == self.at and piece.name is not None and own[0] is not piece:
                own.remove(piece)
                self.names.taken.discard(piece.name)
                continue
            # The first fragment holds what stands besides text: it is where a reader looks.
            content = piece.stretch.content if own[0] is piece else ""
            self.out.append(f"{content}</{piece.stretch.tag}>")
        del self.open[first:]
        return [piece.stretch for piece in closed]

    def fill(self) -> None:
        for pieces in self.written.values():
            for number, piece in enumerate(pieces):
                self.out[piece.slot] = _tag(piece.stretch, _linked(pieces, number))
        for piece in self.loose:
            self.out[piece.slot] = _tag(piece.stretch, dict(piece.stretch.attributes))


def _linked(pieces: Sequence[_Piece], number: int) -> dict[str, str]:
    """The attributes of a fragment: all on the first, on the others their type."""
    stretch = pieces[number].stretch
    said = dict(stretch.attributes)
    if number:
        said = {name: value for name, value in said.items() if name in {"type", "direct"}}
    said["xml:id"] = str(pieces[number].name)
    if number:
        said["prev"] = f"#{pieces[number - 1].name}"
    if number + 1 < len(pieces):
        said["next"] = f"#{pieces[number + 1].name}"
    return said


def _tag(stretch: Stretch, attributes: dict[str, str]) -> str:
    named = {"xml:id": attributes["xml:id"]} if "xml:id" in attributes else {}
    said = "".join(f' {name}="{attribute(value)}"' for name, value in (named | attributes).items())
    return f"<{stretch.tag}{said}>"


def _order(one: Stretch) -> tuple[int, bool, bool, int, int]:
    """By start; at one offset first blocks, then what holds nothing, then what reaches farthest."""
    return one.start, one.level > PASSAGE, one.end > one.start, -one.end, one.level


def loose_text(text: str, passages: Sequence[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """Stretches between passages that hold words, or a part of an annotation: a block that is no passage holds them."""
    gaps, at = [], 0
    for one in [*sorted(passages, key=lambda each: each.start), None]:
        end = len(text) if one is None else one.start
        if end > at:
            gaps.append((at, end))
        at = max(at, end if one is None else one.end)
    inline = sorted((one.start, one.end) for one in others)
    made = []
    for start, end in gaps:
        if text[start:end].strip() or any(low < end and high > start for low, high in inline):
            made.append(Stretch(start, end, PASSAGE, "ab", (("type", "text"),)))
    return made


def divisions(blocks: Sequence[Stretch], length: int) -> list[Stretch]:
    """A division from each heading on, as TEI asks for; none where no heading stands."""
    starts, after_head = [0], True
    for one in sorted(blocks, key=lambda each: each.start):
        if one.tag == "head" and not after_head:
            starts.append(one.start)
        after_head = one.tag == "head"
    if not any(one.tag == "head" for one in blocks):
        return []
    return [Stretch(start, end, DIVISION, "div") for start, end in pairwise([*starts, length]) if end > start]
