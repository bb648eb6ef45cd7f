"""A document of PubAnnotation as an article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corpus_tool.formats import Imported, Unit
from corpus_tool.formats.graph.draft import MALFORMED, Draft, refused
from corpus_tool.formats.graph.places import Places
from corpus_tool.formats.metadata import usable
from corpus_tool.formats.pubannotation.conventions import article_id
from corpus_tool.formats.pubannotation.items import parts, pieces
from corpus_tool.formats.pubannotation.tracks import Track
from corpus_tool.formats.units import Offsets, another_unit, settle
from corpus_tool.inventory import Inventory

_TARGET = re.compile(r"/sourcedb/([^/?#]+)/sourceid/([^/?#]+)(?:/divid/([0-9]+))?")
_OF_DOCUMENT = frozenset({
    "text", "sourcedb", "sourceid", "divid", "target", "source_url", "tracks", "project", "denotations", "blocks",
    "relations", "attributes", "modifications",
})  # fmt: skip


def read_document(  # noqa: PLR0913, PLR0917 (where it stands, what it is called, how to read and to place it)
    document: Any, pointer: str, path: str, article: str, inventory: Inventory | None,
    places: Places,
) -> Imported:  # fmt: skip
    """The article of a document; what is wrong with a part of it is a finding, and the part is left out."""
    text = document.get("text") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(text, str):
        what = "it has no 'text'" if isinstance(document, dict) else "it is no object"
        place = places({"": pointer}).get("")
        return refused(path, article, MALFORMED, f"not a document of PubAnnotation: {what}", place)
    target = _target(document)
    draft = Draft(path, article_id({**target, **document}, article), text)
    uri = document.get("source_url") or document.get("target")
    if usable("uri", uri):
        draft.metadata["uri"] = uri
    tracks = [Track(draft, document, pointer, inventory)]
    tracks += [
        Track(draft, track, at, inventory, in_document=False) for track, at in parts(draft, document, "tracks", pointer)
    ]
    stated = [one for track in tracks for one in track.stated()]
    settled = settle(text, stated, Unit.CODE_POINTS)
    offsets = Offsets(text, settled.unit)
    names: dict[str, str] = {}
    for track in tracks:
        track.name(names)
    for track in tracks:
        track.read(offsets, names)
    _lost(draft, document)
    made = draft.finish(places)
    units = tuple(another_unit(settled, Unit.CODE_POINTS, path, draft.id))
    return Imported(path, made.article, (*units, *made.findings), made.places, made.losses)


def _target(document: Mapping[str, Any]) -> dict[str, str]:
    """The source that the address of the document at PubAnnotation names."""
    target = document.get("target")
    match = _TARGET.search(target) if isinstance(target, str) else None
    names = ("sourcedb", "sourceid", "divid")
    return {name: part for name, part in zip(names, match.groups(), strict=True) if part} if match else {}


def _lost(draft: Draft, document: Mapping[str, Any]) -> None:
    """What an article has no place for."""
    target = document.get("target")
    if target and document.get("source_url") and not _target(document):
        draft.lose("targets", str(target))
    for name, value in document.items():
        if name not in _OF_DOCUMENT and value not in (None, [], {}):
            draft.lose(name, _example(value))


def _example(value: Any) -> str:
    first = value[0] if isinstance(value, list) else value
    span = pieces(first.get("span")) if isinstance(first, dict) else None
    return f"{span[0][0]}-{span[0][1]}" if span else str(first)
