"""IO005 and TXT: what the text of an article is made of, and whether offsets fit it. TXT206 is in `passages`."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, rewriting, rule
from corpus_tool.rules.characters import UNITS, counted, maybe_unseen, named, shown, unit_offsets, unseen
from corpus_tool.rules.example import TEXT, without_text
from corpus_tool.rules.extents import once_a_block, texts
from corpus_tool.rules.mending import edits
from corpus_tool.tables import ARTICLES
from corpus_tool.vocabulary import pointer

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

FEWEST_CHARACTERS = 3
"""So many characters of surface have to agree before another unit of offsets is believed."""


def _ending(more: str) -> dict[str, Any]:
    """The example article with another paragraph at its end."""
    start, text = len(TEXT) + 2, f"{TEXT}\n\n{more}"
    passage = {"id": "P9", "type": "paragraph", "spans": [{"start": start, "end": len(text), "text": more}]}
    return {"/text": text, "/text_sha256": hashlib.sha256(text.encode()).hexdigest(), "/passages/-": passage}


def of_article(tables: Tables, article: int, message: str, span: tuple[int, int] | None = None) -> Hit:
    row = {"article": article, "at": 0, "i": -1, "j": -1, "k": -1, "id": tables.articles["id"][article]}
    return Hit(ARTICLES, row, message, span=span)


def _where(tables: Tables, condition: pl.Expr) -> list[int]:
    articles: list[int] = tables.articles.filter(condition)["article"].to_list()
    return articles


@rule(
    "IO005",
    on=TABLES,
    severity=WARNING,
    message="the text has carriage returns",
    fix=rewriting.end_lines_in_line_feeds,
    fixes=("unsafe",),
    bad=[
        Bad(_ending("Rain fell.\r\nIt stopped.")),
        Bad(_ending("Rain fell.\rIt stopped.")),
    ],
    good=[_ending("Rain fell.\nIt stopped.")],
)
def lines_end_in_line_feeds(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001 - one shape of rule
    """Lines of a text end in a line feed alone, not in CRLF or CR.

    Tools that read files in text mode turn CRLF into one character, and every offset behind it is off by one. Convert
    the text before it is annotated; afterwards all offsets have to move with it, as the fix lets them.
    """
    for article in _where(tables, pl.col("text").str.contains("\r", literal=True)):
        text = texts(tables)[article]
        pairs, all_ = text.count("\r\n"), text.count("\r")
        first = text.index("\r")
        what = counted(all_, "CRLF line end" if pairs == all_ else "carriage return")
        message = f"the text has {what}, the first at character {first}: end lines in a line feed alone"
        yield of_article(tables, article, message, (first, first + 1 + text.startswith("\n", first + 1)))


@rule(
    "TXT201",
    on=TABLES,
    severity=WARNING,
    message="the text is not in Unicode normal form C",
    fix=rewriting.compose,
    fixes=("unsafe",),
    bad=[
        Bad(_ending("The cafe\u0301 was shut.")),
    ],
    good=[_ending("The caf\u00e9 was shut.")],
)
def text_is_in_normal_form_c(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """A text is in Unicode normal form C.

    `é` as one character and as `e` with a combining accent look the same and compare as different, so that searches,
    tokenizers and duplicate checks miss one of them. Normalize before annotating: it moves offsets. The fix composes
    what is not, and moves them.
    """
    for article in _where(tables, ~pl.col("ascii")):
        text = texts(tables)[article]
        if not unicodedata.is_normalized("NFC", text):
            at = _first_difference(text)
            message = f"the text is not in normal form C: it first differs at character {at}, {named(text[at])}"
            yield of_article(tables, article, message, (at, at + 1))


def _first_difference(text: str) -> int:
    normal = unicodedata.normalize("NFC", text)
    return next((at for at, (old, new) in enumerate(zip(text, normal, strict=False)) if old != new), len(normal))


@rule(
    "TXT202",
    on=TABLES,
    severity=WARNING,
    message="the text has unseen characters",
    fix=rewriting.take_out_unseen,
    fixes=("unsafe",),
    bad=[
        Bad(_ending("The har\u200bbour was shut.")),
        Bad(_ending("The har\x1abour was shut.")),
    ],
    good=[_ending("The crew waved: 👩\u200d👩\u200d👧.")],
)
def text_has_no_unseen_characters(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """A text has no control, zero-width, direction-override or replacement characters, and no byte order mark.

    Nobody sees them, yet they split words for tokenizers and searches; U+FFFD stands where something was lost. The
    joiners that emoji and joining scripts ask for are fine. Remove them before annotating: it moves offsets. The fix
    takes them out, all but U+FFFD, for which nobody knows what it was.
    """
    block = texts(tables)
    for article in block.holders(maybe_unseen(block.data)):
        found = list(unseen(block[article]))
        if found:
            at, char = found[0]
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            mark = (at, char) == (0, "\ufeff")
            says = "begins with a byte order mark" if mark else f"has {named(char)} at character {at}"
            yield of_article(tables, article, f"the text {says}{more}", (at, at + 1))


@rule(
    "TXT203",
    on=ARTICLES,
    message="the text is empty or only white space: leave the article out",
    bad=[
        Bad(
            {"/text": " \n"},
            drop=without_text(),
        )
    ],
)
def text_is_not_empty(contract: Contract) -> pl.Expr | None:  # noqa: ARG001
    """A text has more than white space.

    An empty article is most often a failed download. Leave it out.
    """
    return pl.col("text").str.contains(r"\S")


@once_a_block
def mismatches(tables: Tables) -> pl.DataFrame:
    """Spans whose surface is not what the text has there, with the number of each row; the text may end before them."""
    surface, covered = pl.col("surface"), pl.col("covered")
    differs = surface.is_not_null() & (covered.is_null() | (surface != covered))
    spans = tables.spans
    if spans["surface"].null_count() == len(spans) or not spans.select(differs.any()).item():
        return spans.clear().with_row_index("number")
    return spans.with_row_index("number").filter(differs)


@once_a_block
def other_units(tables: Tables) -> dict[int, tuple[str, dict[int, tuple[int, int]]]]:
    """Articles of which one other unit of offsets explains every surface: those that do not match, and those that do.

    By article: the unit, and start and end in code points by number of the row in the spans table.
    """
    found: dict[int, tuple[str, dict[int, tuple[int, int]]]] = {}
    wrong = mismatches(tables)
    if wrong.is_empty():
        return found
    matching = tables.spans.with_row_index("number").filter(pl.col("surface") == pl.col("covered"))
    for (article,), rows in wrong.group_by("article", maintain_order=True):
        if rows["surface"].str.len_chars().sum() < FEWEST_CHARACTERS:
            continue
        text = texts(tables)[int(str(article))]
        others = matching.filter(pl.col("article") == article)
        fitting = [
            (unit, moved) for unit in UNITS
            if (moved := _moved(text, unit, rows)) is not None and _moved(text, unit, others) is not None
        ]  # fmt: skip
        if len(fitting) == 1 and not (fitting[0][0] == UNITS[2] and _only_line_ends(text)):
            found[int(str(article))] = fitting[0]
    return found


def _only_line_ends(text: str) -> bool:
    """Whether no grapheme cluster but CRLF has two characters: then it is line ends that were counted as one."""
    return len(unit_offsets(text, UNITS[2])[0]) - 1 == len(text) - text.count("\r\n")


def _moved(text: str, unit: str, rows: pl.DataFrame) -> dict[int, tuple[int, int]] | None:
    """The spans in code points, if in that unit every one covers its surface."""
    offsets, points = unit_offsets(text, unit)
    moved = {}
    for number, start, end, surface in rows.select("number", "start", "end", "surface").iter_rows():
        if start is None or end is None or not 0 <= start <= end:
            return None
        low, high = np.searchsorted(offsets, (start, end))
        if high >= len(offsets) or offsets[low] != start or offsets[high] != end:
            return None
        if text[points[low] : points[high]] != surface:
            return None
        moved[number] = int(points[low]), int(points[high])
    return moved


def _convert(case: Case) -> Fix:
    unit, moved = other_units(case.tables)[case.row["article"]]
    places: dict[str, int] = {}
    for number, new in moved.items():
        row = case.tables.spans.row(number, named=True)
        places |= {case.tables.pointer(row, point): value for point, value in zip(("start", "end"), new, strict=True)}
    return Fix(f"convert the offsets of {counted(len(moved), 'span')} from {unit} to code points", edits(case, places))


@rule(
    "TXT204",
    on=TABLES,
    message="offsets are not code points",
    fix=_convert,
    fixes=("safe",),
    bad=[
        Bad(
            {
                "/text": '😊😊 Mara Quill sailed from Port Ellery. "The tide waits," she said.\n\nThe crew stayed ashore.\n\n',
                "/passages": [
                    {
                        "id": "P1",
                        "type": "paragraph",
                        "spans": [
                            {
                                "start": 5,
                                "end": 68,
                                "text": 'Mara Quill sailed from Port Ellery. "The tide waits," she said.',
                            }
                        ],
                    },
                    {
                        "id": "P2",
                        "type": "paragraph",
                        "spans": [{"start": 70, "end": 93, "text": "The crew stayed ashore."}],
                    },
                ],
                "/entities": [
                    {
                        "id": "T1",
                        "type": "PER",
                        "spans": [{"start": 5, "end": 15, "text": "Mara Quill"}],
                        "attributes": [{"name": "Sure", "value": "High"}],
                        "prov": "A1",
                    }
                ],
            },
            drop=without_text("/passages", "/entities"),
        ),
    ],
)
def offsets_are_code_points(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """Offsets count Unicode code points.

    Where some surfaces do not match their spans, and every surface does when offsets are read as UTF-16 units, UTF-8
    bytes or grapheme clusters, the article was written in that unit: JavaScript and Java count UTF-16. The fix
    converts them.
    """
    for article, (unit, moved) in other_units(tables).items():
        message = f"offsets count {unit}, not code points: that explains every surface, also the {len(moved):,} that do not match"
        yield of_article(tables, article, message)


def _restate(case: Case) -> Fix | None:
    """The digest of the text as it stands, where nothing but the digest speaks against the text."""
    article = case.row["article"]
    spans = case.tables.spans.filter(pl.col("article") == article)
    if not spans.select((pl.col("covered") == pl.col("surface")).fill_null(value=False).all()).item():
        return None
    new = hashlib.sha256(texts(case.tables).raw(article)).hexdigest()
    at = pointer(case.contract.meanings["text-digest"])
    return Fix("accept the text as it stands, and state its digest", edits(case, {at: new}), "unsafe")


@rule(
    "TXT205",
    on=TABLES,
    message="the text is not the one that was annotated",
    fix=_restate,
    fixes=("unsafe",),
    bad=[
        Bad({"/text_sha256": "0" * 64}),
    ],
)
def text_is_the_one_that_was_annotated(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """The SHA-256 that an article states for its text is that of its text.

    If not, the text was edited after it was annotated, and offsets may point at other words. Restore the text, or check
    every span and state the new digest. Where every span still has its surface, the fix states it.
    """
    if "text-digest" not in tables.articles.columns:
        return
    block = texts(tables)
    for article, stated in enumerate(tables.articles["text-digest"].to_list()):
        if stated is not None and (found := hashlib.sha256(block.raw(article)).hexdigest()) != stated:
            message = (
                f"the SHA-256 of the text is {found[:12]}…, and the article states {stated[:12]}…: was the text edited?"
            )
            yield of_article(tables, article, message)


_TAGS = (
    "a abbr address article aside audio b big blockquote body br button caption center cite code col dd del details div dl "
    "dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins "
    "label li link main map mark meta nav noscript object ol option p param pre q s samp script section select small source "
    "span strike strong style sub summary sup svg table tbody td textarea tfoot th thead time title tr tt u ul var video wbr"
)


_TAG = rf"</?(?:{'|'.join(_TAGS.split())})(?:\s[^<>]{{0,2000}})?/?>|<!--|<!DOCTYPE\b[^<>]{{0,200}}>"
_MARKUP = rf"{_TAG}|&(?:[a-z][a-z0-9]{{1,30}}|#[0-9]{{1,7}}|#x[0-9a-f]{{1,6}});"


@cache
def _markup() -> Any:
    import re

    return re.compile(_MARKUP, re.IGNORECASE)


def _take_out_html(case: Case) -> Fix | None:
    return rewriting.take_out_html(case, _MARKUP)


@rule(
    "TXT207",
    on=TABLES,
    severity=WARNING,
    message="the text has HTML in it",
    fix=_take_out_html,
    fixes=("unsafe",),
    bad=[
        Bad(_ending("It was <b>shut</b>.")),
        Bad(_ending("Quill &amp; Sons")),
    ],
    good=[_ending("Quill & Sons, <https://quill.example> or <mailto:mara@quill.example>, 3 < 5.")],
)
def text_has_no_html(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001
    """A text has no HTML tags, comments or character references.

    They are left over from the page the text was taken from, and models learn them as words. Autolinks such as
    `<https://…>` are text. Take them out before annotating: it moves offsets. The fix takes out tags and comments, and
    puts what character references stand for.
    """
    angle, entity = pl.col("text").str.contains("<", literal=True), pl.col("text").str.contains("&", literal=True)
    for article in _where(tables, angle | entity):
        found = list(_markup().finditer(texts(tables)[article]))
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            message = f"the text has HTML in it, {shown(found[0].group())} at character {found[0].start()}{more}"
            yield of_article(tables, article, message, found[0].span())
