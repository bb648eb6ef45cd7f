"""An article while it is made of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.made import ContentIds, by_unknown
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import MAIN, Document

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory


@dataclass(slots=True)
class Draft:
    """Layers as they grow, who made them, and entities by maker, place and label."""

    document: Document
    noticed: Noticed
    inventory: Inventory | None
    ids: ContentIds = field(default_factory=ContentIds)
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    makers: dict[str, dict[str, Any]] = field(default_factory=dict)
    entities: dict[tuple[str, int, int, str], dict[str, Any]] = field(default_factory=dict)

    def prov(self, maker: str) -> str:
        """The id of a maker's provenance: that of the document, or one that a span group names."""
        if maker not in self.makers:
            self.makers[maker] = self._record(maker)
        return str(self.makers[maker]["id"])

    def _record(self, maker: str) -> dict[str, Any]:
        name = f"A{1 + len(self.makers)}"
        record = by_unknown("spacy") | {"id": name}
        if maker == MAIN:
            said = {name: value for name, value in self.document.extensions.items() if isinstance(value, str) and value}
            record |= {key: said[key] for key in ("agent", "model_version") if key in said}
            kinds = {"agent_type": ("human", "model", "rule"), "role": ("annotator", "corrector", "adjudicator")}
            record |= {key: said[key] for key, allowed in kinds.items() if said.get(key) in allowed}
        else:
            kind, _, agent = maker.partition(":")
            record |= {"agent": agent, "agent_type": kind}
        if record["agent_type"] == "model":
            record.setdefault("model_version", "unknown")
        return record
