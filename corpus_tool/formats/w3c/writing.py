"""An article as a collection of web annotations on a text file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from corpus_tool.formats import Article
from corpus_tool.formats.graph import metadata
from corpus_tool.formats.graph.draft import LAYERS, UNNAMED, WITHOUT_ID
from corpus_tool.formats.graph.ends import ends_of
from corpus_tool.formats.graph.said import ANNOTATOR, said_of, unsaid
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.w3c import names

Annotation = dict[str, Any]
_AROUND = 24
_MOTIVATIONS = {
    "relations": "linking",
    "events": "linking",
    "coreference": "linking",
    "words": "describing",
    "notes": "commenting",
    "labels": "classifying",
    "coverage": "assessing",
    "adjudication": "assessing",
}


def write_collection(article: Article, losses: Tally) -> Annotation:
    """The collection, with its one page in it."""
    return _Writing(article, losses).collection()


def _text_body(purpose: str, value: str, **more: str) -> Annotation:
    return {"type": "TextualBody", "purpose": purpose} | more | {"value": value}


class _Writing:
    """One article on its way to annotations."""

    def __init__(self, article: Article, losses: Tally) -> None:
        self.article, self.losses = article, losses
        self.text: str = article["text"]
        uri = (article.get("metadata") or {}).get("uri")
        self.source = uri or quote(article["id"].rpartition("/")[2] + ".txt", safe="!$&'()*+,;=@._~-")
        records = article.get("provenance") or ()
        self.created = {record["id"]: {"created": record["created"]} for record in records if record.get("created")}
        self.unnamed = 0

    def collection(self) -> Annotation:
        name = quote(self.article["id"].rpartition("/")[2], safe="!$&'()*+,;=@._~-")
        items = list(self._items())
        made: Annotation = {
            "@context": names.CONTEXT,
            "id": f"{name}.jsonld",
            "type": "AnnotationCollection",
            "label": self.article["id"],
            "generator": {"id": names.GENERATOR, "type": "Software", "name": "corpus-tool"},
        }
        if agents := [self._agent(record) for record in self.article.get("provenance") or ()]:
            made["creator"] = agents
        made[names.TEXT] = self._about()
        if self.article.get("split"):
            made[names.SPLIT] = self.article["split"]
        if empty := [layer for layer in LAYERS if self.article.get(layer) == []]:
            made[names.ANNOTATED] = empty
        self._count()
        page = {"id": f"{name}.jsonld#page", "type": "AnnotationPage", "startIndex": 0, "items": items}
        return made | {"total": len(items), "first": page}

    def _about(self) -> Annotation:
        said = dict(metadata.pairs_of(self.article.get("metadata") or {}))
        made: Annotation = {"id": self.source, "type": "Text", "format": "text/plain"}
        made |= {"language": said["language"]} if "language" in said else {}
        made |= {"rights": said["usageTerms"]} if "usageTerms" in said else {}
        return made | {f"ct:{key}": value for key, value in said.items() if key not in {"language", "usageTerms"}}

    def _agent(self, record: Annotation) -> Annotation:
        kind = "Person" if record["agent_type"] == "human" else "Software"
        made: Annotation = {"id": names.AGENT + quote(record["id"], safe=""), "type": kind, "name": record["agent"]}
        made |= {f"ct:{key}": value for key, value in said_of("provenance", record) if key != "agent"}
        derived = [names.AGENT + quote(name, safe="") for name in record.get("derived_from") or ()]
        self._unsaid("provenance", record)
        return made | ({"ct:from": derived} if derived else {})

    def _items(self) -> Iterator[Annotation]:
        for layer in LAYERS:
            for one in self.article.get(layer) or () if layer != "provenance" else ():
                yield self._annotation(layer, one)

    def _annotation(self, layer: str, one: Annotation) -> Annotation:
        name = None if layer in WITHOUT_ID else one.get("id")
        if name is None:
            self.unnamed += 1
            name = f"{UNNAMED}{self.unnamed}"
        made: Annotation = {
            "id": names.fragment(name),
            "type": "Annotation",
            "motivation": _MOTIVATIONS.get(layer, "classifying"),
        }
        if one.get("prov"):
            made["creator"] = names.AGENT + quote(one["prov"], safe="")
            made |= self.created.get(one["prov"], {})
        ends = [self._end(layer, *end) for end in ends_of(layer, one)]
        bodies = list(self._bodies(layer, one))
        targets: list[Any] = [self._selection(span) for span in one.get("spans") or ()]
        bodies += [end | {"purpose": "linking"} for end in ends] if targets else []
        targets = targets or ends or [self.source]
        if bodies:
            made["body"] = bodies[0] if len(bodies) == 1 else bodies
        made["target"] = targets[0] if len(targets) == 1 else targets
        self._unsaid(layer, one)
        return made | {names.LAYER: layer}

    def _end(self, layer: str, role: str, ref: str) -> Annotation:
        iri = names.AGENT + quote(ref, safe="") if layer == "adjudication" else names.fragment(ref)
        return {"type": "SpecificResource", "source": iri, names.ROLE: role}

    def _selection(self, span: Annotation) -> Annotation:
        start, end = span["start"], span["end"]
        quotation = {"type": "TextQuoteSelector", "exact": span["text"]}
        before, behind = self.text[max(0, start - _AROUND) : start], self.text[end : end + _AROUND]
        quotation |= ({"prefix": before} if before else {}) | ({"suffix": behind} if behind else {})
        position = {"type": "TextPositionSelector", "start": start, "end": end}
        return {"type": "SpecificResource", "source": self.source, "selector": [position, quotation]}

    def _bodies(self, layer: str, one: Annotation) -> Iterator[Annotation]:
        label = "value" if layer == "labels" else "type"
        if one.get(label) and layer != "notes":
            yield _text_body("classifying", one[label])
        if layer == "notes":
            yield _text_body("commenting", one["text"])
        for link in one.get("links") or ():
            iri = names.entry_iri(link["db"], link["id"])
            yield {"type": "SpecificResource", "purpose": "identifying", "source": iri}
        flags = {part["name"] for part in one.get("attributes") or () if part.get("value") is None}
        for key, value in said_of(layer, one):
            plain = key in {label if layer != "notes" else "text", ANNOTATOR}
            if plain or (key.partition(".")[0] == "identifier" and key.count(".") < 2 and not _of_link(key)):
                continue
            if value is None and key in flags:
                yield _text_body("tagging", key)
            else:
                yield _text_body("describing", value or "", **{names.NAME: key})
        for part in one.get("attributes") or ():
            if part.get("value") == "":
                self.losses.add("empty values of attributes", f"{self.article['id']}: {part['name']}")
            if part.get("id"):
                self.losses.add("ids of attributes", f"{self.article['id']}: {part['id']}")

    def _unsaid(self, layer: str, one: Annotation) -> None:
        for name in unsaid(one):
            self.losses.add(f"{layer}: {name}", f"{self.article['id']}: {one.get('id', layer)}")

    def _count(self) -> None:
        known = {"schema_version", "id", "text", "text_sha256", "split", "metadata", *LAYERS}
        for name, value in self.article.items():
            if name not in known and value not in (None, [], {}):
                self.losses.add(name, self.article["id"])
        for name in metadata.without_name(self.article.get("metadata") or {}):
            self.losses.add("metadata that have no name in ninjs", f"{self.article['id']}: {name}")


def _of_link(key: str) -> bool:
    return key.endswith((".text", ".confidence", ".id_in_source"))
