"""Mentions in brackets: `(12|(3)|12)` of CoNLL-2012, `(person-16(place-3-Mecca` of others that give types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

UNTYPED = "mention"
"""The type of mentions that the file gives none."""
EMPTY = frozenset({"_", "-", "*", ""})
_PART = re.compile(r"(\()?([^()|]+)(\))?")
_LABEL = re.compile(r"(?:([^-]+)-)?([0-9]+)(?:-(.+))?")
_SPECIAL = re.compile(r"[-()|%\s]")


@dataclass(frozen=True, slots=True)
class Mention:
    """The first token of a mention, the one behind the last, its type, its cluster if it has one, and what it names."""

    first: int
    behind: int
    type: str
    cluster: str | None
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A bracket that cannot be understood, at a token."""

    at: int
    message: str


def mentions(cells: Sequence[str]) -> Iterator[Mention | Wrong]:
    """The mentions of a document, as they end; a bracket closes the last one open that has the same label."""
    opened: list[tuple[str, int]] = []
    for at, cell in enumerate(cells):
        if cell in EMPTY:
            continue
        found = list(_PART.finditer(cell))
        if "".join(match[0] for match in found) != cell.replace("|", ""):
            yield Wrong(at, f"'{cell[:60]}' has a bracket without a label")
        for match in found:
            opens, label, closes = match.groups()
            if opens is None and closes is None:
                yield Wrong(at, f"'{label[:60]}' has no bracket")
                continue
            if opens:
                opened.append((label, at))
            if closes:
                yield from _closed(opened, label, at)
    for label, at in opened:
        yield Wrong(at, f"'({label[:60]}' is never closed")


def _closed(opened: list[tuple[str, int]], label: str, at: int) -> Iterator[Mention | Wrong]:
    number = next((number for number in reversed(range(len(opened))) if opened[number][0] == label), None)
    if number is None:
        yield Wrong(at, f"'{label[:60]})' closes what is not open")
        return
    _, first = opened.pop(number)
    parts = _LABEL.fullmatch(label)
    if parts is None:
        yield Wrong(at, f"'{label[:60]}' has no number of a cluster")
        return
    kind, cluster, identity = parts.groups()
    yield Mention(first, at + 1, unquote(kind or UNTYPED), cluster, None if identity is None else unquote(identity))


def label(mention: Mention) -> str:
    """What stands in the brackets of a mention."""
    named = [] if mention.identity is None else [_quoted(mention.identity)]
    return "-".join([_quoted(mention.type), mention.cluster or "0", *named])


def _quoted(text: str) -> str:
    """Text without what labels are made of, as `%2D`."""
    return _SPECIAL.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


def cells(size: int, found: Iterable[Mention]) -> list[str]:
    """The cell of each token: what closes before what opens, the longest opened first and closed last."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    ordered = sorted(found, key=lambda one: (one.first - one.behind, one.first, label(one)))
    for one in ordered:
        name = label(one)
        if one.behind - one.first == 1:
            opening.setdefault(one.first, []).append(f"({name})")
        else:
            opening.setdefault(one.first, []).append(f"({name}")
            closing.setdefault(one.behind - 1, []).insert(0, f"{name})")
    return ["".join([*closing.get(at, ()), *opening.get(at, ())]) or "_" for at in range(size)]


def ambiguous(found: Sequence[Mention]) -> list[Mention]:
    """Mentions that brackets would confuse with another of the same label that they cross."""
    by_label: dict[str, list[Mention]] = {}
    for one in found:
        by_label.setdefault(label(one), []).append(one)
    return [
        one
        for own in by_label.values()
        for number, one in enumerate(own)
        if any(_cross(one, other) for other in own[:number])
    ]


def _cross(one: Mention, other: Mention) -> bool:
    first, second = sorted((one, other), key=lambda each: (each.first, -each.behind))
    return first.first < second.first < first.behind < second.behind or (
        # Closed and opened at the same token, the one that closes would be the one just opened.
        first.behind - 1 == second.first and first.first < second.first < second.behind - 1
    )
