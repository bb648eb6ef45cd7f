"""What stands escaped in WebAnno TSV: values of cells, and lines of text."""

from __future__ import annotations

import re
from functools import lru_cache

Numbered = tuple[str, tuple[int, int] | None]
"""A value and the numbers behind it."""
_VALUE = re.compile(r"->|[\\\[\]|_;\t\n\r*]")
_ESCAPED_VALUE = re.compile(r"\\(->|[\\\[\]|_;tnr*])")
_NAMED = {"\t": "t", "\n": "n", "\r": "r", "\f": "f", "\b": "b"}
_NAMES = {name: character for character, name in _NAMED.items()}
_TEXT = re.compile(r"[\\\x00-\x0a\x0c-\x1f]")
_ESCAPED_TEXT = re.compile(r"\\([\\tnrfb\x00-\x07\x0e-\x1f])")
_JAVA = re.compile(r"\\u+([0-9A-Fa-f]{4})|\\([0-3]?[0-7]{1,2})|\\(.)", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SUFFIX = re.compile(r"\[([0-9]{1,9})(?:_([0-9]{1,9}))?\]")
_LINK = re.compile(r"->([0-9]{1,9})-([0-9]{1,9})")


def escape_value(value: str) -> str:
    r"""A value of a cell; a carriage return becomes `\r`, which the format does not name and no reader mends raw."""
    return _VALUE.sub(lambda match: "\\" + _NAMED.get(match[0], match[0]), value)


def unescape_value(value: str) -> str:
    return _ESCAPED_VALUE.sub(lambda match: _NAMES.get(match[1], match[1]), value) if "\\" in value else value


def escape_text(text: str) -> str:
    """What stands behind `#Text=`: control characters without a name stand behind a backslash as they are."""
    return _TEXT.sub(lambda match: "\\" + _NAMED.get(match[0], match[0]), text)


def unescape_text(text: str, minor: int) -> str:
    r"""Up to version 3.1 the escapes are those of Java (`\u00e4`)."""
    if minor >= 2:
        return _ESCAPED_TEXT.sub(lambda match: _NAMES.get(match[1], match[1]), text)
    return _SURROGATES.sub(lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), _java(text))


def _java(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match[1] is not None:
            return chr(int(match[1], 16))
        return chr(int(match[2], 8)) if match[2] is not None else _NAMES.get(match[3], match[3])

    return _JAVA.sub(character, text)


def parts(value: str, separator: str) -> list[str]:
    """What stands between separators that are not escaped, still escaped."""
    if "\\" not in value:
        return value.split(separator)
    found, start, at = [], 0, 0
    while at < len(value):
        if value[at] == "\\":
            at += 2
            continue
        if value[at] == separator:
            found.append(value[start:at])
            start = at + 1
        at += 1
    return [*found, value[start:]]


@lru_cache(maxsize=4096)
def stack(cell: str) -> tuple[Numbered, ...]:
    """The parts of a cell as `numbered`; the units of one annotation have the same cells."""
    return tuple(map(numbered, parts(cell, "|")))


def numbered(value: str) -> Numbered:
    """A value and the number in brackets behind it; of relations two, else the second is 0."""
    return _behind(value, _SUFFIX, value.rfind("[")) if value.endswith("]") else (value, None)


def linked(value: str) -> Numbered:
    """A value and the numbers of the chain and of the link that stand behind an arrow."""
    return _behind(value, _LINK, value.rfind("->"))


def _behind(value: str, pattern: re.Pattern[str], at: int) -> Numbered:
    """What stands before a place, and the numbers that the rest is."""
    match = pattern.fullmatch(value, at) if at >= 0 else None
    if match is None or (at - len(value[:at].rstrip("\\"))) % 2:
        return value, None
    return value[:at], (int(match[1]), int(match[2] or 0))
