"""Flat records as `name:value,name:value`, the notation of CorefUD's `other`; metadata as `meta::` comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus_tool.formats.conllu.escapes import decoded, encoded, flat
from corpus_tool.formats.metadata import in_order, is_valid

_VALUE = "%,\t\r\n"
_NAME = _VALUE + ":"
META = "meta::"
_FIELDS = {"sourceURL": "uri", "author": "by", "dateCreated": "contentCreated"}
"""Names that GUM has for what ninjs calls otherwise."""
_KEYS = {field: key for key, field in _FIELDS.items()}
_TITLE = "title"


def record(values: Iterable[tuple[str, Any]], extra: str = "") -> str:
    """Names and values in a row; a list has its name again for each of its items."""
    parts = []
    for name, value in values:
        every = value if isinstance(value, list) else [] if value is None else [value]
        parts += [f"{encoded(name, _NAME + extra)}:{encoded(str(one), _VALUE + extra)}" for one in every]
    return ",".join(parts)


def numbered(key: str, number: int) -> str:
    """The key of one comment of several that are alike: readers that keep comments by key would keep the last."""
    return f"{key}::{number}"


def unnumbered(key: str) -> str:
    """The key without its number."""
    stem, sign, number = key.rpartition("::")
    return stem if sign and number.isdecimal() else key


def parse_record(cell: str, extra: str = "") -> list[tuple[str, str | None]]:
    """The names and values of a row; a name without a colon has none."""
    found: list[tuple[str, str | None]] = []
    for part in cell.split(",") if cell else ():
        name, sign, value = part.partition(":")
        found.append((decoded(name, _NAME + extra), decoded(value, _VALUE + extra) if sign else None))
    return found


def metadata_of(stated: Mapping[str, str]) -> tuple[dict[str, Any], set[str]]:
    """The metadata that `meta::` comments hold, by key without that; and which keys were used."""
    raw: dict[str, Any] = {}
    used: dict[str, set[str]] = {}
    for key, value in stated.items():
        name, *path = key.split("::")
        field = _FIELDS.get(name, "headlines" if name == _TITLE else name)
        if field not in _shapes():
            continue
        if name == _TITLE and not path:
            raw.setdefault(field, {}).setdefault("1", {}).update(role="main", value=value)
        elif not _put(raw, [field, *path], value):
            continue
        used.setdefault(field, set()).add(key)
    made = {field: _unfolded(value) for field, value in raw.items()}
    good = {field: value for field, value in made.items() if is_valid(field, value)}
    return in_order(good), {key for field in good for key in used[field]}


def _put(raw: dict[str, Any], path: list[str], value: str) -> bool:
    *above, last = path
    for step in above:
        raw = raw.setdefault(step, {})
        if not isinstance(raw, dict):
            return False
    if last in raw:
        return False
    raw[last] = value
    return True


def _unfolded(value: Any) -> Any:
    """Numbered parts as a list."""
    if not isinstance(value, dict):
        return value
    parts = {name: _unfolded(part) for name, part in value.items()}
    if parts and all(name.isdecimal() and name.isascii() and len(name) < 9 for name in parts):
        return [parts[name] for name in sorted(parts, key=int)]
    return parts


def metadata_lines(metadata: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Metadata as keys and values of comments; values that are no text are given as they are."""
    for field, value in metadata.items():
        if field == "headlines" and _is_title(value):
            yield META + _TITLE, value[0]["value"]
        else:
            yield from _folded(META + _KEYS.get(field, field), value)


def _is_title(headlines: Any) -> bool:
    return bool(headlines) and headlines == [{"role": "main", "value": headlines[0].get("value")}]


def _folded(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _folded(f"{key}::{number}", part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _folded(f"{key}::{name}", part)
    elif value is not None:
        yield key, flat(value) if isinstance(value, str) else value


def _shapes() -> Mapping[str, Any]:
    from corpus_tool.resources import schema

    return schema("article-1")["properties"]["metadata"]["properties"]  # type: ignore[no-any-return]
