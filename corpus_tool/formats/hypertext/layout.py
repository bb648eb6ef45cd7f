"""Blocks as a text with passages: laid out one below the other, or found again in a text that is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus_tool.formats import Place
from corpus_tool.formats.hypertext.blocks import Block
from corpus_tool.formats.made import ContentIds, Growing, span

_FARTHEST = 200
"""So many characters of a text, or as many as a block has, may stand between two blocks that are found in it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of the text, half-open in code points, and where it stands in the markup."""

    type: str
    start: int
    end: int
    id: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Layout:
    """A text, its passages in order, and the blocks that are not in it."""

    text: str
    passages: tuple[Passage, ...]
    missing: tuple[Block, ...] = ()


def lay_out(blocks: Sequence[Block]) -> Layout:
    """The text of all blocks, a blank line between two."""
    text = Growing()
    found: list[Passage] = []
    for block in blocks:
        if text.length:
            text.put("\n\n")
        start, _ = text.put(block.text)
        found += _passages(block, [start + offset for offset in range(len(block.text) + 1)])
    return Layout(text.text, tuple(found))


def find(blocks: Sequence[Block], text: str) -> Layout:
    """The passages of blocks that stand in a text, in their order; white space does not count."""
    where = [at for at, character in enumerate(text) if not character.isspace()]
    dense = "".join(text[at] for at in where)
    found: list[Passage] = []
    missing: list[Block] = []
    cursor = 0
    for block in blocks:
        wanted = "".join(block.text.split())
        reach = cursor + len(wanted) + max(_FARTHEST, len(wanted))
        at = dense.find(wanted, cursor, reach)
        if at < 0 or not wanted:
            missing.append(block)
            continue
        found += _passages(block, _offsets(block.text, where, at))
        cursor = at + len(wanted)
    return Layout(text, tuple(found), tuple(missing))


def _offsets(text: str, where: list[int], at: int) -> list[int]:
    """For each offset of the block its offset in the text: starts are those of the next character that is no space."""
    offsets = []
    for character in text:
        offsets.append(where[at] if at < len(where) else where[-1] + 1)
        at += not character.isspace()
    return [*offsets, where[at - 1] + 1]


def _passages(block: Block, offsets: list[int]) -> Iterator[Passage]:
    def end(inner: int) -> int:
        # The end is behind the last character, not before the next one.
        last = max(at for at in range(inner) if not block.text[at].isspace())
        return offsets[last] + 1

    if block.type is not None:
        yield Passage(block.type, offsets[0], end(len(block.text)), block.id, block.place)
    for mark in block.marks:
        if mark.type != "none":
            yield Passage(mark.type, offsets[mark.start], end(mark.end), mark.id, mark.place)


def as_annotations(layout: Layout, ids: ContentIds, prov: str) -> list[dict[str, object]]:
    """Passages for an article: with their own ids where each has one of its own, else with ids made of content."""
    own = [passage.id for passage in layout.passages]
    out: list[dict[str, object]] = []
    for passage in layout.passages:
        one = span(layout.text, passage.start, passage.end)
        usable = passage.id and own.count(passage.id) == 1
        name = passage.id if usable else ids.make("P", passage.type, one["text"])
        out.append({"id": name, "type": passage.type, "spans": [one], "prov": prov})
    return out
