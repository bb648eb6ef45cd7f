"""Where the members of a JSON object or list stand in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]

from corpus_tool.positions import space, value_end

_MARGIN = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Member:
    """One member: `begin` is where its key begins, or the value of an element, whose `key` is its number."""

    key: str
    begin: int
    start: int
    end: int


def members(text: str, at: int) -> list[Member]:
    """The members of the object or list whose bracket stands at an offset; the text is valid JSON."""
    is_list = text[at] == "["
    found: list[Member] = []
    at = space(text, at + 1)
    while text[at] not in "]}":
        begin, key = at, str(len(found))
        if not is_list:
            key, at = scanstring(text, at + 1, True)
            at = space(text, space(text, at) + 1)
        end = value_end(text, at)
        found.append(Member(key, begin, at, end))
        at = space(text, end)
        if text[at] == ",":
            at = space(text, at + 1)
    return found


def margin(text: str, begin: int) -> str | None:
    """The white space before a member that begins its line; None where it shares the line with others."""
    line = text.rfind("\n", 0, begin) + 1
    before = _MARGIN.match(text, line)
    return before[0] if line and before is not None and before.end() == begin else None
