"""Entities as BIO tags on tokens."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from corpus_tool.nested import Numbers

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

STRIDE = 2**32
"""More than any offset, so that (row, offset) is one number that sorts the same."""

DISCONTINUOUS, NO_SPAN = "discontinuous", "without a span"
BOUNDARIES, SENTENCES, OVERLAP = "not on token boundaries", "across or outside sentences", "under a longer one"
LOOSE = "tokens outside sentences"


@dataclass(frozen=True, slots=True)
class Marks:
    """Spans in a block of articles: the row of the article, start and end, in code points."""

    article: Numbers
    start: Numbers
    end: Numbers

    @property
    def first(self) -> Numbers:
        return self.article * STRIDE + self.start

    @property
    def last(self) -> Numbers:
        return self.article * STRIDE + self.end

    def take(self, at: Numbers) -> Marks:
        return Marks(self.article[at], self.start[at], self.end[at])

    def sorted(self) -> Numbers:
        """Positions in the order of the text."""
        first = self.first
        if (first[1:] > first[:-1]).all():
            return np.arange(len(first))
        return np.lexsort((self.end, self.start, self.article))


def tag_labels(contract: Contract) -> tuple[str, ...]:
    """The entity labels that tags are made of; empty where the inventory names no entity labels."""
    return contract.inventory.tags if contract.inventory is not None else ()


def tag_names(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The tags in class-number order: O, then B-X and I-X of each label."""
    return ("O", *(f"{mark}-{label}" for label in labels for mark in "BI"))


def sentence_of(tokens: Marks, sentences: Marks) -> Numbers:
    """Which of the sorted sentences each token lies in; -1 for none."""
    if not len(sentences.article):
        return np.full(len(tokens.article), -1)
    at = np.searchsorted(sentences.first, tokens.first, side="right") - 1
    inside = (at >= 0) & (tokens.last <= sentences.last[at])
    return np.where(inside, at, -1)


def tag(
    tokens: Marks, sentence: Numbers, entities: Marks, labels: Numbers, ids: pa.Array
) -> tuple[Numbers, Counter[str]]:
    """The class number of each token's tag, and how many entities got none, by reason.

    `tokens` are sorted; `labels` number the entities' labels. Of overlapping entities the longest wins, ties by id in
    code point order.
    """
    left_out: Counter[str] = Counter()
    codes = np.zeros(len(tokens.article), dtype=np.int64)
    if not len(entities.article) or not len(codes):
        left_out[BOUNDARIES] = len(entities.article)
        return codes, +left_out
    first = np.searchsorted(tokens.first, entities.first).clip(max=len(codes) - 1)
    last = np.searchsorted(tokens.last, entities.last, side="right") - 1
    fits = (first <= last) & (tokens.first[first] == entities.first) & (tokens.last[last] == entities.last)
    left_out[BOUNDARIES] = int((~fits).sum())
    within = fits & (sentence[first] >= 0) & (sentence[first] == sentence[last])
    left_out[SENTENCES] = int((fits & ~within).sum())
    chosen = np.flatnonzero(within)
    length = entities.end - entities.start
    keep = _longest(first[chosen], last[chosen], length[chosen], ids, chosen)
    left_out[OVERLAP] = len(chosen) - len(keep)
    begin, count = first[keep], (last - first + 1)[keep]
    codes[_ranges(begin, count)] = np.repeat(labels[keep] * 2 + 2, count)
    codes[begin] = labels[keep] * 2 + 1
    return codes, +left_out


def _ranges(begin: Numbers, count: Numbers) -> Numbers:
    """All numbers of the ranges that start at `begin`."""
    before = np.cumsum(count) - count
    numbers: Numbers = np.arange(count.sum()) + np.repeat(begin - before, count)
    return numbers


def _longest(first: Numbers, last: Numbers, length: Numbers, ids: pa.Array, chosen: Numbers) -> Numbers:
    """Those of `chosen` that no longer one overlaps."""
    if not len(chosen):
        return chosen
    order = np.lexsort((last, first))
    reach = np.maximum.accumulate(last[order])
    opens = np.concatenate(([True], first[order][1:] > reach[:-1]))
    cluster = np.cumsum(opens) - 1
    alone = np.bincount(cluster)[cluster] == 1
    keep = chosen[order[alone]].tolist()
    crowd = order[~alone]
    names = ids.take(pa.array(chosen[crowd])).fill_null("").to_pylist()
    taken: set[int] = set()
    for _, _, at in sorted(zip((-length[crowd]).tolist(), names, crowd.tolist(), strict=True)):
        covered = range(int(first[at]), int(last[at]) + 1)
        if taken.isdisjoint(covered):
            taken.update(covered)
            keep.append(int(chosen[at]))
    return np.array(sorted(keep), dtype=np.int64)
