"""Which column an entity goes into: the first one, or that of what lies within another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.conll.laying import Laid
from corpus_tool.formats.conll.tagging import EDGES, called
from corpus_tool.formats.hipe.cells import COMPONENT, FINE, FINE_METONYMIC, LITERAL, METONYMIC, NESTED
from corpus_tool.formats.hipe.drafts import COLUMN
from corpus_tool.formats.tally import Tally

DEEPER = "entities deeper than one within another, or that cross another"
_COLUMNS = (NESTED, COMPONENT, METONYMIC, FINE, FINE_METONYMIC)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entity as tokens: the first, the one behind the last, and where these two stand in the text."""

    entity: Mapping[str, Any]
    first: int
    behind: int
    span: tuple[int, int]
    head: tuple[int, int]
    tail: tuple[int, int]
    column: str = LITERAL

    @property
    def whole(self) -> bool:
        return self.span == (self.head[0], self.tail[1])

    def partials(self) -> Iterator[tuple[int, str]]:
        """The flags that say which part of a token is covered, by the number of the token.

        Offsets count from the token; that of the beginning is negative where an earlier token has it.
        """
        start, end = self.span
        alone = self.behind - self.first == 1
        if not alone and start > self.head[0]:
            yield self.first, f"Partial-{start - self.head[0]}:{self.head[1] - self.head[0]}"
        if end < self.tail[1] or (alone and not self.whole):
            yield self.behind - 1, f"Partial-{start - self.tail[0]}:{end - self.tail[0]}"


def place(article: Article, laid: Laid, tally: Tally) -> list[Placed]:
    """The entities that have a place, longest first; the others are counted."""
    taken: dict[str, set[int]] = {}
    outer: dict[int, Placed] = {}
    placed = []
    for one in sorted(_covered(article, laid, tally), key=lambda one: (one.span[0] - one.span[1], one.span)):
        column = _column(one, outer)
        tokens = range(one.first, one.behind)
        if column is None or not taken.setdefault(column, set()).isdisjoint(tokens):
            tally.add(DEEPER, called(article, one.entity))
            continue
        if column != LITERAL and not one.whole:
            tally.add(EDGES, called(article, one.entity))
            continue
        taken[column].update(tokens)
        made = replace(one, column=column)
        if column == LITERAL:
            outer.update(dict.fromkeys(tokens, made))
        placed.append(made)
    return placed


def _column(one: Placed, outer: Mapping[int, Placed]) -> str | None:
    said = next((part.get("value") for part in one.entity.get("attributes") or () if part["name"] == COLUMN), None)
    if said in _COLUMNS:
        return str(said)
    over = {id(outer[at]): outer[at] for at in range(one.first, one.behind) if at in outer}
    if not over:
        return LITERAL
    (only, *more) = over.values()
    within = not more and only.first <= one.first and one.behind <= only.behind
    return NESTED if within else None


def _covered(article: Article, laid: Laid, tally: Tally) -> Iterator[Placed]:
    """Entities of one piece, with the tokens that they touch."""
    starts, ends = [start for start, _ in laid.tokens], [end for _, end in laid.tokens]
    for one in article.get("entities") or ():
        if len(one["spans"]) != 1:
            continue
        start, end = one["spans"][0]["start"], one["spans"][0]["end"]
        first, behind = bisect_right(ends, start), bisect_left(starts, end)
        if first >= behind or starts[first] > start or ends[behind - 1] < end:
            tally.add(EDGES, called(article, one))
            continue
        yield Placed(one, first, behind, (start, end), laid.tokens[first], laid.tokens[behind - 1])
