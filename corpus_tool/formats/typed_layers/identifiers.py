"""Entries of knowledge bases as the one string that a feature `identifier` holds, and back."""

from __future__ import annotations

from typing import Any

from corpus_tool.formats.kb_ids import DATABASE

_WIKIDATA = "http://www.wikidata.org/entity/"
_UNNAMED = DATABASE


def to_identifier(link: dict[str, Any]) -> str:
    """An IRI for Wikidata and for a `db` that is the beginning of one, else `db:id`."""
    database, entry = link["db"], link["id"]
    if database == "wikidata":
        return _WIKIDATA + str(entry)
    if database == _UNNAMED:
        return str(entry)
    return f"{database}{entry}" if "://" in database else f"{database}:{entry}"


def from_identifier(identifier: str) -> dict[str, Any] | None:
    """The link that is written so; None where no link is."""
    link = _link(identifier)
    return link if link["db"] and link["id"] and to_identifier(link) == identifier else None


def _link(identifier: str) -> dict[str, Any]:
    if identifier.startswith(_WIKIDATA):
        return {"db": "wikidata", "id": identifier[len(_WIKIDATA) :]}
    if "://" in identifier:
        cut = max(identifier.rfind("/"), identifier.rfind("#")) + 1
        return {"db": identifier[:cut], "id": identifier[cut:]}
    database, colon, entry = identifier.partition(":")
    return {"db": database, "id": entry} if colon else {"db": _UNNAMED, "id": identifier}


def comes_back(link: dict[str, Any]) -> bool:
    """Whether the identifier of a link is read as the same entry of the same knowledge base."""
    made = from_identifier(to_identifier(link))
    return made is not None and (made["db"], made["id"]) == (link["db"], link["id"])
