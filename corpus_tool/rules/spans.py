"""SPN: one span at a time. Those about several spans (SPN310 to SPN314) are in `overlaps`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Edit, Fix
from corpus_tool.rules import (
    SPANS,
    TABLES,
    WARNING,
    Bad,
    Hit,
    overlaps,  # noqa: F401 - registers its rules
    rule,
)
from corpus_tool.rules.characters import cluster_at, dangling_punctuation, shown
from corpus_tool.rules.edges import (
    BEGINS_WORD,
    IN_WORD,
    IS_PUNCTUATION,
    IS_SPACE,
    JOINED_LEFT,
    JOINED_RIGHT,
    MADE_OF_WORDS,
    edges,
    edges_of_words,
    is_any,
)
from corpus_tool.rules.extents import fragments, of_kinds, regions, sound, texts
from corpus_tool.rules.text import mismatches, other_units
from corpus_tool.vocabulary import pointer, steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.rules.extents import Region
    from corpus_tool.tables import Tables

_STRUCTURE = ("token", "word", "sentence", "passage", "quotation")


def _span(tables: Tables, number: int, message: str, point: str | None = None, fix: Fix | None = None) -> Hit:
    return Hit(SPANS, tables.spans.row(number, named=True), message, fix, point)


@rule("SPN301", on=TABLES, message="the span is outside the text", bad=[
    Bad({"/entities/1/spans/0/end": 89}, "/entities/1/spans/0/end"),
    Bad({"/entities/1/spans/0/start": -1}, "/entities/1/spans/0/start"),
    Bad({"/quotations/0/spans/0": {"start": 900, "end": 909, "text": "elsewhere"}}, "/quotations/0/spans/0/end"),
])  # fmt: skip
def span_is_inside_the_text(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001 - one shape of rule
    """A span begins at 0 or later, and ends at the number of characters of the text or before.

    A span beyond the text covers nothing. Most often the text was cut, or offsets count bytes or UTF-16 units.
    """
    outside = tables.spans.select((pl.col("start") < 0) | (pl.col("end") > pl.col("chars"))).to_series()
    for number in outside.fill_null(value=False).arg_true().to_list():
        row = tables.spans.row(number, named=True)
        message = f"the span [{row['start']}, {row['end']}) is not inside the text of {row['chars']} characters"
        yield Hit(SPANS, row, message, point="start" if row["start"] < 0 else "end")


@rule("SPN302", on=SPANS, message="the span starts at {start}, after its end at {end}", bad=[
    Bad({"/entities/1/spans/0": {"start": 34, "end": 23, "text": "Port Ellery"}}, "/entities/1/spans/0"),
])  # fmt: skip
def span_does_not_end_before_it_starts(contract: Contract) -> pl.Expr | None:  # noqa: ARG001
    """A span ends at or after its start (zero width is SPN303).

    Such a span covers nothing, or by accident something else. Most often start and end are swapped.
    """
    return pl.col("start") <= pl.col("end")


@rule("SPN303", on=SPANS, message="the span at {start} has no width", needs=("SPN302",), bad=[
    Bad({"/entities/1/spans/0": {"start": 23, "end": 23, "text": ""}}, "/entities/1/spans/0"),
])  # fmt: skip
def span_has_width(contract: Contract) -> pl.Expr | None:  # noqa: ARG001
    """A span covers at least one character.

    A span of no width marks a place, not a piece of text, and no training tool takes it. Remove it, or give it its text.
    """
    return pl.col("start") != pl.col("end")


@rule("SPN304", on=TABLES, message="the surface differs from the text", bad=[
    Bad({"/entities/1/spans/0/text": "Port Elery"}, "/entities/1/spans/0/text"),
    Bad({"/entities/0/spans/0": {"start": 1, "end": 10, "text": "Mara Quill"}}, "/entities/0/spans/0/text"),
])  # fmt: skip
def surface_is_what_the_span_covers(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """The surface that a span states is exactly what the text has there.

    The surface is the checksum of the offsets: where the two differ, one of them is wrong. Where all of an article
    differ because offsets count another unit, TXT204 says so once. A surface that the text has only once shows where
    the span belongs: the fix moves it there. Spans outside the text (SPN301, SPN302) are not looked at.
    """
    explained = other_units(tables)
    for row in mismatches(tables).iter_rows(named=True):
        if row["covered"] is not None and row["article"] not in explained:
            message = f"the surface is {shown(row['surface'])}, the text has {shown(row['covered'])}"
            yield _span(tables, row["number"], message, "surface", _move(tables, row))


def _move(tables: Tables, row: dict[str, Any]) -> Fix | None:
    text, surface = texts(tables)[row["article"]], row["surface"]
    start = text.find(surface) if surface else -1
    if start < 0 or text.find(surface, start + 1) >= 0:
        return None
    moved = {"start": start, "end": start + len(surface)}
    edits = [Edit(tables.pointer(row, point), row[point], new) for point, new in moved.items() if row[point] != new]
    return Fix("move the span to where the text has its surface", tuple(edits), "unsafe")


@rule("SPN305", on=TABLES, severity=WARNING, message="white space at the edge of the span", bad=[
    Bad({"/entities/1/spans/0": {"start": 22, "end": 34, "text": " Port Ellery"}}, "/entities/1/spans/0"),
    Bad({"/entities/3/spans/0": {"start": 65, "end": 69, "text": "The "}}, "/entities/3/spans/0"),
])  # fmt: skip
def span_has_no_white_space_at_its_edges(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """A span neither begins nor ends with white space.

    Tokenizers and training tools refuse or drop such spans, and two annotators never agree on them. The fix trims the
    span and its surface.
    """
    numbers = [number for part in edges(tables) for number in part.at(is_any(part.first, IS_SPACE) | is_any(part.last, IS_SPACE))]
    for number in sorted([*numbers, *_spaced_words(tables)]):
        row = tables.spans.row(number, named=True)
        yield _span(tables, number, f"the span {shown(row['covered'])} has white space at its edge", None, _trim(tables, row))


def _spaced_words(tables: Tables) -> list[int]:
    """The same for tokens and words, of which there are many."""
    covered = pl.col("covered")
    trimmed = covered.str.strip_chars().str.len_bytes() < covered.str.len_bytes()
    found: list[int] = []
    for low, rows in of_kinds(tables, lambda kind: kind in MADE_OF_WORDS):
        found += [low + number for number in rows.select(trimmed & sound()).to_series().arg_true().to_list()]
    return found


def _trim(tables: Tables, row: dict[str, Any]) -> Fix | None:
    covered: str = row["covered"]
    inner = covered.strip()
    if not inner:
        return None
    start = row["start"] + len(covered) - len(covered.lstrip())
    new = {"start": start, "end": start + len(inner), "surface": inner}
    if row["surface"] is None:
        del new["surface"]
    edits = [Edit(tables.pointer(row, point), row[point], value) for point, value in new.items() if row[point] != value]
    return Fix("trim white space", tuple(edits))


@rule("SPN306", on=TABLES, severity=WARNING, message="the span cuts a character", bad=[
    Bad({"/text": "Ana \U0001f469\u200d\U0001f467 waits.", "/entities": [{"id": "T1", "type": "CUE", "spans": [
         {"start": 0, "end": 5, "text": "Ana \U0001f469"}]}]}, "/entities/0/spans/0/end",
        drop=("/passages", "/sentences", "/tokens", "/words", "/relations", "/events", "/quotations", "/coreference", "/notes",
              "/text_sha256")),
])  # fmt: skip
def span_cuts_no_character(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """A span begins and ends between grapheme clusters: what a reader takes for one character.

    A letter and its combining accent, a flag, a family of emoji or a Hangul syllable are several code points. A span
    that ends inside one shows half of it. Move the edge to the end of the cluster.
    """
    odd = _odd_articles(tables)
    if not odd:
        return
    for part in (*edges(tables), *edges_of_words(tables, odd)):
        for point, left, right in (("start", part.before, part.first), ("end", part.last, part.after)):
            joined = part.at(is_any(right, JOINED_LEFT) | is_any(left, JOINED_RIGHT))
            yield from _cut_characters(tables, point, joined)


def _odd_articles(tables: Tables) -> list[int]:
    """Articles in which a cluster may have more than one code point."""
    odd = ~pl.col("ascii") | pl.col("text").str.contains("\r\n", literal=True)
    found: list[int] = tables.articles.filter(odd)["article"].to_list()
    return found


def _cut_characters(tables: Tables, point: str, numbers: list[int]) -> Iterator[Hit]:
    for number in numbers:
        row = tables.spans.row(number, named=True)
        cluster = cluster_at(texts(tables)[row["article"]], row[point])
        if cluster is not None:
            message = f"the {point} of the span at {row[point]} is inside {shown(cluster)}, which is one character"
            yield _span(tables, number, message, point)


@rule("SPN307", on=TABLES, severity=WARNING, message="the span cuts a word", bad=[
    Bad({"/entities/1/spans/0": {"start": 23, "end": 33, "text": "Port Eller"}}, "/entities/1/spans/0/end"),
    Bad({"/entities/1/spans/0": {"start": 24, "end": 34, "text": "ort Ellery"}}, "/entities/1/spans/0/start"),
], good=[{"/entities/-": {"id": "T9", "type": "CUE", "spans": [{"start": 74, "end": 78, "text": "stay"}], "prov": "A1"},
          "/tokens/-": {"id": "K3", "spans": [{"start": 74, "end": 78, "text": "stay"}]}}])  # fmt: skip
def span_cuts_no_word(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """A span has no letter or digit on both sides of its start, nor of its end.

    Such a span falls on no token, so training tools drop it silently. Most often it is off by one. Where the article
    has a token that begins or ends there, all is well; scripts written without spaces are not looked at.
    """
    cut: list[tuple[str, int]] = []
    for part in edges(tables):
        for point, left, right in (("start", part.before, part.first), ("end", part.last, part.after)):
            cut += [(point, number) for number in part.at(is_any(left, IN_WORD) & is_any(right, BEGINS_WORD))]
    if not cut:
        return
    tokens = _token_edges(tables)
    for point, number in cut:
        row = tables.spans.row(number, named=True)
        if (row["article"], row[point]) not in tokens:
            covered = shown(row["covered"])
            near = f"{covered} goes on with {shown(row['after'])}" if point == "end" else f"{shown(row['before'])} stands before {covered}"
            yield _span(tables, number, f"the {point} of the span at {row[point]} is inside a word: {near}", point)


def _token_edges(tables: Tables) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for _, rows in of_kinds(tables, lambda kind: kind == "token"):
        found.update(rows.select("article", "start").iter_rows())
        found.update(rows.select("article", "end").iter_rows())
    return found


@rule("SPN308", on=TABLES, severity=WARNING, message="fragments are not in order", bad=[
    Bad({"/entities/0/spans": [{"start": 5, "end": 10, "text": "Quill"}, {"start": 0, "end": 4, "text": "Mara"}]}, "/entities/0/spans/1"),
    Bad({"/quotations/0/spans": [{"start": 36, "end": 52, "text": '"The tide waits,'}, {"start": 52, "end": 53, "text": '"'}]},
        "/quotations/0/spans/1"),
], good=[{"/entities/0/spans": [{"start": 0, "end": 4, "text": "Mara"}, {"start": 5, "end": 10, "text": "Quill"}]}])  # fmt: skip
def fragments_are_in_order(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """The fragments of a discontinuous span stand in the order of the text, with something between each and the next.

    Out of order, two spellings of one span compare as different; overlapping or touching fragments are one. The fix
    sorts and merges them.
    """
    for region, first in _fragmented(tables):
        rows = tables.spans.slice(region.low, region.high - region.low)
        start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
        wrong = start[1:] <= end[:-1]
        wrong[first[1:] - 1] = False
        seen: set[int] = set()
        for number in (np.flatnonzero(wrong) + 1).tolist():
            low = int(first[np.searchsorted(first, number, side="right") - 1])
            pieces = rows.slice(low, int(np.append(first, len(rows))[np.searchsorted(first, low) + 1]) - low)
            if low in seen or pieces["covered"].null_count():
                continue
            seen.add(low)
            row, before = (rows.row(at, named=True) for at in (number, number - 1))
            how = ("stands before" if row["end"] <= before["start"] else "overlaps") if row["start"] < before["end"] else "touches"
            message = f"the fragment [{row['start']}, {row['end']}) {how} the one before it, [{before['start']}, {before['end']})"
            yield Hit(SPANS, row, message, _merge(tables, list(pieces.iter_rows(named=True))))


def _fragmented(tables: Tables) -> Iterator[tuple[Region, np.ndarray[Any, Any]]]:
    """The regions in which some annotation has several fragments, and where in them each annotation begins."""
    for region in regions(tables):
        first = fragments(tables, region)
        if len(first) < region.high - region.low:
            yield region, first


def _merge(tables: Tables, pieces: list[dict[str, Any]]) -> Fix:
    names = dict(tables.places[pieces[0]["at"]].names)
    text = texts(tables)[pieces[0]["article"]]
    stated = all(piece["surface"] is not None for piece in pieces)

    def written(start: int, end: int, surface: str | None) -> dict[str, Any]:
        span: dict[str, Any] = {names["start"]: start, names["end"]: end}
        return span if surface is None else {**span, names["surface"]: surface}

    merged: list[list[int]] = []
    for start, end in sorted((piece["start"], piece["end"]) for piece in pieces):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    old = [written(piece["start"], piece["end"], piece["surface"]) for piece in pieces]
    new = [written(start, end, text[start:end] if stated else None) for start, end in merged]
    at = pointer(steps(tables.pointer(pieces[0]))[:-1])
    return Fix("sort and merge the fragments", (Edit(at, old, new),))


@rule("SPN309", on=TABLES, message="a fragment states no surface", bad=[
    Bad({"/entities/0/spans": [{"start": 0, "end": 4, "text": "Mara"}, {"start": 5, "end": 10}]}, "/entities/0/spans/1"),
])  # fmt: skip
def fragments_all_state_their_surface(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """Where one fragment of an annotation states its surface, all do.

    A surface that is missing among others is most often one that was lost, so that what remains belongs to the wrong
    fragment. State what the span covers.
    """
    if not tables.spans["surface"].null_count():
        return
    for region, first in _fragmented(tables):
        missing = tables.spans["surface"].slice(region.low, region.high - region.low).is_null().to_numpy()
        some = np.logical_or.reduceat(missing, first) & ~np.logical_and.reduceat(missing, first)
        mixed = np.repeat(some, np.diff(np.append(first, len(missing))))
        for number in np.flatnonzero(mixed & missing).tolist():
            row = tables.spans.row(region.low + number, named=True)
            found = "" if row["covered"] is None else f"; the text has {shown(row['covered'])}"
            yield Hit(SPANS, row, f"the fragment states no surface, and others of its annotation do{found}")


@rule("SPN315", on=TABLES, severity=WARNING, message="punctuation at the edge of the span", bad=[
    Bad({"/entities/1/spans/0": {"start": 23, "end": 35, "text": "Port Ellery."}}, "/entities/1/spans/0"),
    Bad({"/entities/2/spans/0": {"start": 52, "end": 57, "text": '" she'}}, "/entities/2/spans/0"),
], good=[{"/entities/-": {"id": "T9", "type": "CUE", "spans": [{"start": 36, "end": 53, "text": '"The tide waits,"'}], "prov": "A1"}}])  # fmt: skip
def span_has_no_punctuation_at_its_edges(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """A span is more than punctuation, and neither begins nor ends with it.

    Annotators disagree about a comma that one of them took in. Paired quotes and brackets, the full stop of an
    abbreviation and the signs of amounts belong to a span. Tokens, sentences, passages and quotations are not looked at.
    """
    for part in edges(tables):
        marked = is_any(part.first, IS_PUNCTUATION) | is_any(part.last, IS_PUNCTUATION)
        for number in part.at(marked) if part.kind not in _STRUCTURE else ():
            row = tables.spans.row(number, named=True)
            after = texts(tables)[row["article"]][row["end"] : row["end"] + 8]
            mark = dangling_punctuation(row["covered"], after)
            if mark is not None:
                what = "is only" if mark == row["covered"] else "begins or ends with"
                yield _span(tables, number, f"the span {shown(row['covered'])} {what} punctuation" + (f": {shown(mark)}" if what != "is only" else ""))
