"""Which values the metadata of an article can hold, for formats with a free place of names and values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from corpus_tool.resources import schema


def usable(name: str, value: Any) -> bool:
    """Whether the metadata of an article has this property, and the value is one for it."""
    return value is not None and name in _properties() and bool(_validator().is_valid({name: value}))


def given(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    """The metadata that say something."""
    return {name: value for name, value in (metadata or {}).items() if value not in (None, [])}


@cache
def _properties() -> dict[str, Any]:
    found: dict[str, Any] = schema("article-1")["properties"]["metadata"]["properties"]
    return found


@cache
def _validator() -> Any:
    import jsonschema_rs

    whole = schema("article-1")
    asked = {"type": "object", "properties": _properties(), "$defs": whole["$defs"]}
    return jsonschema_rs.Draft202012Validator(asked, validate_formats=True)
