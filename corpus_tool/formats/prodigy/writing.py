"""One article as tasks: one a person or model for what is marked in the text, one for what is chosen of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article
from corpus_tool.formats.categories import category, comes_back
from corpus_tool.formats.kb_ids import comes_back as link_comes_back
from corpus_tool.formats.kb_ids import kb_id
from corpus_tool.formats.metadata import given
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.pairs import HEAD_AND_CHILD, pair_of
from corpus_tool.formats.prodigy.makers import source
from corpus_tool.formats.prodigy.task import COREF
from corpus_tool.formats.records_lost import Records, count_lost

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

Annotation = Mapping[str, Any]
MARKED = ("entities", "relations", "coreference")
_KEPT = Records(
    covered=(*MARKED, "labels"),
    with_labels=(),
    fields=("id", "agent", "agent_type", "created", "run", "model_version", "tool"),
    made=(*MARKED, "labels"),
)
"""Coverage and makers of what tasks ask about."""


@dataclass(slots=True)
class _Writer:
    article: Article
    inventory: Inventory | None
    noticed: Noticed
    tokens: list[dict[str, Any]] | None = None
    starts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    entities: dict[str, Annotation] = field(default_factory=dict)

    def items(self, layer: str) -> Sequence[Annotation]:
        return self.article.get(layer) or ()

    def of(self, layer: str, prov: str | None) -> list[Annotation]:
        return [one for one in self.items(layer) if one.get("prov") == prov]


def tasks(article: Article, inventory: Inventory | None, noticed: Noticed) -> Iterator[dict[str, Any]]:
    """The tasks of one article; one to be read, without an answer, where nobody has annotated anything."""
    writer = _Writer(article, inventory, noticed)
    _tokens(writer)
    writer.entities = {one["id"]: one for one in writer.items("entities")}
    for one in writer.items("entities"):
        _count_entity(writer, one)
    count_lost(article, _KEPT, noticed)
    _count_adjudication(writer)
    shared = {"text": article["text"], "meta": _meta(article)} | ({"tokens": writer.tokens} if writer.tokens else {})
    made = [*_marked(writer), *_chosen(writer)]
    yield from ({**shared, **task} for task in made or [{"_view_id": "text"}])


def _meta(article: Article) -> dict[str, Any]:
    metadata = given(article.get("metadata"))
    sources = metadata.get("infoSources")
    if sources and len(sources) == 1 and given(sources[0]).keys() == {"name"}:
        metadata["source"] = metadata.pop("infoSources")[0]["name"]
    split = {"split": article["split"]} if article.get("split") else {}
    return {"id": article["id"], **split, **metadata}


def _tokens(writer: _Writer) -> None:
    text, reach = writer.article["text"], 0
    if writer.article.get("tokens") is None:
        return
    writer.tokens = []
    for token in sorted(writer.items("tokens"), key=lambda one: (one["spans"][0]["start"], one["spans"][0]["end"])):
        span = token["spans"][0]
        if len(token["spans"]) > 1 or span["start"] < reach:
            writer.noticed.lose("tokens that overlap, or are of several pieces", token["id"])
            continue
        reach, number = span["end"], len(writer.tokens)
        writer.starts[span["start"]], writer.ends[span["end"]] = number, number
        space = text[reach : reach + 1] == " "
        writer.tokens.append(
            {"text": text[span["start"] : reach], "start": span["start"], "end": reach, "id": number, "ws": space}
        )


def _provs(writer: _Writer, layers: Sequence[str]) -> list[str | None]:
    """Who has a task on some layers; nobody in particular where one is empty and nobody is said to have looked."""
    covered = [one.get("prov") for one in writer.items("coverage") if one["layer"] in layers]
    here = [name for name in layers if writer.article.get(name) is not None]
    made = [one.get("prov") for name in here for one in writer.items(name)]
    found: list[str | None] = list(dict.fromkeys([*made, *(prov for prov in covered if here)]))
    return found if found or not here else [None]


def _marked(writer: _Writer) -> Iterator[dict[str, Any]]:
    related = writer.article.get("relations") is not None or writer.article.get("coreference") is not None
    for prov in _provs(writer, MARKED):
        own = writer.of("entities", prov)
        spans = [_span(writer, one, number) for one in own for number in range(len(one["spans"]))]
        view = "relations" if related else "spans_manual" if _overlap(own) else "ner_manual"
        task = {"spans": spans}
        if related:
            task["relations"] = [*_relations(writer, prov), *_chains(writer, prov)]
        yield task | _answer(writer, prov, view, MARKED)


def _overlap(entities: list[Annotation]) -> bool:
    pieces = sorted((span["start"], span["end"]) for one in entities for span in one["spans"])
    return any(second[0] < first[1] for first, second in pairwise(pieces))


def _span(writer: _Writer, entity: Annotation, number: int = 0) -> dict[str, Any]:
    """One piece of an entity: all its pieces have its id."""
    span = entity["spans"][number]
    start, end = span["start"], span["end"]
    made = {"start": start, "end": end, "text": writer.article["text"][start:end], "label": entity["type"]}
    made |= _token_range(writer, start, end) | {"id": entity["id"]}
    for one in (entity.get("links") or ())[:1]:
        made["kb_id"] = kb_id(one)
    if entity.get("confidence") is not None:
        made["score"] = entity["confidence"]
    maker = _maker(writer, entity.get("prov"))
    return made | ({"source": source(maker)} if maker.get("agent_type", "human") != "human" else {})


def _token_range(writer: _Writer, start: int, end: int) -> dict[str, int]:
    if start in writer.starts and end in writer.ends and start < end:
        return {"token_start": writer.starts[start], "token_end": writer.ends[end]}
    return {}


def _relations(writer: _Writer, prov: str | None) -> Iterator[dict[str, Any]]:
    for one in writer.of("relations", prov):
        found = pair_of(one, writer.inventory, HEAD_AND_CHILD)
        head, child = (writer.entities.get(found.source), writer.entities.get(found.target)) if found else (None, None)
        if found is None or head is None or child is None:
            writer.noticed.lose("relations of other than two entities", one["id"])
            continue
        if not found.exact:
            roles = ", ".join(part["role"] for part in one["arguments"])
            writer.noticed.lose("roles of arguments", f"{one['id']}: {roles}")
        if one.get("confidence") is not None:
            writer.noticed.lose("confidence of relations", one["id"])
        yield _joined(writer, head, child, one["type"])


def _joined(writer: _Writer, head: Annotation, child: Annotation, label: str) -> dict[str, Any]:
    spans = [
        {name: value for name, value in _span(writer, one).items() if name not in ("text", "score", "source", "kb_id")}
        for one in (head, child)
    ]
    at = {end: span["token_end"] for end, span in zip(("head", "child"), spans, strict=True) if "token_end" in span}
    return {**at, "head_span": spans[0], "child_span": spans[1], "label": label}


def _chains(writer: _Writer, prov: str | None) -> Iterator[dict[str, Any]]:
    for chain in writer.of("coreference", prov):
        known = [name for name in chain["mentions"] if name in writer.entities]
        if len(known) < len(chain["mentions"]):
            writer.noticed.lose("mentions that are no entity", chain["id"], len(chain["mentions"]) - len(known))
        if len(known) < 2:
            writer.noticed.lose("chains of fewer than two mentions", chain["id"])
        if chain.get("type") not in {None, "identity"}:
            writer.noticed.lose("types of chains", f"{chain['id']} {chain['type']}")
        if chain.get("representative") is not None:
            writer.noticed.lose("representative mentions", chain["id"])
        for one, other in pairwise(known):
            yield _joined(writer, writer.entities[one], writer.entities[other], COREF)


def _chosen(writer: _Writer) -> Iterator[dict[str, Any]]:
    for prov in _provs(writer, ("labels",)):
        own = writer.of("labels", prov)
        names = list(dict.fromkeys(category(one["axis"], one["value"]) for one in own))
        for one in own:
            if not comes_back(one["axis"], one["value"]):
                writer.noticed.lose("axes of labels", f"{one['axis']}={one['value']}")
            if one.get("confidence") is not None:
                writer.noticed.lose("confidence of labels", f"{one['axis']}={one['value']}")
        options = [{"id": name, "text": name} for name in names]
        yield {"options": options, "accept": names} | _answer(writer, prov, "choice", ("labels",))


def _maker(writer: _Writer, prov: str | None) -> Annotation:
    return next((one for one in writer.items("provenance") if one["id"] == prov), {})


def _answer(writer: _Writer, prov: str | None, view: str, layers: Sequence[str]) -> dict[str, Any]:
    """Who answered, how, and whether that was all. What a model made is a suggestion: nobody has answered it."""
    maker = _maker(writer, prov)
    task: dict[str, Any] = {}
    if maker.get("agent", "unknown") != "unknown":
        task["_annotator_id"] = source(maker)
    if maker.get("run"):
        task["_session_id"] = maker["run"]
    if maker.get("created"):
        task |= _timestamp(maker["created"])
    task |= _complete(writer, prov, view, layers)
    return task | ({"answer": "accept"} if maker.get("agent_type", "human") == "human" else {})


def _complete(writer: _Writer, prov: str | None, view: str, layers: Sequence[str]) -> dict[str, Any]:
    settled = {
        one["layer"]
        for one in writer.items("adjudication")
        if one["status"] == "adjudicated" and one.get("prov") == prov
    }
    covered = {one["status"] for one in writer.items("coverage") if one["prov"] == prov and one["layer"] in layers}
    if "partial" in covered:
        return {"_is_binary": True}
    if settled.intersection(layers):
        return {"_view_id": "review", "view_id": view, "_is_binary": False}
    return {"_view_id": view, "_is_binary": False} if covered else {}


def _timestamp(created: str) -> dict[str, int]:
    try:
        return {"_timestamp": int(datetime.fromisoformat(created).timestamp())}
    except (ValueError, OverflowError):
        return {}


def _count_entity(writer: _Writer, entity: Annotation) -> None:
    links: Sequence[Annotation] = entity.get("links") or ()
    if len(links) > 1:
        writer.noticed.lose("further links of an entity", entity["id"], len(links) - 1)
    if any(not link_comes_back(one) for one in links[:1]):
        writer.noticed.lose("names of knowledge bases", f"{entity['id']} {links[0]['db']}")
    for one in links[:1]:
        for name in ("text", "confidence"):
            if one.get(name) is not None:
                writer.noticed.lose(f"links: {name}", entity["id"])


def _count_adjudication(writer: _Writer) -> None:
    """Only what was adjudicated to somebody who has a task on the layer comes back, as a review."""
    for one in writer.items("adjudication"):
        here = one["layer"] in _KEPT.covered and writer.article.get(one["layer"]) is not None
        if one["status"] != "adjudicated" or one.get("prov") is None or not here:
            writer.noticed.lose("adjudication that is no review", f"{one['layer']} {one['status']}")
