"""Sentences and words on the tokens of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import Document, Token

Annotation = Mapping[str, Any]
_SELF = "dep"
"""The relation of a word whose article names none: spaCy knows no head without one."""


def add_sentences(article: Article, document: Document, noticed: Noticed) -> None:
    """Mark the tokens that begin a sentence; sentences that overlap or have gaps are approximated."""
    starts = {token.start: number for number, token in enumerate(document.tokens)}
    ends = {token.end for token in document.tokens}
    reach = 0
    sentences: Sequence[Annotation] = article.get("sentences") or ()
    if not sentences:
        return
    document.sents = [(one["spans"][0]["start"], one["spans"][-1]["end"]) for one in sentences]
    for token in document.tokens:
        token.sent_start = -1
    for one in sorted(sentences, key=lambda one: one["spans"][0]["start"]):
        span = one["spans"][0]
        fits = span["start"] in starts and span["end"] in ends and len(one["spans"]) == 1
        if not fits or span["start"] < reach or document.text[reach : span["start"]].strip():
            noticed.lose("sentences that overlap, leave text between, or cut tokens", one["id"])
        if span["start"] in starts:
            document.tokens[starts[span["start"]]].sent_start = 1
        reach = span["end"]
    if document.text[reach:].strip():
        noticed.lose("text behind the last sentence", article["id"])


def add_words(article: Article, document: Document, noticed: Noticed) -> None:
    """Put the first word of each token on it; multiword tokens and empty nodes have no place."""
    words: Sequence[Annotation] = article.get("words") or ()
    if not words:
        return
    numbers = {(token.start, token.end): number for number, token in enumerate(document.tokens)}
    tokens = {
        one["id"]: numbers.get((one["spans"][0]["start"], one["spans"][0]["end"]))
        for one in article.get("tokens") or ()
    }
    kept: dict[str, int] = {}
    taken: set[int] = set()
    for word in words:
        number = tokens.get(word.get("token") or "")
        if number is None or number in taken:
            what = "words that are no token" if number is None else "further words of a token"
            noticed.lose(what, f"{word['id']} '{word['form'][:40]}'")
            continue
        taken.add(number)
        kept[word["id"]] = number
        _describe(document, document.tokens[number], word, noticed)
    _tree(document, {one["id"]: one for one in words}, kept, noticed)


def _describe(document: Document, token: Token, word: Annotation, noticed: Noticed) -> None:
    token.tag, token.pos = word.get("xpos") or "", word.get("upos") or ""
    token.lemma, token.dep = word.get("lemma") or "", word.get("deprel") or ""
    feats = [(part["name"], part.get("value")) for part in word.get("feats") or ()]
    token.morph = "|".join(sorted(f"{name}={value}" for name, value in feats if value))
    if any(not value or set(f"{name}{value}") & set("|=") for name, value in feats):
        noticed.lose("features that are no name and value", f"{word['id']} {feats[0][0]}")
    if word["form"] != document.text[token.start : token.end]:
        noticed.lose("forms that are not the words of the text", f"{word['id']} '{word['form'][:40]}'")
    if any(one.get("head") != word.get("head") for one in word.get("deps") or ()):
        noticed.lose("enhanced dependencies", word["id"])
    for part in word.get("misc") or ():
        noticed.lose("words: misc", f"{word['id']} {part['name']}")


def _tree(document: Document, words: Mapping[str, Annotation], kept: Mapping[str, int], noticed: Noticed) -> None:
    """Heads as numbers of tokens; white space hangs on what stands before it, as spaCy has it."""
    if not any(word.get("head") or word.get("deprel") for word in words.values()):
        return
    cyclic = _cyclic(words)
    for name, number in kept.items():
        token = document.tokens[number]
        head = _head(name, words, kept, cyclic)
        token.head = number if head is None else kept[head]
        if not token.dep:
            token.dep = _SELF
            noticed.lose("words with a head and no relation to it", name)
    if cyclic:
        noticed.lose("heads that go round", ", ".join(sorted(cyclic)[:3]), len(cyclic))
    first = min(kept.values(), default=0)
    for number, token in enumerate(document.tokens):
        if token.head is None:
            token.head = max(first if number < first else number - 1, 0)


def _head(name: str, words: Mapping[str, Annotation], kept: Mapping[str, int], cyclic: set[str]) -> str | None:
    """The next word up the tree that has a token; None at the root, and for words whose heads go round."""
    seen = {name}
    above = None if name in cyclic else words[name].get("head")
    while isinstance(above, str) and above in words and above not in seen:
        if above in kept:
            return above
        seen.add(above)
        above = words[above].get("head")
    return None


def _cyclic(words: Mapping[str, Annotation]) -> set[str]:
    """The words that are their own heads, in one step or in many."""
    found: set[str] = set()
    done: set[str] = set()
    for name in words:
        way: dict[str, None] = {}
        at = name
        while at in words and at not in done and at not in way:
            way[at] = None
            at = words[at].get("head") or ""
        if at in way:
            found.update(list(way)[list(way).index(at) :])
        done.update(way)
    return found
