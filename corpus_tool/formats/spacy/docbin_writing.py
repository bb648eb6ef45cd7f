"""Documents as Docs of spaCy, and these as a DocBin."""

from __future__ import annotations

from typing import Any

import numpy as np

from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import Document, Token
from corpus_tool.formats.spacy.document import Span as Place
from corpus_tool.formats.spacy.tokenising import library


def new_vocab() -> Any:
    """A vocabulary of no language, and of no model."""
    library()
    from spacy.vocab import Vocab

    return Vocab()


def add(document: Document, docs: Any, vocab: Any, noticed: Noticed) -> None:
    """Add the Doc of a document to a DocBin.

    Of trees spaCy makes sentences itself, and of crossing ones not those that there are: the file has the right ones.
    """
    from spacy.attrs import SENT_START

    doc = to_doc(document, vocab)
    docs.add(doc)
    starts = np.array([token.sent_start for token in document.tokens], np.int64)
    if document.sents is None or not len(starts):
        return
    column = docs.tokens[-1][:, docs.attrs.index(SENT_START)]
    wrong = int((column.astype(np.int64) != starts).sum())
    if wrong:
        noticed.lose("beginnings of sentences: spaCy goes by trees", f"{wrong} tokens", wrong)
        column[:] = starts.astype(np.uint64)


def to_doc(document: Document, vocab: Any) -> Any:
    """The Doc of a document."""
    from spacy.tokens import Doc

    tokens = document.tokens
    words = [document.text[token.start : token.end] for token in tokens]
    spaces = [document.space_behind(number) for number in range(len(tokens))]
    doc = Doc(vocab, words=words, spaces=spaces, **_attributes(tokens))
    starts = {token.start: number for number, token in enumerate(tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(tokens)}

    def span(place: Place) -> Any:
        made = doc[starts[place.start] : ends[place.end]]
        return type(made)(doc, made.start, made.end, label=place.label, kb_id=place.kb_id, span_id=place.id)

    if document.ents is not None:
        _set_ents(document, doc, [span(one) for one in document.ents])
    for name, group in document.groups.items():
        doc.spans[name] = [span(one) for one in group]
    doc.cats = dict(document.cats)
    doc.user_data.update(_user_data(document))
    return doc


def _user_data(document: Document) -> dict[tuple[str, str, int | None, int | None], Any]:
    """Values of `doc._` and `span._`, by the keys under which spaCy keeps them."""
    made: dict[tuple[str, str, int | None, int | None], Any] = {
        ("._.", name, None, None): value for name, value in document.extensions.items()
    }
    for (start, end), values in document.on_spans.items():
        made |= {("._.", name, start, end): value for name, value in values.items()}
    if document.relations is not None:
        made["._.", "rel", None, None] = _by_ends(document.relations)
    return made


def _attributes(tokens: list[Token]) -> dict[str, Any]:
    """What a Doc is told of its tokens; nothing of what no token has."""
    found: dict[str, Any] = {
        "tags": [token.tag for token in tokens],
        "pos": [token.pos for token in tokens],
        "morphs": [token.morph for token in tokens],
        "lemmas": [token.lemma for token in tokens],
    }
    made = {name: values for name, values in found.items() if any(values)}
    if any(token.head is not None for token in tokens):
        made["heads"] = [number if token.head is None else token.head for number, token in enumerate(tokens)]
        made["deps"] = [token.dep for token in tokens]
    elif any(token.sent_start for token in tokens):
        made["sent_starts"] = [{1: True, -1: False}.get(token.sent_start) for token in tokens]
    return made


def _set_ents(document: Document, doc: Any, ents: list[Any]) -> None:
    taken = {token.i for ent in ents for token in ent}
    missing = [
        doc[token.i : token.i + 1]
        for start, end in document.missing
        for token in doc.char_span(start, end, alignment_mode="expand") or ()
        if token.i not in taken
    ]
    alone = {span.start: span for span in missing}
    if document.partial:
        doc.set_ents(ents, default="missing")
    else:
        doc.set_ents(ents, missing=list(alone.values()), default="outside")


def _by_ends(relations: list[tuple[int, int, str, float]]) -> dict[tuple[int, int], dict[str, float]]:
    made: dict[tuple[int, int], dict[str, float]] = {}
    for head, child, label, score in relations:
        made.setdefault((head, child), {})[label] = score
    return made
