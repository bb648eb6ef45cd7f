"""Mentions of one entity as chains of coreference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus_tool.formats.conllu.escapes import decoded
from corpus_tool.formats.conllu.mentions import INNER, Mention

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.draft import Annotation

IDENTITY = "identity"
LISTED = "%;:"
"""What parts values of a list within a field."""


@dataclass(slots=True)
class Chains:
    """Chains by id, as their mentions come."""

    members: dict[str, list[tuple[Mention, str]]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    best: dict[str, str] = field(default_factory=dict)

    def add(self, chain: str, mention: Mention, name: str, kind: str | None) -> None:
        """A mention of a chain; its kind, where it is said here."""
        self.members.setdefault(chain, []).append((mention, name))
        if kind:
            self.kinds.setdefault(chain, decoded(kind, INNER))

    def also(self, mention: Mention, name: str) -> None:
        """The chains that a mention is in besides that of its name, and those it stands for."""
        for part in _parts(mention.fields.get("chains")):
            chain, _, kind = part.partition(":")
            self.add(decoded(chain, LISTED), mention, name, decoded(kind, LISTED))
        for part in _parts(mention.fields.get("representative")):
            self.best.setdefault(decoded(part, LISTED), name)

    def annotations(self, prov: str | None) -> Iterator[Annotation]:
        """The chains; each was made by who made its first mention."""
        for name, group in self.members.items():
            kind = self.kinds.get(name, IDENTITY)
            chain: Annotation = {"id": name, "type": kind, "mentions": [mention for _, mention in group]}
            if name in self.best:
                chain["representative"] = self.best[name]
            said = group[0][0].fields.get("prov")
            maker = decoded(said, INNER) if said else prov
            yield chain | ({"prov": maker} if maker else {})


def _parts(value: str | None) -> list[str]:
    return [part for part in decoded(value, INNER).split(";") if part] if value else []
