"""Links to knowledge bases as the one string (`kb_id`) that spaCy and Prodigy have for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

DATABASE = "kb"
"""The knowledge base of an entry whose format does not say which."""
_WIKIDATA = re.compile(r"Q[1-9][0-9]*", re.ASCII)
_WITH_DATABASE = re.compile(r"([A-Za-z][\w.-]*):(?!//)(.+)", re.DOTALL)


def is_wikidata(entry: str) -> bool:
    """Whether a string is the id of an item of Wikidata."""
    return _WIKIDATA.fullmatch(entry) is not None


def kb_id(link: Mapping[str, Any]) -> str:
    """`Q25` for Wikidata, else `geonames:2643743`."""
    if link["db"] == "wikidata" and is_wikidata(link["id"]):
        return str(link["id"])
    bare = link["db"] == DATABASE and not is_wikidata(link["id"]) and not _WITH_DATABASE.fullmatch(link["id"])
    return str(link["id"]) if bare else f"{link['db']}:{link['id']}"


def link(entry: str) -> dict[str, str]:
    """The link that a `kb_id` stands for."""
    if is_wikidata(entry):
        return {"db": "wikidata", "id": entry}
    found = _WITH_DATABASE.fullmatch(entry)
    return {"db": found[1], "id": found[2]} if found else {"db": DATABASE, "id": entry}


def comes_back(one: Mapping[str, Any]) -> bool:
    """Whether a link survives being one string."""
    return link(kb_id(one)) == {"db": one["db"], "id": one["id"]}
