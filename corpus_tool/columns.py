"""Accepted articles as an Arrow record batch under the contract's schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field

Misfit = tuple[tuple[str | int, ...], Any, str]
"""Where a value stands that does not fit, the value, and the Arrow type of its field."""


def to_batch(articles: Sequence[Mapping[str, Any]], contract: Contract) -> pa.RecordBatch:
    """One row an article, in order. The articles have been accepted: nothing is dropped or truncated here.

    A nested list that is absent becomes empty; a layer that is absent stays null.

    Raises pyarrow.ArrowInvalid or OverflowError where a value has no place in its Arrow type: see `fitted`.
    """
    import pyarrow as pa

    arrays = []
    for field, column in zip(contract.root.fields, contract.arrow, strict=True):
        values = [article.get(field.name) for article in articles]
        try:
            array = _array(values, field, column.type)
        except UnicodeEncodeError as error:
            raise pa.ArrowInvalid(f"a lone surrogate is no character: {field.name}") from error
        arrays.append(_fill(array, field, keep_null=bool(field.says(vocabulary.LAYER))))
    return pa.RecordBatch.from_arrays(arrays, schema=contract.arrow)


def joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Batches of one schema as one, without offsets of a slice anywhere in it."""
    import pyarrow as pa

    if len(batches) == 1:
        return batches[0]
    columns = [pa.concat_arrays([batch.column(at) for batch in batches]) for at in range(batches[0].num_columns)]
    return pa.RecordBatch.from_arrays(columns, schema=batches[0].schema)


def fitted(article: Mapping[str, Any], contract: Contract) -> tuple[dict[str, Any], list[Misfit]]:
    """The article with null for every value that has no place in its Arrow type, and where those stand."""
    misfits: list[Misfit] = []
    return _fitted(article, contract.root, (), misfits), misfits


def _fitted(value: Any, field: Field, path: tuple[str | int, ...], misfits: list[Misfit]) -> Any:
    if value is None:
        return None
    if field.type == "array":
        assert field.item is not None
        return [_fitted(item, field.item, (*path, number), misfits) for number, item in enumerate(value)]
    if field.type == "object":
        children = (child for child in field.fields if child.name in value)
        return {child.name: _fitted(value[child.name], child, (*path, child.name), misfits) for child in children}
    import pyarrow as pa

    from corpus_tool.arrow_types import arrow_type

    try:
        pa.array([value], _parsed(field)).cast(arrow_type(field))
    except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):
        misfits.append((path, value, str(arrow_type(field))))
        return None
    return value


def _array(values: list[Any], field: Field, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if not any(part.says(vocabulary.ARROW) for part in field.walk()):
        return pa.array(values, kind)
    return pa.array(values, _parsed(field)).cast(kind)


def _parsed(field: Field) -> pa.DataType:
    """The Arrow type of a field as JSON has it, before a cast to its `x-arrow`."""
    import pyarrow as pa

    from corpus_tool.arrow_types import arrow_type

    if field.type == "array":
        assert field.item is not None
        return pa.list_(pa.field("element", _parsed(field.item)))
    if field.type == "object":
        return pa.struct([pa.field(child.name, _parsed(child)) for child in field.fields])
    if field.type == "string":
        return pa.string()
    return {"integer": pa.int64(), "number": pa.float64()}.get(field.type) or arrow_type(field)


def _fill(array: pa.Array, field: Field, *, keep_null: bool) -> pa.Array:
    """Null lists become empty: their offsets say so already, so only the validity goes."""
    import pyarrow as pa

    if field.type == "array":
        assert field.item is not None
        values = _fill(array.values, field.item, keep_null=False)
        mask = array.is_null() if keep_null and array.null_count else None
        return pa.ListArray.from_arrays(array.offsets, values, type=array.type, mask=mask)
    if field.type == "object" and any(part.type == "array" for part in field.walk()):
        children = [
            _fill(array.field(number), child, keep_null=False) for number, child in enumerate(field.fields)
        ]  # every part of an article starts at offset 0 here: the array was made a moment ago
        mask = array.is_null() if array.null_count else None
        return pa.StructArray.from_arrays(children, fields=list(array.type), mask=mask)
    return array
