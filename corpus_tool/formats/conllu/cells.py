"""Cells of a row: features, MISC, enhanced dependencies; as the article has them, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from corpus_tool.formats.conllu.escapes import flat, unescaped

COREFERENCE = ("Entity", "Bridge", "SplitAnte")
NO_WORD = {"name": "Word", "value": "No"}
"""Said of a token that has no word, where others have."""
NO_SPACE = {"name": "SpaceAfter", "value": "No"}
_SPACING = {"SpaceAfter", "SpacesAfter", "SpacesBefore", "SpacesInToken"}
_APART = frozenset((*COREFERENCE, *_SPACING))
_KEPT = 1 << 15
NameValue = dict[str, str]


class Misc(NamedTuple):
    """A MISC cell, taken apart.

    `items` is what stays with the word. `after` is the white space behind the token, None where nothing is said;
    `firm` where it is spelt out, and holds at the end of a paragraph, too. `inside` is the text of a token whose form
    has other white space.
    """

    items: list[NameValue] | None = None
    after: str | None = None
    firm: bool = False
    before: str = ""
    inside: str | None = None
    coreference: dict[str, str] | None = None
    again: str | None = None
    """What stands twice, and is left out the second time."""


NOTHING = Misc()


@dataclass(slots=True)
class Cache:
    """Cells that were seen, by their text. Lists are shared between words: they are not to be changed in place."""

    features: dict[str, list[NameValue]] = field(default_factory=dict)
    misc: dict[str, Misc] = field(default_factory=lambda: {"_": NOTHING})

    def features_of(self, cell: str) -> list[NameValue]:
        found = self.features.get(cell)
        if found is None:
            if len(self.features) > _KEPT:
                self.features.clear()
            found = self.features[cell] = name_values(cell)
        return found

    def misc_of(self, cell: str) -> Misc:
        found = self.misc.get(cell)
        if found is None:
            if len(self.misc) > _KEPT:
                self.misc = {"_": NOTHING}
            found = self.misc[cell] = _misc(cell)
        return found


def name_values(cell: str) -> list[NameValue]:
    """`A=b|C` as names with and without values; an empty part is none."""
    found = []
    for part in cell.split("|"):
        name, sign, value = part.partition("=")
        if name:
            found.append({"name": name, "value": value} if sign else {"name": name})
        elif part:
            found.append({"name": part})
    return found


def _misc(cell: str) -> Misc:
    items = name_values(cell)
    said: dict[str, str] = {}
    left, again = [], None
    for item in items:
        name = item["name"]
        if name in _APART and name not in said and "value" in item and (name != "SpaceAfter" or item["value"] == "No"):
            said[name] = item["value"]
        elif name in COREFERENCE:
            again = name
        else:
            left.append(item)
    spelt = said.get("SpacesAfter")
    return Misc(
        left or None,
        unescaped(spelt) if spelt is not None else "" if "SpaceAfter" in said else None,
        spelt is not None,
        unescaped(said.get("SpacesBefore", "")),
        unescaped(said["SpacesInToken"]) if "SpacesInToken" in said else None,
        {name: said[name] for name in COREFERENCE if name in said} or None,
        again,
    )


def placed(items: Iterable[NameValue] | None, item: NameValue) -> list[NameValue]:
    """The items with another at its place in the alphabet."""
    found = list(items or ())
    key = item["name"].lower()
    at = next((number for number, one in enumerate(found) if one["name"].lower() >= key), len(found))
    found.insert(at, item)
    return found


def cell_of(items: Iterable[Mapping[str, Any]] | None) -> str:
    """Names and values as a cell."""
    parts = []
    for item in items or ():
        value = item.get("value")
        parts.append(flat(item["name"] if value is None else f"{item['name']}={value}").replace("|", " "))
    return "|".join(parts) or "_"


def plain(value: str | None) -> str:
    """A value that has a column of its own."""
    return flat(value).strip(" ") or "_" if value else "_"
