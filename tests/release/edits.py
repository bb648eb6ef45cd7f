"""Edits of generated articles, each with the changes that a difference has to find."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from corpus_tool.contract import Contract, load_contract
from corpus_tool.release.difference.sides import Side
from tests.generated import LAYERS, Shape, article, inventory

Article = dict[str, Any]
Edit = Callable[[Random, Article], str | None]
"""Edits an article in place; the fact that a difference finds, or None where there is nothing to edit."""

CONTRACT: Contract = load_contract(None, inventory())


def side(articles: list[Article], **changes: Any) -> Side:
    """A side of articles in memory."""

    def read() -> Iterator[tuple[str, Article]]:
        for one in articles:
            yield one.get("split", "train"), copy.deepcopy(one)

    values: Mapping[str, Any] = {"name": "a", "contract": CONTRACT, "views": {}, "about": {}, "read": read}
    return Side(**{**values, **changes})


def sample(seed: int) -> Article:
    """An article with every layer; by one annotator or two."""
    return article(Shape(seed, people=1 + seed % 2, layers=frozenset(LAYERS), paragraphs=1))


def shuffled(pick: Random, one: Article) -> Article:
    """The same article under new ids of annotations, every layer in another order."""
    names = [item["id"] for layer in CONTRACT.layers for item in one.get(layer.name, ()) if "id" in item]
    given = dict(zip(names, pick.sample(names, len(names)), strict=True))

    def renumbered(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: _renamed(name, part, given, renumbered) for name, part in value.items()}
        return [renumbered(part) for part in value] if isinstance(value, list) else value

    out = {name: part if name in _APART else renumbered(part) for name, part in one.items()}
    for layer in CONTRACT.layers:
        if layer.name in out:
            pick.shuffle(out[layer.name])
    return out


_APART = ("id", "text", "metadata")
_REFERENCES = ("id", "ref", "token", "head", "trigger", "speaker", "representative", "prov")


def _renamed(name: str, value: Any, given: Mapping[str, str], below: Callable[[Any], Any]) -> Any:
    if name in _REFERENCES:
        return given.get(value, value)
    if name in ("mentions", "cue", "derived_from"):
        return [given.get(part, part) for part in value]
    return value if name == "links" else below(value)


def _entities(one: Article) -> list[Article]:
    """Entities that nothing else of the same maker stands on."""
    return [item for item in one.get("entities", ()) if item["type"] in ("PER", "LOC", "ORG")]


def retype(pick: Random, one: Article) -> str | None:
    found = _entities(one)
    if not found:
        return None
    item = pick.choice(found)
    item["type"] = next(name for name in ("PER", "LOC", "ORG") if name != item["type"])
    return "annotation retyped"


def respan(pick: Random, one: Article) -> str | None:
    text = one["text"]
    found = [item for item in _entities(one) if item["spans"][-1]["end"] < len(text)]
    if not found:
        return None
    span = pick.choice(found)["spans"][-1]
    span |= {"end": span["end"] + 1, "text": text[span["start"] : span["end"] + 1]}
    return "annotation respanned"


def attribute(pick: Random, one: Article) -> str | None:
    found = _entities(one)
    if not found:
        return None
    pick.choice(found).setdefault("attributes", []).append({"name": "Edited", "value": "yes"})
    return "annotation changed"


def link(pick: Random, one: Article) -> str | None:
    found = _entities(one)
    if not found:
        return None
    pick.choice(found).setdefault("links", []).append({"db": "wikidata", "id": "Q1"})
    return "annotation changed"


def argument(pick: Random, one: Article) -> str | None:
    """A relation whose ends change places."""
    found = [item for item in one.get("relations", ()) if len({each["ref"] for each in item["arguments"]}) == 2]
    if not found:
        return None
    first, second = pick.choice(found)["arguments"]
    first["ref"], second["ref"] = second["ref"], first["ref"]
    return "annotation changed"


def add(pick: Random, one: Article) -> str | None:
    if not one["text"]:
        return None
    at = pick.randrange(len(one["text"]))
    span = {"start": at, "end": at + 1, "text": one["text"][at]}
    one.setdefault("entities", []).append({"id": "new", "type": "THING", "spans": [span], "prov": "A1"})
    return "annotation added"


def remove(pick: Random, one: Article) -> str | None:
    """A note, since nothing refers to one; not the last of its maker, whose absence would make others gold."""
    makers = [item["prov"] for item in one.get("notes", ())]
    found = [item for item in one.get("notes", ()) if makers.count(item["prov"]) > 1]
    if not found:
        return None
    one["notes"].remove(pick.choice(found))
    return "annotation removed"


def label(pick: Random, one: Article) -> str | None:
    if not one.get("labels"):
        return None
    item = pick.choice(one["labels"])
    item["value"] = {"sea": "land", "land": "sea"}[item["value"]]
    return "annotation retyped"


def text(pick: Random, one: Article) -> str | None:
    one["text"] += "."
    return "text changed"


def move(pick: Random, one: Article) -> str | None:
    one["split"] = "test"
    return "article moved"


def metadata(pick: Random, one: Article) -> str | None:
    one["metadata"]["by"] = "Mara"
    return "metadata changed"


def licence(pick: Random, one: Article) -> str | None:
    one["metadata"]["usageTerms"] = "CC0-1.0"
    return "licence changed"


def record(pick: Random, one: Article) -> str | None:
    pick.choice(one["provenance"])["tool"] = "brat"
    return "record changed"


def withdraw(pick: Random, one: Article) -> str | None:
    """A layer that was annotated without a finding is no longer said to be."""
    found = [layer.name for layer in CONTRACT.layers if one.get(layer.name) == []]
    if not found:
        return None
    del one[pick.choice(found)]
    return "layer annotated or withdrawn"


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        retype, respan, attribute, link, argument, add, remove, label, text, move, metadata, licence, record, withdraw,
    )
}  # fmt: skip
