"""Entities of a document, and what is made of them, as layers of an article."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from corpus_tool.formats.kb_ids import link
from corpus_tool.formats.pairs import HEAD_AND_CHILD, arguments_of
from corpus_tool.formats.spacy.document import COREF, ENTITIES, FRAGMENTS, MAIN, SPANCAT, STRUCTURE, Document, Span
from corpus_tool.formats.spacy.draft import Draft
from corpus_tool.resources import schema

MENTION = "mention"
"""The type of a mention that a resolver of coreference found, and that is no entity."""
CERTAIN = 0.5
"""What has a lower score was judged not to be so."""
_GROUP = re.compile(rf"(human|model|rule):(.+)/({ENTITIES}|{FRAGMENTS}|{COREF}[0-9]+)", re.DOTALL)
_TYPES = {
    layer: frozenset(schema("article-1")["properties"][layer]["items"]["properties"]["type"]["enum"])
    for layer in STRUCTURE
}


def add_entities(draft: Draft) -> None:
    """`doc.ents`, the span groups of entities, and how much of the text was looked at."""
    document = draft.document
    if document.ents is not None:
        draft.layers["entities"] = []
        prov = draft.prov(MAIN)
        status = "partial" if document.partial else "complete"
        draft.layers["coverage"] = [{"layer": "entities", "prov": prov, "status": status}]
    spans = document.groups.get(SPANCAT, [])
    counted = Counter((span.start, span.end, span.label) for span in spans)
    for span in [*spans, *(one for one in document.ents or () if (one.start, one.end, one.label) not in counted)]:
        _entity(draft, MAIN, [span])
    for name, group in document.groups.items():
        found = _GROUP.fullmatch(name)
        maker, kind = (f"{found[1]}:{found[2]}", found[3]) if found else (MAIN, name)
        if kind == FRAGMENTS:
            for pieces in _by_id(group):
                _entity(draft, maker, pieces)
        elif kind == ENTITIES or (found is None and kind not in {SPANCAT, *STRUCTURE} and not kind.startswith(COREF)):
            for span in group:
                _entity(draft, maker if found else f"human:{name or 'unknown'}", [span])


def _by_id(group: list[Span]) -> list[list[Span]]:
    """Spans that are pieces of one thing: those of one id."""
    found: dict[str, list[Span]] = {}
    for number, span in enumerate(group):
        found.setdefault(span.id or f"#{number}", []).append(span)
    return list(found.values())


def _entity(draft: Draft, maker: str, pieces: list[Span]) -> dict[str, Any]:
    document, first = draft.document, pieces[0]
    label = first.label
    if not label:
        label = MENTION
        draft.noticed.doubt(None, f"the span '{document.text[first.start : first.end][:40]}' has no label: '{MENTION}'")
    name = draft.ids.make("T", "entities", *((one.start, one.end) for one in pieces), label)
    made: dict[str, Any] = {
        "id": name,
        "type": label,
        "spans": [document.surface(one.start, one.end) for one in pieces],
    }
    links = [link(first.kb_id)] if first.kb_id else []
    if first.id and len(pieces) == 1:
        links.append({"db": "ent_id", "id": first.id})
    made |= {"links": links} if links else {}
    made |= _values(document, first) | {"prov": draft.prov(maker)}
    draft.entities.setdefault((maker, first.start, first.end, label), made)
    draft.layers.setdefault("entities", []).append(made)
    return made


def _values(document: Document, span: Span) -> dict[str, Any]:
    """Values of `span._`: attributes, and how sure somebody was."""
    made: dict[str, Any] = {}
    attributes = []
    for name, value in document.on_spans.get((span.start, span.end), {}).items():
        if name == "confidence" and isinstance(value, int | float) and 0 <= value <= 1:
            made["confidence"] = value
        elif value is True:
            attributes.append({"name": name})
        else:
            attributes.append({"name": name, "value": str(value)})
    return made | ({"attributes": attributes} if attributes else {})


def add_structure(draft: Draft) -> None:
    """Passages and quotations."""
    for layer in STRUCTURE:
        for pieces in _by_id(draft.document.groups.get(layer, [])):
            if pieces[0].label not in _TYPES[layer]:
                draft.noticed.lose(f"{layer} of another type", pieces[0].label)
                continue
            name = draft.ids.make(layer[0].upper(), *((one.start, one.end) for one in pieces), pieces[0].label)
            spans = [draft.document.surface(one.start, one.end) for one in pieces]
            draft.layers.setdefault(layer, []).append({"id": name, "type": pieces[0].label, "spans": spans})


def add_chains(draft: Draft) -> None:
    """Clusters of coreference."""
    for name, group in draft.document.groups.items():
        found = _GROUP.fullmatch(name)
        maker, kind = (f"{found[1]}:{found[2]}", found[3]) if found else (MAIN, name)
        if not kind.startswith(COREF) or not group:
            continue
        mentions = [_mention(draft, maker, span)["id"] for span in group]
        chain = draft.ids.make("C", "coreference", *sorted(mentions))
        made = {"id": chain, "type": "identity", "mentions": mentions, "prov": draft.prov(maker)}
        draft.layers.setdefault("coreference", []).append(made)


def _mention(draft: Draft, maker: str, span: Span) -> dict[str, Any]:
    """The entity that a mention is; where it has no label, any of its maker on those words."""
    known = draft.entities.get((maker, span.start, span.end, span.label or MENTION))
    if known is None and not span.label:
        place = (maker, span.start, span.end)
        known = next((one for key, one in draft.entities.items() if key[:3] == place), None)
    if known is not None:
        return known
    return _entity(draft, maker, [span if span.label else Span(span.start, span.end, MENTION)])


def add_relations(draft: Draft) -> None:
    """`doc._.rel`."""
    document = draft.document
    if document.relations is None:
        return
    draft.layers.setdefault("relations", [])
    places = {token.start: number for number, token in enumerate(document.tokens)}
    by_token = {
        places.get(span.start): draft.entities.get((MAIN, span.start, span.end, span.label or MENTION))
        for span in document.ents or ()
    }
    for head, child, label, score in document.relations:
        ends = [by_token.get(head), by_token.get(child)]
        if not label or ends[0] is None or ends[1] is None:
            draft.noticed.wrong(None, f"a relation '{label[:40]}' joins what is no entity of doc.ents: left out")
            continue
        if score < CERTAIN:
            draft.noticed.lose("relations of a score below a half", label)
            continue
        refs = [str(one["id"]) for one in ends if one is not None]
        arguments = arguments_of(label, refs[0], refs[1], draft.inventory, HEAD_AND_CHILD)
        name = draft.ids.make("R", label, *refs)
        made: dict[str, Any] = {"id": name, "type": label, "arguments": arguments}
        made |= {"prov": draft.prov(MAIN)} | ({"confidence": score} if score < 1 else {})
        draft.layers["relations"].append(made)
