"""Tokens that cover a text as spaCy asks: all of it, but for one space behind each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from corpus_tool.errors import MissingExtraError

Piece = tuple[int, int]
_RUN = re.compile(r"\s+|\S+")
_ANY = "xx"


def library() -> Any:
    """The spacy package; MissingExtraError where it is not installed."""
    try:
        import spacy
    except ImportError as error:
        raise MissingExtraError("spacy", "spacy", "a spacy format") from error
    return spacy


@lru_cache(maxsize=8)
def tokeniser(language: str | None) -> Any:
    """The rules of a language; those of none where spaCy has no rules for it, but a library of its own.

    A pipeline (`spacy.blank`) has the same, but imports whatever other packages have registered with spaCy.
    """
    library()
    from spacy import util
    from spacy.tokenizer import Tokenizer
    from spacy.vocab import Vocab

    try:
        defaults = util.get_lang_class((language or _ANY).partition("-")[0].lower()).Defaults
    except ImportError:
        defaults = util.get_lang_class(_ANY).Defaults
    return Tokenizer(
        Vocab(),
        rules=defaults.tokenizer_exceptions,
        prefix_search=util.compile_prefix_regex(defaults.prefixes).search,
        suffix_search=util.compile_suffix_regex(defaults.suffixes).search,
        infix_finditer=util.compile_infix_regex(defaults.infixes).finditer,
        token_match=defaults.token_match,
        url_match=defaults.url_match,
    )


def by_rules(text: str, language: str | None, cuts: Iterable[int]) -> list[Piece]:
    """The tokens that spaCy's rules for a language make, cut where an annotation begins or ends inside one."""
    tokens = [(token.idx, token.idx + len(token)) for token in tokeniser(language)(text)]
    return [piece for token in tokens for piece in _cut(token, sorted(set(cuts))) if not text[slice(*piece)].isspace()]


def _cut(piece: Piece, cuts: list[int]) -> Iterator[Piece]:
    start, end = piece
    for cut in cuts[bisect_right(cuts, start) : bisect_left(cuts, end)]:
        yield start, cut
        start = cut
    yield start, end


def covering(text: str, tokens: list[Piece], cuts: Iterable[int]) -> list[Piece]:
    """The tokens, and between them what else the text has: white space in one piece, other text too."""
    made: list[Piece] = []
    at, places = 0, sorted(set(cuts))
    for token in [*tokens, (len(text), len(text))]:
        made += _between(text, at, token[0], places)
        if token[0] < token[1]:
            made.append(token)
        at = token[1]
    return made


def _between(text: str, start: int, end: int, cuts: list[int]) -> Iterator[Piece]:
    """What stands between two tokens: the first space belongs to the one before."""
    at = start
    while at < end:
        if at > 0 and text[at] == " " and (at == start or not text[at - 1].isspace()):
            at += 1
            continue
        run = _RUN.match(text, at, end)
        stop = run.end() if run else end
        yield from _cut((at, stop), cuts)
        at = stop
