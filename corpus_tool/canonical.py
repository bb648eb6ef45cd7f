"""The canonical form of an article, on which digests, differences, fixes and round trips rest.

Absent equals null and is left out; a missing nested list is empty and is left out too; an integer written `1.0` is
`1`, and a number written `1` is `1.0`, as its column has it; keys stand in schema order. Layers keep the difference
between absent and empty, and what the schema requires stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from corpus_tool import vocabulary

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field


def canonical(article: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """The article in canonical form. It must keep the shape of the contract; unknown properties come last.

    What it says to editors comes first.
    """
    said = {vocabulary.EDITORS: article[vocabulary.EDITORS]} if vocabulary.EDITORS in article else {}
    return said | _object(article, contract.root, top=True)


def _object(value: Mapping[str, Any], field: Field, *, top: bool = False) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for child in field.fields:
        made = _value(value.get(child.name), child)
        if made is None and child.required and child.name in value:
            out[child.name] = [] if child.type == "array" else None
        elif made is not None and (made not in ([], {}) or child.required or (top and child.says(vocabulary.LAYER))):
            out[child.name] = made
    known = {child.name for child in field.fields}
    return out | {name: item for name, item in value.items() if name not in known}


def _value(value: Any, field: Field) -> Any:
    if field.type == "object" and isinstance(value, Mapping):
        return _object(value, field)
    if field.type == "array" and isinstance(value, list) and field.item is not None:
        return [_value(item, field.item) for item in value]
    if field.type == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if field.type == "number" and isinstance(value, int) and float(value) == value:
        return float(value)
    return value


def dumps_line(article: Mapping[str, Any], contract: Contract) -> bytes:
    """One line of JSONL, with its newline."""
    return orjson.dumps(canonical(article, contract), option=orjson.OPT_APPEND_NEWLINE)


def dumps_pretty(article: Mapping[str, Any], contract: Contract) -> bytes:
    """A `.json` file with one annotation a line, so that differences in git can be read."""
    lines = []
    for name, value in canonical(article, contract).items():
        key = orjson.dumps(name)
        if isinstance(value, list) and value:
            items = b",\n".join(b"  " + orjson.dumps(item) for item in value)
            lines.append(b" %b: [\n%b\n ]" % (key, items))
        else:
            lines.append(b" %b: %b" % (key, orjson.dumps(value)))
    return b"{\n" + b",\n".join(lines) + b"\n}\n"
