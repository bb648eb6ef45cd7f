"""Spans of tasks as entities, by code points."""

from __future__ import annotations

from typing import Any

from corpus_tool.formats.kb_ids import link
from corpus_tool.formats.prodigy.reader import Key, Marked, Piece, Reader, is_int

UNLABELLED = "span"
"""The type of a span that has no label, as ends of relations may be: Prodigy's own word for it."""
_SPAN = frozenset({
    "start", "end", "text", "label", "token_start", "token_end", "id", "kb_id", "score", "source", "type", "input_hash",
    "color",
})  # fmt: skip
"""What is read; `type` is the word `span`, `input_hash` repeats the task's, `color` is for display."""


def add_entities(reader: Reader, prov: str, *, shown: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The spans of a task as entities; of spans that are only `shown`, each made by its source."""
    earlier = dict(reader.marked.by_key)
    found = []
    for one in reader.task.spans or ():
        piece = reader.piece(one, "span")
        if piece is None:
            continue
        by = prov if shown is None else shown.get(str(one.get("source")), prov)
        _check_tokens(reader, one, piece)
        found.append(_entity(reader, one, piece, by, earlier))
    return found


def _entity(
    reader: Reader, one: dict[str, Any], piece: Piece, prov: str, earlier: dict[Any, dict[str, Any]]
) -> dict[str, Any]:
    label, marked = one.get("label"), reader.marked
    if not isinstance(label, str) or not label:
        reader.noticed.doubt(reader.task.line, f"a span has no label: its type is '{UNLABELLED}'")
        label = UNLABELLED
    key = (*piece, label)
    if (prov, key) in earlier:
        return earlier[prov, key]  # one annotator was asked twice about the same text
    own = one.get("id")
    whole = marked.by_id.get(own) if isinstance(own, str) else None
    if whole is not None and _continues(reader, whole, label, prov, piece):
        whole["spans"].append(reader.surface(one, piece))
        return whole
    taken = not isinstance(own, str) or not own or whole is not None
    if whole is not None:
        reader.noticed.doubt(reader.task.line, f"two spans have the id '{str(own)[:40]}': the second gets another")
    entity: dict[str, Any] = {
        "id": marked.ids.make("T", "entities", *key) if taken else own,
        "type": label,
        "spans": [reader.surface(one, piece)],
    }
    if isinstance(one.get("kb_id"), str) and one["kb_id"]:
        entity["links"] = [link(one["kb_id"])]
    entity["prov"] = prov
    if one.get("score") is not None:
        entity |= _confidence(reader, one["score"])
    for name, value in () if one.keys() <= _SPAN else one.items():
        if name not in _SPAN and value not in (None, "", [], {}):
            reader.noticed.lose(f"fields of spans: {name}", f"line {reader.task.line}")
    return _add(marked, entity, key, reader.task.line)


def _continues(reader: Reader, entity: dict[str, Any], label: str, prov: str, piece: Piece) -> bool:
    """Whether a span of the same id is a further piece: of one label and task, behind the others."""
    alike = entity["type"] == label and entity["prov"] == prov
    return alike and reader.has(entity) and entity["spans"][-1]["end"] <= piece[0]


def _confidence(reader: Reader, score: object) -> dict[str, float]:
    if isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1:
        return {"confidence": score}
    reader.noticed.lose("scores that are no probability", f"line {reader.task.line}: {score!r}")
    return {}


def _add(marked: Marked, entity: dict[str, Any], key: Key, line: int) -> dict[str, Any]:
    marked.lines.setdefault("entities", []).append(line)
    marked.entities.append(entity)
    marked.by_id[entity["id"]] = entity
    marked.by_key.setdefault((entity["prov"], key), entity)
    return entity


def unlabelled(reader: Reader, piece: Piece, prov: str) -> dict[str, Any]:
    """The entity for an end of a relation that is no span of its task."""
    key = (*piece, UNLABELLED)
    if (prov, key) in reader.marked.by_key:
        return reader.marked.by_key[prov, key]
    name = reader.marked.ids.make("T", "entities", *key)
    made = {"id": name, "type": UNLABELLED, "spans": [reader.surface({}, piece)], "prov": prov}
    return _add(reader.marked, made, key, reader.task.line)


def _check_tokens(reader: Reader, one: dict[str, Any], piece: Piece) -> None:
    if not reader.tokens or not is_int(one.get("token_start")) or not is_int(one.get("token_end")):
        return
    first, last = reader.tokens.get(one["token_start"]), reader.tokens.get(one["token_end"])
    if first is None or last is None or (first[0], last[1]) != piece:
        said = f"{one['token_start']} to {one['token_end']}"
        message = f"a span at {piece[0]}-{piece[1]} says tokens {said}, which stand elsewhere: its offsets are taken"
        reader.noticed.doubt(reader.task.line, message)
