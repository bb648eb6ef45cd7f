"""The property names of ninjs 1.x, 2.x and 3.x as those of 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CAMEL = (
    "representationType", "firstCreated", "versionCreated", "contentCreated", "embargoedUntil", "pubStatus",
    "copyrightHolder", "copyrightNotice", "usageTerms", "edNote", "infoSources", "altIds", "trustIndicators",
    "rightsInfo", "digitalSourceType", "contentType", "charCount", "wordCount", "eventDetails", "plannedCoverage",
)  # fmt: skip
_OLD = {
    "embargoed": "embargoedUntil", "byline": "by", "person": "people", "organisation": "organisations",
    "place": "places", "subject": "subjects", "event": "events", "object": "objects", "genre": "genres",
    "infosource": "infoSources", "trustindicator": "trustIndicators", "mimetype": "contentType",
    "ednotes": "edNote",
}  # fmt: skip
_NAMES = {name.lower(): name for name in CAMEL} | _OLD
_PATTERNS = {"headline": "headlines", "body": "bodies", "description": "descriptions"}
"""What 1.x spells `headline_extra`, `body_xhtml`, `description_text`, later versions have in a list."""
Item = dict[str, Any]


def canonical(name: str) -> str:
    """The name of 3.1; a name that no version has stays as it is."""
    return _NAMES.get(name.lower(), name)


def modern(item: Mapping[str, Any]) -> tuple[Item, dict[str, str]]:
    """An item as 3.1 spells it, and for each of its properties the name that it had.

    Where an item has a property under two names, the first counts.
    """
    made: Item = {}
    spelt: dict[str, str] = {}
    for name, value in item.items():
        stem, _, role = name.partition("_")
        listed = _PATTERNS.get(stem.lower())
        if listed is not None and isinstance(value, str) and (role or stem == "headline"):
            made.setdefault(listed, []).append({"role": role or "main", "value": value, "spelt": name})
            spelt.setdefault(listed, name)
        elif (known := canonical(name)) not in made:
            made[known] = value
            spelt[known] = name
    return made, spelt


def entry(value: Any) -> Item | None:
    """One object of a list, its own properties spelt as in 3.1; None where it is no object."""
    return {canonical(name): each for name, each in value.items()} if isinstance(value, dict) else None
