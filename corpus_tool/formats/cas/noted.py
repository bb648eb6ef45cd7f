"""What is found while reading one source."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Loss, Place
from corpus_tool.formats.tally import Tally

MALFORMED = ("IO019", "source-is-well-formed")
AMBIGUOUS = ("IO020", "source-is-unambiguous")
OFFSET = ("IO018", "offset-stands-for-a-character")
NOT_UTF8 = ("IO001", "text-is-utf8")


class UnreadableError(Exception):
    """A source that cannot be read at all: the rule, why, and where."""

    def __init__(self, message: str, place: Place | None = None, rule: tuple[str, str] = MALFORMED) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.rule = rule


@dataclass(slots=True)
class Noted:
    """Findings and losses of one source, as they come up."""

    path: str
    article: str
    findings: list[Finding] = field(default_factory=list)
    lost: Tally = field(default_factory=Tally)

    def malformed(self, message: str, place: Place | None = None) -> None:
        self.add(MALFORMED, Severity.ERROR, message, place)

    def ambiguous(self, message: str, place: Place | None = None) -> None:
        self.add(AMBIGUOUS, Severity.WARNING, message, place)

    def offset(self, message: str, place: Place | None = None) -> None:
        self.add(OFFSET, Severity.ERROR, message, place)

    def add(self, rule: tuple[str, str], severity: Severity, message: str, place: Place | None = None) -> None:
        line, column = place or (None, None)
        self.findings.append(Finding(*rule, severity, Location(self.path, line, column, article=self.article), message))

    def lose(self, what: str, example: str) -> None:
        """Something of the source that an article cannot hold."""
        self.lost.add(what, f"{self.article}: {example}")

    def named(self) -> tuple[Finding, ...]:
        """All findings, with the id that the article turned out to have."""
        return tuple(replace(one, location=replace(one.location, article=self.article)) for one in self.findings)

    def losses(self) -> tuple[Loss, ...]:
        return tuple(self.lost)
