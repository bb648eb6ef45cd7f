"""The difference of two states of a corpus, by content: no id of an annotation and no order of a layer counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from corpus_tool.release.difference.article_changes import State, changed
from corpus_tool.release.difference.changes import (
    AnnotationChange,
    ArticleChange,
    Comparability,
    Difference,
    Renumbered,
)
from corpus_tool.release.difference.contract_changes import contract_changes
from corpus_tool.release.difference.sides import Side, alike, withheld_changes


@dataclass(frozen=True, slots=True)
class _Seen:
    """Of an article its split, and the digests of it and of its text."""

    split: str
    digest: bytes
    text: bytes | None


def difference(old: Side, new: Side) -> Difference:
    """What the new side has that the old had not. Articles are matched by id, then by their text.

    Both are read twice; in memory are only articles that differ. Where one withholds text, texts are compared by their
    digests.
    """
    withholding = withheld_changes(old, new)
    old, new = alike(old, new)
    # Where another rule makes gold, articles that are the same are looked into as well.
    ruled = old.contract.policy.machine != new.contract.policy.machine
    first, second = _seen(old), _seen(new)
    renamed = _renamed(first, second)
    old_of = {name: name for name in first if name in second} | {later: name for name, later in renamed}
    wanted = {
        later: name
        for later, name in old_of.items()
        if ruled or (first[name].split, first[name].digest) != (second[later].split, second[later].digest)
    }
    gathered = _Gathered({each.split for each in first.values()}, {each.split for each in second.values()})
    gone = first.keys() - set(old_of.values())
    for name in sorted(gone):
        gathered.removed(name, first[name].split)
    for name in sorted(second.keys() - old_of.keys()):
        gathered.added(name, second[name].split)
    gathered.compare(_pairs(old, new, wanted))
    return Difference(
        old.name,
        new.name,
        tuple(sorted(gathered.articles, key=lambda one: (one.what, one.article))),
        tuple(sorted(gathered.annotations, key=lambda one: (one.article, one.layer))),
        (*contract_changes(old, new), *withholding),
        tuple(gathered.splits()),
        Renumbered(renamed, gathered.renumbered),
    )


@dataclass(slots=True)
class _Gathered:
    """What was found so far."""

    before: set[str]
    after: set[str]
    articles: list[ArticleChange] = field(default_factory=list)
    annotations: list[AnnotationChange] = field(default_factory=list)
    renumbered: int = 0
    counts: dict[str, list[int]] = field(default_factory=dict)
    """By split: members that came or went, texts, annotations of gold."""

    def count(self, split: str, at: int, number: int = 1) -> None:
        self.counts.setdefault(split, [0, 0, 0])[at] += number

    def removed(self, name: str, split: str) -> None:
        self.articles.append(ArticleChange(name, "removed", split))
        self.count(split, 0)

    def added(self, name: str, split: str) -> None:
        self.articles.append(ArticleChange(name, "added", split, new_split=split not in self.before))
        self.count(split, 0)

    def compare(self, pairs: Iterator[tuple[State, State]]) -> None:
        for old, new in pairs:
            found = changed(old, new)
            self.articles += found.articles
            self.annotations += found.annotations
            self.renumbered += found.renumbered
            if old.split != new.split:
                self.count(old.split, 0)
                self.count(new.split, 0)
            self.count(new.split, 1, found.texts)
            self.count(new.split, 2, found.gold)

    def splits(self) -> Iterator[Comparability]:
        for split in sorted(self.before | self.after):
            yield Comparability(split, *self.counts.get(split, (0, 0, 0)))


def _seen(side: Side) -> dict[str, _Seen]:
    text, own = side.contract.text or "", side.contract.id or ""
    return {
        str(article[own]): _Seen(split, _digest(article), _digest(article[text]) if text in article else None)
        for split, article in side.read()
    }


def _digest(value: Any) -> bytes:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).digest()[:16]


def _renamed(first: Mapping[str, _Seen], second: Mapping[str, _Seen]) -> tuple[tuple[str, str], ...]:
    """Articles whose text is the same under another id: in order, where several have one text."""
    waiting: dict[bytes | None, list[str]] = {}
    for name in sorted(first.keys() - second.keys()):
        waiting.setdefault(first[name].text, []).append(name)
    found = []
    for name in sorted(second.keys() - first.keys()):
        text = second[name].text
        if text is not None and waiting.get(text):
            found.append((waiting[text].pop(0), name))
    return tuple(found)


def _pairs(old: Side, new: Side, wanted: Mapping[str, str]) -> Iterator[tuple[State, State]]:
    """The articles to look into; those of the old side wait in memory for the new."""
    names = set(wanted.values())
    waiting = {
        str(article[old.contract.id or ""]): (split, orjson.dumps(article))
        for split, article in (old.read() if names else ())
        if str(article[old.contract.id or ""]) in names
    }
    for split, article in new.read() if names else ():
        name = str(article[new.contract.id or ""])
        if name in wanted:
            was, data = waiting.pop(wanted[name])
            yield State(wanted[name], was, orjson.loads(data), old.contract), State(name, split, article, new.contract)
