"""Paragraphs: what `# newpar` and GUM's `# newpar_block` say, and other passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BLOCK = "newpar_block"
_TYPES = {"caption": "caption", "byline": "byline", "dateline": "dateline", "subheading": "subheading"}


@dataclass(frozen=True, slots=True)
class Begun:
    """A passage that begins at a sentence: `length` in sentences, None up to where the next one begins."""

    sentence: int
    id: str
    type: str
    length: int | None
    line: int


def type_of(block: str | None, *, first: bool) -> str:
    """The type of a paragraph by the innermost block of GUM that it is: `figure (1 s) | caption (1 s)`."""
    inner = (block or "").rpartition(" | ")[2].split(" ", 1)[0]
    if inner == "head":
        return "headline" if first else "subheading"
    return _TYPES.get(inner, "paragraph")


def default_id(short: str) -> str:
    """The id of a paragraph that the file gives none: by its first sentence."""
    return f"P{short}"


def extents(begun: Sequence[Begun], count: int) -> list[tuple[Begun, int, int]]:
    """Each passage with its first and last sentence."""
    found = []
    for number, one in enumerate(begun):
        following = begun[number + 1].sentence if number + 1 < len(begun) else count
        last = following - 1 if one.length is None else min(one.sentence + one.length, count) - 1
        found.append((one, one.sentence, last))
    return found


def passage(one: Begun, spans: list[dict[str, Any]], prov: str | None) -> dict[str, Any]:
    made = {"id": one.id, "type": one.type, "spans": spans}
    return made | ({"prov": prov} if prov else {})
