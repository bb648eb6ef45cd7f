"""What was read in an article: its passages, and what they say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Type = Literal["headline", "byline", "dateline", "caption", "credit", "paragraph", "subheading", "related", "source"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text, half-open in code points, and what it is."""

    type: Type
    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """The passages of an article by start, and what they say of it, as it stands there."""

    passages: list[Passage] = field(default_factory=list)
    headline: str | None = None
    by: str | None = None
    date: str | None = None
    place: str | None = None
    url: str | None = None
    url_at: int | None = None
    sources: list[str] = field(default_factory=list)
