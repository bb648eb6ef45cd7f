"""How values that would break a line, a cell or a bracket are written, and read again."""

from __future__ import annotations

import re
from functools import cache

_SPACES = {" ": "\\s", "\t": "\\t", "\r": "\\r", "\n": "\\n", "|": "\\p", "\\": "\\\\"}
_WRITTEN = {written: plain for plain, written in _SPACES.items()}
_ESCAPE = re.compile(r"[ \t\r\n|\\]")
_ESCAPED = re.compile(r"\\[strnp\\]")


def escaped(text: str) -> str:
    """White space as `SpacesAfter` and its like hold it."""
    return _ESCAPE.sub(lambda match: _SPACES[match[0]], text)


def unescaped(value: str) -> str:
    """The text that a value of `SpacesAfter` and its like stands for."""
    return _ESCAPED.sub(lambda match: _WRITTEN[match[0]], value) if "\\" in value else value


def flat(text: str) -> str:
    """On one line and in one column: breaks and tabs are spaces."""
    return re.sub(r"[\t\r\n]", " ", text)


BRACKETS = "%()|\t\r\n\0"
"""What would end a value within `Entity=`; `%` only where it would be taken for an escape."""


@cache
def _patterns(unsafe: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    codes = "|".join(f"{ord(character):02X}" for character in unsafe if character != "%")
    characters = "".join(re.escape(character) for character in unsafe if character != "%")
    return re.compile(rf"[{characters}]|%(?=(?:25)*(?:{codes}))"), re.compile(rf"%((?:25)*)({codes})")


def encoded(value: str, unsafe: str) -> str:
    """Percent-encoded as far as needed: what was not written by this comes back as it was, `%27` as `%27`."""
    return _patterns(unsafe)[0].sub(lambda match: f"%{ord(match[0]):02X}", value)


def decoded(value: str, unsafe: str) -> str:
    """What `encoded` was given."""
    if "%" not in value:
        return value
    return _patterns(unsafe)[1].sub(
        lambda match: f"%{match[1][2:]}{match[2]}" if match[1] else chr(int(match[2], 16)), value
    )
