"""Lists and structs in Arrow: the way down to what is nested, and the rows it belongs to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.contract import EACH, Path_

Numbers = npt.NDArray[np.int64]


def parents(lists: pa.ListArray) -> Numbers:
    """For each element of `lists.flatten()`, the row it stands in (`pc.list_parent_indices` forgets null rows)."""
    return np.repeat(np.arange(len(lists)), lengths(lists))


def lengths(lists: pa.ListArray) -> Numbers:
    """How many elements each row has; a null row has none."""
    found: Numbers = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def descend(array: pa.Array, path: Path_) -> tuple[pa.Array, Numbers]:
    """What stands at the path, and in which row of `array`; below a null struct everything is null."""
    rows: Numbers = np.arange(len(array))
    for step in path:
        if step == EACH:
            rows = rows[parents(array)]
            array = array.flatten()
        else:
            array = pc.struct_field(array, step)
    return array, rows


def relisted(lists: pa.ListArray, values: pa.Array) -> pa.ListArray:
    """Lists of the same lengths and nulls over other values: one for each element of `lists.flatten()`."""
    offsets = np.concatenate(([0], np.cumsum(lengths(lists)))).astype(np.int32)
    kind = pa.list_(lists.type.value_field.with_type(values.type))
    mask = lists.is_null() if lists.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=kind, mask=mask)
