"""Flat tables of a block of articles: what rules are expressions over.

Every row knows where it stands: `article` (row of the article), `at` (number of its place in `Tables.places`) and the
list indices `i`, `j`, `k` on the way there (-1 where the way has fewer lists).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tool.layers import EACH
from corpus_tool.vocabulary import pointer

if TYPE_CHECKING:
    from corpus_tool.layers import Path_

ARTICLES, ANNOTATIONS, SPANS, REFERENCES, ATTRIBUTES = "articles", "annotations", "spans", "references", "attributes"
PROVENANCE_KIND = "provenance"
JOINT = "\x1f"
"""Between the labels of a coverage record in `records`."""
ROLE = "role"
REMARK = "remark"
RECORD_KINDS = (PROVENANCE_KIND, "coverage", "adjudication")
"""Kinds of layers that say how the work was done, and are no annotations of the text."""
RECORD_MEANINGS = (
    "agent", "agent-type", "agent-role", "agent-version", "layer", "coverage-status", "adjudication-status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A path below the article, `*` for list elements."""

    path: Path_
    names: tuple[tuple[str, str], ...] = ()
    """Which property has which role in the object there: ('start', 'von')."""


@dataclass(frozen=True)
class Tables:
    """The tables of one block. Polars frames; offsets are code points.

    articles: article, id, text, chars, ascii, and a column for each meaning of the contract.
    annotations: article, kind, id, label, prov, axis.
    spans: article, row (of the annotation), kind, id, label, prov, start, end, surface, chars, covered (what the text
    has there, of long ones perhaps the edges only; null where start and end do not fit), before and after (the
    characters around).
    references: article, row, kind, id, label, prov, ref, role, field, and of what it names: target (row), target_kind,
    target_id, target_label, target_prov (null where it names nothing), licensed (whether its kind may stand there).
    attributes: article, row, kind, id, label, prov, name, value, own_id (of the attribute itself, if it has one).
    links: article, row, db (null where the contract has no such field), target (what it is called there).
    records: article, row, kind, id, prov, a column for each of RECORD_MEANINGS, coverage-labels (joined by JOINT):
    provenance, coverage, adjudication.
    scores: article, row, confidence, where the contract itself does not keep it within 0 and 1.
    remarks: article, row, field, value: what records of provenance hold in words, and in which of their fields.
    """

    places: tuple[Place, ...]
    articles: pl.DataFrame
    annotations: pl.DataFrame
    spans: pl.DataFrame
    references: pl.DataFrame
    attributes: pl.DataFrame
    links: pl.DataFrame
    records: pl.DataFrame
    scores: pl.DataFrame
    remarks: pl.DataFrame

    def __getitem__(self, name: str) -> pl.DataFrame:
        frame: pl.DataFrame = getattr(self, name)
        return frame

    def layered(self, name: str) -> pl.DataFrame:
        """A table with the layer of each row: the property that holds it, null of the article itself."""
        layers = [place.path[0] if place.path else None for place in self.places]
        return self[name].with_columns(layer=pl.lit(pl.Series(layers, dtype=pl.String)).gather("at"))

    def pointer(self, row: dict[str, Any], point: str | None = None) -> str:
        """The JSON Pointer of a row, or of the part of it that `point` names."""
        place = self.places[row["at"]]
        numbers = iter((row["i"], row["j"], row["k"]))
        path: list[str | int] = [next(numbers) if step == EACH else step for step in place.path]
        if point is not None:
            path += [step for step in (dict(place.names).get(point, ""),) if step]
        return pointer(path)
