"""Losses of a whole source or corpus, counted by what was lost, each with its first example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corpus_tool.formats import Loss

_LONGEST = 120


@dataclass(slots=True)
class Tally:
    """What could not be held, so far."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, example: object, count: int = 1) -> None:
        if what in self.counts:
            self.counts[what] += count
        else:
            self.counts[what], self.examples[what] = count, str(example)[:_LONGEST]

    def take(self, losses: Iterable[Loss]) -> None:
        """Add losses that were counted elsewhere."""
        for loss in losses:
            self.add(loss.what, loss.example, loss.count)

    def __len__(self) -> int:
        return len(self.counts)

    def __iter__(self) -> Iterator[Loss]:
        return (Loss(what, count, self.examples[what]) for what, count in self.counts.items())

    def taken(self) -> tuple[Loss, ...]:
        """All of it; the count begins anew."""
        losses = tuple(self)
        self.counts.clear()
        self.examples.clear()
        return losses
