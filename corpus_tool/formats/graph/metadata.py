"""Metadata as pairs of a name and a text, for formats that have nothing but such pairs: `headlines.1.value`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from corpus_tool.formats.metadata import TEXTS

_LISTS = ("headlines", "infoSources")
_OF_LISTS = {"headlines": ("role", "value"), "infoSources": ("name", "role", "uri")}
_OF_OBJECTS = {"digitalSourceType": ("uri", "name")}
_KEYWORD = re.compile(r"keywords\.([1-9][0-9]{0,5})")
_IN_LIST = re.compile(r"(headlines|infoSources)\.([1-9][0-9]{0,5})\.(role|value|name|uri)")
_IN_OBJECT = re.compile(r"(digitalSourceType)\.(uri|name)")


def pairs_of(metadata: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The metadata that have a name in IPTC ninjs and a value."""
    yield from ((name, metadata[name]) for name in TEXTS if isinstance(metadata.get(name), str))
    yield from ((f"keywords.{number}", word) for number, word in enumerate(metadata.get("keywords") or (), 1))
    for name in _LISTS:
        for number, part in enumerate(metadata.get(name) or (), 1):
            yield from ((f"{name}.{number}.{key}", part[key]) for key in _OF_LISTS[name] if part.get(key) is not None)
    for name, keys in _OF_OBJECTS.items():
        part = metadata.get(name) or {}
        yield from ((f"{name}.{key}", part[key]) for key in keys if part.get(key) is not None)


def without_name(metadata: dict[str, Any]) -> list[str]:
    """The metadata of a corpus's own, which `pairs_of` leaves out."""
    known = {*TEXTS, *_LISTS, *_OF_OBJECTS, "keywords"}
    return [name for name, value in metadata.items() if name not in known and value not in (None, [], {})]


def from_pairs(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Metadata, and the pairs that are none."""
    made: dict[str, Any] = {}
    lists: dict[str, dict[int, Any]] = {}
    left = []
    for name, value in pairs:
        if name in TEXTS and name not in made:
            made[name] = value
        elif match := _KEYWORD.fullmatch(name):
            lists.setdefault("keywords", {}).setdefault(int(match[1]), value)
        elif match := _IN_LIST.fullmatch(name):
            lists.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = value
        elif match := _IN_OBJECT.fullmatch(name):
            made.setdefault(match[1], {})[match[2]] = value
        else:
            left.append((name, value))
    return made | {name: [found[number] for number in sorted(found)] for name, found in lists.items()}, left
