"""What an importer notices while it reads one article: findings, and what an article has no place for."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Loss
from corpus_tool.formats.tally import Tally
from corpus_tool.rules import find_rule

OFFSET, MALFORMED, AMBIGUOUS = "IO018", "IO019", "IO020"


@dataclass(slots=True)
class Noticed:
    """Findings and losses of one article of one file."""

    path: str
    article: str | None = None
    findings: list[Finding] = field(default_factory=list)
    lost: Tally = field(default_factory=Tally)

    def wrong(self, line: int | None, message: str, code: str = MALFORMED) -> None:
        """An error: something of the source is left out of the article."""
        self._add(code, Severity.ERROR, line, message)

    def doubt(self, line: int | None, message: str) -> None:
        """A warning: the source says it in two ways, or not at all, and one reading was taken."""
        self._add(AMBIGUOUS, Severity.WARNING, line, message)

    def _add(self, code: str, severity: Severity, line: int | None, message: str) -> None:
        at = Location(self.path, line, 1 if line else None, article=self.article)
        self.findings.append(Finding(code, find_rule(code).name, severity, at, message))

    def lose(self, what: str, example: str, count: int = 1) -> None:
        self.lost.add(what, f"{self.article}: {example}" if self.article else example, count)

    @property
    def losses(self) -> tuple[Loss, ...]:
        return tuple(self.lost)
