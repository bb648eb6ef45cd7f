"""Feature structures to UIMA CAS JSON (0.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from corpus_tool.formats.cas.structures import SOFA, Cas, Ref, Structure, Value
from corpus_tool.formats.cas.types import FS_ARRAY, Feature, Type

_STRINGS = "uima.cas.StringArray"


def json_files(cas: Cas) -> dict[str, bytes]:
    """The one file of a CAS. Raises UnicodeEncodeError where a string is no Unicode text."""
    return {".json": dump_json(cas)}


def dump_json(cas: Cas) -> bytes:
    """Types, feature structures (a text before what stands on it, arrays apart), views. UTF-16 offsets.

    Raises UnicodeEncodeError where a string is no Unicode text.
    """
    written = list(_structures(cas))
    written.sort(key=lambda one: one["%TYPE"] != SOFA)
    value = {
        "%TYPES": {one.name: _type(one) for one in cas.types.own.values()},
        "%FEATURE_STRUCTURES": written,
        "%VIEWS": {view.name: {"%SOFA": view.sofa, "%MEMBERS": list(view.members)} for view in cas.views},
    }
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError as error:
        raise UnicodeEncodeError("utf-8", "", 0, 1, str(error)) from error


def _type(one: Type) -> dict[str, Any]:
    said: dict[str, Any] = {"%NAME": one.name, "%SUPER_TYPE": one.parent}
    return said | {feature.name: {"%NAME": feature.name, "%RANGE": _range(feature)} for feature in one.features}


def _range(feature: Feature) -> str:
    if feature.range == FS_ARRAY and feature.element:
        return f"{feature.element}[]"
    return "uima.cas.String[]" if feature.range == _STRINGS else feature.range


def _structures(cas: Cas) -> Iterator[dict[str, Any]]:
    following = max(cas.structures, default=0) + 1
    for one in cas.structures.values():
        arrays: list[dict[str, Any]] = []
        made = {"%ID": one.id, "%TYPE": one.type}
        for name, value in one.values.items():
            if isinstance(value, tuple):
                made[f"@{name}"] = following
                arrays.append(_array(following, cas, one, name, value))
                following += 1
            elif isinstance(value, Ref):
                made[f"@{name}"] = value.id
            else:
                made[name] = value
        yield made
        yield from arrays


def _array(number: int, cas: Cas, one: Structure, name: str, value: tuple[Value, ...]) -> dict[str, Any]:
    feature = cas.types.features(one.type).get(name)
    elements = [each.id if isinstance(each, Ref) else each for each in value]
    return {"%ID": number, "%TYPE": feature.range if feature else FS_ARRAY, "%ELEMENTS": elements}
