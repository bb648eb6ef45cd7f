"""The brackets of `Entity=`: which mentions open and close where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus_tool.formats.conllu.escapes import BRACKETS, decoded
from corpus_tool.formats.conllu.nodes import Node

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.draft import Draft

DEFAULT_FIELDS = "eid-etype-head-other"
ID_FIELDS = ("eid", "GRP")
TYPE_FIELDS = ("etype", "entity")
OWN_FIELDS = ("id", "prov", "confidence", "links", "notes", "chain", "chains", "representative")
"""Fields by which this tool writes what CorefUD has none for."""
UNTYPED = "mention"
"""The type of a mention whose type is left out, as most of CorefUD does."""
EID = BRACKETS + "-=<:,[] "
INNER = BRACKETS + "-"
IDENTITY_FIELD = "identity"
_CHUNK = re.compile(r"\(([^()]*)(\)?)|([^()]+)(\)?)|\)")
_PART = re.compile(r"(.+)\[([1-9][0-9]{0,5})/([1-9][0-9]{0,5})\]", re.DOTALL)


@dataclass(slots=True)
class Mention:
    """A mention: the entity it is of, what is said of it by field, its pieces, and the line it opens on."""

    eid: str
    fields: dict[str, str]
    line: int
    pieces: list[tuple[Node, Node]] = field(default_factory=list)
    opened: Node | None = None
    wanted: int = 1
    """How many pieces it has to have."""

    @property
    def complete(self) -> bool:
        return self.opened is None and len(self.pieces) == self.wanted


@dataclass(slots=True)
class Mentions:
    """The mentions of an article as they open and close; `all` in the order in which they open."""

    fields: tuple[str, ...] = ()
    all: list[Mention] = field(default_factory=list)
    _open: dict[str, list[Mention]] = field(default_factory=dict)
    _waiting: dict[str, list[Mention]] = field(default_factory=dict)
    """Mentions of several pieces of which not all have come."""

    def read(self, draft: Draft, cell: str, node: Node, place: tuple[int, int]) -> None:
        """What opens and closes at a word."""
        for match in _CHUNK.finditer(cell):
            if match[4]:
                self._close(draft, match[3], node, place)
            elif match[1] is None:
                draft.malformed(place, f"'{match[0][:60]}' neither opens nor closes a mention: it is left out")
            else:
                self._opening(draft, match[1], node, place, closes=bool(match[2]))

    def _opening(self, draft: Draft, chunk: str, node: Node, place: tuple[int, int], *, closes: bool) -> None:
        values = dict(zip(self.fields, chunk.split("-", len(self.fields) - 1), strict=False))
        written = next((values[name] for name in ID_FIELDS if name in values), "")
        if not written:
            draft.malformed(place, f"the mention '({chunk[:60]}' names no entity: it is left out")
            return
        part = _PART.fullmatch(written)
        number, count = (int(part[2]), int(part[3])) if part else (1, 1)
        eid = decoded(part[1] if part else written, EID)
        mention = self._mention(eid, values, place[0], number, count)
        if mention is None:
            draft.malformed(place, f"the piece {written[:60]} comes without the one before it: it is left out")
            return
        mention.opened = node
        if closes:
            self._end(mention, node)
        else:
            self._open.setdefault(eid, []).append(mention)

    def _mention(self, eid: str, values: dict[str, str], line: int, number: int, count: int) -> Mention | None:
        if number == 1:
            mention = Mention(eid, values, line, wanted=count)
            self.all.append(mention)
            if count > 1:
                self._waiting.setdefault(eid, []).append(mention)
            return mention
        waiting = self._waiting.get(eid, [])
        fitting = (
            one
            for one in reversed(waiting)
            if one.wanted == count and len(one.pieces) == number - 1 and one.opened is None
        )
        found = next(fitting, None)
        if found is not None and number == count:
            waiting.remove(found)
        return found

    def _close(self, draft: Draft, written: str, node: Node, place: tuple[int, int]) -> None:
        part = _PART.fullmatch(written)
        eid = decoded(part[1] if part else written, EID)
        number, count = (int(part[2]), int(part[3])) if part else (1, 1)
        stack = self._open.get(eid, [])
        fitting = (one for one in reversed(stack) if one.wanted == count and len(one.pieces) == number - 1)
        found = next(fitting, None)
        if found is None:
            draft.malformed(place, f"'{written[:60]})' closes what is not open: it is left out")
            return
        stack.remove(found)
        self._end(found, node)

    @staticmethod
    def _end(mention: Mention, node: Node) -> None:
        assert mention.opened is not None
        mention.pieces.append((mention.opened, node))
        mention.opened = None

    def completed(self, draft: Draft) -> Iterator[Mention]:
        """The mentions that have all their pieces; the others are told to the draft."""
        for mention in self.all:
            if mention.complete:
                yield mention
            else:
                lacks = "is not closed" if mention.opened else "lacks pieces"
                draft.malformed((mention.line, 1), f"the mention of '{mention.eid[:60]}' {lacks}: it is left out")


def fields_of(header: str) -> tuple[str, ...]:
    """The fields that `# global.Entity` declares; one that is declared again is called by its place."""
    names: list[str] = []
    for number, part in enumerate(header.strip().split("-"), 1):
        name = part.strip()
        names.append(f"field{number}" if not name or name in names else name)
    return tuple(names)


def base_of(header: str) -> str | None:
    """What a header declares besides the fields of this tool's own; None where it declares what this tool writes."""
    left = "-".join(name for name in fields_of(header) if name not in OWN_FIELDS)
    return None if left == DEFAULT_FIELDS else left


def others(values: dict[str, str], fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Fields other than those that say which entity and of what type, without their escapes."""
    for name in fields:
        value = values.get(name, "")
        if value and name not in ID_FIELDS and name not in TYPE_FIELDS:
            yield name, value if name == "other" else decoded(value, unsafe_in(name, fields))


def unsafe_in(name: str, fields: Sequence[str]) -> str:
    """What a field cannot hold as it is: hyphens part fields, but `other` may have some where it is the last."""
    if name == IDENTITY_FIELD:
        return INNER + ","
    return BRACKETS if name == "other" == fields[-1] else INNER
