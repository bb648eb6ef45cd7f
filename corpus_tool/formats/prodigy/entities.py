"""Spans, tokens and relations of tasks as annotations, by code points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from corpus_tool.formats import Place, Unit
from corpus_tool.formats.kb_ids import link
from corpus_tool.formats.made import ContentIds
from corpus_tool.formats.noticed import OFFSET, Noticed
from corpus_tool.formats.prodigy.task import Task
from corpus_tool.formats.token_ids import token_ids
from corpus_tool.formats.units import Offsets, Stated, settle

UNLABELLED = "span"
"""The type of a span that has no label, as ends of relations may be: Prodigy's own word for it."""
_SPAN = frozenset({
    "start", "end", "text", "label", "token_start", "token_end", "id", "kb_id", "score", "source", "type", "input_hash",
    "color",
})  # fmt: skip
"""What is read; `type` is the word `span`, `input_hash` repeats the task's, `color` is for display."""
Piece = tuple[int, int]
Key = tuple[int, int, str]


@dataclass(slots=True)
class Marked:
    """Entities and tokens of one article, and what is needed to find them again."""

    text: str
    noticed: Noticed
    ids: ContentIds = field(default_factory=ContentIds)
    entities: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[dict[str, Any]] | None = None
    places: dict[str, Place] = field(default_factory=dict)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[tuple[str, Key], dict[str, Any]] = field(default_factory=dict)


class Reader:
    """The offsets of one task: what they count, and where its tokens stand."""

    def __init__(self, task: Task, marked: Marked) -> None:
        self.task, self.marked, self.noticed = task, marked, marked.noticed
        settled = settle(task.text, _stated(task), Unit.CODE_POINTS)
        self.offsets = Offsets(task.text, settled.unit)
        self.unit = settled.unit
        self.known = len(task.text) if self.unit is Unit.CODE_POINTS else -1
        self.tokens: dict[int, Piece] = {}
        self.pieces = list(self._pieces())
        self.tokens.update((number, piece) for number, piece, _ in self.pieces)
        self.first_entity = len(marked.entities)

    def _pieces(self) -> Iterator[tuple[int, Piece, dict[str, Any]]]:
        """The tokens that stand in the text: by which number they are named, and where they stand."""
        for number, token in enumerate(self.task.tokens or ()):
            piece = self.piece(token, "token")
            if piece is not None:
                name = token.get("id", number)
                yield name if type(name) is int else number, piece, token

    def piece(self, one: dict[str, Any], what: str) -> Piece | None:
        """Where something stands, in code points; None, and a finding, where that cannot be told."""
        start, end = one.get("start"), one.get("end")
        if type(start) is not int or type(end) is not int:
            return self._by_tokens(one, what)
        if 0 <= start <= end <= self.known:
            return start, end
        first, last = self.offsets.to_points(start), self.offsets.to_points(end)
        if first is None or last is None or last < first:
            message = f"a {what} from {start} to {end} does not lie in the text, or inside a character: left out"
            self.noticed.wrong(self.task.line, message, OFFSET)
            return None
        return first, last

    def has(self, entity: dict[str, Any]) -> bool:
        """Whether an entity is of this task."""
        return any(one is entity for one in self.marked.entities[self.first_entity :])

    def _by_tokens(self, one: dict[str, Any], what: str) -> Piece | None:
        at = one.get("token_start"), one.get("token_end")
        first, last = (self.tokens.get(number) if _is_int(number) else None for number in at)
        if what == "token" or first is None or last is None:
            self.noticed.wrong(self.task.line, f"a {what} without start and end: left out")
            return None
        return first[0], last[1]

    def surface(self, one: dict[str, Any], piece: Piece) -> dict[str, Any]:
        """The span of an article: with the words that the task gives for it, true or not."""
        said = one.get("text")
        start, end = piece
        words = said if isinstance(said, str) else self.task.text[start:end]
        return {"start": start, "end": end, "text": words}


def _is_int(value: object) -> TypeGuard[int]:
    return type(value) is int  # a bool is none


def _stated(task: Task) -> list[Stated]:
    ends = ((one.get("start"), one.get("end"), one.get("text")) for one in (*(task.tokens or ()), *(task.spans or ())))
    return [each for each in ends if type(each[0]) is int and type(each[1]) is int and type(each[2]) is str]


def add_tokens(reader: Reader) -> None:
    """The tokens of a task become those of the article, where it has none yet."""
    task = reader.task
    if task.tokens is None:
        return
    made, spaces, text = [], 0, task.text
    names = token_ids("K", [piece for _, piece, _ in reader.pieces])
    for name, (_, (start, end), token) in zip(names, reader.pieces, strict=True):
        if token.get("ws"):
            spaces += text[end : end + 1] not in {" ", ""}
        said = token.get("text")
        words = said if isinstance(said, str) else text[start:end]
        made.append({"id": name, "spans": [{"start": start, "end": end, "text": words}]})
    if spaces:
        reader.noticed.doubt(task.line, f"{spaces} tokens have a space behind them by 'ws', and none in the text")
    _keep_tokens(reader, made)


def _keep_tokens(reader: Reader, made: list[dict[str, Any]]) -> None:
    marked = reader.marked
    if marked.tokens is None:
        marked.tokens = made
        marked.places |= {"/tokens": (reader.task.line, 1)}
    elif [one["spans"] for one in marked.tokens] != [one["spans"] for one in made]:
        message = "its tokens differ from those of an earlier task on the same text: the earlier ones are kept"
        reader.noticed.doubt(reader.task.line, message)


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
    entity |= {"prov": prov} | _confidence(reader, one)
    for name in one.keys() - _SPAN:
        if one[name] not in (None, "", [], {}):
            reader.noticed.lose(f"fields of spans: {name}", f"line {reader.task.line}")
    return _add(marked, entity, key, reader.task.line)


def _continues(reader: Reader, entity: dict[str, Any], label: str, prov: str, piece: Piece) -> bool:
    """Whether a span of the same id is a further piece: of one label and task, behind the others."""
    alike = entity["type"] == label and entity["prov"] == prov
    return alike and reader.has(entity) and entity["spans"][-1]["end"] <= piece[0]


def _confidence(reader: Reader, one: dict[str, Any]) -> dict[str, float]:
    score = one.get("score")
    if score is None:
        return {}
    if isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1:
        return {"confidence": score}
    reader.noticed.lose("scores that are no probability", f"line {reader.task.line}: {score!r}")
    return {}


def _add(marked: Marked, entity: dict[str, Any], key: Key, line: int) -> dict[str, Any]:
    marked.places[f"/entities/{len(marked.entities)}"] = (line, 1)
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
    if not reader.tokens or not _is_int(one.get("token_start")) or not _is_int(one.get("token_end")):
        return
    first, last = reader.tokens.get(one["token_start"]), reader.tokens.get(one["token_end"])
    if first is None or last is None or (first[0], last[1]) != piece:
        said = f"{one['token_start']} to {one['token_end']}"
        message = f"a span at {piece[0]}-{piece[1]} says tokens {said}, which stand elsewhere: its offsets are taken"
        reader.noticed.doubt(reader.task.line, message)
