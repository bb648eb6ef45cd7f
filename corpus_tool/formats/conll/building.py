"""An article as it grows out of words: its text, and where sentences and tokens stand in it and in the file."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate
from typing import Any, NamedTuple

from corpus_tool.formats import Article, Place
from corpus_tool.formats.made import ContentIds


class Group(NamedTuple):
    """Words that were added together: a name made of them, their text, and where each of them starts."""

    name: str
    text: str
    starts: Sequence[int]


@dataclass(slots=True)
class Building:
    """Text, tokens and sentences so far; `after` is what stands behind the last word where the source says it."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    tokens: list[dict[str, Any]] = field(default_factory=list)
    sentences: list[dict[str, Any]] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("Q"))
    firsts: array[int] = field(default_factory=lambda: array("Q"))
    ids: ContentIds = field(default_factory=ContentIds)
    after: str | None = None

    def add(self, words: Sequence[str], lines: Sequence[int], gaps: Sequence[str] | None = None) -> Group:
        """Append words, one space between them or what `gaps` has for each behind it, on a line of their own.

        The gap behind the last word, if given, stands before the next words instead of a line break.
        """
        if self.tokens:
            self.put("\n" if self.after is None else self.after)
        elif self.after:
            self.put(self.after)
        self.after = None if gaps is None or len(gaps) < len(words) else gaps[-1]
        pieces = [" "] * (2 * len(words) - 1)
        pieces[::2] = words
        if gaps is not None:
            pieces[1::2] = gaps[: len(words) - 1]
        text = "".join(pieces)
        edges = list(accumulate(map(len, pieces), initial=self.length))
        starts, ends = edges[:-1:2], edges[1::2]
        name = self.ids.make("", text)
        prefix = f"K{name}."
        numbers = range(1, len(words) + 1)
        # A comprehension without calls: this is where most of the time goes.
        self.tokens += [
            {"id": f"{prefix}{number}", "spans": [{"start": start, "end": end, "text": word}]}
            for number, start, end, word in zip(numbers, starts, ends, words, strict=True)
        ]
        self.firsts.append(len(self.lines))
        self.lines.extend(lines)
        self.sentences.append(
            {"id": f"S{name}", "spans": [{"start": self.length, "end": self.length + len(text), "text": text}]}
        )
        self.put(text)
        return Group(name, text, starts)

    def put(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def text(self) -> str:
        """The whole text, with what the source says stands at its end."""
        return "".join(self.pieces) + (self.after or "")


def head(name: str, text: str) -> Article:
    """An article without layers."""
    return {"schema_version": "1.0", "id": name, "text": text, "text_sha256": sha256(text.encode()).hexdigest()}


class Places(Mapping[str, Place]):
    """Where tokens, sentences and entities stand in the file; worked out when asked, since few are."""

    def __init__(self, building: Building, entities: Sequence[int]) -> None:
        """`entities` are the numbers of the tokens that they begin with."""
        lines, firsts = building.lines, building.firsts
        self._lines: dict[str, tuple[Sequence[int], Sequence[int] | None]] = {
            "tokens": (lines, None),
            "sentences": (lines, firsts if len(firsts) == len(building.sentences) else None),
            "entities": (lines, entities),
        }

    def __getitem__(self, pointer: str) -> Place:
        _, layer, number, *more = [*pointer.split("/"), "", ""]
        if layer not in self._lines or not number.isdecimal() or any(more):
            raise KeyError(pointer)
        lines, firsts = self._lines[layer]
        at = int(number)
        if at >= len(lines if firsts is None else firsts):
            raise KeyError(pointer)
        return lines[at if firsts is None else firsts[at]], 1

    def __iter__(self) -> Iterator[str]:
        for layer, (lines, firsts) in self._lines.items():
            yield from (f"/{layer}/{number}" for number in range(len(lines if firsts is None else firsts)))

    def __len__(self) -> int:
        return sum(len(lines if firsts is None else firsts) for lines, firsts in self._lines.values())
