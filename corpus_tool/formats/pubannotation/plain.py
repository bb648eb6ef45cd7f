"""Annotations of which no attribute says more, many at once: most documents have no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.graph.draft import Draft
from corpus_tool.formats.pairs import Link as Ends
from corpus_tool.formats.pairs import arguments_of_all
from corpus_tool.formats.pubannotation.items import Link, Mark
from corpus_tool.formats.units import Offsets

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory


def add_entities(draft: Draft, marks: Sequence[Mark], ids: Sequence[str], offsets: Offsets, prov: str) -> bool:
    """Add all marks as entities; whether that was done, which takes that they are of one piece of the text each."""
    if any(mark.block or len(mark.pieces) > 1 for mark in marks):
        return False
    places = [mark.pieces[0] for mark in marks]
    if not offsets.are_points([begin for begin, _ in places], [end for _, end in places]):
        return False
    text = draft.text
    words = [
        text[begin:end] if mark.words is None else mark.words for mark, (begin, end) in zip(marks, places, strict=True)
    ]
    made = [
        {"id": name, "type": mark.obj, "spans": [{"start": begin, "end": end, "text": said}], "prov": prov}
        for name, mark, (begin, end), said in zip(ids, marks, places, words, strict=True)
    ]
    _add(draft, "entities", made, marks)
    return True


def add_relations(  # noqa: PLR0913, PLR0917 (what is added, to what, and how it is read)
    draft: Draft,
    links: Sequence[Link],
    ids: Sequence[str],
    ends: Sequence[Ends],
    prov: str,
    inventory: Inventory | None,
) -> None:
    """Add all links as relations between the `ends` that they name."""
    made = [
        {"id": name, "type": link.pred, "arguments": arguments, "prov": prov}
        for name, link, arguments in zip(ids, links, arguments_of_all(ends, inventory), strict=True)
    ]
    _add(draft, "relations", made, links)


def _add(draft: Draft, layer: str, made: list[dict[str, Any]], said: Sequence[Mark | Link]) -> None:
    if made:
        items = draft.layers.setdefault(layer, [])
        draft.at |= {f"/{layer}/{number}": one.at for number, one in enumerate(said, len(items))}
        items += made
