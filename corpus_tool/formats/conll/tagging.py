"""Entities as chunks of tokens, and which of them a column cannot hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.conll.laying import Laid
from corpus_tool.formats.tally import Tally

EDGES = "entities whose edges are no edges of tokens"
ACROSS = "entities across sentences"


@dataclass(frozen=True, slots=True)
class Covered:
    """An entity of one piece as tokens: the first, and the one behind the last."""

    entity: Mapping[str, Any]
    first: int
    behind: int


def covered(article: Article, laid: Laid, tally: Tally) -> list[Covered]:
    """The entities that are whole tokens of one sentence, longest first; the others are counted."""
    firsts = {start: number for number, (start, _) in enumerate(laid.tokens)}
    lasts = {end: number + 1 for number, (_, end) in enumerate(laid.tokens)}
    sentence = {
        number: at for at, (first, behind) in enumerate(laid.sentences) for number in range(first, behind)
    }  # fmt: skip
    found = []
    for one in article.get("entities") or ():
        if len(one["spans"]) != 1:
            continue
        span = one["spans"][0]
        first, behind = firsts.get(span["start"]), lasts.get(span["end"])
        if first is None or behind is None or first >= behind:
            tally.add(EDGES, called(article, one))
        elif sentence[first] != sentence[behind - 1]:
            tally.add(ACROSS, called(article, one))
        else:
            found.append(Covered(one, first, behind))
    return sorted(found, key=lambda each: (each.first - each.behind, each.first, str(each.entity["id"])))


def columns(found: Sequence[Covered]) -> list[list[Covered]]:
    """Columns in which no two share a token: each goes into the first one that has room for it."""
    held: list[tuple[set[int], list[Covered]]] = []
    for one in found:
        tokens = range(one.first, one.behind)
        room = next((column for column in held if column[0].isdisjoint(tokens)), None)
        if room is None:
            held.append(room := (set(), []))
        room[0].update(tokens)
        room[1].append(one)
    return [column for _, column in held]


def called(article: Article, entity: Mapping[str, Any]) -> str:
    words = " … ".join(span["text"] for span in entity["spans"])
    return f"{article['id']}: {entity['id']} {entity['type']} '{words}'"


def label(article: Article, entity: Mapping[str, Any], tally: Tally) -> str:
    """The label as a cell can hold it."""
    made = str(entity["type"]).translate(_CELL)
    if made != entity["type"]:
        tally.add("labels: characters a column cannot hold", called(article, entity))
    return made


_CELL = str.maketrans("\t\n\r", "___")
