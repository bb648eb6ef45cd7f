"""SPN: one span at a time. SPN308 and SPN309 are in `fragments`, SPN310 to SPN314 in `overlaps`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.rules import TABLES, WARNING, Bad, Hit, Skipped, fragments, overlaps, passages, respanning, rule  # noqa: F401 - they register their rules
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
    token_edges,
)
from corpus_tool.rules.example import entity, span, without_text
from corpus_tool.rules.extents import covered_by, of_kinds, sound, texts, unsound
from corpus_tool.rules.slips import slipped
from corpus_tool.rules.text import mismatches, other_units
from corpus_tool.tables import SPANS

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

_STRUCTURE = ("token", "word", "sentence", "passage", "quotation")
_SOUND = ("SPN301", "SPN302", "SPN304")


def _span(tables: Tables, number: int, message: str, point: str | None = None) -> Hit:
    return Hit(SPANS, tables.spans.row(number, named=True), message, point=point)


@rule(
    "SPN301",
    on=TABLES,
    message="the span is outside the text",
    bad=[
        Bad({"/entities/1/spans/0/end": 89}, "/entities/1/spans/0/end"),
        Bad({"/entities/1/spans/0/start": -1}, "/entities/1/spans/0/start"),
        Bad({"/quotations/0/spans/0": {"start": 900, "end": 909, "text": "elsewhere"}}, "/quotations/0/spans/0/end"),
    ],
)
def span_is_inside_the_text(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001 - one shape of rule
    """A span begins at 0 or later, and ends at the number of characters of the text or before.

    A span beyond the text covers nothing. Most often the text was cut, or offsets count bytes or UTF-16 units: where
    that explains every surface of the article, TXT204 or TXT208 says so once.
    """
    explained = {number for _, moved in other_units(tables).values() for number in moved}
    explained |= {number for found in slipped(tables).values() for number in found.moved}
    start, end = pl.col("start"), pl.col("end")
    outside = start.is_null() | end.is_null() | (start < 0) | (end > pl.col("chars"))
    for number in tables.spans.select(outside).to_series().arg_true().to_list():
        if number in explained:
            continue
        row = tables.spans.row(number, named=True)
        missing = [point for point in ("start", "end") if row[point] is None]
        message = (
            f"the span [{row['start']}, {row['end']}) is not inside the text, which has {row['chars']:,} characters"
        )
        if missing:
            message = f"the span has no {' and no '.join(missing)}: nobody knows what it covers"
        point = missing[0] if missing else "start" if row["start"] < 0 else "end"
        yield Hit(SPANS, row, message, point=point)


@rule(
    "SPN302",
    on=SPANS,
    message="the span starts at {start}, after its end at {end}: are the two swapped?",
    fix=respanning.swap,
    fixes=("unsafe",),
    bad=[
        Bad({"/entities/1/spans/0": {"start": 34, "end": 23, "text": "Port Ellery"}}, "/entities/1/spans/0"),
    ],
)
def span_does_not_end_before_it_starts(contract: Contract) -> pl.Expr | None:  # noqa: ARG001
    """A span ends at or after its start (zero width is SPN303).

    Such a span covers nothing, or by accident something else. Most often start and end are swapped: the fix swaps them
    where the text then has the surface.
    """
    return (pl.col("start") <= pl.col("end")).fill_null(value=True)


@rule(
    "SPN303",
    on=SPANS,
    message="the span at {start} has no width: let it cover its text, or remove it",
    needs=("SPN302",),
    fix=respanning.drop_empty,
    fixes=("unsafe",),
    bad=[
        Bad({"/entities/1/spans/0": span(23, 23)}, "/entities/1/spans/0"),
        Bad({"/entities/-": entity("CUE", 35, 35)}, "/entities/5/spans/0"),
        Bad({"/entities/3/spans": [span(58, 62), span(63, 63)]}, "/entities/3/spans/1"),
    ],
)
def span_has_width(contract: Contract) -> pl.Expr | None:  # noqa: ARG001
    """A span covers at least one character.

    A span of no width marks a place, not a piece of text, and no training tool takes it. Let it cover its text, or
    remove it, as the fix does where it states no surface and nothing names its annotation.
    """
    return (pl.col("start") != pl.col("end")).fill_null(value=True)


@rule(
    "SPN304",
    on=TABLES,
    message="the surface differs from the text",
    needs=("SPN301", "SPN302"),
    fix=respanning.agree,
    fixes=("safe", "unsafe"),
    bad=[
        Bad({"/entities/1/spans/0/text": "Port Elery"}, "/entities/1/spans/0/text"),
        Bad({"/entities/0/spans/0": {"start": 1, "end": 10, "text": "Mara Quill"}}, "/entities/0/spans/0/text"),
        Bad({"/entities/0/spans/0": {"start": 1, "end": 11, "text": "Mara Quill"}}, "/entities/0/spans/0/text"),
    ],
)
def surface_is_what_the_span_covers(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """The surface that a span states is exactly what the text has there.

    The surface is the checksum of the offsets: where the two differ, one of them is wrong. Where all of an article
    differ because offsets count another unit, or the text was edited, TXT204 or TXT208 says so once. Spans outside the
    text (SPN301, SPN302) are not looked at. The fix is safe where one shift, and no other, explains all surfaces of the
    article that differ: it moves the span. Else it moves a span to where its surface stands: once in the text, or
    nearest by; or mends a surface that is nearly right.
    """
    explained = {*other_units(tables), *slipped(tables)}
    beyond = 0
    for row in mismatches(tables).iter_rows(named=True):
        if row["covered"] is None:
            beyond += 1
        elif row["article"] not in explained:
            message = f"the surface is {shown(row['surface'])}, but the text has {shown(row['covered'])} there"
            yield _span(tables, row["number"], message, "surface")
    if beyond:
        yield Skipped(beyond)


@rule(
    "SPN305",
    on=TABLES,
    severity=WARNING,
    message="white space at the edge of the span",
    needs=_SOUND,
    fix=respanning.trim,
    fixes=("safe",),
    bad=[
        Bad({"/entities/1/spans/0": span(22, 34)}, "/entities/1/spans/0"),
        Bad({"/entities/3/spans/0": span(65, 69)}, "/entities/3/spans/0"),
    ],
)
def span_has_no_white_space_at_its_edges(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """A span neither begins nor ends with white space.

    Tokenizers and training tools refuse or drop such spans, and two annotators never agree on them. The fix trims the
    span and its surface.
    """
    numbers = [
        number
        for part in edges(tables)
        for number in part.at(is_any(part.first, IS_SPACE) | is_any(part.last, IS_SPACE))
    ]
    for number in sorted([*numbers, *_spaced_words(tables)]):
        covered = covered_by(tables, number)
        what = "begins or ends with" if covered.strip() else "is only"
        yield _span(tables, number, f"the span {shown(covered)} {what} white space")
    yield from unsound(tables)


def _spaced_words(tables: Tables) -> list[int]:
    """The same for tokens and words, of which there are many."""
    covered = pl.col("covered")
    trimmed = covered.str.strip_chars().str.len_bytes() < covered.str.len_bytes()
    found: list[int] = []
    for low, rows in of_kinds(tables, lambda kind: kind in MADE_OF_WORDS):
        found += [low + number for number in rows.select(trimmed & sound()).to_series().arg_true().to_list()]
    return found


@rule(
    "SPN306",
    on=TABLES,
    severity=WARNING,
    message="the span cuts a character",
    needs=_SOUND,
    fix=respanning.cover_whole_characters,
    fixes=("unsafe",),
    bad=[
        Bad(
            {
                "/text": "Ana \U0001f469\u200d\U0001f467 waits.",
                "/entities": [
                    {
                        "id": "T1",
                        "type": "CUE",
                        "spans": [{"start": 0, "end": 5, "text": "Ana \U0001f469"}],
                        "prov": "A1",
                    }
                ],
            },
            "/entities/0/spans/0/end",
            drop=without_text("/entities"),
        ),
    ],
)
def span_cuts_no_character(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """A span begins and ends between grapheme clusters: what a reader takes for one character.

    A letter and its combining accent, a flag, a family of emoji or a Hangul syllable are several code points. A span
    that ends inside one shows half of it. The fix lets the span cover all of it.
    """
    odd = _odd_articles(tables)
    if not odd:
        return
    yield from unsound(tables, pl.col("article").is_in(odd))
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
        text = texts(tables)[row["article"]]
        cluster = cluster_at(text, row[point])
        if cluster is not None:
            says = "begins" if point == "start" else "ends"
            message = f"the span {says} inside of {shown(text[slice(*cluster)])}, which is one character to its readers"
            yield _span(tables, number, message, point)


@rule(
    "SPN307",
    on=TABLES,
    severity=WARNING,
    message="the span cuts a word",
    needs=_SOUND,
    fix=respanning.cover_whole_words,
    fixes=("unsafe",),
    bad=[
        Bad({"/entities/1/spans/0": span(23, 33)}, "/entities/1/spans/0/end"),
        Bad({"/entities/1/spans/0": span(24, 34)}, "/entities/1/spans/0/start"),
    ],
    good=[{"/entities/-": entity("CUE", 74, 78), "/tokens/-": {"id": "K3", "spans": [span(74, 78)]}}],
)
def span_cuts_no_word(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """A span has no letter or digit on both sides of its start, nor of its end.

    Such a span falls on no token, so training tools drop it silently. Most often it is off by one. Where the article
    has a token that begins or ends there, all is well; scripts written without spaces are not looked at. The fix lets
    the span cover all of the word.
    """
    yield from unsound(tables, ~pl.col("kind").is_in(MADE_OF_WORDS))
    cut: list[tuple[str, int]] = []
    for part in edges(tables):
        for point, left, right in (("start", part.before, part.first), ("end", part.last, part.after)):
            cut += [(point, number) for number in part.at(is_any(left, IN_WORD) & is_any(right, BEGINS_WORD))]
    if not cut:
        return
    tokens = token_edges(tables)
    for point, number in cut:
        row = tables.spans.row(number, named=True)
        if (row["article"], row[point]) not in tokens:
            covered, beyond = shown(row["covered"]), shown(row["after" if point == "end" else "before"])
            near = f"{beyond} follows {covered}" if point == "end" else f"{beyond} stands before {covered}"
            yield _span(
                tables, number, f"the span {'ends' if point == 'end' else 'begins'} inside of a word: {near}", point
            )


@rule(
    "SPN315",
    on=TABLES,
    severity=WARNING,
    message="punctuation at the edge of the span",
    needs=_SOUND,
    fix=respanning.trim_punctuation,
    fixes=("unsafe",),
    bad=[
        Bad({"/entities/1/spans/0": span(23, 35)}, "/entities/1/spans/0"),
        Bad({"/entities/-": entity("CUE", 36, 45)}, "/entities/5/spans/0"),
    ],
    good=[{"/entities/-": entity("CUE", 36, 53)}],
)
def span_has_no_punctuation_at_its_edges(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """A span is more than punctuation, and neither begins nor ends with it.

    Annotators disagree about a comma that one of them took in. Paired quotes and brackets, the full stop of an
    abbreviation and the signs of amounts belong to a span. Structure (tokens, sentences, passages, quotations) is not
    looked at. The fix trims the span.
    """
    yield from unsound(tables, ~pl.col("kind").is_in(_STRUCTURE))
    for part in edges(tables):
        marked = is_any(part.first, IS_PUNCTUATION) | is_any(part.last, IS_PUNCTUATION)
        for number in part.at(marked) if part.kind not in _STRUCTURE else ():
            row = tables.spans.row(number, named=True)
            text = texts(tables)[row["article"]]
            whole = text[row["start"] : row["end"]]
            mark = dangling_punctuation(whole, text[row["end"] : row["end"] + 8])
            if mark is not None:
                covered = shown(whole)
                message = f"the span {covered} begins or ends with {shown(mark)}, which is hardly part of it"
                yield _span(tables, number, f"the span {covered} is only punctuation" if mark == whole else message)
