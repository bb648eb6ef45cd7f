"""What a run came to, as far as it is told."""

from __future__ import annotations

from dataclasses import dataclass

from corpus_tool.caching.plain import named
from corpus_tool.findings import (
    Absent,
    Edit,
    Excerpt,
    Finding,
    Fix,
    LineEdit,
    Location,
    Replacement,
    Severity,
    Suppression,
)
from corpus_tool.summary import Summary


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings and counts, and what else is said: of the contract, and of a baseline (`gone` in number, with one)."""

    findings: list[Finding]
    summary: Summary
    contract: str
    problems: tuple[tuple[str, str], ...] = ()
    gone: tuple[int, str] = (0, "")


FINDINGS = named((
    Absent, Edit, Excerpt, Finding, Fix, LineEdit, Location, Outcome, Replacement, Severity, Summary, Suppression,
))  # fmt: skip
