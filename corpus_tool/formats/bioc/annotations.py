"""Annotations and relations of a BioC document as layers of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.bioc import conventions
from corpus_tool.formats.bioc.assembling import Assembled, locations
from corpus_tool.formats.bioc.elements import Element
from corpus_tool.formats.graph.draft import (
    LAYERS,
    MALFORMED,
    OUTSIDE,
    SURFACE,
    UNNAMED,
    WITHOUT_ID,
    Draft,
)
from corpus_tool.formats.graph.ends import put_ends
from corpus_tool.formats.graph.said import LAYER, put_said
from corpus_tool.formats.made import by_unknown

_JOINED = (" ", "", "...", " ... ", "…", " … ")
_UNKNOWN = "bioc"
_WITH_SPANS = frozenset({"passages", "sentences", "tokens", "entities", "quotations"})
_WITHOUT_PROV = frozenset({"provenance", "notes"})


@dataclass(frozen=True, slots=True)
class _Found:
    """An annotation or relation, in which passage it stands (None for the document), and what it is called here."""

    element: Element
    passage: int | None
    layer: str
    id: str


@dataclass(slots=True)
class Marks:
    """All annotations and relations of one document; `ours` where the collection keeps to `conventions`."""

    draft: Draft
    assembled: Assembled
    ours: bool
    names: dict[tuple[int | None, str], str] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    quotations: dict[str, dict[str, Any]] = field(default_factory=dict)

    def read(self, document: Element) -> None:
        found = [self._named(element, passage) for element, passage in _elements(document)]
        for one in found:
            if one.element.tag == "annotation":
                self._annotation(one)
            else:
                self._relation(one)
        self._provenance()

    def _named(self, element: Element, passage: int | None) -> _Found:
        said = dict(element.infons()).get(LAYER)
        default = "entities" if element.all("location") else "labels"
        layer = said if said in LAYERS else default if element.tag == "annotation" else "relations"
        wanted = element.said("id") or None
        if layer == "provenance" and wanted:
            return _Found(element, passage, layer, wanted.removeprefix(conventions.PROVENANCE))
        if layer in WITHOUT_ID or (layer == "labels" and (wanted or "").startswith(UNNAMED)):
            return _Found(element, passage, layer, "")
        name = self.draft.new_id(layer, wanted, element.at, *element.infons(), locations(element))
        if wanted:
            self.names.setdefault((passage, wanted), name)
            self.first.setdefault(wanted, name)
        return _Found(element, passage, layer, name)

    def _ref(self, ref: str, passage: int | None) -> str:
        if ref.startswith(conventions.PROVENANCE):
            return ref.removeprefix(conventions.PROVENANCE)
        return self.names.get((passage, ref)) or self.first.get(ref, ref)

    def _annotation(self, found: _Found) -> None:
        where = locations(found.element)
        if where is None:
            message = f"annotation '{found.id}' has a location without offset and length in numbers: left out"
            self.draft.error(MALFORMED, found.element.at, message, found.id)
            return
        if found.layer == "labels":
            self._label(found)
            return
        one: dict[str, Any] = {"id": found.id} if found.id else {}
        pieces = self._pieces(found, where)
        if pieces is None:
            return
        if found.layer in _WITH_SPANS:
            one["spans"] = self.draft.spans(pieces)
            self._compare(found, one["spans"])
        if found.layer == "quotations":
            self.quotations[found.id] = one
        self._finish(found, one, [])

    def _pieces(self, found: _Found, where: list[tuple[int, int]]) -> list[tuple[int, int]] | None:
        pieces = []
        for offset, length in where:
            start = self.assembled.point(offset, found.passage)
            end = self.assembled.point(offset + length, found.passage)
            if start is None or end is None:
                where_ = f"at {offset}, {length} long"
                message = f"annotation '{found.id}' stands {where_}: no characters of the text, left out"
                self.draft.error(OUTSIDE, found.element.at, message, found.id)
                return None
            pieces.append((start, max(start, end)))
        return pieces

    def _compare(self, found: _Found, spans: list[dict[str, Any]]) -> None:
        """What the annotation says it covers; where one span has other words, the rules see them."""
        words = found.element.said("text")
        if not words:
            return
        if len(spans) == 1:
            spans[0]["text"] = words
            return
        covered = [span["text"] for span in spans]
        hull = self.draft.text[spans[0]["start"] : spans[-1]["end"]]
        if words != hull and words not in {between.join(covered) for between in _JOINED}:
            message = f"annotation '{found.id}' says '{words[:80]}', where the text has '{' '.join(covered)[:80]}'"
            self.draft.error(SURFACE, found.element.at, message, found.id)

    def _label(self, found: _Found) -> None:
        """An annotation that stands nowhere is one of the document."""
        said = dict(found.element.infons())
        value = said.get("identifier") or said.get("value") or found.element.said("text") or ""
        one = {"id": found.id, "axis": said.get("axis") or said.get(conventions.TYPE) or "annotation", "value": value}
        self._finish(found, one, [])

    def _relation(self, found: _Found) -> None:
        ends = [(node.said("role") or "node", node.said("refid")) for node in found.element.all("node")]
        if any(ref is None for _, ref in ends):
            message = f"relation '{found.id}' has a node without 'refid': the node is left out"
            self.draft.error(MALFORMED, found.element.at, message, found.id)
        known = [(role, self._ref(ref, found.passage)) for role, ref in ends if ref is not None]
        carrier = next((self.quotations.get(ref) for role, ref in known if role == conventions.QUOTATION), None)
        if found.layer == "quotations" and carrier is not None:
            for role, _ in put_ends("quotations", carrier, [end for end in known if end[0] != conventions.QUOTATION]):
                self.draft.lose("nodes of quotations", f"{found.id} {role}")
            return
        self._finish(found, {"id": found.id} if found.id else {}, known)

    def _finish(self, found: _Found, one: dict[str, Any], ends: list[tuple[str, str]]) -> None:
        layer, draft = found.layer, self.draft
        infons = [(key, value) for key, value in found.element.infons() if key != LAYER or value != layer]
        said = dict(infons)
        if layer in {"entities", "relations"} and not said.get(conventions.TYPE):
            infons = [pair for pair in infons if pair[0] != conventions.TYPE]
            one["type"] = found.element.tag
            if layer == "relations" and said.get("relation"):
                one["type"] = said["relation"]
                infons = [pair for pair in infons if pair[0] != "relation"]
        left = put_said(layer, one, infons)
        for role, _ in put_ends(layer, one, ends):
            draft.lose(f"nodes of {layer}", f"{found.id} {role}")
        if one.get("prov") is None and not self.ours and layer not in _WITHOUT_PROV:
            one["prov"] = _UNKNOWN
        draft.add(layer, one, found.element.at)
        for key, value in left:
            if (key, value) not in {(name, one.get(name)) for name in ("axis", "value")} and layer != "labels":
                draft.lose(f"infons of {layer}", f"{found.id} {key}={value}")
            elif layer == "labels" and key not in {conventions.TYPE, "identifier"}:
                made = {"id": draft.new_id("notes", None, None, found.id, key, value), "type": key, "ref": found.id}
                made |= {"text": value or ""} | ({"prov": one["prov"]} if one.get("prov") else {})
                draft.add("notes", made, found.element.at)

    def _provenance(self) -> None:
        """A record for every annotator that the file names and does not describe."""
        draft = self.draft
        records = {record["id"]: record for record in draft.layers.get("provenance", ())}
        for note in draft.layers.get("notes", ()):
            if conventions.is_infon(note) and (not self.ours or conventions.INFONS in records):
                note["prov"] = conventions.INFONS
        used = dict.fromkeys(
            one["prov"] for layer in LAYERS for one in draft.layers.get(layer, ()) if one.get("prov") is not None
        )
        for name in used:
            if name in records:
                continue
            made = by_unknown("BioC", "rule" if name == conventions.INFONS else "human") | {"id": name}
            draft.add("provenance", made if name in {_UNKNOWN, conventions.INFONS} else made | {"agent": name}, None)
        for record in records.values():
            record.setdefault("agent", record["id"])
            record.setdefault("agent_type", "human")


def _elements(document: Element) -> Iterator[tuple[Element, int | None]]:
    """Annotations and relations in the order of the file, each with its passage."""
    for number, passage in enumerate(document.all("passage")):
        for part in (passage, *passage.all("sentence")):
            yield from ((child, number) for child in part.children if child.tag in {"annotation", "relation"})
    yield from ((child, None) for child in document.children if child.tag in {"annotation", "relation"})
