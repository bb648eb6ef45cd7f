"""An article as sentences of rows: its tokens, or ones made for it, and the words on them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.cells import plain
from corpus_tool.formats.conllu.naming import Names
from corpus_tool.formats.conllu.nodes import Node, pieces

if TYPE_CHECKING:
    from corpus_tool.formats.tally import Tally

Annotation = Mapping[str, Any]
_WORD = re.compile(r"\w+|[^\w\s]+")
_EMPTY = re.compile(r"W(.+):[0-9]+\.[0-9]+", re.DOTALL)


@dataclass(slots=True)
class Token:
    """A piece of the text and its words; `id` is None where it was made for want of tokens."""

    id: str | None
    start: int
    end: int
    words: list[Annotation] = field(default_factory=list)
    empty: list[Annotation] = field(default_factory=list)
    """Empty nodes behind it."""


@dataclass(slots=True)
class Laid:
    """A sentence: `id` is None where it was made for want of sentences."""

    id: str | None
    short: str
    tokens: list[Token]
    empty: list[Annotation] = field(default_factory=list)
    """Empty nodes before its first token."""
    nodes: list[Node] = field(default_factory=list)


def lay_out(article: Annotation, tally: Tally) -> list[Laid]:
    """The sentences of an article in the order of the text; what does not fit is counted."""
    text = article["text"]
    tokens = _tokens(article, tally)
    made = not tokens
    if made:
        tokens = [Token(None, start, end) for start, end in _pieces(article, text)]
    sentences = _sentences(article, tokens, tally)
    _place_words(article, tokens, sentences, tally, made=made)
    for number, one in enumerate(sentences):
        one.nodes = _nodes(number, one, text)
    return sentences


def _tokens(article: Annotation, tally: Tally) -> list[Token]:
    found: list[Token] = []
    for one in _single(article, "tokens", tally):
        start, end = one["spans"][0]["start"], one["spans"][0]["end"]
        if start >= end:
            tally.add("tokens without a character", f"{article['id']}: {one['id']}")
        elif found and start < found[-1].end:
            tally.add("tokens that overlap another", f"{article['id']}: {one['id']}")
        else:
            found.append(Token(one["id"], start, end))
    return found


def _single(article: Annotation, layer: str, tally: Tally) -> list[Annotation]:
    """Annotations of one piece, in the order of the text."""
    found = []
    for one in article.get(layer) or ():
        if len(one["spans"]) == 1:
            found.append(one)
        else:
            tally.add(f"{layer} of several pieces", f"{article['id']}: {one['id']}")
    return sorted(found, key=lambda one: (one["spans"][0]["start"], -one["spans"][0]["end"]))


def _pieces(article: Annotation, text: str) -> list[tuple[int, int]]:
    """Words and signs, cut wherever an annotation begins or ends."""
    cuts = {0, len(text)}
    for layer in ("sentences", "passages", "entities"):
        for one in article.get(layer) or ():
            for part in one["spans"]:
                cuts |= {part["start"], part["end"]}
    return [
        (start + match.start(), start + match.end())
        for start, end in pairwise(sorted(cut for cut in cuts if 0 <= cut <= len(text)))
        for match in _WORD.finditer(text[start:end])
    ]


def _sentences(article: Annotation, tokens: Sequence[Token], tally: Tally) -> list[Laid]:
    """Tokens by sentence; those of none are by themselves, parted where lines and passages are."""
    own = _intervals(article, tally)
    starts = [start for start, _, _ in own]
    breaks = _breaks(article)
    names = Names(article["id"])
    groups: list[tuple[Any, list[Token]]] = []
    for token in tokens:
        at = bisect_right(starts, token.start) - 1
        inside = at >= 0 and token.start < own[at][1]
        key: Any = ("own", at) if inside else ("made", at, bisect_right(breaks, token.start))
        if not groups or groups[-1][0] != key:
            groups.append((key, []))
        groups[-1][1].append(token)
    laid = []
    for key, group in groups:
        name = own[key[1]][2]["id"] if key[0] == "own" else None
        if name is not None and "\n" in name:
            tally.add("ids of sentences: line breaks", f"{article['id']}: {name}")
            name = name.replace("\n", " ")
        made, short = names.sentence(name)
        laid.append(Laid(made if name is not None else None, short, group))
    _count_sentences(article, own, groups, tally)
    return laid


def _intervals(article: Annotation, tally: Tally) -> list[tuple[int, int, Annotation]]:
    own: list[tuple[int, int, Annotation]] = []
    for one in _single(article, "sentences", tally):
        part = one["spans"][0]
        if own and part["start"] < own[-1][1]:
            tally.add("sentences that overlap another", f"{article['id']}: {one['id']}")
        else:
            own.append((part["start"], part["end"], one))
    return own


def _count_sentences(
    article: Annotation, own: Sequence[tuple[int, int, Annotation]], groups: Iterable[tuple[Any, list[Token]]],
    tally: Tally,
) -> None:  # fmt: skip
    reach = {key[1]: (group[0].start, group[-1].end) for key, group in groups if key[0] == "own"}
    for number, (start, end, one) in enumerate(own):
        if number not in reach:
            tally.add("sentences without a token", f"{article['id']}: {one['id']}")
        elif reach[number] != (start, end):
            tally.add("sentences that begin or end elsewhere than a token", f"{article['id']}: {one['id']}")


def _breaks(article: Annotation) -> list[int]:
    lines = {match.end() for match in re.finditer(r"\n", article["text"])}
    edges = {
        edge for one in article.get("passages") or () for part in one["spans"] for edge in (part["start"], part["end"])
    }
    return sorted(lines | edges)


def _place_words(
    article: Annotation, tokens: Sequence[Token], sentences: Sequence[Laid], tally: Tally, *, made: bool
) -> None:
    by_id = {token.id: token for token in tokens if token.id is not None}
    home = {id(token): one for one in sentences for token in one.tokens}
    by_short = {one.short: one for one in sentences}
    last: Token | None = None
    for word in article.get("words") or ():
        name = word.get("token")
        token = by_id.get(name) if name else None
        if token is not None:
            token.words.append(word)
            last = token
        elif name or made or not sentences:
            tally.add("words of tokens that are not written", f"{article['id']}: {word['id']}")
        else:
            match = _EMPTY.fullmatch(word["id"])
            named = by_short.get(match[1]) if match else None
            here = named or (home[id(last)] if last else sentences[0])
            (last.empty if last is not None and home[id(last)] is here else here.empty).append(word)


def _nodes(number: int, laid: Laid, text: str) -> list[Node]:
    """Words and empty nodes with their numbers; a token without words is one word that nothing is said of."""
    rows: list[tuple[str, int, int, Annotation | None]] = [
        (f"0.{minor}", -1, -1, word) for minor, word in enumerate(laid.empty, 1)
    ]
    count = 0
    for token in laid.tokens:
        own: Sequence[Annotation | None] = token.words or (None,)
        forms = [word["form"] for word in token.words] or [""]
        parts = pieces(token.start, token.end, text[token.start : token.end], forms)
        for word, (start, end) in zip(own, parts, strict=True):
            count += 1
            rows.append((str(count), start, end, word))
        rows += [(f"{count}.{minor}", -1, -1, word) for minor, word in enumerate(token.empty, 1)]
    at = {word["id"]: place for place, (_, _, _, word) in enumerate(rows) if word is not None}
    return [
        Node(number, place, name, start, end, word["id"] if word else None, _head(word, place, at))
        for place, (name, start, end, word) in enumerate(rows)
    ]


def is_root(word: Annotation) -> bool:
    """Whether a word is written as the root of its sentence: an empty node cannot be."""
    return not word.get("head") and plain(word.get("deprel")) != "_" and bool(word.get("token"))


def _head(word: Annotation | None, place: int, at: Mapping[str, int]) -> int | None:
    if word is None:
        return None
    if word.get("head"):
        return at.get(word["head"])
    return place if is_root(word) else None
