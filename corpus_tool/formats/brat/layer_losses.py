"""Layers that are there or not by `annotation.conf` alone: where they have no line, it decides for all articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus_tool.formats import Article, Loss
from corpus_tool.formats.brat.reading import declares_chains
from corpus_tool.formats.tally import Tally
from corpus_tool.inventory import Inventory

_KINDS = {"relations": "relation", "events": "event"}
_EMPTY = "layers that were annotated and are empty"
_ABSENT = "layers that were not annotated, which come back empty"


@dataclass(slots=True)
class Layers:
    """By layer, in how many articles it is empty, and in how many it is absent, with the first of each."""

    empty: Tally = field(default_factory=Tally)
    absent: Tally = field(default_factory=Tally)

    def add(self, article: Article) -> None:
        for layer in ("entities", "relations", "events", "coreference", "notes"):
            if not article.get(layer):
                (self.absent if article.get(layer) is None else self.empty).add(layer, f"{article['id']}: {layer}")

    def losses(self, inventory: Inventory | None) -> Iterator[Loss]:
        """What becomes of them under the inventory that was written."""
        lost = Tally()
        for loss in self.empty:
            if not _implied(loss.what, inventory):
                lost.add(_EMPTY, loss.example, loss.count)
        for loss in self.absent:
            if _implied(loss.what, inventory):
                lost.add(_ABSENT, loss.example, loss.count)
        yield from lost


def _implied(layer: str, inventory: Inventory | None) -> bool:
    """Whether a layer without a line comes back empty, not absent."""
    if layer == "entities":
        return True
    if inventory is None:
        return False
    return declares_chains(inventory) if layer == "coreference" else _KINDS.get(layer) in inventory.labels
