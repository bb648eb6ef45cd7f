"""The passages and sentences that BioC makes of an article: stretches that put together again are its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.bioc import conventions

Annotation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage or sentence to write; `one` is the annotation it stands for, None where it is only text."""

    start: int
    end: int
    one: Annotation | None
    sentences: tuple[Stretch, ...] = ()


@dataclass(slots=True)
class Structure:
    """The stretches of an article, and its passages and sentences that could be none."""

    stretches: list[Stretch] = field(default_factory=list)
    left: list[tuple[str, Annotation]] = field(default_factory=list)


def structure(article: dict[str, Any]) -> Structure:
    """Cut the text at passages that do not overlap, and those at sentences with nothing but white space between."""
    text = article["text"]
    passages, others = _apart(article.get("passages") or (), conventions.OWN_TYPES)
    made = Structure(left=[("passages", one) for one in others])
    pieces = list(_covering(passages, text, (0, len(text)), "\n", "\n")) or [Stretch(0, 0, None)]
    sentences, others = _apart(article.get("sentences") or (), None)
    made.left += [("sentences", one) for one in others]
    at = 0
    for piece in pieces:
        inner = []
        while at < len(sentences) and _piece(sentences[at])[0] < piece.end:
            inner.append(sentences[at])
            at += 1
        own = _sentences(text, piece, inner)
        made.stretches.append(Stretch(piece.start, piece.end, piece.one, own))
        made.left += [("sentences", one) for one in inner] if not own else []
    made.left += [("sentences", one) for one in sentences[at:]]
    return made


def _piece(one: Annotation) -> tuple[int, int]:
    return one["spans"][0]["start"], one["spans"][0]["end"]


def _apart(items: Sequence[Annotation], types: frozenset[str] | None) -> tuple[list[Annotation], list[Annotation]]:
    """The annotations of one piece that do not overlap, in the order of the text, and the others."""
    chosen: list[Annotation] = []
    others = [one for one in items if len(one["spans"]) != 1 or (types is not None and one["type"] not in types)]
    left = {id(one) for one in others}
    reached = 0
    for one in sorted((one for one in items if id(one) not in left), key=lambda one: (_piece(one)[0], -_piece(one)[1])):
        start, end = _piece(one)
        if reached <= start < end:
            chosen.append(one)
            reached = end
        else:
            others.append(one)
    return chosen, others


def _covering(
    items: Sequence[Annotation], text: str, within: tuple[int, int], first: str, filler: str
) -> Iterator[Stretch]:
    """Stretches that cover a range but for gaps that the reader fills: at its beginning with `first`."""
    (at, end), fills = within, first
    for one in items:
        begin, behind = _piece(one)
        if text[at:begin].strip(fills):
            yield Stretch(at, begin, None)
        yield Stretch(begin, behind, one)
        at, fills = behind, filler
    if at < end:
        yield Stretch(at, end, None)


def _sentences(text: str, piece: Stretch, inner: Sequence[Annotation]) -> tuple[Stretch, ...]:
    """The sentences of a stretch; none where one goes beyond it, or text stands between them."""
    if not inner or any(_piece(one)[1] > piece.end or not text[slice(*_piece(one))].strip() for one in inner):
        return ()
    made = tuple(_covering(inner, text, (piece.start, piece.end), "", " "))
    return () if any(one.one is None and text[one.start : one.end].strip() for one in made) else made
