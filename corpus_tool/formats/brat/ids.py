"""What the annotations of an article are called in brat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats import Article

_LETTERS = {"entities": "T", "relations": "R", "events": "E", "notes": "#"}
_SHAPE = re.compile(r"([TREAMN#])([0-9]{1,15})[^\s]*")
_ELSEWHERE = ("passages", "sentences", "tokens", "words", "quotations", "coreference", "labels")


@dataclass(frozen=True, slots=True)
class Ids:
    """`own` by the identity (`id()`) of the object, `named` by the id it has in the article.

    `elsewhere` says in which layer an id stands that brat has no id for.
    """

    own: Mapping[int, str]
    named: Mapping[str, str]
    elsewhere: Mapping[str, str]


def assign(article: Article) -> Ids:
    """Ids that have brat's shape stay as they are; others get the next number that nothing uses or refers to."""
    wanted = list(_wanted(article))
    highest = _highest(article, wanted)
    own: dict[int, str] = {}
    named: dict[str, str] = {}
    for letters, item, names in wanted:
        name = next((name for name in names if (shape := _SHAPE.fullmatch(name)) and shape[1] in letters), None)
        if name is None:
            highest[letters[0]] = highest.get(letters[0], 0) + 1
            name = f"{letters[0]}{highest[letters[0]]}"
        own[id(item)] = name
        if "id" in item and letters[0] != "N" and item["id"] is not None:
            named.setdefault(item["id"], name)
    elsewhere = {
        item["id"]: layer for layer in _ELSEWHERE for item in article.get(layer) or () if item.get("id") is not None
    }
    for name in list(elsewhere):
        if name.startswith("Q:") and name[2:] in named:
            named.setdefault(name, named[name[2:]])
            del elsewhere[name]
    return Ids(own, named, elsewhere)


def _wanted(article: Article) -> Iterator[tuple[str, Mapping[str, Any], list[str]]]:
    """Everything that has an id in brat: the letters it may begin with, the object, and the names it may keep."""
    for layer, letter in _LETTERS.items():
        for item in article.get(layer) or ():
            yield letter, item, _names(item, "id_in_source", "id")
    for layer in ("entities", "relations", "events"):
        for carrier in article.get(layer) or ():
            for attribute in carrier.get("attributes") or ():
                yield "AM", attribute, _names(attribute, "id")
            for link in carrier.get("links") or ():
                yield "N", link, _names(link, "id_in_source")


def _names(item: Mapping[str, Any], *fields: str) -> list[str]:
    return [item[field] for field in fields if item.get(field) is not None]


def _highest(article: Article, wanted: list[tuple[str, Mapping[str, Any], list[str]]]) -> dict[str, int]:
    """The highest number used after each letter; what refers to nothing must not come to mean something new."""
    used = [name for _, _, names in wanted for name in names]
    for layer in ("relations", "events"):
        for item in article.get(layer) or ():
            used += [argument["ref"] for argument in item.get("arguments") or ()]
            used += _names(item, "trigger")
    for chain in article.get("coreference") or ():
        used += chain.get("mentions") or ()
    for note in article.get("notes") or ():
        used += _names(note, "ref")
    highest: dict[str, int] = {}
    for name in used:
        if shape := _SHAPE.fullmatch(name):
            highest[shape[1]] = max(highest.get(shape[1], 0), int(shape[2]))
    return highest
