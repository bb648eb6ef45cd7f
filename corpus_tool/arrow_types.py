"""Fields as Arrow types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool import vocabulary

if TYPE_CHECKING:
    import pyarrow as pa
from corpus_tool.fields import Field

_CARRIERS = {
    "string": ("string", "large_string", "date32", "timestamp[s]", "timestamp[ms]", "timestamp[us]"),
    "integer": ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"),
    "number": ("float32", "float64"),
    "boolean": ("bool",),
}


def carries(kind: str, arrow: str) -> bool:
    """Whether an Arrow type, by its name in `x-arrow`, can hold a JSON type."""
    return arrow in _CARRIERS.get(kind, ())


_ARROW = {"string": "string", "integer": "int64", "number": "float64", "boolean": "bool"}


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of a field that has no problem; labels are strings here."""
    import pyarrow as pa

    if field.type == "array":
        assert field.item is not None
        return pa.list_(arrow_field(field.item, "element"))
    if field.type == "object":
        return pa.struct([arrow_field(child) for child in field.fields])
    name = field.says(vocabulary.ARROW) or _ARROW[field.type]
    if name.startswith("timestamp"):
        return pa.timestamp(name[len("timestamp[") : -1], "UTC")
    return getattr(pa, {"bool": "bool_", "string": "string"}.get(name, name))()


def arrow_field(field: Field, name: str | None = None) -> pa.Field:
    """The Arrow field; every field is nullable, since an older release may lack it."""
    import pyarrow as pa

    return pa.field(name or field.name, arrow_type(field))
