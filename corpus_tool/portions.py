"""Large articles in portions: a validator makes every error at once, and an article has room for thirty million."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from corpus_tool.breaches import Breach
from corpus_tool.vocabulary import pointer

MOST_VALUES = 200_000
"""An article of up to so many values (those in its lists and objects counted) is explained in one go."""
MOST_ITEMS = 2_000
MOST_PORTIONS = 100
MOST_BREACHES = 1_000
"""So many breaches of a larger article are looked for."""


def is_large(article: Any) -> bool:
    """Whether a value holds more than MOST_VALUES; it is not walked further."""
    seen, waiting = 0, [article]
    while waiting and seen <= MOST_VALUES:
        value = waiting.pop()
        if isinstance(value, dict | list):
            seen += len(value)
            if seen <= MOST_VALUES:
                waiting += value.values() if isinstance(value, dict) else value
    return seen > MOST_VALUES


def portions(article: Any) -> Iterator[tuple[int, Any]]:
    """The article again and again, each time with the next items of its long lists, and the index of the first."""
    if not isinstance(article, Mapping):
        yield 0, article
        return
    rest = {name: value for name, value in article.items() if not _long(value)}
    lists = {name: value for name, value in article.items() if _long(value)}
    longest = max(map(len, lists.values()), default=1)
    size = max(MOST_ITEMS, -(-longest // MOST_PORTIONS))
    for first in range(0, 1 if is_large(rest) else longest, size):
        cuts = {name: value[first : first + size] for name, value in lists.items() if len(value) > first}
        yield first, {name: cuts.get(name, value) for name, value in article.items() if name in rest or name in cuts}


def _long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > MOST_ITEMS


def in_whole(breach: Breach, first: int, article: Any) -> Breach | None:
    """A breach of a portion as one of the article; None where it is of the portion alone, or was found before."""
    inside = isinstance(article, Mapping) and bool(breach.path) and _long(article.get(breach.path[0]))
    if not inside:
        return breach if first == 0 else None
    if len(breach.path) == 1:
        return None
    name, index, *deeper = breach.path
    path = (name, int(index) + first, *deeper)
    if breach.fix is None:
        return replace(breach, path=path)
    edits = tuple(replace(edit, pointer=pointer(path)) for edit in breach.fix.edits)
    return replace(breach, path=path, fix=replace(breach.fix, edits=edits))
