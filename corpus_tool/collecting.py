"""What rules say, made into findings: with severity, window, fingerprint, and why it may not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from corpus_tool.excerpts import Windows, fingerprint
from corpus_tool.findings import Finding, Fix, Location, Severity
from corpus_tool.leniency import article_digest
from corpus_tool.rules import Rule, all_rules
from corpus_tool.summary import Summary

if TYPE_CHECKING:
    from corpus_tool.leniency import Leniency
    from corpus_tool.suppressing import Suppressions


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says: message, fix, and the piece of the text it is about where the place does not tell."""

    rule: Rule
    message: str
    fix: Fix | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Told:
    """The article something is said of: the number of its record in the block, and its text."""

    number: int
    windows: Windows

    @cached_property
    def digest(self) -> bytes | None:
        return article_digest(self.windows.value, self.windows.contract)


@dataclass(frozen=True, slots=True)
class Terms:
    """What findings count, and how much: `codes` are the rules that run, `severities` those a corpus sets otherwise.

    So many as `most` findings of a rule are kept of a block; all are counted.
    """

    codes: frozenset[str]
    severities: Mapping[str, Severity]
    suppressions: Suppressions
    leniency: Leniency | None
    most: int

    def severity(self, rule: Rule) -> Severity:
        return self.severities.get(rule.code, rule.severity)

    def settled(self, finding: Finding, value: Any = None) -> Finding:
        """A finding with its fingerprint, and with why it does not count; `value` is its article."""
        finding = replace(finding, fingerprint=fingerprint(finding, value))
        why = self.suppressions.of(finding)
        return replace(finding, suppression=why) if why else finding

    def spares(self, rule: Rule, name: str | None, article: Told) -> bool:
        """Whether the article was released before the rule was there, and is the same."""
        if self.leniency is None:
            return False
        released = self.leniency.older(name, rule.since, own=rule.code not in all_rules())
        return released is not None and released.digest == article.digest


class Collector:
    """The findings of one block, as they are made; `wrong` are the numbers of the records that have an error."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.found: list[Finding] = []
        self.summary = Summary()
        self.wrong: set[int] = set()
        self.excluded: list[tuple[str, str, str]] = []
        """Articles that a release leaves out: id, reason, detail."""
        self.kept: Counter[tuple[str, str | None]] = Counter()

    def refuse(self, code: str, at: Location, detail: str) -> None:
        """An article that cannot be read: counted, and a finding."""
        self.summary.articles += 1
        self.summary.refused += 1
        self.summary.excused += self.byte_finding(code, at, detail)

    def byte_finding(self, code: str, at: Location, detail: str, fix: Fix | None = None) -> bool:
        rule = all_rules()[code]
        return self.add(Said(rule, rule.message.format(detail=detail), fix), at)

    def add(self, said: Said, location: Location, article: Told | None = None) -> bool:
        """Make a finding of what a rule says, where that rule is to run; whether it is suppressed."""
        rule = said.rule
        if rule.code not in self.terms.codes:
            return False
        severity, message = self.terms.severity(rule), said.message
        if severity is Severity.ERROR and article is not None and self.terms.spares(rule, location.article, article):
            severity, message = Severity.WARNING, f"{message} ({self.terms.leniency})"
        excerpt = article.windows.around(location.pointer, said.span) if article else None
        finding = Finding(rule.code, rule.name, severity, location, message, said.fix, excerpt)
        finding = self.terms.settled(finding, article.windows.value if article else None)
        if severity is Severity.ERROR and article is not None and finding.suppression is None:
            self.wrong.add(article.number)
        self.summary.count(finding)
        why = finding.suppression.by if finding.suppression else None
        self.kept[rule.code, why] += 1
        if why == "baseline" or self.kept[rule.code, why] <= self.terms.most:
            self.found.append(finding)
        return why is not None
