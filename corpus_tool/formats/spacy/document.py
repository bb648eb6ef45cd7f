"""A document as spaCy has it: tokens that cover the text, and everything else on them. Offsets are code points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAIN = ""
"""The maker whose entities are `doc.ents`."""
SPANCAT, FRAGMENTS, ENTITIES, COREF = "sc", "fragments", "entities", "coref_clusters_"
"""Names of span groups: those of spaCy's own span categoriser and coreference resolver, and two of this format."""
STRUCTURE = ("passages", "quotations")
"""Layers that are span groups of their own name."""


@dataclass(slots=True)
class Token:
    """One token; `head` is the number of another, `sent_start` 1, -1 (no) or 0 (not known)."""

    start: int
    end: int
    tag: str = ""
    pos: str = ""
    morph: str = ""
    lemma: str = ""
    dep: str = ""
    head: int | None = None
    sent_start: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of text; `kb_id` names an entry of a knowledge base, `id` is its own."""

    start: int
    end: int
    label: str
    kb_id: str = ""
    id: str = ""


@dataclass(slots=True)
class Document:
    """One document.

    `ents` None: entities were not annotated; `partial`: not everywhere; `missing` are stretches of which nothing is
    said, since what is there does not fit. `sents` stand beside tokens only in JSON. `extensions` are values of
    `doc._`, by name, `on_spans` those of `span._`, by start and end. `relations` joins first tokens of two entities.
    """

    text: str
    tokens: list[Token] = field(default_factory=list)
    ents: list[Span] | None = None
    partial: bool = False
    missing: list[tuple[int, int]] = field(default_factory=list)
    sents: list[tuple[int, int]] | None = None
    groups: dict[str, list[Span]] = field(default_factory=dict)
    cats: dict[str, float] = field(default_factory=dict)
    relations: list[tuple[int, int, str, float]] | None = None
    extensions: dict[str, Any] = field(default_factory=dict)
    on_spans: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)

    def is_space(self, token: Token) -> bool:
        """Whether a token is white space: that is how spaCy keeps a text verbatim."""
        return self.text[token.start : token.end].isspace()

    def space_behind(self, number: int) -> bool:
        """Whether a space belongs to a token."""
        end = self.tokens[number].end
        following = self.tokens[number + 1].start if number + 1 < len(self.tokens) else len(self.text)
        return following > end

    def surface(self, start: int, end: int) -> dict[str, Any]:
        return {"start": start, "end": end, "text": self.text[start:end]}


def group_name(maker: str, name: str) -> str:
    """`sc`, or `human:annotator-02/entities` where somebody else than the main annotator made it."""
    return name if maker == MAIN else f"{maker}/{name}"
