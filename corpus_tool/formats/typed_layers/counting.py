"""Fields of annotations that no feature is made of, counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.tally import Tally

_HELD = {
    "coreference": {"id", "type", "mentions", "prov"},
    "notes": {"id", "type", "ref", "text", "prov"},
    "entities": {"id", "type", "spans", "links", "attributes", "confidence", "prov"},
    "relations": {"id", "type", "arguments", "attributes", "confidence", "prov"},
    "events": {"id", "type", "trigger", "arguments", "attributes", "confidence", "prov"},
    "quotations": {"id", "type", "spans", "speaker", "cue", "attributes", "confidence", "prov"},
    "passages": {"id", "type", "spans", "prov"},
}
_NESTED = {"links": {"db", "id"}, "attributes": {"name", "value"}}


def count_fields(article: Article, lost: Tally) -> None:
    """Count what an annotation says in a field that is not held."""
    for layer, held in _HELD.items():
        for one in article.get(layer) or ():
            _count(one, layer, held, f"{article['id']}: {one['id']}", lost)
            for name, inner in _NESTED.items():
                for part in one.get(name) or ():
                    _count(part, name, inner, f"{article['id']}: {one['id']}", lost)


def _count(one: Mapping[str, Any], layer: str, held: set[str], example: str, lost: Tally) -> None:
    for name, value in one.items():
        if name not in held and value not in (None, [], {}):
            lost.add(f"{layer}: {name}", example)
