"""Typed layers (spans, relations, chains of UIMA types) to an article, and back.

Both ways are in code points and know nothing of files: `formats.webanno` and `formats.cas` read and write them.
"""

from __future__ import annotations

from corpus_tool.formats.typed_layers.model import (
    LayerKind,
    TypedChain,
    TypedDocument,
    TypedElement,
    TypedLayer,
    TypedLink,
    TypedRelation,
    TypedSlot,
    TypedSpan,
)
from corpus_tool.formats.typed_layers.reading import Built, to_article
from corpus_tool.formats.typed_layers.writing import from_article

__all__ = [
    "Built", "LayerKind", "TypedChain", "TypedDocument", "TypedElement", "TypedLayer", "TypedLink",
    "TypedRelation", "TypedSlot", "TypedSpan", "from_article", "to_article",
]  # fmt: skip
