"""The text of an article as the `body` of a TEI document, its layers as elements in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.tei.elements import (
    ENTITY,
    INNER,
    PASSAGE,
    QUOTATION,
    SENTENCE,
    TOKEN,
    Annotation,
    Names,
    Stretch,
    entity,
    made_by,
    morphology,
    passage,
    quotation,
)
from corpus_tool.formats.tei.escaping import attribute
from corpus_tool.formats.tei.fragments import Writer, divisions, loose_text

Attributes = list[tuple[str, str]]


@dataclass(slots=True)
class Inline:
    """What an article becomes in its text: mark-up, features that stand off, and what is lost."""

    article: Article
    names: Names = field(default_factory=Names)
    features: list[tuple[str, list[Annotation]]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def lose(self, what: str, example: str) -> None:
        self.counts[what] += 1
        self.examples.setdefault(what, f"{self.article['id']}: {example}"[:120])

    def layer(self, name: str) -> list[dict[str, Any]]:
        return list(self.article.get(name) or ())


def write_body(inline: Inline) -> str:
    """The content of `body`; afterwards every annotation of the text has a name."""
    text = inline.article["text"]
    for layer in ("passages", "sentences", "tokens", "entities", "quotations"):
        for one in inline.layer(layer):
            inline.names.give(one["id"])
    tops, inner = _passages(inline)
    others = [
        *inner,
        *_sentences(inline),
        *_tokens(inline),
        *_wordless(inline),
        *_entities(inline),
        *_quotations(inline),
    ]
    blocks = sorted([*tops, *loose_text(text, tops, others)], key=lambda each: each.start)
    if not blocks:
        blocks = [Stretch(0, len(text), PASSAGE, "ab", (("type", "text"),))]
    placed = list(_placed(blocks))
    return Writer(text, inline.names).run([*divisions(placed, len(text)), *placed, *others])


def _passages(inline: Inline) -> tuple[list[Stretch], list[Stretch]]:
    """Passages that stand apart from each other, and those within or across them."""
    tops: list[Stretch] = []
    inner: list[Stretch] = []
    reach = 0
    for one in sorted(inline.layer("passages"), key=_position):
        pieces = list(_pieces(one, inline))
        if not pieces or any(start == end for start, end in pieces):
            inline.lose("passages without a character", one["id"])
            continue
        name = inline.names.given[one["id"]]
        if len(pieces) == 1 and pieces[0][0] >= reach:
            tag, attributes = passage(one, name)
            tops.append(Stretch(*pieces[0], PASSAGE, tag, tuple(attributes), name))
            reach = pieces[0][1]
            continue
        said = (("xml:id", name), ("type", one["type"]), *made_by(one))
        inner += [Stretch(*piece, INNER, "seg", said, name) for piece in pieces]
    return tops, inner


def _position(one: Annotation) -> tuple[int, int]:
    return one["spans"][0]["start"], -one["spans"][0]["end"]


def _placed(blocks: list[Stretch]) -> Iterator[Stretch]:
    """A byline or dateline below a paragraph is an `ab`: TEI has the others at the top of a division."""
    body = False
    for one in blocks:
        body = one.tag in {"p", "ab"} or (body and one.tag != "head")
        if body and one.tag in {"byline", "dateline"}:
            said = (one.attributes[0], ("type", one.tag), *one.attributes[1:])
            yield Stretch(one.start, one.end, PASSAGE, "ab", said, one.name)
        else:
            yield one


def _pieces(one: Annotation, inline: Inline) -> Iterator[tuple[int, int]]:
    """The spans of an annotation as fragments in the order of the text, none touching another."""
    spans = [(span["start"], span["end"]) for span in one["spans"]]
    ordered = sorted(spans)
    if ordered != spans or any(first[1] >= second[0] for first, second in pairwise(ordered)):
        inline.lose("pieces that touch, overlap or stand in another order than the text", one["id"])
    start, end = ordered[0]
    for low, high in ordered[1:]:
        if low > end:
            yield start, end
            start, end = low, high
        end = max(end, high)
    yield start, end


def _stretches(inline: Inline, one: Annotation, level: int, tag: str, said: Attributes, content: str = "") -> Iterator[Stretch]:  # fmt: skip  # noqa: E501, PLR0913, PLR0917 (all of an element)
    for start, end in _pieces(one, inline):
        yield Stretch(start, end, level, tag, tuple(said), inline.names.given[one["id"]], content)


def _sentences(inline: Inline) -> Iterator[Stretch]:
    for one in inline.layer("sentences"):
        yield from _stretches(inline, one, SENTENCE, "s", [*made_by(one)])


def _entities(inline: Inline) -> Iterator[Stretch]:
    for one in inline.layer("entities"):
        tag, said, rest = entity(one, inline.names.given[one["id"]], inline.lose)
        inline.features += [(one["id"], rest)] if rest else []
        yield from _stretches(inline, one, ENTITY, tag, said)


def _quotations(inline: Inline) -> Iterator[Stretch]:
    for one in inline.layer("quotations"):
        tag, said, rest = quotation(one, inline.names.given[one["id"]], inline.names)
        inline.features += [(one["id"], rest)] if rest else []
        yield from _stretches(inline, one, QUOTATION, tag, said)


def _tokens(inline: Inline) -> Iterator[Stretch]:
    """Tokens with their words: one word is the token's element, several are elements in it."""
    words = defaultdict(list)
    for word in inline.layer("words"):
        words[word.get("token")].append(word)
        if word.get("misc"):
            inline.lose("misc of words", word["id"])
    for token in inline.layer("tokens"):
        own = words[token["id"]]
        surface = "".join(span["text"] for span in token["spans"])
        name = inline.names.given[token["id"]]
        if not surface:
            inline.lose("tokens without a character", token["id"])
        elif len(own) == 1 and own[0].get("prov") == token.get("prov"):
            inline.names.given.setdefault(own[0]["id"], name)
            said = [*morphology(own[0], surface), *made_by(token)]
            yield from _stretches(inline, token, TOKEN, "w", said)
        else:
            content = "".join(_empty_word(inline, word) for word in own)
            yield from _stretches(inline, token, TOKEN, "w", [*made_by(token)], content)


def _wordless(inline: Inline) -> Iterator[Stretch]:
    """Words of no token, as elements without text where the word before them begins."""
    tokens = {token["id"]: token for token in inline.layer("tokens")}
    at = min((token["spans"][0]["start"] for token in tokens.values()), default=0)
    for word in inline.layer("words"):
        token = word.get("token")
        if token in tokens:
            at = tokens[token]["spans"][0]["start"]
        elif token is not None:
            inline.lose("words of tokens that are not there", word["id"])
        else:
            name = inline.names.give(word["id"])
            yield Stretch(at, at, TOKEN, "w", tuple(_said(word)), name)


def _said(word: Annotation) -> Attributes:
    return [*(pair for pair in morphology(word, "\0") if pair[0] != "norm"), ("norm", word["form"]), *made_by(word)]


def _empty_word(inline: Inline, word: Annotation) -> str:
    """A word as an element without text."""
    said = [("xml:id", inline.names.give(word["id"])), *_said(word)]
    return "<w" + "".join(f' {key}="{attribute(value)}"' for key, value in said) + "/>"
