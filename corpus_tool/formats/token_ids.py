"""Ids of tokens that have none: where they stand, which takes a tenth of the time of a digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def token_ids(letter: str, pieces: Sequence[tuple[int, int]]) -> list[str]:
    """`K4-9`, with an ordinal where several tokens stand at one place."""
    names = [f"{letter}{start}-{end}" for start, end in pieces]
    if len(set(names)) == len(names):
        return names
    seen: Counter[str] = Counter()
    for number, name in enumerate(names):
        seen[name] += 1
        names[number] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return names
