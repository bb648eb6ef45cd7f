"""Values that the schema takes as metadata of an article, and those it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from corpus_tool.resources import schema

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[A-Za-z0-9._~!$&'()*+,;=:@%\[\]-]+)?[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*")
_SAFE = "%!$&'()*+,;=:@/?-._~"


def in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by name, in the order of the schema."""
    return {
        name: values[name] for name in schema("article-1")["properties"]["metadata"]["properties"] if name in values
    }


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


def is_valid(name: str, value: Any) -> bool:
    """Whether the schema takes the value for this property."""
    if name == "uri" and not is_uri(value):
        return False
    return bool(_validator().is_valid({name: value}))


@cache
def _validator() -> Any:
    from jsonschema_rs import Draft202012Validator

    base = schema("article-1")
    properties = base["properties"]["metadata"]["properties"]
    return Draft202012Validator({"properties": properties, "$defs": base["$defs"]}, validate_formats=True)
