"""Records of doccano as articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Imported
from corpus_tool.formats.asked_places import AskedPlaces, by_line
from corpus_tool.formats.columns_of_metadata import from_columns
from corpus_tool.formats.doccano.dialects import Said, columns_of, said_in, user_of
from corpus_tool.formats.doccano.draft import AMBIGUOUS, LAYERS, Draft, Reading
from corpus_tool.formats.doccano.records import MALFORMED, Record
from corpus_tool.formats.doccano.spans import label_of, take_pairs, take_spans
from corpus_tool.formats.json_values import whole
from corpus_tool.formats.users import agent_of

AXIS = "label"
"""The axis of labels of which no inventory says it."""
_LONGEST_LABEL = 100
"""Characters that doccano allows in the name of a label."""
_SENTENCE = re.compile(r".*[.!?\u3002\uff01\uff1f\u2026]\s*", re.DOTALL)


def begin(reading: Reading, record: Record) -> Draft | Finding:
    """The article that a record begins; a finding where it has no text."""
    value = record.value
    text = value.get("text")
    if not isinstance(text, str):
        at = Location(record.path, record.line, 1, article=f"{reading.source.id}-{record.number}")
        return Finding(*MALFORMED, Severity.ERROR, at, _textless(value))
    columns = columns_of(value)
    metadata, lost = from_columns(columns)
    draft = Draft(reading, _article_id(reading, record), text, metadata, line=record.line, path=record.path)
    for name in lost:
        draft.lose(f"columns of records: {name}", columns[name])
    return draft


def _textless(value: Mapping[str, Any]) -> str:
    if "bbox" in value or "segmentation" in value:
        return "a record of a project for pictures (boxes or outlines): it has no text"
    if "filename" in value:
        return "a record of a project for pictures or sound: it has a file and no text"
    return "a record without a text"


def is_of(draft: Draft, record: Record) -> bool:
    """Whether a record is of the same text by another user."""
    same = record.value.get("text") == draft.text and _article_id(draft.reading, record) == draft.id
    return same and _user(record) is not None


def _user(record: Record) -> Any:
    """Who annotated a record: whom it names, else the member whose file it is."""
    named = user_of(record.value)
    return record.member if named is None else named


def _article_id(reading: Reading, record: Record) -> str:
    """Its own id where that is a name, else the number that doccano gave it, else its place, with the file's name."""
    name = record.value.get("id")
    if isinstance(name, str) and name:
        return name
    number = whole(name)
    return f"{reading.source.id}-{record.number if number is None else number}"


def take(draft: Draft, record: Record) -> None:
    """Put what a record says into the article."""
    draft.line, draft.path = record.line, record.path
    said, user = said_in(record.value), _user(record)
    for key, part in said.unreadable:
        draft.report(MALFORMED, Severity.ERROR, f"'{key}' has a part that is no annotation, left out: {part!r:.80}")
    names = take_spans(draft, said, user)
    take_pairs(draft, said, user, names)
    for value, own in said.categories:
        _take_category(draft, value, user if own is None else own)
    for comment in said.comments:
        note = draft.own_id("N", None, comment)
        draft.add("notes", {"id": note, "text": comment, "prov": draft.prov_of(user)})
    _take_empty(draft, said)
    approver = record.value.get("annotation_approver")
    if approver is not None:
        _approve(draft, approver)


def _take_category(draft: Draft, value: str | int, user: Any) -> None:
    """A label of the whole text, or a text that a project asked for: doccano writes both under the same name."""
    label, inventory = label_of(draft, value), draft.reading.inventory
    axes = inventory.axes if inventory is not None else ()
    axis = next((axis.name for axis in axes if label in axis.values), None)
    prov = draft.prov_of(user)
    if axis is None and (len(label) > _LONGEST_LABEL or _SENTENCE.fullmatch(label)):
        if draft.reading.once("texts"):
            message = f"'{label[:40]}' looks like a text and not like a label: such texts become notes"
            draft.report(AMBIGUOUS, Severity.WARNING, message)
        note = draft.own_id("N", None, label)
        draft.add("notes", {"id": note, "type": "seq2seq", "text": label, "prov": prov})
        return
    draft.reading.kind = draft.reading.kind or "labels"
    draft.add("labels", {"axis": axis or AXIS, "value": label, "prov": prov})


def _take_empty(draft: Draft, said: Said) -> None:
    """Lists that are there and have nothing: the layer was annotated."""
    for key in said.empty:
        layer = {"entities": "entities", "relations": "relations", "cats": "labels"}.get(key, draft.reading.kind)
        if layer is None and draft.reading.once("empty"):
            message = f"'{key}' is empty, and nothing before says whether of spans or of labels: spans are taken"
            draft.report(AMBIGUOUS, Severity.WARNING, message)
        draft.layers.setdefault(layer or "entities", [])


def _approve(draft: Draft, approver: Any) -> None:
    prov = draft.prov_of(approver)
    if not any(one.get("prov") == prov for layer in draft.layers.values() for one in layer):
        draft.provenance[agent_of(approver)]["role"] = "adjudicator"
    layers = [layer for layer in LAYERS if layer in draft.layers and layer != "notes"]
    draft.adjudication = [{"layer": layer, "status": "adjudicated", "prov": prov} for layer in layers]


def imported(draft: Draft) -> Imported:
    """The article of a draft."""
    lines = draft.lines
    provenance = list(draft.provenance.values())
    article: Article = {
        "schema_version": "1.0",
        "id": draft.id,
        "text": draft.text,
        "text_sha256": sha256(draft.text.encode()).hexdigest(),
        **draft.metadata,
        **{layer: draft.layers[layer] for layer in LAYERS if layer in draft.layers},
        **({"provenance": provenance} if provenance else {}),
        **({"adjudication": draft.adjudication} if draft.adjudication else {}),
    }
    return Imported(draft.reading.source.path, article, tuple(draft.findings), AskedPlaces(lambda: by_line(lines)))


def read_records(reading: Reading, records: Iterator[Record | Finding]) -> Iterator[Imported]:
    """The articles of a file, one at a time; neighbouring records of one text by several users are one."""
    path = reading.source.path
    draft: Draft | None = None
    for record in records:
        if draft is not None and isinstance(record, Record) and is_of(draft, record):
            take(draft, record)
            continue
        if draft is not None:
            yield imported(draft)
        draft = None
        made = begin(reading, record) if isinstance(record, Record) else record
        if isinstance(made, Finding):
            yield Imported(path, None, (made,))
        elif isinstance(record, Record):
            draft = made
            take(draft, record)
    if draft is not None:
        yield imported(draft)
