"""A document while it is made of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import MAIN, Document

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

Annotation = Mapping[str, Any]


@dataclass(slots=True)
class Outgoing:
    """The document as it grows, which of its tokens begins and ends where, and whose entities are `doc.ents`."""

    article: Article
    inventory: Inventory | None
    noticed: Noticed
    document: Document
    starts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    main: str | None = None

    def items(self, layer: str) -> Sequence[Annotation]:
        return self.article.get(layer) or ()

    def maker(self, prov: str | None) -> str:
        """How span groups name who made something."""
        if prov == self.main:
            return MAIN
        one = next((one for one in self.items("provenance") if one["id"] == prov), None)
        return f"{one['agent_type']}:{one['agent']}" if one is not None else "human:unknown"

    def aligned(self, start: int, end: int) -> bool:
        return start < end and start in self.starts and end in self.ends
