"""What is found while an article is read, before its id is known; no more of one kind than a person would read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus_tool.findings import Finding, Location, Severity

ENCODING = ("IO001", "text-is-utf8")
LINE = ("IO009", "line-is-readable")
FORM = ("IO019", "source-is-well-formed")
DOUBT = ("IO020", "source-is-unambiguous")
_MOST = 100
"""So many findings of one kind are told of an article; the others are counted."""


@dataclass(slots=True)
class Troubles:
    """Findings without the article they belong to."""

    path: str
    told: list[tuple[tuple[str, str], Severity, int, int, str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(  # noqa: PLR0913, PLR0917 (what a finding is made of)
        self, rule: tuple[str, str], severity: Severity, line: int, column: int, message: str, pointer: str = ""
    ) -> None:
        self.counts[rule[0]] += 1
        if self.counts[rule[0]] <= _MOST:
            self.told.append((rule, severity, line, column, message, pointer))

    def findings(self, article: str) -> Iterator[Finding]:
        """All of them, and one more for each kind of which there are more than are told."""
        last: dict[str, Finding] = {}
        for rule, severity, line, column, message, pointer in self.told:
            at = Location(self.path, line, column, pointer=pointer, article=article)
            made = Finding(*rule, severity, at, message)
            last[made.code] = made
            yield made
        for code, count in self.counts.items():
            if count > _MOST:
                like = last[code]
                at = Location(self.path, article=article)
                yield Finding(code, like.name, like.severity, at, f"and {count - _MOST:,} more of this kind")
