"""Articles made into the Parquet files of a release: spilled by block, merged in the order of ids."""

from __future__ import annotations

import hashlib
import mmap
import os
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus_tool.alike import alike
from corpus_tool.class_numbers import named, numbered
from corpus_tool.contract import Contract
from corpus_tool.digest import Digest
from corpus_tool.disk import checked
from corpus_tool.errors import SettingsError, StoreError
from corpus_tool.features import read_labels, stored_schema
from corpus_tool.gold import DANGLING, judge
from corpus_tool.makers import split_column
from corpus_tool.partitions import partitions
from corpus_tool.split_settings import split_order
from corpus_tool.tokens import token_rows
from corpus_tool.views import ARTICLES, RAW, Block, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PARTITION_BYTES, PARTITION_ARTICLES = 8 * 2**20, 2**13
"""What is merged at a time, and becomes a row group: at most this many bytes on average, never more articles."""
ROW_GROUP_BYTES = 64 * 2**20
_SPLIT = re.compile(r"\w+(\.\w+)*")
_LONGEST_SPLIT = 200
"""Bytes, so that the name of its file has at most 255 while it is written."""
_OPEN_SPILLS, _SPILLS_AT_A_TIME = 200, 8


@dataclass(frozen=True, slots=True)
class Spill:
    """Rows of one view and split from one block, sorted by article id, as an Arrow file.

    `size` is in bytes, and that of all spills together does not depend on how articles fell into blocks.
    """

    view: str
    split: str
    path: str
    rows: int
    size: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Product:
    """What became of one block: `ids` are sorted, by split; `left_out` by gold, `untagged` by the token view."""

    block: int
    articles: int
    spills: tuple[Spill, ...] = ()
    ids: Mapping[str, pa.Array] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    untagged: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Why annotations are not gold: by layer and reason."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One written file: `path` is POSIX, relative to the output; `logical` is the digest of its rows (see Digest)."""

    view: str
    split: str
    path: str
    rows: int
    row_groups: int
    bytes: int
    sha256: str
    logical: str


@dataclass(frozen=True, slots=True)
class Spiller:
    """A sink for accepted articles: writes the rows of its views to `folder`; raises StoreError where it cannot."""

    contract: Contract
    folder: Path
    views: tuple[View, ...]

    def __call__(self, batch: pa.RecordBatch, block: int) -> Product:
        if not batch.num_rows:
            return Product(block, 0)
        batch = _sorted(batch, str(self.contract.id))
        judged = judge(batch, self.contract)
        truth, left_out = judged.articles, judged.left_out
        splits = split_column(batch, self.contract)
        untagged: Counter[str] = Counter()
        spills: list[Spill] = []
        ids = {}
        for number, split in enumerate(sorted(splits.unique().to_pylist())):
            here = pc.equal(splits, split)
            part = Block(_where(truth, here), self.contract)
            ids[split] = part.ids
            files: dict[str, Spill] = {}
            for view in self.views:
                path = self.folder / f"{block:08d}-{number}-{view.name}.arrow"
                if view.name == RAW and ARTICLES in files and not _annotations(left_out):
                    files[RAW] = replace(files[ARTICLES], view=RAW)
                    continue
                if view.kind == "token":
                    if not part.has(self.contract.of_kind("token")[:1]).any():
                        continue
                    rows, missing = token_rows(part, view)
                    untagged += missing
                else:
                    rows = _where(batch, here) if view.name == RAW else part.rows(view)
                if rows.num_rows:
                    files[view.name] = _spill(rows, view, split, path, _key(view, self.contract))
            spills += files.values()
        return Product(block, batch.num_rows, tuple(spills), ids, dict(left_out), dict(untagged), dict(judged.reasons))


def write_shards(
    products: Iterable[Product], contract: Contract, views: tuple[View, ...], output: Path, jobs: int = 1
) -> tuple[Shard, ...]:
    """Merge what was spilled into one Parquet file for each view and split that has rows.

    The bytes depend on the articles, the views and the version of pyarrow only. `articles_raw` is written where gold
    left something out. Raises StoreError where a file cannot be written, SettingsError at a label that `views` do not
    declare or a split that `datasets` cannot name.
    """
    products = sorted(products, key=lambda product: product.block)
    differs = not is_all_gold(products)
    order = _split_order({split for product in products for split in product.ids})
    spills: dict[tuple[str, str], list[Spill]] = {}
    for product in products:
        for spill in product.spills:
            spills.setdefault((spill.view, spill.split), []).append(spill)
    ids = {split: _unique([product.ids[split] for product in products if split in product.ids]) for split in order}
    tasks = [
        _Task(view, split, spills[view.name, split], ids[split], _key(view, contract))
        for view in views
        for split in order
        if (view.name, split) in spills and (view.name != RAW or differs)
    ]
    return _written(tasks, output, max(1, jobs))


def _written(tasks: Sequence[_Task], output: Path, jobs: int) -> tuple[Shard, ...]:
    """What became of the tasks, in their order."""
    pa.default_memory_pool().release_unused()
    if jobs == 1:
        return tuple(task.write(output) for task in tasks)
    with ThreadPoolExecutor(jobs) as pool:
        # All wait for the longest: it starts first.
        order = sorted(range(len(tasks)), key=lambda at: -tasks[at].size)
        under_way = {at: pool.submit(tasks[at].write, output) for at in order}
        try:
            return tuple(under_way[at].result() for at in range(len(tasks)))
        finally:
            pool.shutdown(cancel_futures=True)


def is_all_gold(products: Iterable[Product]) -> bool:
    """Whether gold left nothing out, so that `articles_raw` is no view of its own."""
    return not any(_annotations(product.left_out) for product in products)


def spilled(products: Iterable[Product], view: str) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The rows that were spilled of a view, block by block, each with the split it is of."""
    for product in products:
        for spill in product.spills:
            if spill.view == view:
                mapped = _opened(spill, {})
                yield spill.split, mapped.rows
                mapped.let_go()


def logical_digest(path: Path) -> str:
    """The digest of the rows of a Parquet file, whoever wrote it; raises StoreError where it cannot be read."""
    try:
        with pq.ParquetFile(path) as file:
            labels = read_labels(file.schema_arrow)
            digest = Digest()
            for number in range(file.num_row_groups):
                digest.update(named(file.read_row_group(number), labels))
            return digest.hexdigest()
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path}: cannot read: {error}") from error


@dataclass(frozen=True, slots=True)
class _Task:
    """One Parquet file to write; `ids` are those of all articles of the split, sorted."""

    view: View
    split: str
    spills: list[Spill]
    ids: pa.Array
    key: str

    @property
    def size(self) -> int:
        return sum(spill.size for spill in self.spills)

    def write(self, output: Path) -> Shard:
        folder = output / self.view.name
        name = f"{self.split}-00000-of-00001.parquet"
        path, staged = folder / name, folder / f".{name}.tmp"
        with _storing(path):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            with _storing(path):
                digest, groups = self._write(staged)
                with staged.open("rb") as file:
                    sha256, size = hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
                staged.replace(path)
                _sync_folder(folder)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        place = f"{self.view.name}/{name}"
        return Shard(self.view.name, self.split, place, digest.rows, groups, size, sha256, digest.hexdigest())

    def _write(self, staged: Path) -> tuple[Digest, int]:
        schema = stored_schema(self.view.schema, self.view.labels)
        digest, groups = Digest(), 0
        with parquet_writer(staged, schema) as writer:
            for table, size in self._pieces(schema, digest):
                writer.write_table(table, row_group_size=size)
                groups += -(-table.num_rows // size)
                del table
        return digest, groups

    def _pieces(self, schema: pa.Schema, digest: Digest) -> Iterator[tuple[pa.Table, int]]:
        """The rows of each partition as they are stored, and how many of them make a row group."""
        opened: dict[str, _Mapped] = {}
        for first, last in self._cuts():
            table = self._rows(first, last, opened)
            if table.num_rows:
                pieces = -(-digest.update(table) // ROW_GROUP_BYTES)
                table = numbered(table, self.view.labels).cast(schema)
                yield table, -(-table.num_rows // pieces)
            del table

    def _cuts(self) -> Iterator[tuple[str, str]]:
        """The first and last article id of each partition."""
        most = min(max(1, PARTITION_BYTES * len(self.ids) // self.size), PARTITION_ARTICLES)
        ids = self.ids.to_pylist()
        for start, end in partitions(ids, most):
            yield ids[start], ids[end - 1]

    def _rows(self, first: str, last: str, opened: dict[str, _Mapped]) -> pa.Table:
        """The rows of the articles from `first` to `last`, by article id, as one chunk."""
        wanted = [spill for spill in self.spills if spill.first <= last and first <= spill.last]
        waves = []
        for start in range(0, len(wanted), _SPILLS_AT_A_TIME):
            wave = [_opened(spill, opened) for spill in wanted[start : start + _SPILLS_AT_A_TIME]]
            slices = [_slice(mapped.rows, self.key, first, last) for mapped in wave]
            waves.append(pa.Table.from_batches(slices, schema=self.view.schema).combine_chunks())
            for mapped in wave:
                mapped.let_go()
            if len(self.spills) > _OPEN_SPILLS:
                opened.clear()
        table = pa.concat_tables(waves).combine_chunks() if waves else self.view.schema.empty_table()
        sorted_already = all(one.last < other.first for one, other in pairwise(wanted))
        return table if sorted_already else table.take(pc.sort_indices(table.column(self.key)))


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A spill, mapped and not read; what was looked at stays in memory until it is let go."""

    pages: mmap.mmap
    rows: pa.RecordBatch

    def let_go(self) -> None:
        if hasattr(mmap, "MADV_DONTNEED"):
            self.pages.madvise(mmap.MADV_DONTNEED)


def _opened(spill: Spill, opened: dict[str, _Mapped]) -> _Mapped:
    if spill.path not in opened:
        try:
            with Path(spill.path).open("rb") as file:
                pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            opened[spill.path] = _Mapped(pages, pa.ipc.open_file(pa.py_buffer(pages)).get_batch(0))
        except (OSError, ValueError, pa.ArrowException) as error:
            raise StoreError(f"{spill.path}: cannot read: {error}") from error
    return opened[spill.path]


def _slice(batch: pa.RecordBatch, key: str, first: str, last: str) -> pa.RecordBatch:
    ids = batch.column(key)
    every = range(batch.num_rows)
    start = bisect_left(every, first, key=lambda at: ids[at].as_py())
    return batch.slice(start, bisect_right(every, last, key=lambda at: ids[at].as_py()) - start)


@contextmanager
def parquet_writer(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """A writer of a new Parquet file, which in the end is on the disk and holds what was written; raises OSError.

    Arrow's content-defined chunking is left off: it goes on from one row group to the next, so that an article more
    changes the pages of all row groups behind it. That row groups are cut by ids is what keeps bytes the same.
    """
    with (
        checked(path) as stream,
        pq.ParquetWriter(
            stream,
            schema,
            compression="zstd",
            write_page_index=True,
            write_page_checksum=True,
        ) as writer,
    ):
        yield writer


def _unique(ids: list[pa.Array]) -> pa.Array:
    every = pc.unique(pa.chunked_array(ids))
    return every.take(pc.sort_indices(every))


def _split_order(splits: set[str]) -> list[str]:
    """Splits as people list them; raises SettingsError at one that `datasets` cannot name."""
    for split in splits:
        if not _SPLIT.fullmatch(split) or split == "all":
            raise SettingsError(f"the split '{split}' cannot be loaded: use letters, digits and '_', and not 'all'")
        if len(split.encode()) > _LONGEST_SPLIT:
            raise SettingsError(f"the split '{split[:40]}…' cannot name a file: it is too long")
    for split, other in alike(sorted(splits)):
        raise SettingsError(f"the split '{split}' is on some file systems that of '{other}': call it otherwise")
    return sorted(splits, key=split_order)


def _annotations(left_out: Mapping[str, int]) -> int:
    return sum(count for name, count in left_out.items() if name != DANGLING)


def _key(view: View, contract: Contract) -> str:
    return str(contract.id) if view.kind == "article" else "article_id"


def _sorted(batch: pa.RecordBatch, key: str) -> pa.RecordBatch:
    order = pc.sort_indices(batch.column(key))
    return batch if (np.diff(order.to_numpy().astype(np.int64)) == 1).all() else batch.take(order)


def _where(batch: pa.RecordBatch, mask: pa.Array) -> pa.RecordBatch:
    return batch if pc.all(mask).as_py() else batch.filter(mask)


def _spill(rows: pa.RecordBatch, view: View, split: str, path: Path, key: str) -> Spill:
    with _storing(path), checked(path, kept=False) as stream, pa.ipc.new_file(stream, rows.schema) as file:
        file.write_batch(rows)
    ids = rows.column(key)
    size = sum(_size(column) for column in rows.columns)
    return Spill(view.name, split, str(path), rows.num_rows, size, ids[0].as_py(), ids[-1].as_py())


def _size(array: pa.Array) -> int:
    """Bytes of the values and lengths, whatever buffers hold them."""
    if pa.types.is_list(array.type):
        return 8 * len(array) + _size(array.flatten())
    if pa.types.is_struct(array.type):
        return sum(_size(part) for part in array.flatten())
    return 8 * len(array) + _characters(array)


def _characters(array: pa.Array) -> int:
    """Bytes of the strings of an array; none where it is of something else."""
    wide = pa.types.is_large_string(array.type)
    if not len(array) or not (wide or pa.types.is_string(array.type)):
        return 0
    if array.null_count:  # which may have bytes all the same
        return pc.sum(pc.binary_length(array)).as_py() or 0
    ends = np.frombuffer(array.buffers()[1], np.int64 if wide else np.int32)
    return int(ends[array.offset + len(array)] - ends[array.offset])


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: cannot write: {error.strerror or error}") from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
