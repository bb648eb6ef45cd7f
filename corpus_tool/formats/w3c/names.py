"""IRIs and terms of the Web Annotation Data Model, and the few of this tool's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlsplit

from corpus_tool.formats.graph.said import NO_DATABASE

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"ct": "urn:corpus-tool:article:1#"}]
"""The second declares what the model has no term for, as JSON-LD asks; neither is ever fetched."""
GENERATOR = "urn:corpus-tool"
LAYER, NAME, ROLE, TEXT = "ct:layer", "ct:name", "ct:role", "ct:text"
ANNOTATED, SPLIT = "ct:annotated", "ct:split"
AGENT = "#agent:"
_BASES = {
    "wikidata": "http://www.wikidata.org/entity/",
    "dbpedia": "http://dbpedia.org/resource/",
    "viaf": "http://viaf.org/viaf/",
    "geonames": "https://sws.geonames.org/",
}
_SAFE = "!$&'()*+,;=:@?._~-"


def fragment(name: str) -> str:
    """The IRI of an annotation in the same file."""
    return "#" + quote(name, safe="!$&'()*+,;=:@._~-")


def name_of(iri: str) -> str:
    """What an IRI is called: its fragment where it has nothing else, or itself."""
    return unquote(iri[1:]) if iri.startswith("#") and len(iri) > 1 else iri


def entry_iri(database: str, entry: str) -> str:
    """The IRI of an entry of a knowledge base."""
    if database in _BASES and entry and "/" not in entry:
        return _BASES[database] + quote(entry, safe=_SAFE)
    if database and _host(entry) == database and entry_of(entry) == (database, entry):
        return entry
    return f"{quote(database, safe='')}:{quote(entry, safe=_SAFE)}"


def entry_of(iri: str) -> tuple[str, str]:
    """The knowledge base and the entry that an IRI names; of an unknown one its host, and the whole IRI."""
    for database, base in _BASES.items():
        if iri.startswith(base) and iri != base and "/" not in iri.removeprefix(base):
            return database, unquote(iri.removeprefix(base))
    host = _host(iri)
    if host:
        return host, iri
    database, colon, entry = iri.partition(":")
    return (unquote(database), unquote(entry)) if colon and database and entry else (NO_DATABASE, iri)


def _host(iri: str) -> str:
    try:
        parts = urlsplit(iri)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} else ""


def types(value: dict[str, Any]) -> set[str]:
    said = value.get("type", value.get("@type"))
    return {one for one in (said if isinstance(said, list) else [said]) if isinstance(one, str)}


def iri(value: Any) -> str | None:
    """The IRI of a resource: of a string itself, of an object its id."""
    if isinstance(value, dict):
        value = value.get("id", value.get("@id"))
    return value if isinstance(value, str) and value else None


def listed(value: Any) -> list[Any]:
    """One or several, as a list: JSON-LD writes a list of one without brackets."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
