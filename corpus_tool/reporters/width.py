"""How wide text stands on a terminal: grapheme clusters and the columns they take."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_EMOJI = frozenset(f"\ufe0f\u200d{_TONES}")
"""What makes one picture, two columns wide, of all that stands in its cluster."""


@cache
def _cluster() -> Any:
    import regex

    return regex.compile(r"\X")


def clusters(text: str) -> list[str]:
    """The characters as readers see them."""
    return list(_cluster().findall(text))


def width(text: str) -> int:
    """Columns of a terminal that a text takes; it has no control characters."""
    return len(text) if text.isascii() else sum(_width(cluster) for cluster in clusters(text))


def _width(cluster: str) -> int:
    if len(cluster) > 1 and _EMOJI & set(cluster[1:]) and not cluster[0].isspace():
        return 2 if _pictures(cluster) else sum(map(_columns, cluster))
    return sum(map(_columns, cluster))


def _pictures(cluster: str) -> bool:
    return "\ufe0f" in cluster or unicodedata.category(cluster[0]) == "So"


def _columns(char: str) -> int:
    # Vowels and final consonants of Hangul stand inside the block that its first consonant opens.
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def is_right_to_left(text: str) -> bool:
    """Whether terminals may show the characters in another order than they stand in."""
    return not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)
