"""A document as `Doc.to_json()` has it, with the ids of spans, which that leaves out."""

from __future__ import annotations

from typing import Any

from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import Document, Span, Token


def to_json(document: Document, noticed: Noticed) -> dict[str, Any]:
    """One object; `Doc.from_json()` reads it."""
    made: dict[str, Any] = {"text": document.text}
    if document.ents is not None:
        made["ents"] = [_span(one) for one in document.ents]
        if document.partial or document.missing:
            noticed.lose("where nobody looked for entities: readers of JSON take it for none", document.text[:40])
    if document.sents is not None:
        made["sents"] = [{"start": start, "end": end} for start, end in document.sents]
    if document.cats:
        made["cats"] = document.cats
    told = [
        name for name in ("tag", "pos", "morph", "lemma", "dep") if any(getattr(one, name) for one in document.tokens)
    ]
    made["tokens"] = [_token(number, token, told) for number, token in enumerate(document.tokens)]
    if document.groups:
        made["spans"] = {name: [_span(one) for one in group] for name, group in document.groups.items()}
    extensions = dict(document.extensions)
    if document.partial:
        extensions["partial"] = True
    if document.relations is not None:
        extensions["rel"] = [[head, child, {label: score}] for head, child, label, score in document.relations]
    made |= {"_": extensions} if extensions else {}
    values: dict[str, list[dict[str, Any]]] = {}
    for (start, end), named in document.on_spans.items():
        for name, value in named.items():
            values.setdefault(name, []).append({"start": start, "end": end, "value": value})
    return made | ({"underscore_span": values} if values else {})


def _token(number: int, token: Token, told: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": number, "start": token.start, "end": token.end}
    made |= {name: getattr(token, name) for name in told}
    return made | ({"head": number if token.head is None else token.head} if "dep" in told else {})


def _span(span: Span) -> dict[str, Any]:
    made = {"start": span.start, "end": span.end, "label": span.label, "kb_id": span.kb_id}
    return made | ({"id": span.id} if span.id else {})
