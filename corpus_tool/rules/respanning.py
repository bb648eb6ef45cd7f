"""Fixes of single spans: moved, trimmed, widened, dropped."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules.characters import cluster_at, shown, without_dangling, word_around
from corpus_tool.rules.edges import token_edges
from corpus_tool.rules.extents import once_a_block, texts
from corpus_tool.rules.mending import (
    LONGEST_SURFACE,
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
    from corpus_tool.layers import Path_
    from corpus_tool.rules import Case
    from corpus_tool.tables import Tables

_ALIKE = 0.8
_LONGEST_ALIKE = 500
_MOST_SHIFTS = 64
_NEAR = 200


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
    if start >= 0 and text.find(surface, start + 1) < 0:
        return respan(case, start, start + len(surface), "unsafe", "move the span to its only occurrence,")
    if start >= 0:
        nearest = _nearest(case, text, surface)
        verb = "move the span to its nearest occurrence,"
        return None if nearest is None else respan(case, nearest, nearest + len(surface), "unsafe", verb)
    if max(len(surface), row["end"] - row["start"]) > LONGEST_SURFACE:
        return None
    alike = _share_alike(surface, text[row["start"] : row["end"]]) >= _ALIKE
    return respan(case, row["start"], row["end"], "unsafe", "state the surface") if alike else None


def _share_alike(surface: str, covered: str) -> float:
    """How alike two surfaces are; long ones by how they begin and end."""
    longest = max(len(surface), len(covered))
    if longest <= _LONGEST_ALIKE:
        return difflib.SequenceMatcher(None, surface.casefold(), covered.casefold(), autojunk=False).ratio()
    return (_same(surface, covered) + _same(surface[::-1], covered[::-1])) / longest


def _same(one: str, two: str) -> int:
    """How many characters they begin with alike."""
    pairs = zip(one, two, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(two)))


def _nearest(case: Case, text: str, surface: str) -> int | None:
    """The nearest occurrence of a surface; None where two are, or another annotation like this one is nearer to it."""
    row = case.row
    start, low = row["start"], max(0, row["start"] - _NEAR)
    before = text.rfind(surface, low, start + len(surface))
    after = text.find(surface, start, start + _NEAR + len(surface))
    found = sorted((abs(at - start), at) for at in {before, after} if at >= 0)
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    distance, at = found[0]
    layer = case.tables.places[row["at"]].path[:1]
    others = _stated(case.tables).get((row["article"], layer, row["label"], surface), [])
    first = bisect_left(others, (at - distance, -1))
    while first < len(others) and others[first][0] <= at + distance:
        if others[first][1] != row["row"]:
            return None
        first += 1
    return at


@once_a_block
def _stated(tables: Tables) -> dict[tuple[int, Path_, str | None, str], list[tuple[int, int]]]:
    """Start and annotation of spans by article, layer, label and surface, for surfaces that do not match somewhere."""
    wrong = mismatches(tables)["surface"].unique().to_list()
    rows = tables.spans.lazy().filter(pl.col("surface").is_in(wrong) & pl.col("start").is_not_null())
    found: dict[tuple[int, Path_, str | None, str], list[tuple[int, int]]] = {}
    columns = rows.select("article", "at", "label", "surface", "start", "row").collect()
    for article, at, label, surface, start, row in columns.iter_rows():
        found.setdefault((article, tables.places[at].path[:1], label, surface), []).append((start, row))
    return {key: sorted(places) for key, places in found.items()}


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
    covered = texts(case.tables)[case.row["article"]][case.row["start"] : case.row["end"]]
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
    text = texts(case.tables)[row["article"]]
    low, high = without_dangling(text[row["start"] : row["end"]], text[row["end"] : row["end"] + 8])
    return respan(case, row["start"] + low, row["start"] + high, "unsafe", "trim to")
