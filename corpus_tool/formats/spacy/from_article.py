"""An article as a document of spaCy, and what that has no place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article
from corpus_tool.formats.categories import category, comes_back
from corpus_tool.formats.metadata import given
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.records_lost import Records, count_lost
from corpus_tool.formats.spacy.document import COREF, ENTITIES, FRAGMENTS, STRUCTURE, Document, Token
from corpus_tool.formats.spacy.entities_out import add_chains, add_entities, add_relations, add_structure
from corpus_tool.formats.spacy.outgoing import Annotation, Outgoing
from corpus_tool.formats.spacy.syntax import add_sentences, add_words
from corpus_tool.formats.spacy.tokenising import by_rules, covering

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

LAYERS = (
    "passages", "sentences", "tokens", "words", "entities", "relations", "events", "quotations", "coreference",
    "labels", "notes",
)  # fmt: skip
_KEPT = Records(
    covered=("entities", "labels"),
    with_labels=("labels",),
    fields=("id", "agent", "agent_type", "tool"),
    made=("entities", "relations", "coreference", "labels"),
)
"""Coverage and makers of what spaCy can say; of the main annotator it keeps role and version too."""


def to_document(article: Article, inventory: Inventory | None, noticed: Noticed) -> Document:
    """The document of an article; what does not fit its tokens, or spaCy, goes to `noticed`."""
    writer = Outgoing(article, inventory, noticed, Document(article["text"]))
    writer.main = main_maker(article)
    _tokens(writer)
    add_entities(writer)
    add_structure(writer)
    add_chains(writer)
    add_relations(writer)
    _labels(writer)
    add_sentences(article, writer.document, noticed)
    add_words(article, writer.document, noticed)
    writer.document.extensions = _extensions(writer)
    count_lost(article, _KEPT, noticed)
    return writer.document


def main_maker(article: Article) -> str | None:
    """Whose entities become `doc.ents`: as for gold, who was adjudicated, else the first person who was complete."""
    layers = [layer for layer in ("entities", "relations", "labels", "coreference") if article.get(layer)]
    provs = list(dict.fromkeys(one.get("prov") for layer in layers for one in article[layer]))
    people = {one["id"] for one in article.get("provenance") or () if one["agent_type"] == "human"}
    settled = [one.get("prov") for one in article.get("adjudication") or () if one["status"] == "adjudicated"]
    covered = article.get("coverage") or ()
    complete = [one["prov"] for one in covered if one["status"] == "complete" and one["prov"] in people]
    human = [prov for prov in provs if prov in people]
    return next((prov for prov in (*settled, *complete, *human, *provs) if prov in provs), None)


def _tokens(writer: Outgoing) -> None:
    article, document, reach = writer.article, writer.document, 0
    cuts = [offset for span in _all_spans(article) for offset in (span["start"], span["end"])]
    if article.get("tokens") is None:
        language = (article.get("metadata") or {}).get("language")
        own = by_rules(article["text"], language, cuts)
        writer.noticed.lose("that an article has no tokens: rules of spaCy made some", article["id"])
    else:
        own = []
        for token in sorted(writer.items("tokens"), key=lambda one: one["spans"][0]["start"]):
            start, end = token["spans"][0]["start"], token["spans"][0]["end"]
            if len(token["spans"]) > 1 or start < reach or start >= end:
                writer.noticed.lose("tokens that are empty, overlap, or are of several pieces", token["id"])
                continue
            if article["text"][start:end].isspace():
                writer.noticed.lose("tokens of white space", token["id"])
            own.append((start, end))
            reach = end
    known = set(own)
    for start, end in covering(article["text"], own, cuts):
        if (start, end) not in known and not article["text"][start:end].isspace():
            writer.noticed.lose("text outside tokens: it became tokens", article["text"][start:end][:40])
        writer.starts[start] = writer.ends[end] = len(document.tokens)
        document.tokens.append(Token(start, end))


def _all_spans(article: Article) -> Iterator[Annotation]:
    for layer in (*STRUCTURE, "sentences", "entities"):
        for one in article.get(layer) or ():
            yield from one["spans"]


def _labels(writer: Outgoing) -> None:
    cats = writer.document.cats
    for one in writer.items("labels"):
        name = category(one["axis"], one["value"])
        if one.get("prov") != writer.main:
            writer.noticed.lose("labels of further annotators", name)
            continue
        if not comes_back(one["axis"], one["value"]):
            writer.noticed.lose("axes of labels", name)
        cats[name] = 1.0 if one.get("confidence") is None else float(one["confidence"])
        if cats[name] < 0.5:
            writer.noticed.lose("labels of a confidence below a half", name)
    for name in _ruled_out(writer):
        cats.setdefault(name, 0.0)


def _ruled_out(writer: Outgoing) -> Iterator[str]:
    """The other values of an axis on which somebody looked at all of them: negative examples."""
    axes = {axis.name: axis.values for axis in (writer.inventory.axes if writer.inventory else ())}
    complete = any(
        one["layer"] == "labels" and one["status"] == "complete" and one["prov"] == writer.main
        for one in writer.items("coverage")
    )
    for axis in dict.fromkeys(one["axis"] for one in writer.items("labels")) if complete else ():
        yield from (category(axis, value) for value in axes.get(axis, ()))


def _extensions(writer: Outgoing) -> dict[str, Any]:
    """What is said of the whole article, as `doc._`: which layers it has, since spaCy cannot tell none from empty."""
    article = writer.article
    maker: Mapping[str, Any] = next((one for one in writer.items("provenance") if one["id"] == writer.main), {})
    known: dict[str, Any] = {"id": article["id"], "split": article.get("split")} | given(article.get("metadata"))
    known["layers"] = [layer for layer in LAYERS if _comes_back(writer, layer)]
    known |= {name: maker.get(name) for name in ("agent", "agent_type", "role", "model_version")}
    return {name: value for name, value in known.items() if value is not None}


def _comes_back(writer: Outgoing, layer: str) -> bool:
    """Whether a layer was annotated and found empty, or something of it has a place."""
    if writer.article.get(layer) == []:
        return True
    document = writer.document
    if not writer.items(layer) or layer in {"events", "notes"}:
        return False
    found: dict[str, Any] = {
        "tokens": document.tokens,
        "words": any(token.tag or token.pos or token.morph or token.lemma or token.dep for token in document.tokens),
        "sentences": any(token.sent_start == 1 for token in document.tokens),
        "relations": document.relations,
        "labels": document.cats,
        "coreference": any(COREF in name for name in document.groups),
        "entities": document.ents or any(name.endswith((ENTITIES, FRAGMENTS)) for name in document.groups),
    }
    return bool(found.get(layer, document.groups.get(layer)))
