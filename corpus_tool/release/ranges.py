"""Ranges of versions, as `^1.0` and `>=1.0,<2`, with the meaning that cargo gives them.

Each part of a range is an interval of versions, and the range is where they overlap. Of the packages that compare
versions, `packaging` knows the ranges of PEP 440 and `semver` no `^` and `~`, so neither reads these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus_tool.errors import SettingsError

Number = tuple[int, int, int]

LATEST = "latest"

_ZERO: Number = (0, 0, 0)
_DIGITS = "(?:0|[1-9][0-9]{0,8})"
_PART = re.compile(rf"(\^|~|>=|<=|>|<|=)? *({_DIGITS}(?:\.{_DIGITS}){{0,2}})(\.\*)?|\*")
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Range:
    """The versions from `low` to below `high`, which is None where there is no end.

    `pinned` says that one version was named in full.
    """

    low: Number = _ZERO
    high: Number | None = None
    pinned: bool = False

    def __contains__(self, number: Number) -> bool:
        return self.low <= number and (self.high is None or number < self.high)

    def __and__(self, other: Range) -> Range:
        ends = [end for end in (self.high, other.high) if end is not None]
        return Range(max(self.low, other.low), min(ends, default=None), self.pinned or other.pinned)

    @property
    def empty(self) -> bool:
        return self.high is not None and self.high <= self.low


def parse_range(text: str) -> Range:
    """The range that a text names; nothing, `latest` and `*` are all versions.

    Without an operator, where cargo reads `^`, a number is as it stands: `1.1.0` is that version, `1.1` each 1.1.z.
    Raises SettingsError where the text is no range, or one that no version can be in.
    """
    if text.strip() in ("", LATEST):
        return Range()
    if len(text) > _MOST:
        raise SettingsError(f"not a range of versions: {text[:40]!r}… is too long")
    found = Range()
    for part in text.split(","):
        found &= _interval(part.strip(), text)
    if found.empty:
        raise SettingsError(f"no version can be in the range {text!r}: its parts exclude each other")
    return found


def _interval(part: str, text: str) -> Range:
    match = _PART.fullmatch(part)
    if match is None or (match[3] and (match[1] or match[2].count(".") == 2)):
        raise SettingsError(
            f"not a range of versions: {text!r} (as 1.1.0, 1.1, 1.*, ^1.0, ~1.2, '>=1.0,<2', {LATEST}; "
            "versions have no pre-releases)"
        )
    if match[2] is None:
        return Range()
    given = tuple(map(int, match[2].split(".")))
    return _bounds(match[1] or "=", given)


def _bounds(operator: str, given: tuple[int, ...]) -> Range:
    low = _filled(given)
    after = _next(given, len(given))
    low_and_high: dict[str, tuple[Number, Number | None]] = {
        "=": (low, after),
        "^": (low, _next(given, _fixed(given))),
        "~": (low, _next(given, min(len(given), 2))),
        ">=": (low, None),
        ">": (after, None),
        "<": (_ZERO, low),
        "<=": (_ZERO, after),
    }
    return Range(*low_and_high[operator], pinned=operator == "=" and len(given) == 3)


def _fixed(given: tuple[int, ...]) -> int:
    """How many numbers `^` holds fast: up to the first that is not 0."""
    return next((place for place, number in enumerate(given, 1) if number), len(given))


def _next(given: tuple[int, ...], length: int) -> Number:
    """The first version after all that begin with so many of the numbers."""
    return _filled((*given[: length - 1], given[length - 1] + 1))


def _filled(given: tuple[int, ...]) -> Number:
    first, second, third = (*given, 0, 0, 0)[:3]
    return first, second, third
