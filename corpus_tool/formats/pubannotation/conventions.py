"""How articles use PubAnnotation: what is called how in denotations, blocks and attributes.

What is neither an entity nor a relation between two has an attribute `layer`. What has no place in the text (a chain, a
relation among three, an event) is a denotation where the things it refers to are, and they are relations without an
id from it to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FRAGMENT, CHAINED = "_FRAGMENT", "_lexicallyChainedTo"
"""How a discontinuous span is told without lists: each fragment is a denotation, and they are chained."""
NOTE = "note"
SUBJECT, OBJECT = "subj", "obj"
BLOCK = "block"
"""The attribute of an entity that was a block."""
NAMES = {"sentences": "Sentence", "tokens": "Token", "words": "Word"}
"""What annotations are called that have no type."""
IN_BLOCKS = frozenset({"passages", "sentences", "quotations", "labels"})
_STRUCTURE = {
    "title": "headline",
    "headline": "headline",
    "byline": "byline",
    "dateline": "dateline",
    "caption": "caption",
    "credit": "credit",
    "paragraph": "paragraph",
    "abstract": "paragraph",
    "subheading": "subheading",
    "related": "related",
    "source": "source",
}


def default_layer(obj: str, *, block: bool) -> str:
    """The layer of what says nothing of its layer."""
    if obj.lower() == "sentence":
        return "sentences"
    return "passages" if block and obj.lower() in _STRUCTURE else "entities"


def passage_type(obj: str) -> str:
    """The type of a passage that is called so."""
    return _STRUCTURE.get(obj.lower(), "paragraph")


def article_id(document: Mapping[str, Any], other: str) -> str:
    """`PubMed:25314077`, with the number of the division behind it; `other` where the document names no source."""
    entry = _word(document.get("sourceid"))
    if not entry:
        return other
    database, division = _word(document.get("sourcedb")), _word(document.get("divid"))
    return (f"{database}:" if database else "") + entry + (f"-{division}" if division else "")


def _word(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def source_of(article: str) -> dict[str, str]:
    """The database and entry that an article's id names."""
    database, colon, entry = article.partition(":")
    if colon and database and entry:
        return {"sourcedb": database, "sourceid": entry}
    return {"sourceid": article}
