"""A document of spaCy as an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article
from corpus_tool.formats.categories import axis_and_value
from corpus_tool.formats.made import begun
from corpus_tool.formats.metadata import usable
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import MAIN, Document
from corpus_tool.formats.spacy.draft import Draft
from corpus_tool.formats.spacy.entities_in import CERTAIN, add_chains, add_entities, add_relations, add_structure
from corpus_tool.formats.token_ids import token_ids

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

_UPOS = frozenset({
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
    "VERB", "X",
})  # fmt: skip
_OWN = frozenset({"id", "split", "layers", "agent", "agent_type", "role", "model_version"})
_ORDER = (
    "passages", "sentences", "tokens", "words", "entities", "relations", "events", "quotations", "coreference",
    "labels", "notes", "provenance", "coverage",
)  # fmt: skip


def to_article(name: str, document: Document, noticed: Noticed, inventory: Inventory | None) -> Article:
    """The article of a document; what it has no place for goes to `noticed`."""
    draft = Draft(document, noticed, inventory)
    _tokens(draft)
    _sentences(draft)
    add_entities(draft)
    add_structure(draft)
    add_chains(draft)
    add_relations(draft)
    _labels(draft)
    metadata = _metadata(draft)
    text, split = document.text, document.extensions.get("split")
    article: Article = begun(name, text)
    article |= {"split": split} if isinstance(split, str) and split else {}
    article |= {"metadata": metadata} if metadata else {}
    _only_stated(draft)
    if draft.makers:
        draft.layers["provenance"] = list(draft.makers.values())
    return article | {layer: draft.layers[layer] for layer in _ORDER if layer in draft.layers}


def _only_stated(draft: Draft) -> None:
    """Where the document says which layers were annotated, those: tokens and sentences are there in any case."""
    stated = draft.document.extensions.get("layers")
    if not isinstance(stated, list | tuple):
        return
    for layer in ("tokens", "words", "sentences"):
        if layer not in stated and not (layer == "tokens" and "words" in stated):
            draft.layers.pop(layer, None)
    known = [layer for layer in stated if layer in _ORDER and layer not in ("provenance", "coverage")]
    for layer in known:
        draft.layers.setdefault(layer, [])


def _tokens(draft: Draft) -> None:
    """Tokens but for white space, and their words where any has something said of it."""
    document = draft.document
    own = [
        number
        for number, token in enumerate(document.tokens)
        if token.start < token.end and not document.is_space(token)
    ]
    pieces = [(document.tokens[number].start, document.tokens[number].end) for number in own]
    names = dict(zip(own, token_ids("K", pieces), strict=True))
    if document.tokens:
        draft.layers["tokens"] = [
            {"id": name, "spans": [document.surface(*piece)]}
            for name, piece in zip(names.values(), pieces, strict=True)
        ]
    if any(one.tag or one.pos or one.morph or one.lemma or one.dep for one in document.tokens):
        words = dict(zip(own, token_ids("W", pieces), strict=True))
        draft.layers["words"] = [_word(draft, number, names, words) for number in own]


def _word(draft: Draft, number: int, tokens: dict[int, str], words: dict[int, str]) -> dict[str, Any]:
    token = draft.document.tokens[number]
    made: dict[str, Any] = {
        "id": words[number],
        "token": tokens[number],
        "form": draft.document.text[token.start : token.end],
    }
    if token.pos and token.pos not in _UPOS:
        draft.noticed.lose("parts of speech that are none of UD's", token.pos)
    said = {"lemma": token.lemma, "upos": token.pos if token.pos in _UPOS else "", "xpos": token.tag}
    made |= {name: value for name, value in said.items() if value}
    feats = [part.partition("=") for part in token.morph.split("|") if part.partition("=")[0]]
    if feats:
        made["feats"] = [{"name": name, "value": value} for name, _, value in feats]
    if token.dep and token.head is not None and token.head != number:
        if token.head in words:
            made["head"] = words[token.head]
        else:
            draft.noticed.lose("heads that are white space, or no token", f"'{made['form'][:40]}'")
    return made | ({"deprel": token.dep} if token.dep else {})


def _sentences(draft: Draft) -> None:
    document = draft.document
    own = document.tokens[1:] or document.tokens
    if document.sents is not None:
        draft.layers["sentences"] = [
            {"id": draft.ids.make("S", start, end), "spans": [document.surface(start, end)]}
            for start, end in document.sents
        ]
        return
    if all(token.sent_start == 0 for token in own):
        return
    found: list[list[int]] = []
    for token in document.tokens:
        if token.sent_start == 1 or not found:
            found.append([])
        if not document.is_space(token) and token.start < token.end:
            found[-1] += [token.start, token.end]
    draft.layers["sentences"] = [
        {"id": draft.ids.make("S", places[0], places[-1]), "spans": [document.surface(places[0], places[-1])]}
        for places in found
        if places
    ]


def _labels(draft: Draft) -> None:
    """Categories of at least a half; those of nothing were looked for, and do not apply."""
    cats = draft.document.cats
    if not cats:
        return
    found = draft.layers.setdefault("labels", [])
    prov = draft.prov(MAIN)
    for name, score in cats.items():
        axis, value = axis_and_value(name)
        if score >= CERTAIN:
            made = {"axis": axis, "value": value, "prov": prov}
            found.append(made | ({"confidence": score} if score < 1 else {}))
        elif score != 0:
            draft.noticed.lose("categories of a score below a half", f"{name}: {score}")
    record = {"layer": "labels", "prov": prov, "status": "complete"}
    names = list(dict.fromkeys(axis_and_value(name)[1] for name in cats))
    draft.layers.setdefault("coverage", []).append(record | {"labels": names})


def _metadata(draft: Draft) -> dict[str, Any]:
    found = {}
    for name, value in draft.document.extensions.items():
        plain = _listed(value)
        if usable(name, plain):
            found[name] = plain
        elif name not in _OWN and value not in (None, "", (), [], {}):
            draft.noticed.lose(f"doc._.{name}", repr(value)[:60])
    return found


def _listed(value: Any) -> Any:
    """A value with lists for tuples, which is what msgpack was asked for."""
    if isinstance(value, tuple | list):
        return [_listed(one) for one in value]
    if isinstance(value, dict):
        return {name: _listed(one) for name, one in value.items()}
    return value
