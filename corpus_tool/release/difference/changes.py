"""What differs between two states of a corpus, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TRAIN = "train"
CHANGES = "changes"
"""The view of a release that says what it changed: no part of its content."""

ArticleWhat = Literal["added", "removed", "moved", "text", "metadata", "licence", "layer"]
AnnotationWhat = Literal["added", "removed", "retyped", "respanned", "changed", "gold"]


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """One article: `before` is the split it stood in, `fields` are what differs of it.

    `layer` is of layers that were annotated on one side only, one of them without an annotation.
    """

    article: str
    what: ArticleWhat
    split: str
    before: str | None = None
    fields: tuple[str, ...] = ()
    new_split: bool = False
    """Whether nothing stood in the split before."""


@dataclass(frozen=True, slots=True)
class AnnotationChange:
    """One annotation, or record of provenance, coverage or adjudication.

    `label` and `id` are those it has now, or had where it is gone; `before` is the label where it was another. `fields`
    are those that differ besides; `gold` says whether it is, or was, gold. `start` and `end` are the hull of its spans,
    or were where it is gone; `was_start` and `was_end` those before, where they were others.
    """

    article: str
    split: str
    layer: str
    label: str | None
    id: str | None
    what: tuple[AnnotationWhat, ...]
    before: str | None = None
    fields: tuple[str, ...] = ()
    gold: bool = False
    record: bool = False
    start: int | None = None
    end: int | None = None
    was_start: int | None = None
    was_end: int | None = None


@dataclass(frozen=True, slots=True)
class ContractChange:
    """One field of the schema, label of the inventory, view, or line of what the corpus says of itself.

    `what` names a row of the rules, `where` the place.
    """

    what: str
    where: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Comparability:
    """Whether scores on a split compare: how many articles came or went, texts differ, gold annotations differ."""

    split: str
    members: int = 0
    texts: int = 0
    gold: int = 0

    @property
    def comparable(self) -> bool:
        return not (self.members or self.texts or self.gold)


@dataclass(frozen=True, slots=True)
class Renumbered:
    """Ids that differ where content does not: of articles the old and the new one, of annotations how many."""

    articles: tuple[tuple[str, str], ...] = ()
    annotations: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What `new` has that `old` had not, by content; ids that differ stand apart, and are no part of it."""

    old: str
    new: str
    articles: tuple[ArticleChange, ...] = ()
    annotations: tuple[AnnotationChange, ...] = ()
    contract: tuple[ContractChange, ...] = ()
    splits: tuple[Comparability, ...] = ()
    renumbered: Renumbered = Renumbered()

    @property
    def empty(self) -> bool:
        return not (self.articles or self.annotations or self.contract)

    def facts(self) -> Counter[str]:
        """How often each kind of change occurs, by the names that the rules have for them."""
        found = Counter(_article_fact(change) for change in self.articles)
        for change in self.annotations:
            thing = "record" if change.record else "annotation"
            found.update(f"{thing} {what}" for what in change.what)
        found.update(change.what for change in self.contract)
        ids = len(self.renumbered.articles) + self.renumbered.annotations
        return found + Counter({"id renumbered": ids})

    def by_label(self) -> Iterator[tuple[str, str, str, str, int]]:
        """Split, layer, label, what happened, and how often."""
        counts = Counter((one.split, one.layer, one.label or "", what) for one in self.annotations for what in one.what)
        yield from ((*key, number) for key, number in sorted(counts.items()))


def _article_fact(change: ArticleChange) -> str:
    if change.what == "added":
        held = "a new split" if change.new_split else "train" if change.split == TRAIN else "a held-out split"
        return f"article added to {held}"
    return {
        "removed": "article removed",
        "moved": "article moved",
        "text": "text changed",
        "metadata": "metadata changed",
        "licence": "licence changed",
        "layer": "layer annotated or withdrawn",
    }[change.what]
