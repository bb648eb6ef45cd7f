"""The Parquet files of a release without the rows of one article."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus_tool.class_numbers import named
from corpus_tool.digest import Digest
from corpus_tool.errors import ReleaseError, StoreError
from corpus_tool.features import read_labels
from corpus_tool.shards import parquet_writer

if TYPE_CHECKING:
    from corpus_tool.shards import Shard

_KEY = "article_id"


def holds(folder: Path, shards: Iterable[Shard], article: str, key: str) -> bool:
    """Whether any file of a release has rows of the article; `key` is the column of ids in views of articles.

    Raises ReleaseError where a file cannot be read.
    """
    return any(_there(folder / shard.path, article, key) for shard in shards)


def without(source: Path, target: Path, shard: Shard, article: str, key: str) -> Shard | None:
    """Write a file of a release anew without the rows of an article; None where no row is left, and no file.

    One that has none of its rows is copied byte for byte. Raises ReleaseError where it cannot be read, StoreError where
    the disk refuses.
    """
    place = target / shard.path
    if not _there(source / shard.path, article, key):
        _copy(source / shard.path, place)
        return shard
    digest, groups = Digest(), 0
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetFile(source / shard.path, page_checksum_verification=True) as file:
            labels = read_labels(file.schema_arrow)
            with parquet_writer(place, file.schema_arrow) as writer:
                for table in _kept(file, article, key):
                    writer.write_table(table, row_group_size=table.num_rows)
                    digest.update(named(table, labels))
                    groups += 1
        if not digest.rows:
            place.unlink()
            _remove_empty(place.parent)
            return None
        data = place.read_bytes()
    except pa.ArrowException as error:
        raise ReleaseError(f"cannot read {source / shard.path}: {error}") from error
    except OSError as error:
        raise StoreError(f"{place}: cannot write: {error.strerror or error}") from error
    return replace(
        shard,
        rows=digest.rows,
        row_groups=groups,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        logical=digest.hexdigest(),
    )


def _remove_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _there(path: Path, article: str, key: str) -> bool:
    try:
        with pq.ParquetFile(path) as file:
            column = _key(file, key)
            groups = (file.read_row_group(at, columns=[column]) for at in range(file.num_row_groups))
            return any(pc.any(pc.equal(group.column(0), article)).as_py() for group in groups)
    except (OSError, pa.ArrowException) as error:
        raise ReleaseError(f"cannot read {path}: {error}") from error


def _kept(file: pq.ParquetFile, article: str, key: str) -> Iterator[pa.Table]:
    """The rows of each row group that are of other articles."""
    column = _key(file, key)
    for at in range(file.num_row_groups):
        table = file.read_row_group(at)
        table = table.filter(pc.not_equal(table.column(column), article)).combine_chunks()
        if table.num_rows:
            yield table


def _key(file: pq.ParquetFile, key: str) -> str:
    return _KEY if _KEY in file.schema_arrow.names else key


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot write: {error.strerror or error}") from error
