"""TXT206: passages, and the text they leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.rules import TABLES, Bad, Hit, Skipped, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.example import span
from corpus_tool.rules.extents import extents_of, of_kinds, overlapping, sound, texts, unsound
from corpus_tool.rules.text import of_article
from corpus_tool.tables import ANNOTATIONS

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

_LONGEST_MARKUP = 20_000


@rule(
    "TXT206",
    on=TABLES,
    message="passages do not tile the text",
    needs=("SPN301", "SPN302", "SPN304"),
    bad=[
        Bad(drop=("/passages/1",)),
        Bad({"/passages/1/spans": [span(58, 88)]}, "/passages/1"),
    ],
    good=[{"/passages/-": {"id": "P3", "type": "credit", "spans": [span(69, 73)]}}],
)
def passages_tile_the_text(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """Where an article has passages, all of its words lie in one, and passages nest or stand apart.

    Text outside passages is lost to whoever reads by passage; text in two that overlap is read twice. A credit inside
    its caption is fine; white space, front matter and the marks of Markdown and HTML may stand outside. Add or move
    passages.
    """
    yield from unsound(tables, pl.col("kind") == "passage")
    yield from _uncovered(tables)
    for found in extents_of(tables, "passage"):
        for one, two in overlapping(found):
            cross = (found.end[two] > found.end[one]) & (found.start[two] > found.start[one])
            for first, second in zip(found.first[one[cross]].tolist(), found.first[two[cross]].tolist(), strict=True):
                row, other = tables.spans.row(second, named=True), tables.spans.row(first, named=True)
                if row["prov"] == other["prov"]:
                    message = f"{_name(row)} and {_name(other)} share text, and neither lies in the other"
                    yield Hit(ANNOTATIONS, tables.annotations.row(row["row"], named=True), message)


def _name(row: dict[str, Any]) -> str:
    return f"the passage {shown(row['id'])}" if row["id"] else f"the passage [{row['start']}, {row['end']})"


def _uncovered(tables: Tables) -> Iterator[Hit]:
    """One finding an article for text outside all passages."""
    for article, gaps in _gaps(tables):
        text = texts(tables)[article]
        outside = [gap for gap in gaps if text[slice(*gap)].strip()]
        if outside and outside[0][0] == 0:
            outside[0] = min(_front_matter(text), outside[0][1]), outside[0][1]
        outside = [gap for gap in outside if _is_text(text[slice(*gap)])]
        if outside:
            low, high = outside[0]
            piece = text[low:high]
            low += len(piece) - len(piece.lstrip())
            more = f", and so does text at {len(outside) - 1} more places" if len(outside) > 1 else ""
            message = f"{shown(piece.strip())} at character {low} lies in no passage{more}"
            yield of_article(tables, article, message, (low, low + len(piece.strip())))


def _is_text(piece: str) -> bool:
    """Whether there are words in a piece besides tags, list numbers and other marks of Markdown and HTML."""
    words = piece if len(piece) > _LONGEST_MARKUP else _unread().sub(" ", piece)
    return any(char.isalnum() for char in words)


@cache
def _unread() -> re.Pattern[str]:
    html = r"<!--.{0,5000}?-->|<(style|script)\b.{0,5000}?</\1\s*>|</?[a-z][^<>]*>|&[a-z]{2,8};"
    liquid = r"\{(?:%.{0,500}?%|\{.{0,500}?\}|:.{0,500}?)\}"
    number = r"^\s*[0-9]{1,4}[.)](?=\s|$)"
    fence = r"^\s*(?:```|~~~)[^\n`]{0,200}$"
    target = r"\](?:\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)|\[[^\[\]\n]{0,500}\])"
    image = rf"!\[(?:[^\[\]\n]|\[[^\[\]\n]{{0,500}}\]){{0,2000}}{target}"
    patterns = f"{html}|{liquid}|{number}|{fence}|{image}|{target}"
    return re.compile(patterns, re.IGNORECASE | re.DOTALL | re.MULTILINE)


def _gaps(tables: Tables) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """The stretches of each article outside its passages, for articles that have one and whose passages are sound."""
    passages = [rows for _, rows in of_kinds(tables, lambda kind: kind == "passage")]
    if not passages:
        return
    every = pl.concat(passages)
    good = every.select(sound()).to_series()
    if not good.all():
        every = every.filter(~pl.col("article").is_in(every.filter(~good)["article"].unique().to_list()))
    pieces = every.select("article", "start", "end", "chars").sort("article", "start")
    if pieces.is_empty():
        return
    article = pieces["article"].to_numpy().astype(np.int64)
    wide = article << 32
    reached = np.maximum.accumulate(wide + pieces["end"].to_numpy())
    new = np.append(True, article[1:] != article[:-1])
    before = np.where(new, wide, np.append(0, reached[:-1]))
    last = np.append(np.flatnonzero(new)[1:] - 1, len(article) - 1)
    low = np.concatenate([before, reached[last]])
    high = np.concatenate([wide + pieces["start"].to_numpy(), wide[last] + pieces["chars"].to_numpy()[last]])
    open_ = np.flatnonzero(high > low)
    open_ = open_[np.argsort(low[open_], kind="stable")]
    gaps: dict[int, list[tuple[int, int]]] = {}
    for begin, end in zip(low[open_].tolist(), high[open_].tolist(), strict=True):
        gaps.setdefault(begin >> 32, []).append((begin & 0xFFFFFFFF, end & 0xFFFFFFFF))
    yield from gaps.items()


def _front_matter(text: str) -> int:
    """Where the text goes on after front matter between `---` lines; 0 where it has none."""
    lines = text.split("\n")
    if lines[0].removeprefix("\ufeff").rstrip() != "---":
        return 0
    close = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    return 0 if close is None else min(len(text), sum(len(line) + 1 for line in lines[: close + 1]))
