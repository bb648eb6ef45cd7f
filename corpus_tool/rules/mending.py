"""What fixes are made of: spans moved, annotations and references taken out, as edits of the article as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tool.findings import ABSENT, Edit, Fix
from corpus_tool.layers import EACH
from corpus_tool.rules.characters import shown
from corpus_tool.rules.extents import texts
from corpus_tool.vocabulary import pointer, steps

if TYPE_CHECKING:
    from corpus_tool.fields import Field
    from corpus_tool.rules import Case, Safety
    from corpus_tool.tables import Tables

LONGEST_SURFACE = 10_000
"""No fix writes a surface of more characters: a hostile article would have thousands of them."""


def standing(article: Any, at: str) -> Any:
    """What stands at a pointer of an article; ABSENT where nothing does."""
    for step in steps(at):
        try:
            article = article[int(step)] if isinstance(article, list) else article[step]
        except (LookupError, TypeError, ValueError):
            return ABSENT
    return article


def edits(case: Case, changes: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Edits that put values at pointers, but for those that stand there already."""
    made = (Edit(at, standing(case.article, at), new) for at, new in changes.items())
    return tuple(edit for edit in made if edit.old != edit.new)


def respan(case: Case, start: int, end: int, safety: Safety, verb: str) -> Fix | None:
    """Let the span of a hit cover [start, end), and its surface, where it states one, be what the text has there."""
    if not 0 <= start < end or end - start > LONGEST_SURFACE:
        return None
    covered = texts(case.tables)[case.row["article"]][start:end]
    new = {"start": start, "end": end, "surface": covered}
    if case.row["surface"] is None:
        del new["surface"]
    made = edits(case, {case.tables.pointer(case.row, point): value for point, value in new.items()})
    return Fix(f"{verb} {shown(covered)}", made, safety) if made else None


def take_out(case: Case, row: dict[str, Any]) -> Edit:
    """The edit that removes an annotation, given its row in the annotations table."""
    return removal(case, case.tables.pointer(row))


def removal(case: Case, at: str) -> Edit:
    """The edit that removes what stands at a pointer."""
    return Edit(at, standing(case.article, at), ABSENT)


def annotation(tables: Tables, row: dict[str, Any]) -> dict[str, Any]:
    """The annotation that a row of another table is of."""
    return tables.annotations.row(row["row"], named=True)


def is_named(tables: Tables, row: dict[str, Any]) -> bool:
    """Whether anything refers to the annotation that this is a row of."""
    return not tables.references.filter(pl.col("target") == row["row"]).is_empty()


def pieces(tables: Tables, row: dict[str, Any]) -> pl.DataFrame:
    """The fragments in the list that the span of this row stands in; none where it stands in no list."""
    path = tables.places[row["at"]].path
    if path.count(EACH) < 2 or path[-1] != EACH:
        return tables.spans.clear()
    chosen = (pl.col("row") == row["row"]) & (pl.col("at") == row["at"])
    return tables.spans.filter(chosen & (pl.col("j") == row["j"]) if path.count(EACH) > 2 else chosen)


def _fields(case: Case, path: list[str]) -> list[Field]:
    """The fields of the contract on the way to what stands at a path of an article."""
    fields = [case.contract.root]
    for step in path:
        field = fields[-1]
        fields.append(field.item if field.item is not None else field[step])
    return fields


def allowed(case: Case, at: str, value: Any) -> bool:
    """Whether the contract lets a value stand at a pointer."""
    import jsonschema_rs

    return bool(jsonschema_rs.is_valid(dict(_fields(case, steps(at))[-1].keywords), value))


def removable(case: Case, at: str) -> str | None:
    """The nearest place at or above a pointer, inside of its annotation, that the contract lets go missing."""
    path = steps(at)
    fields = _fields(case, path)
    for length in range(len(path), 2, -1):
        above, field = fields[length - 1], fields[length]
        if above.item is not None:
            others = len(standing(case.article, pointer(path[: length - 1]))) - 1
            if others >= above.keywords.get("minItems", 0):
                return pointer(path[:length])
        elif not field.required:
            return pointer(path[:length])
    return None
