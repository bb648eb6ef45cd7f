"""Metadata of an item as that of an article: the same names, and what the article's schema does not take is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.formats.metadata import in_order, is_uri, is_valid
from corpus_tool.formats.ninjs.names import Item, entry

PLAIN = (
    "uri", "language", "by", "located", "slugline", "firstCreated", "contentCreated", "versionCreated",
    "embargoedUntil", "pubStatus", "copyrightHolder", "copyrightNotice", "usageTerms",
)  # fmt: skip
"""Properties that are strings in both."""
OWN_URI = "urn:corpus-tool:article:"
"""How an item is named whose article has no URI: ninjs asks for one."""
KEYWORD = "keyword"
"""The relation of a subject that is a keyword."""
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00-00:00")
Problem = tuple[str, str]
"""The property that is left out, and why."""


def read_metadata(item: Item) -> tuple[dict[str, Any], list[Problem], dict[str, int]]:
    """Metadata of the article, what cannot be used of the item's, and the fields of lists that have no place."""
    lost: dict[str, int] = {}
    values: dict[str, Any] = {name: item[name] for name in PLAIN if item.get(name) not in (None, "")}
    if str(values.get("uri", "")).startswith(OWN_URI):
        del values["uri"]
    if day := _DAY.fullmatch(str(values.get("contentCreated"))):
        values["contentCreated"] = day[1]
    values |= {
        "headlines": list(_headlines(item, lost)) or None,
        "infoSources": list(_sources(item, lost)) or None,
        "keywords": list(_keywords(item)) or None,
        "digitalSourceType": _source_type(item, lost),
    }
    values = {name: value for name, value in values.items() if value is not None}
    problems = [
        (name, f"'{str(value)[:80]}' is no valid {name}") for name, value in values.items() if not is_valid(name, value)
    ]
    problems += [(name, f"{name} is no list of objects") for name in ("headlines", "infoSources") if _odd(item, name)]
    if isinstance(item.get("digitalSourceType"), str):
        problems.append(("digitalSourceType", "digitalSourceType is no object"))
    bad = {name for name, _ in problems}
    return in_order({name: value for name, value in values.items() if name not in bad}), problems, lost


def _odd(item: Item, name: str) -> bool:
    value = item.get(name)
    return value is not None and not (isinstance(value, list) and all(isinstance(each, dict) for each in value))


def entries(item: Item, name: str) -> Iterator[tuple[int, Item]]:
    """The objects of a list, with their numbers."""
    value = item.get(name)
    for number, each in enumerate(value if isinstance(value, list) else ()):
        one = entry(each)
        if one is not None:
            yield number, one


def _headlines(item: Item, lost: dict[str, int]) -> Iterator[dict[str, Any]]:
    for _, one in entries(item, "headlines"):
        if isinstance(one.get("value"), str):
            _count(one, ("role", "value", "spelt"), "headlines", lost)
            yield _some(role=one.get("role"), value=one["value"])


def _sources(item: Item, lost: dict[str, int]) -> Iterator[dict[str, Any]]:
    for _, one in entries(item, "infoSources"):
        name = one.get("name") or one.get("literal") or one.get("uri")
        if isinstance(name, str):
            used = ("name", "role", "uri") if one.get("name") else ("name", "role", "uri", "literal")
            _count(one, used, "infoSources", lost)
            yield _some(name=name, role=one.get("role"), uri=one.get("uri") if is_uri(one.get("uri")) else None)


def _keywords(item: Item) -> Iterator[str]:
    own = item.get("keywords")
    yield from (each for each in (own if isinstance(own, list) else ()) if isinstance(each, str))
    for _, one in entries(item, "subjects"):
        if one.get("rel") == KEYWORD and isinstance(one.get("name"), str):
            yield one["name"]


def _source_type(item: Item, lost: dict[str, int]) -> dict[str, Any] | None:
    one = entry(item.get("digitalSourceType"))
    if not one:
        return None
    _count(one, ("uri", "name"), "digitalSourceType", lost)
    return _some(uri=one.get("uri"), name=one.get("name")) or None


def _count(one: Item, kept: tuple[str, ...], where: str, lost: dict[str, int]) -> None:
    for name, value in one.items():
        if name not in kept and value not in (None, "", []):
            lost[f"{where}: {name}"] = lost.get(f"{where}: {name}", 0) + 1


def _some(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def write_metadata(metadata: Mapping[str, Any]) -> Item:
    """The properties of an item, but for its URI."""
    item: Item = {name: metadata[name] for name in PLAIN if metadata.get(name) is not None}
    created = item.get("contentCreated")
    if created is not None and len(created) == 10:
        # RFC 3339, 4.3: the offset -00:00 says that the local time is not known.
        item["contentCreated"] = f"{created}T00:00:00-00:00"
    for name in ("headlines", "infoSources"):
        if metadata.get(name) is not None:
            item[name] = [_some(**one) for one in metadata[name]]
    if metadata.get("digitalSourceType") is not None:
        item["digitalSourceType"] = _some(**metadata["digitalSourceType"])
    return item
