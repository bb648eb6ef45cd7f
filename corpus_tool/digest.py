"""The logical digest: of rows, whoever wrote them and however they are stored."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.layers import EACH, Path_
from corpus_tool.nested import lengths


class Digest:
    """SHA-256 of rows, independent of how they are chunked, encoded and stored.

    Every node of the type tree (a column, the fields of a struct, `*` the element of a list) has three streams, each
    hashed by SHA-256: one byte for each slot (1 present, 0 null); the lengths of lists and strings, as little-endian
    int64; the values, little-endian, strings as UTF-8. A null slot has neither length nor value, and nothing below it
    has a slot. Labels are their names. The digest is SHA-256 of the JSON `[rows, [[path, type, present, lengths,
    values], ...]]`, sorted by path, without white space, in UTF-8.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.size = 0
        self._types: dict[Path_, str] = {}
        self._streams: dict[tuple[Path_, int], hashlib._Hash] = {}

    def update(self, table: pa.Table) -> int:
        """Add rows whose labels are strings; the number of bytes that were hashed."""
        before = self.size
        self.rows += table.num_rows
        for name, column in zip(table.column_names, table.columns, strict=True):
            for chunk in column.chunks:
                self._add((name,), chunk)
        return self.size - before

    def hexdigest(self) -> str:
        nodes = [
            [list(path), kind, *(self._stream(path, stream).hexdigest() for stream in range(3))]
            for path, kind in sorted(self._types.items())
        ]
        text = json.dumps([self.rows, nodes], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _add(self, path: Path_, array: pa.Array) -> None:
        self._feed(path, 0, array.is_valid().cast(pa.uint8()).to_numpy())
        if array.null_count:
            array = array.drop_null()
        kind = array.type
        if pa.types.is_list(kind):
            self._types[path] = "list"
            self._feed(path, 1, lengths(array).astype("<i8"))
            self._add((*path, EACH), array.flatten())
        elif pa.types.is_struct(kind):
            self._types[path] = "struct"
            for part, inner in zip(kind, array.flatten(), strict=True):
                self._add((*path, part.name), inner)
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            self._types[path] = "string"
            self._feed(path, 1, pc.binary_length(array).cast(pa.int64()).to_numpy().astype("<i8"))
            self._feed(path, 2, _utf8(array))
        else:
            values, self._types[path] = _plain(array)
            self._feed(path, 2, values)

    def _feed(self, path: Path_, stream: int, data: np.ndarray | memoryview) -> None:
        raw = np.frombuffer(data, dtype=np.uint8) if len(data) else np.zeros(0, dtype=np.uint8)
        self.size += len(raw)
        self._stream(path, stream).update(raw.data)

    def _stream(self, path: Path_, stream: int) -> hashlib._Hash:
        return self._streams.setdefault((path, stream), hashlib.sha256())


def _utf8(array: pa.Array) -> memoryview:
    """The bytes of all strings, one after the other."""
    array = array.cast(pa.large_string())
    _, offsets, data = array.buffers()
    if not len(array) or data is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, dtype=np.int64)
    return memoryview(data)[ends[array.offset] : ends[array.offset + len(array)]]


def _plain(array: pa.Array) -> tuple[np.ndarray, str]:
    """Values of a fixed width in little-endian order, and the name of their type."""
    kind = array.type
    if pa.types.is_timestamp(kind):
        if kind.unit == "s":
            array = array.cast(pa.timestamp("ms", kind.tz))
        return array.cast(pa.int64()).to_numpy().astype("<i8"), str(array.type)
    if pa.types.is_date32(kind):
        return array.cast(pa.int32()).to_numpy().astype("<i4"), "date32"
    if pa.types.is_boolean(kind):
        return array.cast(pa.uint8()).to_numpy(), "bool"
    values = array.to_numpy()
    return values.astype(values.dtype.newbyteorder("<")), str(values.dtype)
