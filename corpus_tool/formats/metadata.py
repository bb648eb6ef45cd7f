"""Values that the schema takes as metadata of an article, and those it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from corpus_tool.resources import schema

TEXTS = (
    "uri", "language", "by", "located", "slugline", "firstCreated", "contentCreated", "versionCreated",
    "embargoedUntil", "pubStatus", "copyrightHolder", "copyrightNotice", "usageTerms",
)  # fmt: skip
"""Properties that are one text."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[A-Za-z0-9._~!$&'()*+,;=:@%\[\]-]+)?[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*")
_SAFE = "%!$&'()*+,;=:@/?-._~"


def in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by name, in the order of the schema."""
    return {name: values[name] for name in _properties() if name in values}


def uri(value: str) -> str:
    """The URI of an IRI (RFC 3987, 3.1): other letters become percent-encoded, in a host Punycode."""
    try:
        parts = urlsplit(value)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:
        return value
    return urlunsplit((parts.scheme, host, *(quote(part, _SAFE) for part in parts[2:])))


def is_uri(value: Any) -> bool:
    """Whether every validator takes it for a URI: they differ, and this is what they share."""
    return isinstance(value, str) and bool(_URI.fullmatch(value)) and not re.search("%(?![0-9A-Fa-f]{2})", value)


def given(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    """The metadata that say something."""
    return {name: value for name, value in (metadata or {}).items() if value not in (None, [])}


def usable(name: str, value: Any) -> bool:
    """Whether the metadata of an article has this property, and the value is one for it."""
    return value is not None and name in _properties() and is_valid(name, value)


def is_valid(name: str, value: Any) -> bool:
    """Whether the schema takes the value for this property."""
    if name == "uri" and not is_uri(value):
        return False
    return bool(_validator().is_valid({name: value}))


@cache
def _validator() -> Any:
    from jsonschema_rs import Draft202012Validator

    asked = {"properties": _properties(), "$defs": schema("article-1")["$defs"]}
    return Draft202012Validator(asked, validate_formats=True)


def _properties() -> dict[str, Any]:
    found: dict[str, Any] = schema("article-1")["properties"]["metadata"]["properties"]
    return found
