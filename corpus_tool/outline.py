"""The fields of a contract as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.fields import Field


def outline(field: Field, depth: int = 0) -> Iterator[str]:
    """A line a field: name, type, whether it is required, and what the vocabulary says of it."""
    for child in field.fields:
        inner = child.item if child.item is not None else child
        said = [f"{key}={value}" if value is not True else key for key, value in _said(child, inner)]
        kind = f"list of {inner.type}" if child.item is not None else child.type
        labels = f" [{', '.join(child.labels)}]" if child.labels else ""
        must = "" if child.required else "?"
        words = "  ".join([f"{child.name}{must}: {child.problem or kind}{labels}", " ".join(said)]).rstrip()
        yield f"{'  ' * depth}{words}\n"
        yield from outline(inner, depth + 1)


def _said(*fields: Field) -> Iterator[tuple[str, Any]]:
    seen = {key: value for field in fields for key, value in field.keywords.items() if key.startswith("x-")}
    for key, value in seen.items():
        names = value.values() if isinstance(value, Mapping) else value
        yield key, names if isinstance(names, str | bool) else ",".join(names)
