"""Fixes that change the text of an article: which pieces of it become what."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpus_tool.findings import Fix, Replacement
from corpus_tool.rules.characters import compiled, counted, unseen
from corpus_tool.rules.extents import sound, texts

if TYPE_CHECKING:
    from corpus_tool.rules import Case

MOST_PIECES = 10_000
"""No fix has more pieces: such a text is rather converted whole, before it is annotated."""
REPLACEMENT_CHARACTER = "\ufffd"


def rewrite(case: Case, description: str, pieces: list[Replacement]) -> Fix | None:
    """An unsafe fix that changes the text of an article.

    There is none where a span of the article does not fit its text, where one begins or ends inside of a piece, or
    where one would have nothing left: what to do about those is to be decided first.
    """
    if not 0 < len(pieces) <= MOST_PIECES:
        return None
    spans = case.tables.spans.filter(pl.col("article") == case.row["article"])
    if not spans.select(sound().fill_null(value=False).all()).item():
        return None
    starts = np.array([piece.start for piece in pieces])
    ends = starts + np.array([len(piece.old) for piece in pieces])
    grown = np.append(0, np.cumsum([len(piece.new) - len(piece.old) for piece in pieces]))
    low, high = spans["start"].to_numpy(), spans["end"].to_numpy()
    for edge in (low, high):
        before = np.searchsorted(starts, edge, side="left")
        if (edge < np.append(0, ends)[before]).any():
            return None
    moved = [edge + grown[np.searchsorted(ends, edge, side="right")] for edge in (low, high)]
    if ((moved[0] >= moved[1]) & (low < high)).any():
        return None
    return Fix(description, safety="unsafe", text=tuple(pieces))


def _text(case: Case) -> str:
    return texts(case.tables)[case.row["article"]]


def end_lines_in_line_feeds(case: Case) -> Fix | None:
    """CRLF loses its carriage return; one alone becomes a line feed."""
    text = _text(case)
    found = [match.start() for match in re.finditer("\r", text)]
    pieces = [Replacement(at, "\r", "" if text.startswith("\n", at + 1) else "\n") for at in found[: MOST_PIECES + 1]]
    return rewrite(case, f"end lines in line feeds, without {counted(len(found), 'carriage return')}", pieces)


def compose(case: Case) -> Fix | None:
    """Normal form C, cluster by cluster: none composes with what stands before it."""
    pieces: list[Replacement] = []
    for run in re.finditer(r"[\x00-\x7f]?[^\x00-\x7f]+", _text(case)):
        if not unicodedata.is_normalized("NFC", run.group()):
            for match in compiled(r"\X").finditer(run.group()):
                old, new = match.group(), unicodedata.normalize("NFC", match.group())
                if old != new:
                    pieces.append(Replacement(run.start() + match.start(), old, new))
        if len(pieces) > MOST_PIECES:
            return None
    if not unicodedata.is_normalized("NFC", rewritten(_text(case), pieces)):
        return None
    return rewrite(case, f"compose {counted(len(pieces), 'character')}, as normal form C asks", pieces)


def take_out_unseen(case: Case) -> Fix | None:
    """All but U+FFFD, which stands where something was lost; control characters that are white space become lines."""
    found = [(at, char) for at, char in unseen(_text(case)) if char != REPLACEMENT_CHARACTER]
    pieces = [Replacement(at, char, "\n" if char.isspace() else "") for at, char in found[: MOST_PIECES + 1]]
    return rewrite(case, f"take out {counted(len(found), 'unseen character')}", pieces)


_INLINE = frozenset([
    "a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
])  # fmt: skip


@cache
def _parts(markup: str) -> re.Pattern[str]:
    return re.compile(rf"<!--.{{0,5000}}?-->|{markup}", re.IGNORECASE | re.DOTALL)


def take_out_html(case: Case, markup: str) -> Fix | None:
    """Tags and comments out, character references as what they stand for; none where that makes up new HTML."""
    text = _text(case)
    if re.search(r"<(?:script|style)\b", text, re.IGNORECASE):
        return None
    pieces = list(_plain(text, _parts(markup)))
    if len(pieces) > MOST_PIECES or _parts(markup).search(rewritten(text, pieces)):
        return None
    return rewrite(case, f"take out HTML: {counted(len(pieces), 'place')}", pieces)


def _plain(text: str, parts: re.Pattern[str]) -> Iterator[Replacement]:
    for match in parts.finditer(text):
        old, start, end = match.group(), match.start(), match.end()
        if old.startswith("&"):
            yield Replacement(start, old, html.unescape(old))
            continue
        name = re.match(r"</?([a-z0-9]*)", old, re.IGNORECASE)
        apart = not name or not name[1] or name[1].casefold() in _INLINE
        joins = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
        yield Replacement(start, old, "" if apart or not joins else "\n")


def rewritten(text: str, pieces: list[Replacement]) -> str:
    """The text with its pieces replaced."""
    parts, at = [], 0
    for piece in pieces:
        parts += [text[at : piece.start], piece.new]
        at = piece.start + len(piece.old)
    return "".join([*parts, text[at:]])
