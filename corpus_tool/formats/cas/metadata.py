"""Metadata of an article as DKPro's document metadata and its fields of key and value, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.structures import Structure

NO_LANGUAGE = "x-unspecified"
SPLIT = "split"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"(?!file:|classpath:|jar:)[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_NAMES = frozenset(
    [
        "uri",
        "language",
        "headlines",
        "by",
        "located",
        "slugline",
        "firstCreated",
        "contentCreated",
        "versionCreated",
        "embargoedUntil",
        "pubStatus",
        "copyrightHolder",
        "copyrightNotice",
        "usageTerms",
        "infoSources",
        "keywords",
        "digitalSourceType",
    ]
)
_TECHNICAL = frozenset({"begin", "end", "sofa", "documentId", "isLastSegment"})
_STEP = re.compile(r"[0-9]{1,4}")
_LONGEST_ID = 200
_DEEPEST = 4


_WITH_ID = ("documentTitle", "documentUri", "documentBaseUri", "collectionId")


def article_id(documents: Iterable[Structure], otherwise: str) -> str:
    """The id that the metadata of a document give, else the other one.

    An id alone, without a title, an address or a collection, is none: tools that read a document give it those too,
    and code that makes a CAS up gives each the same id (`doc`).
    """
    for each in documents:
        said = each.text("documentId")
        if said and len(said) <= _LONGEST_ID and any(map(each.text, _WITH_ID)):
            return said
    return otherwise


def read_metadata(documents: Iterable[Structure], fields: Iterable[Structure], noted: Noted) -> dict[str, Any]:
    """`metadata` and `split`, of what is there."""
    rest: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for each in documents:
        language, address = each.text("language"), each.text("documentUri")
        if language and _LANGUAGE.fullmatch(language):
            found["language"] = language
        if address and _ADDRESS.fullmatch(address):
            found["uri"] = address
        for name, value in each.values.items():
            if name not in _TECHNICAL and value not in {
                None,
                "",
                NO_LANGUAGE,
                each.text("documentId"),
                *found.values(),
            }:
                noted.lose("fields of metadata that articles do not have", f"{name}={value}")
    for each in fields:
        key, value = each.text("key"), each.text("value")
        if key == SPLIT:
            rest[SPLIT] = value
        elif key is None or value is None or key.split("/")[0] not in _NAMES or not _put(found, key.split("/"), value):
            noted.lose("fields of metadata that articles do not have", f"{key}={value}")
    return rest | ({"metadata": found} if found else {})


def _put(into: Any, steps: list[str], value: str) -> bool:
    """Put a value where its key says, making lists and objects on the way; False where it cannot stand."""
    if len(steps) > _DEEPEST:
        return False
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        inner: Any = value if following is None else [] if _STEP.fullmatch(following) else {}
        if isinstance(into, list):
            if not _STEP.fullmatch(step) or int(step) > len(into):
                return False
            if int(step) == len(into):
                into.append(inner)
            into = into[int(step)]
        elif isinstance(into, dict):
            if following is None:
                into[step] = value
                return True
            into = into.setdefault(step, inner)
        else:
            return False
    return into is value


def fields(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys and values of metadata that the document metadata have no feature for: `headlines/0/value`."""
    for name, value in metadata.items():
        if name not in {"uri", "language"} or not _standard(name, value):
            yield from _flat(name, value)


def standard(metadata: Mapping[str, Any], name: str) -> str | None:
    """The language or the address, where it can stand in the document metadata."""
    value = metadata.get(name)
    return value if isinstance(value, str) and _standard(name, value) else None


def _standard(name: str, value: Any) -> bool:
    return bool((_LANGUAGE if name == "language" else _ADDRESS).fullmatch(str(value)))


def _flat(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _flat(f"{key}/{name}", each)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _flat(f"{key}/{number}", each)
