"""How articles use the free places of BioC: `corpus-tool.key` in a collection says that it keeps to this.

A passage, sentence, annotation or relation has its id, its layer, its type and its annotator in infons; `annotated`
names the layers of a document that are empty; a relation without nodes may be a label or a provenance record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.formats.made import ContentIds

KEY = "corpus-tool.key"
ID = "id"
TYPE = "type"
ANNOTATED = "annotated"
SPLIT = "split"
INFONS = "infons"
"""Who wrote what stands in infons of documents and passages: whatever made the file."""
PROVENANCE = "provenance:"
"""Ids of provenance are a namespace of their own, ids of BioC are not."""
PASSAGE_TYPES = {
    "title": "headline",
    "front": "headline",
    "abstract": "paragraph",
    "title_1": "subheading",
    "title_2": "subheading",
    "title_3": "subheading",
    "abstract_title_1": "subheading",
    "fig_caption": "caption",
    "fig_title_caption": "caption",
    "table_caption": "caption",
    "table_title_caption": "caption",
    "ref": "source",
}
"""What passages are called in the corpora of the field."""
OWN_TYPES = frozenset(
    {"headline", "byline", "dateline", "caption", "credit", "paragraph", "subheading", "related", "source"}
)
QUOTATION = "quotation"
"""The role of a quotation in the relation that names its speaker and its cue."""
TEXT = "text"
"""The type of a stretch of text that is no passage of an article."""


def passage_type(said: str | None) -> str:
    """The type of a passage that is called so; a paragraph where nothing says otherwise."""
    return said if said in OWN_TYPES else PASSAGE_TYPES.get(said or "", "paragraph")


def is_infon(note: Mapping[str, Any]) -> bool:
    """Whether a note is what an infon of a document, passage or sentence becomes."""
    key, by_file = note.get("type"), note.get("prov") in {None, INFONS}
    return bool(key) and by_file and note["id"] == infon_id(note.get("ref"), key or "", note["text"])


def infon_id(ref: str | None, key: str, value: str) -> str:
    """The id of the note that an infon of a document, passage or sentence becomes."""
    return ContentIds().make("N", "infon", ref, key, value)
