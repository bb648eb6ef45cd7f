"""Lines of a WebAnno TSV 3 file as sentences of units; nothing here knows what cells mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.webanno.escapes import unescape_text
from corpus_tool.formats.webanno.header import Column, columns, version

_UNIT = re.compile(r"([0-9]{1,9})-([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_OFFSETS = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")
_KNOWN = re.compile(r"#(Text|Sentence\.id|Gap|End|Made|Begin)=(.*)", re.DOTALL)
_BEFORE = 3
"""Columns that every line has: id, offsets, form."""


class Unit(NamedTuple):
    """A token or a part of one: offsets and words as they stand in the file, and its cells."""

    line: int
    id: str
    begin: int
    end: int
    form: str
    cells: tuple[str, ...]

    @property
    def is_token(self) -> bool:
        return "." not in self.id


@dataclass(slots=True)
class Sentence:
    """A block of lines. `gap` is the text before it, `after` that behind it, `begin` where it begins if not with it.

    `made` is what of it the article does not have. These four are comments of this tool, for what the format has no
    place for.
    """

    line: int
    text: list[str] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    id: str | None = None
    gap: str | None = None
    after: str | None = None
    begin: int | None = None
    made: frozenset[str] = frozenset()


@dataclass(slots=True)
class Parsed:
    """A file: its columns, and its blocks."""

    columns: list[Column] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    def has(self, layer: str) -> bool:
        """Whether sentences or tokens are annotated, not just made because the format needs them."""
        return not any(f"layer-of-{layer}" in one.made for one in self.sentences)


def parse(lines: Iterable[str], noticed: Noticed) -> Parsed | None:
    """The file; None where it is of no version that is read. Lines that cannot be understood are findings."""
    numbered = iter(enumerate(lines, start=1))
    minor, wrong = version(next(numbered, (1, ""))[1])
    if minor is None:
        noticed.wrong(1, str(wrong))
        return None
    parser = _Parser(Parsed(), minor, noticed)
    for number, line in numbered:
        parser.line(number, line)
    return parser.parsed


@dataclass(slots=True)
class _Parser:
    """What was read so far, and the block that is open."""

    parsed: Parsed
    minor: int
    noticed: Noticed
    block: Sentence | None = None

    def line(self, number: int, line: str) -> None:
        declared = columns(line) if not self.parsed.sentences else None
        if not line.strip("\t "):
            self.block = None
        elif declared is not None:
            self.parsed.columns += declared
        elif line.startswith("#"):
            self.comment(number, line)
        else:
            self.unit(number, line)

    def comment(self, number: int, line: str) -> None:
        known = _KNOWN.match(line)
        if known is None:
            self.noticed.lose("comments", line)
            return
        if self.block is None or self.block.units:
            self.open(number)
        if self.block is not None:
            _comment(self.block, known[1], unescape_text(known[2], self.minor))

    def unit(self, number: int, line: str) -> None:
        unit = _unit(number, line, len(self.parsed.columns), self.noticed)
        if unit is None:
            return
        if self.block is None:
            message = "no '#Text=' before the first token of a sentence: its text is made of its tokens"
            self.noticed.doubt(number, message)
            self.open(number)
        if self.block is not None:
            self.block.units.append(unit)

    def open(self, number: int) -> None:
        self.block = Sentence(number)
        self.parsed.sentences.append(self.block)


def _comment(block: Sentence, name: str, said: str) -> None:
    if name == "Text":
        block.text.append(said)
    elif name == "Sentence.id":
        block.id = said.strip() or None
    elif name == "Gap":
        block.gap = said
    elif name == "End":
        block.after = said
    elif name == "Made":
        block.made |= frozenset(said.split())
    elif said.isascii() and said.isdigit() and len(said) < 13:
        block.begin = int(said)


def _unit(number: int, line: str, width: int, noticed: Noticed) -> Unit | None:
    cells = line.split("\t")
    if len(cells) < _BEFORE or _UNIT.fullmatch(cells[0]) is None:
        noticed.wrong(number, "not a line of the format: '1-1', offsets, words and cells parted by tabs", "IO009")
        return None
    offsets = _OFFSETS.fullmatch(cells[1])
    if offsets is None or int(offsets[1]) > int(offsets[2]):
        noticed.wrong(number, f"'{cells[1][:40]}' are no offsets")
        return None
    found = cells[_BEFORE : _BEFORE + width]
    if len(found) < width:
        noticed.wrong(
            number, f"{len(found)} cells, where the header declares {width} columns: the others are taken as empty"
        )
        found += ["_"] * (width - len(found))
    return Unit(number, cells[0], int(offsets[1]), int(offsets[2]), cells[2], tuple(found))


def split_lines(text: str) -> Iterator[str]:
    """Lines that end in a line feed; a carriage return before it belongs to the line end."""
    for line in text.split("\n"):
        yield line.removesuffix("\r")
