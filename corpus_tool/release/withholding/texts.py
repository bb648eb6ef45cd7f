"""`texts.jsonl`: of each article whose text a release withholds, what a reader's own copy is known by and does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus_tool.errors import ReleaseError
from corpus_tool.release.withholding.quoting import read_pieces
from corpus_tool.release.withholding.veiling import Quoted

TEXTS = "texts.jsonl"
MARKED = 256
"""So many code points have a mark of their own, by which a copy that differs is told where."""
_MARK = 4


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a text that is not there.

    `marks` are four hexadecimal digits for every MARKED code points: enough to see where a copy differs, too few to
    try guesses by. `quoted` is what the article quotes of the text, `raw` what it does with every provenance, where
    the release has that view.
    """

    id: str
    characters: int
    sha256: str
    marks: str
    quoted: Quoted = field(default_factory=dict)
    raw: Quoted = field(default_factory=dict)

    def line(self) -> bytes:
        """The line of the file, without what is empty."""
        value: dict[str, Any] = {name: getattr(self, name) for name in ("id", "characters", "sha256", "marks")}
        value |= {name: made for name, made in (("quoted", self.quoted), ("raw", self.raw)) if made}
        return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def known_text(name: str, text: str, quoted: Quoted) -> Known:
    """What is to be known of a text."""
    return Known(name, len(text), text_digest(text), marks(text), quoted)


def text_digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def marks(text: str) -> str:
    """The marks of a text, one after the other."""
    return "".join(mark(text[start : start + MARKED]) for start in range(0, len(text), MARKED))


def mark(part: str) -> str:
    return text_digest(part)[:_MARK]


def differing_block(text: str, known: Known) -> int:
    """The number of the first MARKED code points of a copy that are not those of the text."""
    own = marks(text)
    blocks = range(0, max(len(own), len(known.marks)), _MARK)
    return next((at // _MARK for at in blocks if own[at : at + _MARK] != known.marks[at : at + _MARK]), 0)


def read_texts(folder: Path) -> dict[str, Known]:
    """The texts that a release withholds, by article id; ReleaseError where the file is missing or damaged."""
    path = folder / TEXTS
    try:
        return {known.id: known for known in _lines(path)}
    except OSError as error:
        raise ReleaseError(f"cannot read {path}: {error.strerror}") from error


def _lines(path: Path) -> Iterator[Known]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                value = json.loads(line)
                yield Known(**{**value, **{name: _quoted(value.get(name, {})) for name in ("quoted", "raw")}})
            except (ValueError, TypeError, AttributeError, RecursionError) as error:
                raise ReleaseError(f"{path}, line {number}, does not say what a text is: {error}") from error


def _quoted(value: Mapping[str, Any]) -> Quoted:
    return {at: None if parts is None else read_pieces(parts) for at, parts in value.items()}
