"""Where sorted articles are cut into row groups: by their ids, so that what is inserted moves few of the cuts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence


def partitions(ids: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
    """The first and the one after the last of each partition, of at most `most` ids and, but for the last, a quarter.

    `most` counts as the power of two that is not above it, so that a few articles more do not change it.
    """
    most = 1 << (most.bit_length() - 1)
    least = max(1, most // 4)
    start = 0
    while len(ids) - start > most:
        end = max(range(start + least, start + most + 1), key=lambda at: _digest(ids[at - 1]))
        yield start, end
        start = end
    if start < len(ids):
        yield start, len(ids)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
