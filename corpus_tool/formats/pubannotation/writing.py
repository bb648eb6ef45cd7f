"""An article as a document of PubAnnotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.graph.draft import LAYERS, UNNAMED
from corpus_tool.formats.graph.ends import ends_of
from corpus_tool.formats.graph.said import ANNOTATOR, LAYER, attribute_key, said_of, unsaid
from corpus_tool.formats.pairs import ROLES
from corpus_tool.formats.pubannotation import conventions
from corpus_tool.formats.tally import Tally

Annotation = dict[str, Any]
_LISTS = ("denotations", "blocks", "relations", "attributes")
_SAID_ELSEWHERE = frozenset({"type", ANNOTATOR})
_MARKS = tuple(layer for layer in LAYERS if layer not in {"notes", "provenance", "coverage", "adjudication"})


def write_document(article: Article, losses: Tally) -> dict[str, Any]:
    """The document; what PubAnnotation has no place for goes to `losses`."""
    return _Writing(article, losses).document()


class _Writing:
    """One article on its way to denotations, blocks, relations and attributes, by project."""

    def __init__(self, article: Article, losses: Tally) -> None:
        self.article, self.losses = article, losses
        self.tracks: dict[str | None, dict[str, list[Any]]] = {}
        self.projects = self._projects()
        self.by_id = {one["id"]: (layer, one) for layer, one in self._marks() if one.get("id")}
        self.unnamed = 0

    def document(self) -> dict[str, Any]:
        for layer, one in self._marks():
            self._write(layer, one)
        for note in self.article.get("notes") or ():
            self._note(note)
        for layer, name in (("entities", "denotations"), ("relations", "relations")):
            if self.article.get(layer) == []:
                self._track(None)[name] = self._track(None).get(name, [])
        made: dict[str, Any] = conventions.source_of(self.article["id"])
        uri = (self.article.get("metadata") or {}).get("uri")
        made |= {"source_url": uri} if uri else {}
        made["text"] = self.article["text"]
        named = [name for name in self.tracks if name is not None]
        if len(named) == 1 and None not in self.tracks:
            return made | {"project": named[0]} | self._ordered(named[0])
        made |= self._ordered(None)
        tracks = [{"project": name, **self._ordered(name)} for name in named]
        return made | ({"tracks": tracks} if tracks else {})

    def _marks(self) -> Iterator[tuple[str, Annotation]]:
        for layer in _MARKS:
            yield from ((layer, one) for one in self.article.get(layer) or ())

    def _projects(self) -> dict[str, str]:
        """What each provenance is called as a project: as its agent, if no other is."""
        made: dict[str, str] = {}
        for record in self.article.get("provenance") or ():
            name = record["agent"]
            made[record["id"]] = name if name not in made.values() else f"{name} ({record['id']})"
            beyond = (record["agent_type"], record.get("role") or "annotator") != ("human", "annotator")
            if beyond or record.get("model_version"):
                example = f"{self.article['id']}: {record['id']} {record['agent_type']}"
                self.losses.add("what provenance says beyond a name", example)
        return made

    def _track(self, prov: str | None) -> dict[str, list[Any]]:
        name = None if prov is None else self.projects.get(prov, prov)
        return self.tracks.setdefault(name, {})

    def _ordered(self, name: str | None) -> dict[str, list[Any]]:
        own = self.tracks.get(name, {})
        return {key: own[key] for key in _LISTS if key in own}

    def _put(self, one: Annotation, name: str, made: dict[str, Any]) -> None:
        self._track(one.get("prov")).setdefault(name, []).append(made)

    def _write(self, layer: str, one: Annotation) -> None:
        name = one.get("id") or self._unnamed()
        if layer == "relations" and len(one.get("arguments") or ()) == 2:
            self._relation(name, one)
        else:
            self._mark(name, layer, one)
        self._attributes(name, layer, one)

    def _unnamed(self) -> str:
        self.unnamed += 1
        return f"{UNNAMED}{self.unnamed}"

    def _relation(self, name: str, one: Annotation) -> None:
        ends = one["arguments"]
        if [end["role"] for end in ends] == list(reversed(ROLES)):
            ends = ends[::-1]
        subj, obj = (end["ref"] for end in ends)
        self._put(one, "relations", {"id": name, "subj": subj, "pred": one["type"], "obj": obj})
        for pred, end, role in zip((conventions.SUBJECT, conventions.OBJECT), ends, ROLES, strict=True):
            if end["role"] != role:
                self._put(one, "attributes", {"subj": name, "pred": pred, "obj": end["role"]})

    def _mark(self, name: str, layer: str, one: Annotation) -> None:
        whole = [(0, len(self.article["text"]))]
        pieces = whole if layer == "labels" else self._where(layer, one, set()) or [(0, 0)]
        spans = [{"begin": begin, "end": end} for begin, end in pieces]
        obj = str(
            one.get("value") if layer == "labels" else one.get("type") or conventions.NAMES.get(layer, "identity")
        )
        flags = [part["name"] for part in one.get("attributes") or () if part.get("value") is None]
        block = layer in conventions.IN_BLOCKS or (layer == "entities" and conventions.BLOCK in flags)
        made = {"id": name, "span": spans[0] if len(spans) == 1 else spans, "obj": obj}
        self._put(one, "blocks" if block else "denotations", made)
        if conventions.default_layer(obj, block=block) != layer:
            self._put(one, "attributes", {"subj": name, "pred": LAYER, "obj": layer})
        for role, ref in ends_of(layer, one):
            self._put(one, "relations", {"subj": name, "pred": role, "obj": ref})

    def _where(self, layer: str, one: Annotation, seen: set[str]) -> list[tuple[int, int]]:
        """Its own spans, or those of what it refers to: the trigger of an event, else all that have some."""
        if one.get("spans"):
            return [(span["start"], span["end"]) for span in one["spans"]]
        seen.add(one.get("id") or "")
        found: set[tuple[int, int]] = set()
        for _, ref in ends_of(layer, one):
            if ref in self.by_id and ref not in seen and not (found and layer in {"events", "words"}):
                found |= set(self._where(*self.by_id[ref], seen))
        return sorted(found)

    def _attributes(self, name: str, layer: str, one: Annotation) -> None:
        bare = {key: value for key, value in one.items() if key != "attributes"}
        for key, value in said_of(layer, bare):
            if key not in _SAID_ELSEWHERE:
                obj: Any = one["confidence"] if key == "confidence" else True if value is None else value
                self._put(one, "attributes", {"subj": name, "pred": key, "obj": obj})
        for part in one.get("attributes") or ():
            if layer == "entities" and part["name"] == conventions.BLOCK and part.get("value") is None:
                continue
            own = {"id": part["id"]} if part.get("id") else {}
            obj = True if part.get("value") is None else part["value"]
            self._put(one, "attributes", {**own, "subj": name, "pred": attribute_key(part["name"]), "obj": obj})
            if obj == "":
                self.losses.add("empty values of attributes", f"{self.article['id']}: {part['name']}")
        for field in unsaid(one):
            self.losses.add(f"{layer}: {field}", f"{self.article['id']}: {name}")

    def _note(self, note: Annotation) -> None:
        ref = note.get("ref")
        if ref is None or ref not in self.by_id:
            what = "notes on the whole article" if ref is None else "notes on notes"
            self.losses.add(what, f"{self.article['id']}: {note['id']}")
            return
        pred = f"{conventions.NOTE}:{note['type']}" if note.get("type") else conventions.NOTE
        self._put(note, "attributes", {"id": note["id"], "subj": ref, "pred": pred, "obj": note["text"]})
        if note.get("id_in_source"):
            self.losses.add("notes: id_in_source", f"{self.article['id']}: {note['id']}")
