"""Counts of a run: what was read, what was found, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import Finding, Severity


@dataclass(slots=True)
class Summary:
    """Counts of a run: what was read, what was found, and what could not be checked."""

    articles: int = 0
    files: int = 0
    refused: int = 0
    excused: int = 0
    """Of the articles that were refused, those of which everything that is said is suppressed."""
    by_code: dict[str, int] = field(default_factory=dict)
    by_severity: dict[str, int] = field(default_factory=lambda: {s.label: 0 for s in reversed(Severity)})
    suppressed: dict[str, int] = field(default_factory=dict)
    fixable: dict[str, int] = field(default_factory=lambda: {"safe": 0, "unsafe": 0})
    not_checked: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def count(self, finding: Finding) -> None:
        """Count a finding: one that is suppressed apart, by code, and in no other number."""
        if finding.suppression is not None:
            self.suppressed[finding.code] = self.suppressed.get(finding.code, 0) + 1
            return
        self.by_code[finding.code] = self.by_code.get(finding.code, 0) + 1
        self.by_severity[finding.severity.label] += 1
        if finding.fix is not None:
            self.fixable[finding.fix.safety] += 1

    def skip(self, counts: Mapping[str, int]) -> None:
        """Add what rules could not look at, by code."""
        for code, number in counts.items():
            if number:
                self.not_checked[code] = self.not_checked.get(code, 0) + number

    def add(self, part: Summary) -> None:
        """Take in the counts of a part of the run."""
        self.articles += part.articles
        self.refused += part.refused
        self.excused += part.excused
        self.skip(part.not_checked)
        for code, number in part.suppressed.items():
            self.suppressed[code] = self.suppressed.get(code, 0) + number
        for safety, number in part.fixable.items():
            self.fixable[safety] += number
        for code, number in part.by_code.items():
            self.by_code[code] = self.by_code.get(code, 0) + number
        for severity, number in part.by_severity.items():
            self.by_severity[severity] += number

    @property
    def findings(self) -> int:
        return sum(self.by_severity.values())

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(sorted(self.by_code.items()))

    def as_json(self) -> dict[str, Any]:
        return {
            "articles": self.articles,
            "files": self.files,
            "refused": self.refused,
            "excused": self.excused,
            "findings": self.findings,
            "severity": dict(self.by_severity),
            "codes": dict(sorted(self.by_code.items())),
            "suppressed": dict(sorted(self.suppressed.items())),
            "fixable": dict(self.fixable),
            "not_checked": dict(sorted(self.not_checked.items())),
            "left_out": dict(sorted(self.left_out.items())),
        }
