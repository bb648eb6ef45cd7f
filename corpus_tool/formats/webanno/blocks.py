"""The blocks that a WebAnno TSV file is made of: sentences of tokens, all of the text in one of them.

The format has no annotation outside a token, and no token outside a sentence: where an article has none, they are made,
and said to be.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers.model import TypedDocument, TypedSpan

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A token in code points; one that was made has no id."""

    begin: int
    end: int
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence of the file, and the sentence of the article that it is, if it is one."""

    begin: int
    end: int
    tokens: tuple[Token, ...]
    sentence: TypedSpan | None


def blocks(document: TypedDocument, lost: Tally) -> list[Block]:
    """The blocks of a document in the order of its text."""
    tokens = _apart(document.tokens or (), "tokens", document.id, lost)
    sentences = _apart(document.sentences or (), "sentences", document.id, lost)
    found: list[Block] = []
    at = 0
    for one in sentences:
        found += _between(document.text, at, one.begin, tokens)
        own = _within(tokens, one.begin, one.end) or tuple(_made(document.text, one.begin, one.end))
        if own:
            found.append(Block(one.begin, one.end, own, one))
        else:
            lost.add("sentences without a token", f"{document.id}: {one.begin}-{one.end}")
        at = one.end
    found += _between(document.text, at, len(document.text), tokens)
    taken = {token.id for block in found for token in block.tokens if token.id is not None}
    for missing in tokens:
        if missing.id not in taken:
            lost.add("tokens that cross the border of a sentence", f"{document.id}: {missing.begin}-{missing.end}")
    return found


def _apart(spans: Sequence[TypedSpan], what: str, article: str, lost: Tally) -> list[TypedSpan]:
    """By place, without those that overlap one before them or have no width: no line can hold them."""
    found: list[TypedSpan] = []
    for one in sorted(spans, key=lambda span: (span.begin, span.end)):
        if one.begin == one.end or (found and one.begin < found[-1].end):
            lost.add(f"{what} that overlap, or have no width", f"{article}: {one.begin}-{one.end}")
        else:
            found.append(one)
    return found


def _within(tokens: Sequence[TypedSpan], begin: int, end: int) -> tuple[Token, ...]:
    first = bisect_left(tokens, begin, key=lambda token: token.begin)
    found = []
    for token in tokens[first:]:
        if token.begin >= end:
            break
        if token.end <= end:
            found.append(Token(token.begin, token.end, token.id))
    return tuple(found)


def _made(text: str, begin: int, end: int) -> Iterator[Token]:
    for word in _WORD.finditer(text, begin, end):
        yield Token(*word.span())


def _between(text: str, begin: int, end: int, tokens: Sequence[TypedSpan]) -> Iterator[Block]:
    """What no sentence covers: a block for each line that has words, unless a token runs across its end."""
    own = _within(tokens, begin, end)
    inner = {at for token in own for at in range(token.begin, token.end) if text[at] == "\n"}
    breaks = [match.end() for match in re.compile("\n").finditer(text, begin, end) if match.start() not in inner]
    start = begin
    for stop in [*breaks, end]:
        words = _within(tokens, start, stop) or tuple(_made(text, start, stop))
        if words:
            yield Block(words[0].begin, words[-1].end, words, None)
        start = stop
