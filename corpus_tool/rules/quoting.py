"""Quotation marks: what bounds quoted words in any script, and which piece of a line they enclose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corpus_tool.rules.characters import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMED = r"&(?:quot|[lrb]d?quo|[lr]aquo|#34|#39|#x22);"
_MARK = rf"\p{{Quotation_Mark}}|[`´″〃《》〈〉]|<<|>>|{_NAMED}"
_DASH = r"[\p{Dash}--[~\u301c\u3030]]"
_EMPHASIS = "_*"
_REACH = 16
_CLOSED_BY = {
    '"': '"', "“": "”“", "„": "“”‟", "”": "”", "«": "»", "»": "«", "‘": "’", "‚": "‘’", "‹": "›", "›": "‹", "＂": "＂",
    "「": "」", "『": "』", "﹁": "﹂", "﹃": "﹄", "｢": "｣", "〝": "〞〟", "《": "》", "〈": "〉",
}  # fmt: skip
_EITHER = re.compile(f"[{re.escape(''.join((*_CLOSED_BY, *_CLOSED_BY.values())))}]")
_LONGEST_LINE = 20_000


@cache
def marks() -> NDArray[np.uint32]:
    """The quotation marks that are one character, sorted."""
    every = "".join(map(chr, range(0x10000)))
    return np.array([ord(match[0]) for match in compiled(_MARK).finditer(every)], np.uint32)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bounds a piece of text on each side: `mark`, `dash`, `other` (another quotation), or None."""

    left: str | None
    right: str | None

    @property
    def both(self) -> bool:
        return self.left is not None and self.right is not None


def bounds(text: str, start: int, end: int) -> Bounds:
    """What stands at both edges of quoted words, within them or before and after, with nothing but punctuation between.

    A dash opens a line of dialogue, and closes it or leaves that to the end of a sentence; a quotation of several
    paragraphs opens each and closes the last; Markdown's block quotation and emphasis need no marks.
    """
    line = text.rfind("\n", 0, start) + 1
    before, first = text[max(line, start - _REACH) : start], text[start : min(end, start + _REACH)]
    last, after = text[max(start, end - _REACH) : end], text[end : end + _REACH].partition("\n")[0]
    leading = _trailing_marks(before) + _leading_marks(first.partition("\n")[0])
    closing = _trailing_marks(last.rpartition("\n")[2]) + _leading_marks(after)
    left = _kind(leading)
    right = "mark" if _has(_MARK, closing) else None
    if (
        left == "dash"
        and right is None
        and (_has(_DASH, closing) or _ends(text, end) or _has(r"[.!?…。！？]", closing))
    ):
        right = "dash"
    if left == "mark" and right is None and _goes_on(text, end):
        right = "mark"
    if compiled(r"\s*>").match(text, line, start + 1) or set(_EMPHASIS) & set(leading) & set(closing):
        left, right = left or "mark", right or "mark"
    return Bounds(left, right)


def _kind(run: str) -> str | None:
    return "mark" if _has(_MARK, run) else "dash" if _has(_DASH, run) else None


def _has(pattern: str, run: str) -> bool:
    return compiled(pattern).search(run) is not None


def _leading_marks(text: str) -> str:
    return str(compiled(rf"(?:{_NAMED}|[^\p{{L}}\p{{N}}])*").match(text)[0])


def _trailing_marks(text: str) -> str:
    return str(compiled(rf"(?:{_NAMED}|[^\p{{L}}\p{{N}}])*\Z").search(text)[0])


def _ends(text: str, end: int) -> bool:
    """Whether nothing more stands in the line."""
    return compiled(r"[^\p{L}\p{N}\n]*(?:\n|\Z)").match(text, end) is not None


def _goes_on(text: str, end: int) -> bool:
    """Whether the paragraph ends here, and the next opens with a mark again."""
    following = re.compile(r"[^\S\n]*[.!?…:*_]*[^\S\n]*\r?\n\s*[*_>\s]*").match(text, end)
    return following is not None and compiled(_MARK).match(text, following.end()) is not None


def enclosed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The piece of the line that the marks around some of it enclose, both marks included; None where none do."""
    line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    if stop - line > _LONGEST_LINE or "\n" in text[start:end]:
        return None
    for low, high in _quoted(text, line, stop):
        if low <= start and end <= high:
            return low, high
    return None


def _quoted(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    opened = -1
    for match in _EITHER.finditer(text, low, high):
        at = match.start()
        if opened < 0 and text[at] in _CLOSED_BY:
            opened = at
        elif opened >= 0 and text[at] in _CLOSED_BY[text[opened]]:
            yield opened, at + 1
            opened = -1
