"""Lists and structs in Arrow: the way down to what is nested, and the rows it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.layers import EACH, Path_

Numbers = npt.NDArray[np.int64]
Indices = list[npt.NDArray[np.int32]]


def parents(lists: pa.ListArray) -> Numbers:
    """For each element of `lists.flatten()`, the row it stands in (`pc.list_parent_indices` forgets null rows)."""
    return np.repeat(np.arange(len(lists)), lengths(lists))


def lengths(lists: pa.ListArray) -> Numbers:
    """How many elements each row has; a null row has none."""
    found: Numbers = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def explode(array: pa.Array, path: Sequence[str]) -> tuple[pa.Array, Indices]:
    """Follow a path into nested columns; `*` opens a list.

    Returns the values, and for each the row of `array` it comes from and its number in every list on the way. The
    nulls of a parent count, and so does the offset of a slice.
    """
    indices: Indices = [np.arange(len(array), dtype=np.int32)]
    for step in path:
        if step == EACH:
            counts = lengths(array)
            array = array.flatten()
            first = np.cumsum(counts) - counts
            number = (np.arange(len(array)) - np.repeat(first, counts)).astype(np.int32)
            indices = [np.repeat(index, counts) for index in indices] + [number]
        else:
            array = struct_field(array, step)
    return array, indices


def struct_field(array: pa.StructArray, name: str) -> pa.Array:
    """A field of structs, null where the struct is (`StructArray.field` would ignore that)."""
    return array.flatten()[array.type.get_field_index(name)] if array.null_count or array.offset else array.field(name)


def descend(array: pa.Array, path: Path_) -> tuple[pa.Array, Numbers]:
    """What stands at the path, and in which row of `array`."""
    values, indices = explode(array, path)
    return values, indices[0].astype(np.int64)


def relisted(lists: pa.ListArray, values: pa.Array) -> pa.ListArray:
    """Lists of the same lengths and nulls over other values: one for each element of `lists.flatten()`."""
    offsets = np.concatenate(([0], np.cumsum(lengths(lists)))).astype(np.int32)
    kind = pa.list_(lists.type.value_field.with_type(values.type))
    mask = lists.is_null() if lists.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=kind, mask=mask)
