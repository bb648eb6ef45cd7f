"""SPN316: tokens and sentences, which cut a text into pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.rules import TABLES, Bad, Hit, Skipped, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.example import annotator, span
from corpus_tool.rules.extents import extents_of, unsound
from corpus_tool.rules.overlaps import codes_of, contents_of
from corpus_tool.tables import ANNOTATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus_tool.contract import Contract
    from corpus_tool.rules.extents import Extents, Numbers
    from corpus_tool.tables import Tables

_SEGMENTS = ("sentence", "token")


@rule(
    "SPN316",
    on=TABLES,
    message="the segment overlaps another",
    needs=("SPN301", "SPN302", "SPN304"),
    bad=[
        Bad({"/tokens/1/spans/0": span(2, 10)}, "/tokens/1"),
        Bad({"/sentences/1/spans/0": span(23, 63)}, "/sentences/1"),
        Bad({"/tokens": [{"id": "K2", "spans": [span(5, 10)]}, {"id": "K1", "spans": [span(0, 4)]}]}, "/tokens/1"),
    ],
    good=[
        {"/provenance/-": annotator("A2"), "/tokens/-": {"id": "K3", "spans": [span(0, 10)], "prov": "A2"}},
        {"/tokens": [{"id": "K1", "spans": [span(0, 2), span(5, 7)]}, {"id": "K2", "spans": [span(2, 4)]}],
         "/words": []},
    ],
)  # fmt: skip
def tokens_and_sentences_do_not_overlap(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """No two tokens, and no two sentences, of one layer and provenance share a character, and each follows the last.

    Tokens and sentences cut the text into pieces. Where two overlap, their characters are counted, tagged and read
    twice; where one stands before an earlier one, what reads the list in its order reads another text. Move the edges
    apart, drop the one that is too many, or put the list in the order of the text. Two ways to cut a text are two
    provenances. Words may be several to a token, and what lies in the gap of a discontinuous token is not in it.
    """
    yield from unsound(tables, pl.col("kind").is_in(_SEGMENTS))
    for kind in _SEGMENTS:
        for found in extents_of(tables, kind):
            if not _in_line(found):
                pieces = _pieces(tables, found)
                later, first = _overlapping(pieces)
                twice = _twice(tables, found, later, first)
                yield from _overlaps(tables, found, later[~twice], first[~twice])
                yield from _out_of_order(tables, found, pieces.group, later[twice])


def _in_line(found: Extents) -> bool:
    """Whether each begins where the one before has ended, in the list as in the text."""
    same = found.article[1:] == found.article[:-1]
    after = (found.start[1:] >= found.end[:-1]) & (found.first[1:] > found.first[:-1])
    return bool((after | ~same).all())


@dataclass(frozen=True, slots=True)
class _Pieces:
    """All fragments: which extent each is of, from where to where, and by extent what belongs together.

    `group` is a number for the article and provenance of each extent.
    """

    owner: Numbers
    start: Numbers
    end: Numbers
    group: Numbers


def _pieces(tables: Tables, found: Extents) -> _Pieces:
    owner = np.repeat(np.arange(len(found.first)), found.count)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(found.count) - found.count, found.count)
    rows = tables.spans.select("start", "end")[found.first[owner] + within]
    known, prov = codes_of(tables, found, "prov", np.arange(len(found.first)))
    start, end = (rows[name].to_numpy().astype(np.int64) for name in ("start", "end"))
    return _Pieces(owner, start, end, found.article * (len(known) + 1) + prov)


def _overlapping(pieces: _Pieces) -> tuple[Numbers, Numbers]:
    """Each that begins before the one that reaches furthest of those before it has ended, once; and that one."""
    order = np.lexsort((-pieces.end, pieces.start, pieces.group[pieces.owner]))
    owner, start, end = pieces.owner[order], pieces.start[order], pieces.end[order]
    group = pieces.group[owner]
    furthest = _furthest(group, end)
    before = np.append(-1, furthest[:-1])
    shared = (before >= 0) & (group == group[before]) & (start < end[before]) & (start < end)
    later, first = owner[shared], owner[before[shared]]
    later, first = later[later != first], first[later != first]
    _, number = np.unique(later, return_index=True)
    return later[number], first[number]


def _furthest(group: Numbers, end: Numbers) -> Numbers:
    """The number of the piece that reaches furthest of all in its group up to each; groups stand together."""
    rank = np.cumsum(np.append(False, group[1:] != group[:-1]))
    reach = rank * (int(end.max()) + 1) + end
    highest = np.maximum.accumulate(reach)
    new = np.append(True, highest[1:] > highest[:-1])
    found: Numbers = np.maximum.accumulate(np.where(new, np.arange(len(end)), 0))
    return found


def _twice(tables: Tables, found: Extents, later: Numbers, first: Numbers) -> NDArray[np.bool_]:
    """Whether the two of a pair say the same of the same span, of which SPN310 speaks."""
    equal: NDArray[np.bool_] = (found.start[later] == found.start[first]) & (found.end[later] == found.end[first])
    equal &= (found.count[later] == 1) & (found.count[first] == 1)
    pairs = list(zip(later[equal].tolist(), first[equal].tolist(), strict=True))
    rows = {number: _row(tables, found, number) for pair in pairs for number in pair}
    contents, label = contents_of(tables, list(rows.values())), tables.annotations["label"]
    says = {number: (label[row], contents[row]) for number, row in rows.items()}
    equal[equal] = [says[one] == says[two] for one, two in pairs]
    return equal


def _overlaps(tables: Tables, found: Extents, later: Numbers, first: Numbers) -> Iterator[Hit]:
    for one, two in zip(later.tolist(), first.tolist(), strict=True):
        yield _hit(tables, found, one, f"overlaps {_name(tables, found, two)}: keep them apart, or drop one")


def _out_of_order(tables: Tables, found: Extents, groups: Numbers, without: Numbers) -> Iterator[Hit]:
    """Each that stands in the list right after one that begins later in the text."""
    order = np.lexsort((found.first, groups))
    order = order[~np.isin(order, without)]
    group, start = groups[order], found.start[order]
    back = np.flatnonzero((group[1:] == group[:-1]) & (start[1:] < start[:-1]))
    for one, two in zip(order[back + 1].tolist(), order[back].tolist(), strict=True):
        says = f"stands after {_name(tables, found, two)}, and begins before it: put them in the order of the text"
        yield _hit(tables, found, one, says)


def _row(tables: Tables, found: Extents, number: int) -> int:
    return int(tables.spans["row"][int(found.first[number])])


def _name(tables: Tables, found: Extents, number: int) -> str:
    name = tables.annotations["id"][_row(tables, found, number)]
    edges = f"[{found.start[number]}, {found.end[number]})"
    return f"{shown(name)} {edges}" if name else f"the {found.kind} {edges}"


def _hit(tables: Tables, found: Extents, number: int, says: str) -> Hit:
    row: dict[str, Any] = tables.annotations.row(_row(tables, found, number), named=True)
    what = _name(tables, found, number)
    return Hit(ANNOTATIONS, row, f"{what if what.startswith('the ') else f'the {found.kind} {what}'} {says}")
