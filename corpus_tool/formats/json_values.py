"""JSON of a source whose shape nobody vouches for: bytes to a value or a finding, and parts of it by their type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.decoding import decode
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import whole_files
from corpus_tool.positions import place_of
from corpus_tool.refusals import BOM, Refusal


def read_value(data: bytes, path: str, article: str, first_line: int = 1) -> Any | Finding:
    """The value of a source or of a line of it; a byte order mark is read over."""
    large = len(data) > whole_files.MAX_BYTES
    long = Refusal("IO013", whole_files.too_long(f"{len(data):,} bytes"), 0) if large else None
    value = long or decode(data.removeprefix(BOM))
    if not isinstance(value, Refusal):
        return value
    from corpus_tool.rules import find_rule

    line, column = place_of(data.removeprefix(BOM), value.offset or 0, first_line)
    at = Location(path, line, column, article=article)
    return Finding(value.code, find_rule(value.code).name, Severity.ERROR, at, value.message)


def objects(value: Any, pointer: str) -> list[tuple[dict[str, Any], str]]:
    """The objects of a list, each with its pointer; nothing else of it."""
    if not isinstance(value, list):
        return []
    return [(part, f"{pointer}/{number}") for number, part in enumerate(value) if isinstance(part, dict)]


def strays(value: Any) -> int:
    """How many parts of what should be a list of objects are none: 1 for what is no list at all."""
    if value is None:
        return 0
    return sum(not isinstance(part, dict) for part in value) if isinstance(value, list) else 1


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def whole(value: Any) -> int | None:
    """An integer; None where it is none (true is none)."""
    return value if type(value) is int else None


def fraction(value: Any) -> float | None:
    """A number from 0 to 1; None where it is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= 1 else None


def words(value: Any) -> list[str]:
    """The strings that are not empty, of a list or alone."""
    parts = value if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, str) and part]
