"""TXT208: offsets of a text that was edited, or read in another way, after it was annotated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.rules import TABLES, Bad, Case, Hit, rule
from corpus_tool.rules.alignment import UNKNOWN, Moves, Slip, aligned
from corpus_tool.rules.characters import compiled, counted
from corpus_tool.rules.example import TEXT, span
from corpus_tool.rules.extents import once_a_block, texts
from corpus_tool.rules.mending import LONGEST_SURFACE, edits
from corpus_tool.rules.text import mismatches, of_article, other_units

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.rules.alignment import Codes, Numbers
    from corpus_tool.tables import Tables

    Change = tuple[int, str, str]
    """Where a piece of the text stands, the piece, and what was annotated in its place."""

FEWEST_SPANS = 3
FEWEST_CHARACTERS = 20
"""So many spans, or characters of surface, have to be explained before a slip is believed."""
MOST_CHANGES = 100_000
_SPARE = 4096


@dataclass(frozen=True, slots=True)
class Slipped:
    """What has slipped in one article: by number of the row in the spans table the new start and end."""

    message: str
    first: int
    """Where in the text the first slip is."""
    moved: dict[int, tuple[int, int]]
    restated: bool = False
    """Whether surfaces change with the offsets: they were taken from another form of the text."""
    safe: bool = False
    """Whether another way to count explains every surface as it stands, and nothing was edited."""


@dataclass(frozen=True, slots=True)
class _Spans:
    """The spans of one article: those that state a surface, and all that have a start and an end."""

    stating: pl.DataFrame
    surfaces: list[str]
    starts: Numbers
    ends: Numbers
    every: pl.DataFrame


@once_a_block
def slipped(tables: Tables) -> dict[int, Slipped]:
    """Articles whose surfaces all speak for one text, which the text of the article is but for a few places."""
    found: dict[int, Slipped] = {}
    wrong = mismatches(tables)
    if wrong.is_empty():
        return found
    units = other_units(tables)
    numbered = tables.spans.lazy().with_row_index("number").select("number", "article", "start", "end", "surface")
    some = numbered.filter(pl.col("article").is_in(wrong["article"].unique().to_list())).collect()
    for (key,), rows in some.group_by("article", maintain_order=True):
        article = int(str(key))
        if article in units:
            continue
        spans = _spans(rows, len(text := texts(tables)[article]))
        explained = spans and (_converted(text, spans) or _edited(text, spans))
        if explained:
            found[article] = explained
    return found


def _spans(rows: pl.DataFrame, chars: int) -> _Spans | None:
    """The spans of an article; None where one that states a surface has no place, or one of another length."""
    stating = rows.filter(pl.col("surface").is_not_null())
    whole = (pl.col("start") >= 0) & (pl.col("end") <= 2 * chars + _SPARE)
    whole &= pl.col("end") - pl.col("start") == pl.col("surface").str.len_chars()
    if not stating.select(whole.fill_null(value=False).all()).item():
        return None
    every = rows.filter(
        (pl.col("start") >= 0) & (pl.col("start") <= pl.col("end")) & (pl.col("end") <= 2 * chars + _SPARE)
    )
    starts, ends = stating["start"].to_numpy(), stating["end"].to_numpy()
    return _Spans(stating, stating["surface"].to_list(), starts, ends, every)


def _enough(restored: list[str]) -> bool:
    return len(restored) >= FEWEST_SPANS or sum(map(len, restored)) >= FEWEST_CHARACTERS


def _wrong(text: str, spans: _Spans) -> Iterator[bool]:
    places = zip(spans.starts.tolist(), spans.ends.tolist(), spans.surfaces, strict=True)
    return (text[start:end] != surface for start, end, surface in places)


def _edited(text: str, spans: _Spans) -> Slipped | None:
    """Pieces were put into the text, or taken out."""
    old = _annotated(spans)
    moves = aligned(old, text) if old is not None else None
    if moves is None or all(slip.shift == 0 for slip in moves.slips):
        return None
    wrong = list(_wrong(text, spans))
    starts, ends = moves.starts(spans.starts), moves.ends(spans.starts, spans.ends)
    restored, torn = [], 0
    for start, end, surface, differs in zip(starts.tolist(), ends.tolist(), spans.surfaces, wrong, strict=True):
        if text[start:end] != surface:
            torn += 1
        elif differs:
            restored.append(surface)
    changes = _changes(moves)
    few = len(changes) <= 1 + len(restored) // FEWEST_SPANS or sum(map(len, restored)) >= FEWEST_CHARACTERS * len(
        changes
    )
    if not few or torn > len(restored) or not _enough(restored):
        return None
    every = spans.every
    low = every["start"].to_numpy()
    ends = moves.ends(low, every["end"].to_numpy())
    starts = np.minimum(moves.starts(low), len(text)).tolist()
    ends = np.minimum(ends, len(text)).tolist()
    moved = dict(zip(every["number"].to_list(), zip(starts, ends, strict=True), strict=True))
    message = f"offsets have slipped: {_said(changes)}; {_so_many(sum(wrong), torn)}"
    return Slipped(message, min(max(changes[0].start + changes[0].shift, 0), len(text)), moved)


def _so_many(wrong: int, torn: int) -> str:
    what = f"all {counted(wrong, 'surface')} that do" if wrong > 1 else "the surface that does"
    says = f"that explains {what} not match"
    return f"{says}, of which {torn:,} {'hold' if torn != 1 else 'holds'} an edited place" if torn else says


def _changes(moves: Moves) -> list[Slip]:
    found: list[Slip] = []
    for slip in moves.slips:
        if slip.shift != (found[-1].shift if found else 0):
            found.append(slip)
    return found


def _said(changes: list[Slip], most: int = 3) -> str:
    parts = [f"by {slip.shift:+,} from {slip.start:,} on" for slip in changes]
    more = len(parts) - most
    return ", ".join(parts[:most]) + (f", and {counted(more, 'more change')} of it" if more > 0 else "")


def _annotated(spans: _Spans) -> Codes | None:
    """The text that was annotated, as far as surfaces tell it; None where two contradict each other."""
    codes = np.frombuffer("".join(spans.surfaces).encode("utf-32-le"), np.int32)
    widths = spans.ends - spans.starts
    first = np.cumsum(widths) - widths
    at = np.repeat(spans.starts - first, widths) + np.arange(len(codes))
    old = np.full(int(spans.ends.max(initial=0)), UNKNOWN, np.int32)
    old[at] = codes
    return old if bool((old[at] == codes).all()) else None


def _line_ends(text: str) -> Iterator[Change]:
    return ((match.start(), "\r\n", "\n") for match in re.finditer("\r\n", text))


def _lines_of_two(text: str) -> Iterator[Change]:
    return ((match.start(), "\n", "\r\n") for match in re.finditer("(?<!\r)\n", text))


def _normal(form: Any) -> Callable[[str], Iterator[Change]]:
    def changes(text: str) -> Iterator[Change]:
        for run in re.finditer(r"[\x00-\x7f]?[^\x00-\x7f]+", text):
            if not unicodedata.is_normalized(form, run.group()):
                for match in compiled(r"\X").finditer(run.group()):
                    piece, normal = match.group(), unicodedata.normalize(form, match.group())
                    if piece != normal:
                        yield run.start() + match.start(), piece, normal

    return changes


_READINGS: tuple[tuple[str, Callable[[str], Iterator[Change]]], ...] = (
    (r'offsets count a line break as one character, where the text has two ("\r\n")', _line_ends),
    (r'offsets count a line break as two characters ("\r\n"), where the text has one', _lines_of_two),
    ("offsets count the text in normal form C, which it is not in", _normal("NFC")),
    ("offsets count the text in normal form D, which it is not in", _normal("NFD")),
)


def _converted(text: str, spans: _Spans) -> Slipped | None:
    """The text was read in another way: with other line ends, or in another normal form."""
    for says, changes in _READINGS:
        pieces = []
        for change in changes(text):
            pieces.append(change)
            if len(pieces) > MOST_CHANGES:
                break
        if not 0 < len(pieces) <= MOST_CHANGES:
            continue
        read, places = _reading(text, pieces)
        if any(_wrong(read, spans)):
            continue
        wrong = list(_wrong(text, spans))
        if not _enough([surface for surface, differs in zip(spans.surfaces, wrong, strict=True) if differs]):
            continue
        every = spans.every.filter(pl.col("end") <= len(read))
        low, high = places[every["start"].to_numpy()], places[every["end"].to_numpy()]
        if (low < 0).any() or (high < 0).any():
            continue
        moved = dict(zip(every["number"].to_list(), zip(low.tolist(), high.tolist(), strict=True), strict=True))
        stand = spans.stating.select("number").to_series().to_list()
        same = all(
            text[slice(*moved[number])] == surface for number, surface in zip(stand, spans.surfaces, strict=True)
        )
        message = f"{says}: {_so_many(sum(wrong), 0)}"
        return Slipped(message, pieces[0][0], moved, restated=not same, safe=same)
    return None


def _reading(text: str, pieces: list[Change]) -> tuple[str, Numbers]:
    """The text as it was read, and by offset in it that of the text; -1 inside of what was read otherwise."""
    parts, steps, at = [], [], 0
    for start, piece, read in pieces:
        parts += [text[at:start], read]
        steps.append(np.arange(at, start))
        steps.append(np.array([start, *[-1] * (len(read) - 1)])[: len(read)])
        at = start + len(piece)
    parts.append(text[at:])
    steps.append(np.arange(at, len(text) + 1))
    return "".join(parts), np.concatenate(steps)


def _move(case: Case) -> Fix | None:
    tables, article = case.tables, case.row["article"]
    found = slipped(tables)[article]
    text = texts(tables)[article]
    new: dict[str, int | str] = {}
    for number, (start, end) in found.moved.items():
        row = tables.spans.row(number, named=True)
        new |= {tables.pointer(row, "start"): start, tables.pointer(row, "end"): end}
        if found.restated and row["surface"] is not None and end - start <= LONGEST_SURFACE:
            new[tables.pointer(row, "surface")] = text[start:end]
    made = edits(case, new)
    says = f"move {counted(len(found.moved), 'span')} with the text"
    return Fix(says, made, "safe" if found.safe else "unsafe") if made else None


@rule(
    "TXT208",
    on=TABLES,
    message="offsets have slipped",
    fix=_move,
    fixes=("safe", "unsafe"),
    bad=[
        Bad({"/text": f"{TEXT[:63]}\n{TEXT[63:]}"}, drop=("/text_sha256",)),
        Bad({"/text": f"{TEXT[:63]}{TEXT[64:]}"}, drop=("/text_sha256",)),
        Bad({"/text": f"\n\n{TEXT}"}, drop=("/text_sha256",)),
        Bad({"/text": TEXT.replace("\n", "\r\n")}, drop=("/text_sha256",)),
    ],
    good=[{"/sentences/2": {"id": "S3", "spans": [span(65, 88)]}}],
)
def offsets_have_not_slipped(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001 - one shape of rule
    """Offsets count the text that the article has.

    Where a piece was put into the text or taken out after it was annotated, every span behind it is off by as much:
    one cause, hundreds of surfaces that do not match. So it is where a program read CRLF as one character, dropped a
    byte order mark, or changed the normal form of the text. The surfaces that spans state tell the text that was
    annotated: where none contradicts another, and that text is this one but for a few places, they are found and named,
    instead of each surface (SPN304) and each span beyond the end (SPN301). Restore the text, or let the fix move
    the spans: also those that state no surface. A surface that holds an edited place differs afterwards too. The fix is
    safe where nothing but line ends, or the normal form, was counted in another way, and every surface stands.
    """
    for article, found in slipped(tables).items():
        yield of_article(tables, article, found.message, (found.first, found.first + 1))
