"""What importers of many formats make alike: ids from content, texts from tokens, spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

NOBODY = "unknown"
"""The agent of what a file brings that does not say who made it."""


@dataclass(slots=True)
class ContentIds:
    """Ids for a format that has none, derived from what they name: an insertion elsewhere renames nothing."""

    taken: Counter[str] = field(default_factory=Counter)

    def make(self, letter: str, *content: object) -> str:
        """An id such as `T3fa9c1d2`, with an ordinal where the same content comes again: `T3fa9c1d2-2`."""
        return self._counted(_from_content(letter, content))

    def make_all(self, letter: str, contents: Iterable[tuple[object, ...]]) -> list[str]:
        """What `make` would give them one after the other."""
        digests = [sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest() for content in contents]
        names = [letter + digest[:8] for digest in digests]
        if len(set(names)) == len(names) and self.taken.keys().isdisjoint(names):
            self.taken.update(names)
            return names
        return [self._counted(name) for name in names]

    def _counted(self, name: str) -> str:
        count = self.taken[name] = self.taken.get(name, 0) + 1
        return name if count == 1 else f"{name}-{count}"


def _from_content(letter: str, content: tuple[object, ...]) -> str:
    return letter + sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()[:8]


@dataclass(slots=True)
class Growing:
    """A text that is rebuilt from pieces; its length is in code points."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def put(self, piece: str) -> tuple[int, int]:
        """Where the piece stands, half-open."""
        start = self.length
        self.pieces.append(piece)
        self.length += len(piece)
        return start, self.length

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def begun(name: str, text: str) -> dict[str, Any]:
    """An article without annotations, with the checksum of its text."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"schema_version": "1.0", "id": name, "text": text, "text_sha256": digest}


def span(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text[start:end]}


def by_unknown(tool: str, agent_type: str = "human") -> dict[str, Any]:
    """The provenance of what a file brings that does not say who made it."""
    return {"id": "A1", "agent": NOBODY, "agent_type": agent_type, "role": "annotator", "tool": tool}
