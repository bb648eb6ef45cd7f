"""The columns of a view as `datasets` features: one description, read from the Arrow schema and its label columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from corpus_tool.layers import EACH, Path_

Labels = Mapping[Path_, tuple[str, ...]]
"""Names of the labels, in class-number order, by the path of their column; `*` steps into a list."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One column, or the inside of one: `dtype` is of a value, `names` of a label, `parts` of a struct or list."""

    name: str
    kind: Literal["value", "label", "struct", "list"]
    dtype: str = ""
    names: tuple[str, ...] = ()
    parts: tuple[Feature, ...] = ()


def describe(schema: pa.Schema, labels: Labels) -> tuple[Feature, ...]:
    """The features of a view whose labels are strings in `schema`."""
    return tuple(_feature(field.name, field.type, (field.name,), labels) for field in schema)


def hf_features(schema: pa.Schema, labels: Labels) -> list[dict[str, Any]]:
    """The features as a README declares them under `dataset_info`."""
    return [{"name": feature.name, **_yaml(feature)} for feature in describe(schema, labels)]


def parquet_metadata(schema: pa.Schema, labels: Labels) -> dict[bytes, bytes]:
    """The features as `datasets` reads them from a Parquet file, in the encoding that every version understands."""
    features = {feature.name: _legacy(feature) for feature in describe(schema, labels)}
    text = json.dumps({"info": {"features": features}}, ensure_ascii=False, separators=(",", ":"))
    return {b"huggingface": text.encode()}


def stored_schema(schema: pa.Schema, labels: Labels) -> pa.Schema:
    """The schema of the Parquet file: labels are int64, the features stand in the metadata."""
    fields = [pa.field(field.name, _stored_type(field.type, (field.name,), labels)) for field in schema]
    return pa.schema(fields, metadata=parquet_metadata(schema, labels))


def read_labels(schema: pa.Schema) -> dict[Path_, tuple[str, ...]]:
    """The label columns that a Parquet file's own metadata declares."""
    said = (schema.metadata or {}).get(b"huggingface", b"{}")
    features = json.loads(said).get("info", {}).get("features", {})
    return dict(_declared(features, ()))


def _feature(name: str, kind: pa.DataType, path: Path_, labels: Labels) -> Feature:

    if path in labels:
        return Feature(name, "label", names=labels[path])
    if pa.types.is_list(kind):
        return Feature(name, "list", parts=(_feature("", kind.value_type, (*path, EACH), labels),))
    if pa.types.is_struct(kind):
        parts = tuple(_feature(part.name, part.type, (*path, part.name), labels) for part in kind)
        return Feature(name, "struct", parts=parts)
    return Feature(name, "value", dtype=_dtype(kind))


_DTYPES = {"double": "float64", "float": "float32", "halffloat": "float16", "date32[day]": "date32"}


def _dtype(kind: pa.DataType) -> str:
    return _DTYPES.get(str(kind), str(kind))


def _yaml(feature: Feature) -> dict[str, Any]:
    """What follows the name: `dtype`, `struct` or `list`."""
    if feature.kind == "value":
        return {"dtype": feature.dtype}
    if feature.kind == "label":
        return {"dtype": {"class_label": {"names": {str(at): name for at, name in enumerate(feature.names)}}}}
    if feature.kind == "struct":
        return {"struct": [{"name": part.name, **_yaml(part)} for part in feature.parts]}
    inside = _yaml(feature.parts[0])
    return {"list": inside.get("dtype") or inside.get("struct") or inside}


def _legacy(feature: Feature) -> Any:
    if feature.kind == "value":
        return {"dtype": feature.dtype, "_type": "Value"}
    if feature.kind == "label":
        return {"names": list(feature.names), "_type": "ClassLabel"}
    if feature.kind == "struct":
        return {part.name: _legacy(part) for part in feature.parts}
    return [_legacy(feature.parts[0])]


def _declared(node: Any, path: Path_) -> Iterator[tuple[Path_, tuple[str, ...]]]:
    if isinstance(node, list):
        yield from _declared(node[0], (*path, EACH))
    elif isinstance(node.get("_type"), str):
        if node["_type"] == "ClassLabel":
            yield path, tuple(node["names"])
    else:
        for name, part in node.items():
            yield from _declared(part, (*path, name))


def _stored_type(kind: pa.DataType, path: Path_, labels: Labels) -> pa.DataType:

    if path in labels:
        return pa.int64()
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_stored_type(kind.value_type, (*path, EACH), labels)))
    if pa.types.is_struct(kind):
        return pa.struct([part.with_type(_stored_type(part.type, (*path, part.name), labels)) for part in kind])
    return kind
