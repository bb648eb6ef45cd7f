"""An article as a record of doccano."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article
from corpus_tool.formats.columns_of_metadata import to_columns
from corpus_tool.formats.doccano.reading import AXIS
from corpus_tool.formats.pairs import chain_labels, links_of, pair_of
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

Numbers = dict[str, int]


def record_of(article: Article, inventory: Inventory | None, losses: Tally) -> dict[str, Any]:
    """The record: spans under `entities`, since relations refer to them by number."""
    agents = {
        record["id"]: record["agent"] for record in article.get("provenance") or () if record["agent"] != "unknown"
    }
    record = {"id": article["id"], "text": article["text"], **to_columns(article)}
    spans = [one for one in article.get("entities") or () if len(one["spans"]) == 1]
    numbers = _numbers("T", [one["id"] for one in spans])
    if article.get("entities") is not None:
        record["entities"] = [_span(one, numbers, agents) for one in spans]
    pairs = _Pairs(article, inventory, losses, numbers, agents)
    if article.get("relations") is not None or article.get("coreference"):
        record["relations"] = pairs.made()
    elif article.get("coreference") is not None:
        losses.add("empty layers: coreference", article["id"])
    _labels(record, article, inventory, losses)
    _notes(record, article, losses)
    _people(article, losses)
    return record


def _numbers(letter: str, names: list[str]) -> Numbers:
    """A number for each id: its own where all have one behind the letter, else as they come."""
    own = {name: int(name[1:]) for name in names if re.fullmatch(rf"{letter}(0|[1-9][0-9]{{0,8}})", name)}
    return own if len(own) == len(names) else {name: place for place, name in enumerate(names, start=1)}


def _span(one: Mapping[str, Any], numbers: Numbers, agents: Mapping[str, str]) -> dict[str, Any]:
    piece = one["spans"][0]
    number = numbers[one["id"]]
    made = {"id": number, "label": one["type"], "start_offset": piece["start"], "end_offset": piece["end"]}
    return made | _user(one, agents)


def _user(one: Mapping[str, Any], agents: Mapping[str, str]) -> dict[str, str]:
    agent = agents.get(one.get("prov") or "")
    return {} if agent is None else {"user": agent}


class _Pairs:
    """Relations and chains of an article on their way to pairs."""

    def __init__(
        self, article: Article, inventory: Inventory | None, losses: Tally, numbers: Numbers, agents: Mapping[str, str]
    ) -> None:
        self.article, self.inventory, self.losses = article, inventory, losses
        self.numbers, self.agents = numbers, agents
        self.pairs: list[dict[str, Any]] = []

    def made(self) -> list[dict[str, Any]]:
        relations = list(self.article.get("relations") or ())
        own = _numbers("R", [one["id"] for one in relations])
        for one in relations:
            pair = pair_of(one, self.inventory)
            if pair is None:
                self.lose("relations with other than two arguments", one["id"])
                continue
            if not pair.exact:
                self.lose("roles of relations that the inventory does not name", one["id"])
            self.put(one, own[one["id"]], (pair.source, pair.target), one["type"])
        number = max(own.values(), default=0)
        for chain in self.article.get("coreference") or ():
            for ends in self.links(chain):
                number += 1
                self.put(chain, number, ends, chain.get("type") or "identity")
        return self.pairs

    def links(self, chain: Mapping[str, Any]) -> list[tuple[str, str]]:
        label = chain.get("type") or "identity"
        if label not in chain_labels(self.inventory):
            self.lose("chains that become relations: the inventory does not name their label", chain["id"])
        if chain.get("representative") is not None:
            self.lose("chains: representative", chain["id"])
        links = links_of(chain["mentions"])
        if not links:
            self.lose("chains of one mention", chain["id"])
        return links

    def put(self, one: Mapping[str, Any], number: int, ends: tuple[str, str], label: str) -> None:
        if not all(end in self.numbers for end in ends):
            self.lose("relations that join what is no span of one piece", f"{one['id']} ({label})")
            return
        source, target = (self.numbers[end] for end in ends)
        pair = {"id": number, "from_id": source, "to_id": target, "type": label}
        self.pairs.append(pair | _user(one, self.agents))

    def lose(self, what: str, example: str) -> None:
        self.losses.add(what, f"{self.article['id']}: {example}")


def _labels(record: dict[str, Any], article: Article, inventory: Inventory | None, losses: Tally) -> None:
    if article.get("labels") is None:
        return
    values: dict[str, None] = {}
    for label in article["labels"]:
        value, axis = label["value"], label["axis"]
        axes = inventory.axes if inventory is not None else ()
        if axis != next((one.name for one in axes if value in one.values), AXIS):
            losses.add("axes of labels that the inventory does not name", f"{article['id']}: {axis}={value}")
        if value in values:
            losses.add("labels that several people gave: once a text", f"{article['id']}: {axis}={value}")
        values[value] = None
    record["cats"] = list(values)


def _notes(record: dict[str, Any], article: Article, losses: Tally) -> None:
    notes = [note for note in article.get("notes") or () if note["text"]]
    for note in notes:
        if note.get("ref") is not None:
            losses.add("notes: what they are about", f"{article['id']}: {note['id']}")
    # There in every export of doccano, and what tells a record of it from an article of ours.
    record["Comments"] = [{"id": place, "comment": note["text"]} for place, note in enumerate(notes, start=1)]


def _people(article: Article, losses: Tally) -> None:
    """Only a span or a relation says who made it."""
    marks = [one for layer in ("entities", "relations", "coreference") for one in article.get(layer) or ()]
    named = {one.get("prov") for one in marks}
    for record in article.get("provenance") or ():
        if record["id"] not in named and record["agent"] != "unknown":
            losses.add("provenance of no span or relation", f"{article['id']}: {record['agent']}")
        elif record["agent_type"] != "human":
            losses.add("models and rules that become people", f"{article['id']}: {record['agent']}")
