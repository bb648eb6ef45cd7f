"""What of provenance and coverage a format has no place for, counted for each article that is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.noticed import Noticed


@dataclass(frozen=True, slots=True)
class Records:
    """What a format keeps: coverage of layers, of some with labels; fields of provenance; makers of layers."""

    covered: Collection[str]
    with_labels: Collection[str]
    fields: Collection[str]
    made: Collection[str]


_MAKERS_OF = (
    "passages", "sentences", "tokens", "words", "entities", "relations", "quotations", "coreference", "labels",
)  # fmt: skip
_PLAIN: dict[str, Collection[Any]] = {"role": (None, "annotator"), "tool": ()}


def count_lost(article: Article, kept: Records, noticed: Noticed) -> None:
    """Tell what is lost of the records of an article, and of who made the annotations of its layers."""
    for one in article.get("coverage") or ():
        if one["layer"] not in kept.covered:
            noticed.lose("coverage of further layers", f"{one['layer']} {one['status']}")
        elif one.get("labels") and one["layer"] not in kept.with_labels:
            noticed.lose("labels that coverage names", f"{one['layer']}: {', '.join(one['labels'])}")
    for one in article.get("provenance") or ():
        for name, value in one.items():
            if name not in kept.fields and value not in (None, []) and value not in _PLAIN.get(name, ()):
                noticed.lose(f"provenance: {name}", f"{one['id']} {value}")
    for layer in _MAKERS_OF:
        named = [one for one in article.get(layer) or () if one.get("prov")] if layer not in kept.made else []
        if named:
            noticed.lose(f"who made {layer}", str(named[0].get("id")), len(named))
