"""The `changes` view: what a release changed of the one before it, a row a change, for `load_dataset`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from corpus_tool.digest import Digest
from corpus_tool.errors import StoreError
from corpus_tool.features import stored_schema
from corpus_tool.release.difference.changes import CHANGES
from corpus_tool.shards import Shard, parquet_writer
from corpus_tool.views import View

if TYPE_CHECKING:
    from corpus_tool.release.difference.changes import AnnotationChange, ArticleChange, Difference

_ROWS = 2**16
_COLUMNS = {
    "article_id": pa.string(),
    "layer": pa.string(),
    "id": pa.string(),
    "change": pa.string(),
    "label": pa.string(),
    "was": pa.string(),
    "start": pa.int64(),
    "end": pa.int64(),
    "was_start": pa.int64(),
    "was_end": pa.int64(),
    "fields": pa.list_(pa.string()),
    "gold": pa.bool_(),
}
CHANGES_VIEW = View(CHANGES, "change", pa.schema(list(_COLUMNS.items())))
"""No view of the corpus: its digest is no part of that of the rows, and it asks for no version."""


def write_changes(found: Difference, folder: Path) -> tuple[Shard, ...]:
    """Write the changes of articles and annotations, by the split they are in; none where there is no such change.

    Raises StoreError where the disk refuses.
    """
    by_split: dict[str, list[dict[str, Any]]] = {}
    for split, row in change_rows(found):
        by_split.setdefault(split, []).append(row)
    return tuple(_write(folder, split, rows) for split, rows in sorted(by_split.items()))


def change_rows(found: Difference) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each change with its split. Of one that was retyped and respanned there are two rows.

    `was` is the label, or of an article that moved the split, that stood there before.
    """
    everything: list[ArticleChange | AnnotationChange] = [*found.articles, *found.annotations]
    for change in sorted(everything, key=lambda one: one.article):
        row = dict.fromkeys(_COLUMNS) | _same_name(change) | {"article_id": change.article, "was": change.before}
        row["fields"] = list(change.fields)
        for what in (change.what,) if isinstance(change.what, str) else change.what:
            yield change.split, row | {"change": what}


def _same_name(change: ArticleChange | AnnotationChange) -> dict[str, Any]:
    """The columns that are called as the properties of a change are."""
    return {name: getattr(change, name) for name in _COLUMNS if hasattr(change, name)}


def _write(folder: Path, split: str, rows: list[dict[str, Any]]) -> Shard:
    table = pa.Table.from_pylist(rows, schema=CHANGES_VIEW.schema)
    place = f"{CHANGES}/{split}-00000-of-00001.parquet"
    path = folder / place
    digest = Digest()
    digest.update(table)
    try:
        path.parent.mkdir(exist_ok=True)
        with parquet_writer(path, stored_schema(table.schema, {})) as writer:
            writer.write_table(table.cast(stored_schema(table.schema, {})), _ROWS)
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: cannot write: {error.strerror or error}") from error
    sha256 = hashlib.sha256(data).hexdigest()
    groups = -(-table.num_rows // _ROWS)
    return Shard(CHANGES, split, place, table.num_rows, groups, len(data), sha256, digest.hexdigest())
