"""One task's offsets as code points, and where its tokens stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeGuard

from corpus_tool.formats import Place, Unit
from corpus_tool.formats.made import ContentIds
from corpus_tool.formats.noticed import OFFSET, Noticed
from corpus_tool.formats.prodigy.task import Task
from corpus_tool.formats.units import Offsets, Stated, explains, settle

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
    lines: dict[str, list[int | None]] = field(default_factory=dict)
    """Those of entities and labels, in their order."""
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[tuple[str, Key], dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """The tokens of a task that stand in its text, by column: by which number they are named, and where they stand."""

    numbers: list[int]
    pieces: list[Piece]
    tokens: list[dict[str, Any]]


class Reader:
    """The offsets of one task: what they count, and where its tokens stand."""

    def __init__(self, task: Task, marked: Marked) -> None:
        self.task, self.marked, self.noticed = task, marked, marked.noticed
        standing = _all_standing(task.tokens or [], len(task.text))
        self.unit = _unit(task, standing)
        self.offsets = Offsets(task.text, self.unit)
        self.known = len(task.text) if self.unit is Unit.CODE_POINTS else -1
        self.tokens: dict[int, Piece] = {}
        self.standing = standing if standing and self.unit is Unit.CODE_POINTS else self._standing()
        self.tokens.update(zip(self.standing.numbers, self.standing.pieces, strict=True))
        self.first_entity = len(marked.entities)

    def _standing(self) -> Standing:
        found = Standing([], [], [])
        for number, token in enumerate(self.task.tokens or ()):
            piece = self.piece(token, "token")
            if piece is not None:
                name = token.get("id", number)
                found.numbers.append(name if type(name) is int else number)
                found.pieces.append(piece)
                found.tokens.append(token)
        return found

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
        first, last = (self.tokens.get(number) if is_int(number) else None for number in at)
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


def _all_standing(tokens: list[dict[str, Any]], length: int) -> Standing | None:
    """All tokens by code points, where each is within a text of that length, as nearly always."""
    pieces = [
        (start, end)
        for token in tokens
        if type(start := token.get("start")) is int
        and type(end := token.get("end")) is int
        and 0 <= start <= end <= length
    ]
    if len(pieces) < len(tokens):
        return None
    numbers = [name if type(name := token.get("id")) is int else number for number, token in enumerate(tokens)]
    return Standing(numbers, pieces, tokens)


def _unit(task: Task, standing: Standing | None) -> Unit:
    """What offsets count: code points, unless the words that the task gives say otherwise."""
    text, spans = task.text, task.spans or []
    if standing is not None:
        said = [token.get("text") for token in standing.tokens]
        if said == [text[start:end] for start, end in standing.pieces] and explains(
            text, _stated(spans), Unit.CODE_POINTS
        ):
            return Unit.CODE_POINTS
    return settle(text, _stated([*(task.tokens or ()), *spans]), Unit.CODE_POINTS).unit


def _stated(parts: list[dict[str, Any]]) -> list[Stated]:
    return [
        (start, end, words)
        for one in parts
        if type(start := one.get("start")) is int
        and type(end := one.get("end")) is int
        and type(words := one.get("text")) is str
    ]


def is_int(value: object) -> TypeGuard[int]:
    return type(value) is int  # a bool is none
