"""Entities of an article, and what is made of them, on the tokens of a document."""

from __future__ import annotations

from corpus_tool.formats.kb_ids import comes_back, kb_id
from corpus_tool.formats.pairs import HEAD_AND_CHILD, pair_of
from corpus_tool.formats.spacy.document import (
    COREF,
    ENTITIES,
    FRAGMENTS,
    MAIN,
    SPANCAT,
    STRUCTURE,
    Span,
    group_name,
)
from corpus_tool.formats.spacy.outgoing import Annotation, Outgoing


def _span(one: Annotation, number: int = 0, own: str = "") -> Span:
    links = one.get("links") or ()
    span = one["spans"][number]
    return Span(span["start"], span["end"], one.get("type") or "", kb_id(links[0]) if links else "", own)


def add_entities(writer: Outgoing) -> None:
    """`doc.ents` of the main annotator, and span groups of what overlaps, is in pieces, or of others."""
    document = writer.document
    if writer.article.get("entities") is None:
        return
    statuses = {
        one["status"]
        for one in writer.items("coverage")
        if one["layer"] == "entities" and (one["prov"] == writer.main or writer.main is None)
    }
    document.partial = statuses == {"partial"}
    own: list[Span] = []
    for one in writer.items("entities"):
        maker = writer.maker(one.get("prov"))
        if maker == MAIN and (
            len(one["spans"]) > 1 or not writer.aligned(one["spans"][0]["start"], one["spans"][0]["end"])
        ):
            document.missing += [(span["start"], span["end"]) for span in one["spans"]]
        if not all(writer.aligned(span["start"], span["end"]) for span in one["spans"]):
            words = " ".join(span["text"] for span in one["spans"])
            writer.noticed.lose("entities that do not begin and end with tokens", f"{one['id']} '{words[:40]}'")
            continue
        _details(writer, one)
        if len(one["spans"]) > 1:
            pieces = [_span(one, number, one["id"]) for number in range(len(one["spans"]))]
            document.groups.setdefault(group_name(maker, FRAGMENTS), []).extend(pieces)
        elif maker == MAIN:
            own.append(_span(one))
        else:
            document.groups.setdefault(group_name(maker, ENTITIES), []).append(_span(one))
    document.ents = _flat(own)
    if len(document.ents) < len(own):
        document.groups[SPANCAT] = own
    if writer.items("entities") and not document.ents and not document.groups:
        document.ents = None  # none that fits is not none that was found


def _flat(spans: list[Span]) -> list[Span]:
    """Of spans that overlap the longest, then the first, as in the `tokens` view."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append(span)
    return sorted(kept, key=lambda one: one.start)


def _details(writer: Outgoing, one: Annotation) -> None:
    """Attributes and confidence, as `span._`; and what of an entity has no place."""
    for link in (one.get("links") or ())[1:]:
        writer.noticed.lose("further links of an entity", f"{one['id']} {link['db']}:{link['id']}")
    if one.get("links") and not comes_back(one["links"][0]):
        writer.noticed.lose("names of knowledge bases", f"{one['id']} {one['links'][0]['db']}")
    values = {
        part["name"]: True if part.get("value") is None else part["value"] for part in one.get("attributes") or ()
    }
    if one.get("confidence") is not None:
        values["confidence"] = one["confidence"]
    start, end = one["spans"][0]["start"], one["spans"][0]["end"]
    for name, value in values.items():
        before = writer.document.on_spans.setdefault((start, end), {}).setdefault(name, value)
        if before != value:
            writer.noticed.lose("values of several entities on the same words", f"{one['id']} {name}={value}")


def add_structure(writer: Outgoing) -> None:
    """Passages and quotations, as span groups."""
    for layer in STRUCTURE:
        for one in writer.items(layer):
            if not all(writer.aligned(span["start"], span["end"]) for span in one["spans"]):
                writer.noticed.lose(f"{layer} that do not begin and end with tokens", one["id"])
                continue
            pieces = [_span(one, number, one["id"]) for number in range(len(one["spans"]))]
            writer.document.groups.setdefault(layer, []).extend(pieces)
            for name in ("speaker", "cue", "attributes", "confidence"):
                if one.get(name) not in (None, []):
                    writer.noticed.lose(f"{layer}: {name}", one["id"])


def add_chains(writer: Outgoing) -> None:
    """Chains, as clusters of coreference."""
    known = {one["id"]: one for one in writer.items("entities")}
    numbers: dict[str, int] = {}
    for chain in writer.items("coreference"):
        maker = writer.maker(chain.get("prov"))
        mentions = [known[name] for name in chain["mentions"] if name in known]
        good = [
            one
            for one in mentions
            if len(one["spans"]) == 1 and writer.aligned(one["spans"][0]["start"], one["spans"][0]["end"])
        ]
        if len(good) < len(chain["mentions"]):
            left_out = len(chain["mentions"]) - len(good)
            writer.noticed.lose("mentions of several pieces, or that share their words", chain["id"], left_out)
        for name in ("representative", "confidence"):
            if chain.get(name) is not None:
                writer.noticed.lose(f"coreference: {name}", chain["id"])
        if chain.get("type") not in {None, "identity"}:
            writer.noticed.lose("types of chains", f"{chain['id']} {chain['type']}")
        if not good:
            writer.noticed.lose("chains without a mention", chain["id"])
            continue
        numbers[maker] = numbers.get(maker, 0) + 1
        spans = [Span(one["spans"][0]["start"], one["spans"][0]["end"], one["type"]) for one in good]
        writer.document.groups[group_name(maker, f"{COREF}{numbers[maker]}")] = spans


def add_relations(writer: Outgoing) -> None:
    """Relations between two of `doc.ents`, by their first tokens."""
    if writer.article.get("relations") is None:
        return
    tokens = {(span.start, span.end, span.label): writer.starts[span.start] for span in writer.document.ents or ()}
    places = {
        one["id"]: tokens.get((one["spans"][0]["start"], one["spans"][0]["end"], one["type"]))
        for one in writer.items("entities")
        if len(one["spans"]) == 1 and one.get("prov") == writer.main
    }
    writer.document.relations = []
    seen: set[tuple[int, int, str]] = set()
    for one in writer.items("relations"):
        found = pair_of(one, writer.inventory, HEAD_AND_CHILD)
        head, child = (places.get(found.source), places.get(found.target)) if found else (None, None)
        if found is None or head is None or child is None or one.get("prov") != writer.main:
            writer.noticed.lose("relations of other than two of doc.ents", one["id"])
            continue
        if not found.exact:
            roles = ", ".join(part["role"] for part in one["arguments"])
            writer.noticed.lose("roles of arguments", f"{one['id']}: {roles}")
        for part in one.get("attributes") or ():
            writer.noticed.lose("attributes of relations", f"{one['id']} {part['name']}")
        score = 1.0 if one.get("confidence") is None else float(one["confidence"])
        if (head, child, one["type"]) in seen:
            writer.noticed.lose("relations that say what another says", one["id"])
            continue
        seen.add((head, child, one["type"]))
        writer.document.relations.append((head, child, one["type"], score))
    if writer.items("relations") and not writer.document.relations:
        writer.document.relations = None  # none that fits is not none that was found
