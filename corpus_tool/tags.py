"""Entities as BIO tags on tokens."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.nested import Numbers

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.views import Block, View

_STRIDE = 2**32
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
        return self.article * _STRIDE + self.start

    @property
    def last(self) -> Numbers:
        return self.article * _STRIDE + self.end

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


def token_rows(block: Block, view: View) -> tuple[pa.RecordBatch, Counter[str]]:
    """The rows of the token view, and what got no tag or no row, by reason.

    Tags are null where the entities of an article were not annotated.
    """
    layer, *_ = block.contract.of_kind("token")
    tokens = block.marks((layer,)).spans
    order = tokens.sorted()
    tokens, text = tokens.take(order), block.hulls(layer).text.take(pa.array(order))
    sentences, ids = _sentences(block, block.has((layer,)))
    sentence = sentence_of(tokens, sentences)
    codes, names, left_out = _tags(block, tokens, sentence)
    inside = sentence >= 0
    left_out[LOOSE] = int((~inside).sum())
    ends = np.cumsum(np.bincount(sentence[inside], minlength=len(ids)))
    offsets = pa.array(np.concatenate(([0], ends)).astype(np.int32))
    unknown = pa.array(~block.has(block.contract.of_kind("entity"))[sentences.article])
    columns = {
        "tokens": (text, None),
        "starts": (pa.array(tokens.start), None),
        "ends": (pa.array(tokens.end), None),
        "tags": (names.take(pa.array(codes)), unknown),
    }
    lists = [
        pa.ListArray.from_arrays(offsets, values.filter(pa.array(inside)), type=view.schema.field(name).type, mask=mask)
        for name, (values, mask) in columns.items()
    ]
    made = [block.ids.take(pa.array(sentences.article)), ids, *lists]
    return pa.record_batch(made, schema=view.schema), +left_out


def _sentences(block: Block, wanted: npt.NDArray[np.bool_]) -> tuple[Marks, pa.Array]:
    """The sentences of the articles that are wanted, sorted; an article without any is one, without an id."""
    found = block.marks(block.contract.of_kind("sentence")[:1])
    marks = found.spans
    whole = np.flatnonzero(wanted & (np.bincount(marks.article, minlength=len(wanted)) == 0))
    every = Marks(
        np.concatenate((marks.article, whole)),
        np.concatenate((marks.start, np.zeros_like(whole))),
        np.concatenate((marks.end, np.full_like(whole, _STRIDE - 1))),
    )
    order = every.sorted()
    order = order[wanted[every.article[order]]]
    ids = pa.concat_arrays([found.ids, pa.nulls(len(whole), pa.string())])
    return every.take(order), ids.take(pa.array(order))


def _tags(block: Block, tokens: Marks, sentence: Numbers) -> tuple[Numbers, pa.Array, Counter[str]]:
    """The tag of each token as a number, the names of the numbers, and what was left out."""
    found = block.marks(block.contract.of_kind("entity"))
    known = tag_labels(block.contract) or tuple(found.labels.unique().drop_null().to_pylist())
    numbers = pc.index_in(found.labels, value_set=pa.array(known, pa.string())).fill_null(-1).to_numpy()
    asked = (numbers >= 0) & block.has(block.contract.of_kind("token")[:1])[found.spans.article]
    keep = np.flatnonzero(asked & (found.fragments == 1))
    entities, ids = found.spans.take(keep), found.ids.take(pa.array(keep))
    codes, left_out = tag(tokens, sentence, entities, numbers[keep].astype(np.int64), ids)
    left_out[DISCONTINUOUS] = int((asked & (found.fragments > 1)).sum())
    left_out[NO_SPAN] = int((asked & (found.fragments == 0)).sum())
    return codes, pa.array(tag_names(known), pa.string()), left_out
