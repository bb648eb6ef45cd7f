"""Lines of a brat `.ann` file as values; nothing here knows the text or the article they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

_ID = re.compile(r"[TREAMN#][0-9]+[^\s]*")
_WORD = re.compile(r"[^ \t\r]+")
_PROPERTY = re.compile(r"([^ \t\r]+) +([^ \t\r]+)(?: (.*))?", re.DOTALL)
_FRAGMENT = re.compile(r" *(-?[0-9]{1,15}) +(-?[0-9]{1,15}) *")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One stretch of a text-bound annotation, in code points, and the column it is written in."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Filler:
    """`role:ref` of a relation or event, and the column it is written in."""

    role: str
    ref: str
    column: int


@dataclass(frozen=True, slots=True)
class TextBound:
    """`T`: a type over fragments; `text` is the last field as it stands, from `column` on."""

    id: str
    type: str
    fragments: tuple[Fragment, ...]
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Relation:
    """`R`: a typed link between annotations."""

    id: str
    type: str
    arguments: tuple[Filler, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """`E`: a type, its trigger, and what fills its roles."""

    id: str
    type: str
    trigger: Filler
    arguments: tuple[Filler, ...]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """`*`: annotations that stand for the same; `type` is mostly `Equiv`."""

    type: str
    members: tuple[Filler, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """`A` or `M`: an attribute of the annotation `ref`; without a value it is a flag."""

    id: str
    name: str
    ref: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Normalization:
    """`N`: an entry of a knowledge base that the annotation `ref` names."""

    id: str
    type: str
    ref: str
    db: str
    entry: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """`#`: free text about the annotation `ref`."""

    id: str
    type: str
    ref: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is none of these, and the column where it stops being one."""

    reason: str
    column: int


Statement: TypeAlias = TextBound | Relation | Event | Equivalence | Property | Normalization | Remark


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number, what it says, and the column of a field nothing was made of."""

    number: int
    content: Statement | Unreadable
    surplus: int | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    value: str
    column: int


def parse_lines(data: bytes) -> Iterator[Line]:
    """Every line of the file that is not blank."""
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            line = raw.decode()
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode()) + 1
            yield Line(number, Unreadable("the line is not UTF-8", column))
            continue
        content = parse_line(line)
        yield Line(number, content, _surplus(line, content))


def parse_line(line: str) -> Statement | Unreadable:
    """One line, without its line feed; a carriage return at its end belongs to the line break."""
    name, tab, rest = line.partition("\t")
    if not tab:
        return Unreadable("no tab after the identifier", len(name) + 1)
    column = len(name) + 2
    if name == "*":
        return _equivalence(name, rest, column)
    if not _ID.fullmatch(name):
        return Unreadable(f"'{name[:80]}' is not an identifier of brat: T, R, E, A, M, N or # with a number, or *", 1)
    return _PARSERS[name[0]](name, rest, column)


def _words(text: str, column: int) -> list[_Word]:
    return [_Word(match.group(), column + match.start()) for match in _WORD.finditer(text)]


def _fillers(words: list[_Word]) -> tuple[Filler, ...] | Unreadable:
    made = []
    for word in words:
        role, _, ref = word.value.partition(":")
        if not role or not ref:
            return Unreadable(f"'{word.value[:80]}' is not ROLE:ID", word.column)
        made.append(Filler(role, ref, word.column))
    return tuple(made)


def _text_bound(name: str, rest: str, column: int) -> TextBound | Unreadable:
    body, tab, text = rest.partition("\t")
    if not tab:
        return Unreadable("no text after the offsets", column + len(body))
    kind, space, offsets = body.partition(" ")
    if not kind or not space:
        return Unreadable("expected TYPE START END", column)
    at = column + len(kind) + 1
    fragments = []
    for piece in offsets.split(";"):
        match = _FRAGMENT.fullmatch(piece)
        if not match:
            return Unreadable(f"'{piece[:80]}' is not START END", at)
        fragments.append(Fragment(int(match[1]), int(match[2]), at))
        at += len(piece) + 1
    return TextBound(name, kind, tuple(fragments), text, column + len(body) + 1)


def _relation(name: str, rest: str, column: int) -> Relation | Unreadable:
    words = _words(rest.partition("\t")[0], column)
    if not words:
        return Unreadable("expected TYPE ROLE:ID ROLE:ID", column)
    arguments = _fillers(words[1:])
    return arguments if isinstance(arguments, Unreadable) else Relation(name, words[0].value, arguments)


def _event(name: str, rest: str, column: int) -> Event | Unreadable:
    words = _words(rest.partition("\t")[0], column)
    if not words:
        return Unreadable("expected TYPE:TRIGGER", column)
    fillers = _fillers(words)
    return fillers if isinstance(fillers, Unreadable) else Event(name, fillers[0].role, fillers[0], fillers[1:])


def _equivalence(_: str, rest: str, column: int) -> Equivalence | Unreadable:
    words = _words(rest.partition("\t")[0], column)
    if not words:
        return Unreadable("expected TYPE ID ID", column)
    return Equivalence(words[0].value, tuple(Filler("", word.value, word.column) for word in words[1:]))


def _property(name: str, rest: str, column: int) -> Property | Unreadable:
    match = _PROPERTY.fullmatch(rest.removesuffix("\r").rstrip("\t"))
    if not match:
        return Unreadable("expected NAME ID, or NAME ID VALUE", column)
    value = match[3]
    return Property(name, match[1], match[2], value if value and value.strip(" ") else None)


def _normalization(name: str, rest: str, column: int) -> Normalization | Unreadable:
    body, tab, text = rest.partition("\t")
    words = _words(body, column)
    if len(words) != 3:
        return Unreadable("expected TYPE ID DATABASE:ENTRY", column)
    kind, ref, entry = words
    database, _, key = entry.value.partition(":")
    if not database or not key:
        return Unreadable(f"'{entry.value[:80]}' is not DATABASE:ENTRY", entry.column)
    return Normalization(name, kind.value, ref.value, database, key, text.removesuffix("\r") if tab else None)


def _remark(name: str, rest: str, column: int) -> Remark | Unreadable:
    body, _, text = rest.partition("\t")
    words = _words(body, column)
    if not 1 <= len(words) <= 2:
        return Unreadable("expected TYPE ID", column)
    return Remark(name, words[0].value, words[1].value if len(words) == 2 else None, text.removesuffix("\r"))


_PARSERS: dict[str, Callable[[str, str, int], Statement | Unreadable]] = {
    "T": _text_bound,
    "R": _relation,
    "E": _event,
    "A": _property,
    "M": _property,
    "N": _normalization,
    "#": _remark,
}


def _surplus(line: str, content: Statement | Unreadable) -> int | None:
    """Where text stands after the last field of a kind of line that has no room for it."""
    if not isinstance(content, Relation | Event | Equivalence):
        return None
    fields = line.split("\t", 2)
    if len(fields) < 3 or not fields[2].strip():
        return None
    return len(fields[0]) + len(fields[1]) + 3
