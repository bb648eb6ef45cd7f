"""What splits share after all: texts and stories, within a release and with others, and copies labelled differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus_tool.near_duplicates import near_pairs
from corpus_tool.release.splits.assigning import NO_TEXT, Candidate


@dataclass(frozen=True, slots=True)
class Leak:
    """Two articles of different splits, the later one first, and what they share."""

    id: str
    split: str
    other: str
    other_split: str
    what: str


def leaks(articles: Iterable[Candidate], splits: Mapping[str, str], threshold: float) -> Iterator[Leak]:
    """For each article and each other split the first thing that it shares with an earlier article there."""
    here = sorted((one for one in articles if one.id in splits), key=lambda one: one.id)
    yield from _shared([(one, splits[one.id], 0) for one in here], threshold)


def leaks_against(
    articles: Iterable[Candidate], splits: Mapping[str, str], others: Iterable[tuple[str, Candidate]], threshold: float
) -> Iterator[Leak]:
    """The same, of the articles of this release with those of another one."""
    theirs = [(one, split, 0) for split, one in others]
    own = [(one, splits[one.id], 1) for one in sorted(articles, key=lambda one: one.id) if one.id in splits]
    yield from _shared([*sorted(theirs, key=lambda row: row[0].id), *own], threshold)


def conflicts(articles: Iterable[Candidate], splits: Mapping[str, str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Copies of an earlier text whose gold differs from its: both ids, and the layers in which it does."""
    first: dict[str, Candidate] = {}
    for one in sorted((one for one in articles if one.id in splits), key=lambda one: one.id):
        earlier = first.setdefault(one.digest, one)
        labels = dict(earlier.labels)
        differ = tuple(layer for layer, digest in one.labels if labels.get(layer, digest) != digest)
        if differ and one.digest != NO_TEXT:
            yield one.id, earlier.id, differ


_Row = tuple[Candidate, str, int]
"""An article, its split, and the side it is on."""


def _shared(rows: Sequence[_Row], threshold: float) -> Iterator[Leak]:
    told: set[tuple[int, str]] = set()
    for later, earlier, what in (*_same(rows), *_near(rows, threshold)):
        (one, split, side), (other, other_split, other_side) = rows[later], rows[earlier]
        across = side != other_side or not any(row[2] for row in rows)
        if across and split != other_split and (later, other_split) not in told:
            told.add((later, other_split))
            yield Leak(one.id, split, other.id, other_split, what)


def _same(rows: Sequence[_Row]) -> Iterator[tuple[int, int, str]]:
    """Rows whose text or key an earlier one has, with the first of each split and side."""
    first: dict[str, dict[tuple[str, int], int]] = {}
    for at, (one, split, side) in enumerate(rows):
        copies = [] if one.digest == NO_TEXT else [(f"text:{one.digest}", "the text")]
        for key, what in (*copies, *((key, f"the {key.partition(':')[0]}") for key in one.keys)):
            seen = first.setdefault(key, {})
            for earlier in seen.values():
                yield at, earlier, f"{what} is"
            seen.setdefault((split, side), at)


def _near(rows: Sequence[_Row], threshold: float) -> Iterator[tuple[int, int, str]]:
    groups = [f"{side} {split}" for _, split, side in rows]
    for later, earlier, alike in near_pairs([one.signature for one, _, _ in rows], groups, threshold):
        yield later, earlier, f"the text is about {alike:.2f}"
