"""Labels as class numbers in columns, and back."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.errors import SettingsError
from corpus_tool.features import Labels
from corpus_tool.layers import EACH, Path_
from corpus_tool.nested import relisted


def numbered(table: pa.Table, labels: Labels) -> pa.Table:
    """The table with labels as class numbers; raises SettingsError at a label that is not declared."""
    return _mapped(table, labels, _to_number)


def named(table: pa.Table, labels: Labels) -> pa.Table:
    """The table with class numbers as labels; raises SettingsError at a number that has no name."""
    return _mapped(table, labels, _to_name)


def _mapped(table: pa.Table, labels: Labels, change: Any) -> pa.Table:
    columns = []
    for field in table.schema:
        column = table.column(field.name)
        if any(path[0] == field.name for path in labels):
            column = _one_chunk(column)
            column = _inside(column, (field.name,), labels, change)
        columns.append(column)

    return pa.table(columns, names=table.column_names)


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:

    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _inside(array: pa.Array, path: Path_, labels: Labels, change: Any) -> pa.Array:

    if path in labels:
        return change(array, path, labels[path])
    if not any(longer[: len(path)] == path for longer in labels):
        return array
    if pa.types.is_list(array.type):
        return relisted(array, _inside(array.flatten(), (*path, EACH), labels, change))
    names = [part.name for part in array.type]
    parts = [_inside(part, (*path, name), labels, change) for name, part in zip(names, array.flatten(), strict=True)]
    return pa.StructArray.from_arrays(parts, names=names, mask=array.is_null())


def _to_number(array: pa.Array, path: Path_, names: tuple[str, ...]) -> pa.Array:

    found = pc.index_in(array, value_set=pa.array(names, array.type), skip_nulls=True)
    if found.null_count != array.null_count:
        unknown = array.filter(pc.and_(found.is_null(), array.is_valid()))[0].as_py()
        raise SettingsError(f"'{unknown}' in {'.'.join(path)} is not a label of the inventory: add it there")
    return found.cast(pa.int64())


def _to_name(array: pa.Array, path: Path_, names: tuple[str, ...]) -> pa.Array:

    try:
        return pa.array(names, pa.string()).take(array)
    except pa.ArrowIndexError as error:
        raise SettingsError(f"a class number in {'.'.join(path)} has no name: {error}") from error
