"""What typed layers cannot hold, by count and example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus_tool.formats import Loss


@dataclass(slots=True)
class Lost:
    """What could not be held: how often, and the first example."""

    counts: dict[str, Loss] = field(default_factory=dict)

    def add(self, what: str, example: str, count: int = 1) -> None:
        before = self.counts.get(what)
        self.counts[what] = Loss(what, (before.count if before else 0) + count, before.example if before else example)

    def __iter__(self) -> Iterator[Loss]:
        return iter(self.counts.values())
