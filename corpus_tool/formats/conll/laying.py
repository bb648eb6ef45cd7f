"""An article as the rows of a file: its tokens in sentences, and what stands between them in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.tally import Tally

Piece = tuple[int, int]
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Laid:
    """Where tokens stand in the text, and the sentences: of each its first token and the one behind its last.

    `layers` are those of tokens and sentences that the article has; where it lacks one, its text is cut for the file.
    """

    text: str
    tokens: Sequence[Piece]
    sentences: Sequence[Piece]
    layers: frozenset[str]

    @property
    def before(self) -> str:
        """What stands before the first token."""
        return self.text[: self.tokens[0][0]] if self.tokens else self.text

    def after(self, number: int) -> str:
        """What stands behind a token, up to the next one."""
        end = self.tokens[number + 1][0] if number + 1 < len(self.tokens) else len(self.text)
        return self.text[self.tokens[number][1] : end]

    def word(self, number: int) -> str:
        start, end = self.tokens[number]
        return self.text[start:end]


def lay(article: Article, tally: Tally) -> Laid:
    """The rows of an article; tokens that overlap and sentences that are not whole tokens are counted."""
    text = article["text"]
    layers = frozenset(name for name in ("tokens", "sentences") if article.get(name) is not None)
    wanted = _pieces(article, "sentences", tally)
    if "tokens" in layers:
        tokens = _pieces(article, "tokens", tally)
    else:
        tokens = list(_cut(text, [*wanted, *_entities(article)]))
    if "sentences" in layers:
        grouped = list(_grouped(tokens, wanted))
        sentences = [piece for piece, _ in grouped]
        exact = {(tokens[first][0], tokens[behind - 1][1]) for first, behind in sentences}
        for start, end in (piece for piece in wanted if piece not in exact):
            tally.add("sentences that are not made of whole tokens", f"{article['id']}: {text[start:end]}")
        for first, behind in (piece for piece, inside in grouped if not inside):
            what = "tokens outside sentences: they come back as one of their own"
            tally.add(what, f"{article['id']}: {text[tokens[first][0] : tokens[behind - 1][1]]}", behind - first)
    else:
        sentences = list(_by_lines(text, tokens, _entities(article)))
    return Laid(text, tokens, sentences, layers)


def _entities(article: Article) -> list[Piece]:
    spans = (one["spans"] for one in article.get("entities") or ())
    return [(one[0]["start"], one[0]["end"]) for one in spans if len(one) == 1]


def _pieces(article: Article, layer: str, tally: Tally) -> list[Piece]:
    """The spans of a layer, sorted, none empty or inside another."""
    found: list[Piece] = []
    for one in sorted(article.get(layer) or (), key=lambda one: (_place(one)[0], -_place(one)[1])):
        start, end = _place(one)
        if len(one["spans"]) > 1 or start >= end or (found and start < found[-1][1]):
            tally.add(f"{layer} that are empty, in pieces or overlap", f"{article['id']}: {one['id']}")
        else:
            found.append((start, end))
    return found


def _place(one: Mapping[str, Any]) -> Piece:
    return one["spans"][0]["start"], one["spans"][-1]["end"]


def _cut(text: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Words between white space, cut where any of the pieces begins or ends."""
    edges = sorted({edge for piece in pieces for edge in piece})
    for match in _WORD.finditer(text):
        start, end = match.span()
        low, high = bisect_right(edges, start), bisect_right(edges, end - 1)
        inner = [start, *edges[low:high], end]
        yield from pairwise(inner)


def _grouped(tokens: Sequence[Piece], wanted: Sequence[Piece]) -> Iterator[tuple[Piece, bool]]:
    """Runs of tokens that lie in the same sentence, or in none, and which of both."""
    starts = [start for start, _ in wanted]
    begun, own = 0, -2
    for number, (start, end) in enumerate(tokens):
        at = bisect_right(starts, start) - 1
        at = at if at >= 0 and end <= wanted[at][1] else -1
        if at != own:
            if number:
                yield (begun, number), own >= 0
            begun, own = number, at
    if tokens:
        yield (begun, len(tokens)), own >= 0


def _by_lines(text: str, tokens: Sequence[Piece], entities: Sequence[Piece]) -> Iterator[Piece]:
    """Runs of tokens on one line of the text, or of several where an entity spans them."""
    spanned = sorted(piece for piece in entities if "\n" in text[slice(*piece)])
    begun = 0
    for number in range(1, len(tokens)):
        end, start = tokens[number - 1][1], tokens[number][0]
        if "\n" in text[end:start] and not any(low < start and end < high for low, high in spanned):
            yield begun, number
            begun = number
    if tokens:
        yield begun, len(tokens)
