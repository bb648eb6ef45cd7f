"""Fixes of single spans: moved, trimmed, widened, dropped."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules.characters import cluster_at, shown, without_dangling, word_around
from corpus_tool.rules.edges import token_edges
from corpus_tool.rules.extents import once_a_block, texts
from corpus_tool.rules.mending import (
    annotation,
    is_named,
    pieces,
    removable,
    removal,
    respan,
    take_out,
)
from corpus_tool.rules.text import FEWEST_CHARACTERS, mismatches

if TYPE_CHECKING:
    from corpus_tool.rules import Case
    from corpus_tool.tables import Tables

_ALIKE = 0.8
_LONGEST_ALIKE = 500
_MOST_SHIFTS = 64


def swap(case: Case) -> Fix | None:
    """Start and end change places, where the text then has the surface."""
    row = case.row
    covered = texts(case.tables)[row["article"]][max(row["end"], 0) : row["start"]]
    if row["end"] < 0 or row["start"] > row["chars"] or row["surface"] not in (None, covered):
        return None
    return respan(case, row["end"], row["start"], "unsafe", "swap start and end, to cover")


def drop_empty(case: Case) -> Fix | None:
    """A span of no width goes: a fragment of several, or its annotation, where nothing names it."""
    tables, row = case.tables, case.row
    if row["surface"]:  # SPN304 says where it belongs
        return None
    at, owner = tables.pointer(row), annotation(tables, row)
    if pieces(tables, row).height > 1:
        return Fix("drop the fragment", (removal(case, at),), "unsafe") if removable(case, at) == at else None
    if is_named(tables, owner) or tables.spans.filter(pl.col("row") == row["row"]).height > 1:
        return None
    return Fix(f"drop the {row['kind']} {shown(row['id'] or '')}", (take_out(case, owner),), "unsafe")


def agree(case: Case) -> Fix | None:
    """By a shift that explains the article, else a place or a spelling that explains the span."""
    row, surface = case.row, case.row["surface"]
    text, shift = texts(case.tables)[row["article"]], shifts(case.tables).get(row["article"])
    if shift is not None:
        return respan(case, row["start"] + shift, row["end"] + shift, "safe", f"move the span by {shift:+}, to")
    start = text.find(surface) if surface else -1
    if start >= 0:
        once = text.find(surface, start + 1) < 0
        return respan(case, start, start + len(surface), "unsafe", "move the span to") if once else None
    covered = row["covered"]
    if max(len(surface), len(covered)) > _LONGEST_ALIKE:
        return None
    alike = difflib.SequenceMatcher(None, surface.casefold(), covered.casefold(), autojunk=False).ratio()
    return respan(case, row["start"], row["end"], "unsafe", "state the surface") if alike >= _ALIKE else None


@once_a_block
def shifts(tables: Tables) -> dict[int, int]:
    """Articles whose surfaces that do not match all do once their spans are moved by the same number of characters.

    Only where one number does, and enough characters agree.
    """
    found = {}
    for (article,), rows in mismatches(tables).group_by("article", maintain_order=True):
        spans = sorted(rows.select("surface", "start", "end").iter_rows(), key=lambda span: -len(span[0]))
        if any(start is None or end is None or end - start != len(surface) for surface, start, end in spans):
            continue
        text = texts(tables)[int(str(article))]
        possible = _places(text, spans[0][0]) if sum(len(span[0]) for span in spans) >= FEWEST_CHARACTERS else []
        possible = [place - spans[0][1] for place in possible]
        for surface, start, _ in spans[1:]:
            possible = [shift for shift in possible if start + shift >= 0 and text.startswith(surface, start + shift)]
        if len(possible) == 1:
            found[int(str(article))] = possible[0]
    return found


def _places(text: str, surface: str) -> list[int]:
    """Where a surface stands in a text; nowhere if it does so too often to tell which is meant."""
    places: list[int] = []
    at = text.find(surface) if surface else -1
    while at >= 0:
        places.append(at)
        if len(places) > _MOST_SHIFTS:
            return []
        at = text.find(surface, at + 1)
    return places


def trim(case: Case) -> Fix | None:
    """Without the white space at the edges."""
    covered: str = case.row["covered"]
    start = case.row["start"] + len(covered) - len(covered.lstrip())
    return respan(case, start, start + len(covered.strip()), "safe", "trim to")


def cover_whole_characters(case: Case) -> Fix | None:
    """To the edges of the grapheme clusters that it cuts."""
    text, start, end = texts(case.tables)[case.row["article"]], case.row["start"], case.row["end"]
    first, last = cluster_at(text, start), cluster_at(text, end)
    return respan(case, first[0] if first else start, last[1] if last else end, "unsafe", "expand to")


def cover_whole_words(case: Case) -> Fix | None:
    """To the edge of the word, or token, that it cuts there."""
    row, point = case.row, case.hit.point or "end"
    tokens = token_edges(case.tables)
    text = texts(case.tables)[row["article"]]
    word = word_around(text, row[point], lambda offset: (row["article"], offset) in tokens)
    if word is None:
        return None
    start, end = (word[0], row["end"]) if point == "start" else (row["start"], word[1])
    return respan(case, start, end, "unsafe", "expand to")


def trim_punctuation(case: Case) -> Fix | None:
    """Without the punctuation at the edges."""
    row = case.row
    after = texts(case.tables)[row["article"]][row["end"] : row["end"] + 8]
    low, high = without_dangling(row["covered"], after)
    return respan(case, row["start"] + low, row["start"] + high, "unsafe", "trim to")
