"""What the text has at each span, and the characters around it, in bounded memory."""

from __future__ import annotations

import polars as pl

MOST_COVERED = 16 * 2**20
"""So many characters of a block are covered in full, and four times its texts: layers upon layers stay below that."""
_TEXTS = 4
_PIECE = 256
"""A text is taken apart into pieces that begin so many characters from one another, and are twice as long."""
_LONG = 16 * _PIECE
"""Shorter texts are not worth that."""
_LEAST = 128
"""A piece that stands for a long one is at least as long: messages show the beginning, rules ask for the edges."""


def with_text(spans: pl.DataFrame, articles: pl.DataFrame, most: int = MOST_COVERED) -> pl.DataFrame:
    """The spans with `covered`, `before` and `after`: one slice of the text, the rest from that window.

    Where all spans together cover far more than the texts have, what a long one covers is cut to its beginning and its
    end, unless its surface is as long as the span. It differs from its surface even so.
    """
    start, end, chars = pl.col("start"), pl.col("end"), pl.col("chars")
    row = pl.col("article")
    # A slice must not be asked for what does not fit: lengths would overflow, and a negative start counts from the end.
    placed = spans.with_columns(
        chars=pl.lit(articles["chars"]).gather(row),
        window=pl.lit(articles["text"]).gather(row),
    ).with_columns(fits=((start >= 0) & (start <= end) & (end <= chars)).fill_null(value=False))
    first = pl.when("fits").then(start).otherwise(0)
    length = pl.when("fits").then(end - start).otherwise(0)
    lead = (first > 0).cast(pl.Int64)
    bound = max(most, _TEXTS * int(articles["chars"].sum() or 0))
    if int(placed.select(length.sum()).item() or 0) > bound:
        return _cut(placed, first, length, bound)
    window, begin = pl.col("window"), pl.col("begin")
    placed = _in_pieces(placed.with_columns(begin=first - lead), length, articles)
    return (
        placed.with_columns(window=pl.when("fits").then(window.str.slice(begin, length + lead + 1)))
        .with_columns(
            covered=window.str.slice(lead, length),
            before=window.str.slice(0, lead),
            after=window.str.slice(lead + length, 1),
        )
        .drop("window", "fits", "begin")
    )


def _in_pieces(placed: pl.DataFrame, length: pl.Expr, articles: pl.DataFrame) -> pl.DataFrame:
    """The spans with a piece of the text as their window, and where they begin in that.

    A slice of a string counts from its beginning: of a long text that would take long for each of its words. And where
    windows are chosen from two columns, each that is chosen is copied: a long text for each of its long spans.
    """
    if not articles.select((pl.col("chars") > _LONG).any()).item():
        return placed
    texts = articles["text"].fill_null("").to_list()
    pieces = [text[at : at + 2 * _PIECE] for text in texts for at in range(0, len(text) + 1, _PIECE)]
    numbers = pl.Series([len(text) // _PIECE + 1 for text in texts], dtype=pl.Int64)
    begin = pl.col("begin")
    size = length + 2
    short = size <= _PIECE
    long = placed.select("article", begin, size=size).filter(pl.col("size") > _PIECE)
    of_text = pl.lit(numbers.cum_sum() - numbers).gather(pl.col("article")) + begin // _PIECE
    of_its_own = len(pieces) - 1 + (~short).cum_sum().cast(pl.Int64)
    pieces += [texts[article][at : at + characters] for article, at, characters in long.iter_rows()]
    return placed.with_columns(
        window=pl.lit(pl.Series(pieces, dtype=pl.String)).gather(pl.when(short).then(of_text).otherwise(of_its_own)),
        begin=pl.when(short).then(begin % _PIECE).otherwise(0),
    )


def _cut(placed: pl.DataFrame, first: pl.Expr, length: pl.Expr, bound: int) -> pl.DataFrame:
    """The same where that were too much: the long ones that need not be told exactly share what is allowed."""
    stated = pl.col("surface").str.len_chars().cast(pl.Int64)
    placed = placed.with_columns(first=first, length=length, exact=(stated == length).fill_null(value=False))
    inexact = placed.select((~pl.col("exact")).sum()).item()
    most = max(_LEAST, bound // max(inexact, 1))
    length, window = pl.col("length"), pl.col("window")
    whole = pl.col("exact") | (length <= most)
    # A piece as long as the surface could be equal to it, though the span is longer.
    tail = most - most // 2 + (stated == most).fill_null(value=False).cast(pl.Int64)
    head = pl.when(whole).then(length).otherwise(most // 2)
    tail = pl.when(whole).then(0).otherwise(tail)
    lead = (pl.col("first") > 0).cast(pl.Int64)
    ends = pl.col("first") + length
    parts = {
        "covered": window.str.slice(pl.col("first"), head) + window.str.slice(ends - tail, tail),
        "before": window.str.slice(pl.col("first") - lead, lead),
        "after": window.str.slice(ends, 1),
    }
    return placed.with_columns(pl.when("fits").then(part).alias(name) for name, part in parts.items()).drop(
        "window", "fits", "first", "length", "exact"
    )
