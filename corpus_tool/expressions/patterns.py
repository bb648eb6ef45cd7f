"""Patterns that cannot cost much: of a sublanguage of regular expressions, and bounded in what they stand for.

The engine is linear in the text and in the size of the compiled pattern, so the size is what must be bounded.
"""

from __future__ import annotations

import re

import polars as pl

from corpus_tool.expressions.terms import Inadmissible

MAX_PATTERN = 200
"""Code points of a pattern."""
MAX_WEIGHT = 2500
"""Characters that a pattern stands for when its counts are written out; classes count as more."""
_SET, _DIGIT, _WIDE = 10, 30, 100
"""A set or the dot; `\\d` and `\\s`; `\\w` and `\\p{…}`, which are some hundred ranges of Unicode."""

_PART = re.compile(
    r"""(?P<count>\{\d{1,4}(?:,\d{0,4})?\})
    |   (?P<open>\(\?[ims]{0,3}:|\((?!\?))
    |   (?P<flags>\(\?[ims]{1,3}\))
    |   (?P<close>\))
    |   (?P<set>\[\^?\]?(?:\\.|\[:\^?[a-z]{1,8}:\]|[^\[\]\\&~-]|-(?!-))*\])
    |   (?P<property>\\[pP](?:\{[^{}]{1,40}\}|[A-Za-z]))
    |   (?P<point>\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})
    |   (?P<escape>\\(?:[dwsDWSbB]|[^A-Za-z0-9]|[tnrAz]))
    |   (?P<repeat>[*+?])
    |   (?P<plain>[^\\\[\](){}*+?])
    """,
    re.VERBOSE | re.DOTALL,
)


def like(pattern: str, *, fold: bool) -> str:
    """The regular expression of a LIKE pattern: `%` any text, `_` any one code point."""
    _check_length(pattern)
    parts = {"%": ".*", "_": "."}
    return f"(?s{'i' if fold else ''})^{''.join(parts.get(one) or _escaped(one) for one in pattern)}$"


def _escaped(one: str) -> str:
    return f"\\{one}" if one in r"\.+*?()|[]{}^$#&-~" else one


def regular(pattern: str) -> str:
    """The pattern itself, where it is admitted."""
    _check_length(pattern)
    if _weight(pattern) > MAX_WEIGHT:
        raise Inadmissible("the pattern repeats too much: its counts written out are too long")
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.PolarsError as error:
        raise Inadmissible(f"the pattern is not valid: {_reason(error)}") from error
    return pattern


def _check_length(pattern: str) -> None:
    if len(pattern) > MAX_PATTERN:
        raise Inadmissible(f"the pattern has {len(pattern)} characters, and {MAX_PATTERN} is the most")


def _weight(pattern: str) -> int:
    """How long the pattern is with its counts written out."""
    groups: list[tuple[int, int]] = []
    total = last = at = 0
    while at < len(pattern):
        part = _PART.match(pattern, at)
        if part is None:
            raise Inadmissible(f"the pattern has '{pattern[at : at + 3]}', which is not admitted there")
        if part.lastgroup == "open":
            groups.append((total, last))
            total = last = 0
        elif part.lastgroup == "close":
            if not groups:
                raise Inadmissible("the pattern closes a group that it did not open")
            (before, _), last = groups.pop(), total
            total += before
        elif part.lastgroup == "count":
            most = max(int(count) for count in re.findall(r"\d+", part.group()))
            total, last = total + last * (max(most, 1) - 1), last * max(most, 1)
        elif part.lastgroup != "repeat":
            last = _cost(part.lastgroup, part.group())
            total += last
        at = part.end()
    return total


def _cost(kind: str | None, text: str) -> int:
    if kind == "property" or re.search(r"\\[wWbBpP]", text):
        return _WIDE
    if re.search(r"\\[dDsS]", text):
        return _DIGIT
    return _SET if kind == "set" or text == "." else 1


def _reason(error: Exception) -> str:
    said = [line.strip() for line in str(error).split("\n") if line.strip()]
    return next((line.removeprefix("error: ") for line in said if line.startswith("error:")), said[0])[:120]
