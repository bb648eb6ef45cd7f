"""DKPro's POS, lemmas, morphology and dependencies to the words of an article: one word a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.made import ContentIds
from corpus_tool.formats.typed_layers.model import TypedDocument, TypedRelation, TypedSpan
from corpus_tool.formats.typed_layers.names import DEPENDENCY, FORM, LEMMA, MORPHOLOGY, POS

UPOS = frozenset({
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
    "VERB", "X",
})  # fmt: skip
WORD_LAYERS = frozenset({POS, LEMMA, FORM, MORPHOLOGY, DEPENDENCY})
_FIELDS = {POS: "xpos", LEMMA: "lemma", FORM: "form", MORPHOLOGY: "feats"}
_FEATURES = {POS: "PosValue", LEMMA: "value", FORM: "value", MORPHOLOGY: "value"}
ENHANCED = "enhanced"


@dataclass(slots=True)
class Words:
    """The words of a document, and the ids of the spans and relations that they say all of."""

    words: list[dict[str, Any]] | None = None
    spans: set[str] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)


def read_words(document: TypedDocument, tokens: Mapping[str, str], ids: ContentIds) -> Words:
    """A word for every token, where anything is said of one; `tokens` are the ids of tokens in the article."""
    found = Words()
    by_token = dict(_fields(document, found))
    links = [one for one in document.relations if one.type == DEPENDENCY and _both_tokens(one, tokens)]
    if document.tokens is None or not (by_token or links):
        return found
    words: dict[str, dict[str, Any]] = {}
    for token in document.tokens:
        form = document.text[token.begin : token.end]
        said = by_token.get(token.id, {})
        name = ids.make("W", token.begin, token.end, form)
        words[token.id] = {"id": name, "token": tokens[token.id], "form": form, **said}
    for link in links:
        if _attach(words, link):
            found.relations.add(link.id)
    found.words = list(words.values())
    return found


def _both_tokens(link: TypedRelation, tokens: Mapping[str, str]) -> bool:
    return link.source in tokens and link.target in tokens


def _fields(document: TypedDocument, found: Words) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is said of each token; spans that are no token, or the second of their kind on one, are left."""
    at = {(token.begin, token.end): token.id for token in document.tokens or ()}
    by_token: dict[str, dict[str, Any]] = {}
    for one in document.spans:
        token = at.get((one.begin, one.end))
        if token is None or one.type not in _FIELDS or one.slots or _FIELDS[one.type] in by_token.get(token, ()):
            continue
        said = _said(one)
        if said is None or not said.keys() - {"misc"} <= said.keys() - by_token.get(token, {}).keys():
            continue
        word = by_token.setdefault(token, {})
        misc = [*word.get("misc", ()), *said.get("misc", ())]
        word |= {**said, "misc": misc} if misc else said
        if one.prov:
            word.setdefault("prov", one.prov)
        found.spans.add(one.id)
    yield from by_token.items()


def _said(span: TypedSpan) -> dict[str, Any] | None:
    """The fields of a word; None where they cannot say all that the span does."""
    value = span.features.get(_FEATURES[span.type])
    others = {name: said for name, said in span.features.items() if name != _FEATURES[span.type]}
    if span.type == POS:
        return _pos(value, others)
    if value is None or others:
        return None
    if span.type == MORPHOLOGY:
        parts = [part.partition("=") for part in value.split("|")]
        if not all(name and equals and said for name, equals, said in parts):
            return {"misc": [{"name": "morphology", "value": value}]}
        return {"feats": [{"name": name, "value": said} for name, _, said in parts]}
    return {_FIELDS[span.type]: value}


def _pos(value: str | None, others: Mapping[str, str]) -> dict[str, Any] | None:
    coarse = others.get("coarseValue")
    if set(others) - {"coarseValue"} or (value is None and coarse is None):
        return None
    said: dict[str, Any] = {} if value is None else {"xpos": value}
    if coarse in UPOS:
        return said | {"upos": coarse}
    return said | ({"misc": [{"name": "coarseValue", "value": coarse}]} if coarse is not None else {})


def _attach(words: Mapping[str, dict[str, Any]], link: TypedRelation) -> bool:
    """Take a dependency as head and relation, or as enhanced one; no where the word cannot hold it."""
    word, head = words[link.target], words[link.source]["id"]
    kind, flavor = link.features.get("DependencyType"), link.features.get("flavor")
    if set(link.features) - {"DependencyType", "flavor"}:
        return False
    root = link.source == link.target
    if flavor == ENHANCED and kind is not None:
        word.setdefault("deps", []).append({"rel": kind} if root else {"head": head, "rel": kind})
        return True
    if flavor not in (None, "basic") or "head" in word or "deprel" in word or (root and kind is None):
        return False
    if link.prov:
        word.setdefault("prov", link.prov)
    word.update(({} if root else {"head": head}) | ({} if kind is None else {"deprel": kind}))
    if flavor is not None:
        word.setdefault("misc", []).append({"name": "flavor", "value": flavor})
    return True
