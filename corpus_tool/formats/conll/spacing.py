r"""White space between words, as MISC columns say it: `SpaceAfter=No`, `SpacesAfter=\s\n` (UDPipe)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ESCAPES = {" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r", "|": r"\p", "\\": r"\\"}
_ESCAPED = str.maketrans(_ESCAPES)
_MEANT = {escape: meant for meant, escape in _ESCAPES.items()}
_ESCAPE = re.compile(r"\\[stnrp\\]")


def escape(text: str) -> str:
    return text.translate(_ESCAPED)


def unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: _MEANT[match[0]], text)


@dataclass(frozen=True, slots=True)
class Spacing:
    """What a MISC cell says of a word's surroundings; None is what it does not say. `others` are its other parts."""

    after: str | None = None
    before: str | None = None
    word: str | None = None
    others: tuple[str, ...] = ()


NOTHING = Spacing()


def parse(cell: str) -> Spacing:
    """What a MISC cell says."""
    if cell in {"_", ""}:
        return NOTHING
    said: dict[str, str] = {}
    others = []
    for part in cell.split("|"):
        name, equals, value = part.partition("=")
        if part == "SpaceAfter=No":
            said.setdefault("after", "")
        elif equals and name in _NAMES:
            said[_NAMES[name]] = unescape(value)
        else:
            others.append(part)
    return Spacing(**said, others=tuple(others))


_NAMES = {"SpacesAfter": "after", "SpacesBefore": "before", "SpacesInToken": "word"}


def cell(spacing: Spacing, usual: str) -> str:
    """The MISC cell of a word that `usual` white space stands behind where the cell says nothing."""
    return "|".join([*spacing.others, *_parts(spacing, usual)]) or "_"


def _parts(spacing: Spacing, usual: str) -> Iterator[str]:
    if spacing.before:
        yield f"SpacesBefore={escape(spacing.before)}"
    if spacing.after == "" != usual:
        yield "SpaceAfter=No"
    elif spacing.after is not None and spacing.after != usual:
        yield f"SpacesAfter={escape(spacing.after)}"
    if spacing.word is not None:
        yield f"SpacesInToken={escape(spacing.word)}"


def holds_spacing(cells: Iterable[str]) -> bool:
    """Whether a column is a MISC column: all of it is empty or says something of white space or the like."""
    return all(one in {"_", ""} or "Space" in one.partition("=")[0] for one in cells)


def gaps_in(text: str, words: Iterable[str]) -> list[str] | None:
    """What stands behind each word of a text that is made of them and white space; None where it is not."""
    found: list[str] = []
    at = 0
    for word in words:
        start = text.find(word, at)
        if start < 0 or text[at:start].strip():
            return None
        if at:
            found.append(text[at:start])
        at = start + len(word)
    return found if not text[at:].strip() else None
