"""Which version comes next: the least that the difference to the newest release allows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Finding
from corpus_tool.release.difference.changes import Difference
from corpus_tool.release.difference.differing import difference
from corpus_tool.release.difference.policy import Bump, Reason, bump_of, reasons
from corpus_tool.release.difference.sides import Side, released_side
from corpus_tool.release.index import versions_on_disk
from corpus_tool.release.versions import parse_version

FIRST = "1.0.0"


@dataclass(frozen=True, slots=True)
class Plan:
    """The least version that is allowed, and why; of a first release `parent` and `difference` are None."""

    least: str
    policy: str
    parent: str | None = None
    difference: Difference | None = None
    bump: Bump | None = None
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What a release finds in the corpus and a validation does not: splits that share something."""

    def version(self, asked: str | None) -> str:
        """The version to build; SettingsError where the one that was asked for is below what is allowed."""
        if asked is None:
            return self.least
        number, least = parse_version(asked), parse_version(self.least)
        if self.parent is not None and number is not None and least is not None and number < least:
            why = ", ".join(_counted(one) for one in self.reasons if one.bump is self.bump) or "it is the next"
            raise SettingsError(f"version {asked} is too low: {self.least} is the least after {self.parent} ({why})")
        return asked

    def as_json(self) -> dict[str, Any]:
        return {
            "least": self.least,
            "policy": self.policy,
            "parent": self.parent,
            "bump": self.bump.name if self.bump else None,
            "reasons": [{"change": one.change, "number": one.number, "bump": one.bump.name} for one in self.reasons],
        }


def plan(home: Path, new: Side, policy: str) -> Plan:
    """The plan for a corpus whose releases lie below `home`; ReleaseError where the newest is damaged."""
    released = versions_on_disk(home)
    if not released:
        return Plan(FIRST, policy)
    found = difference(released_side(home / released[-1]), new)
    bump = bump_of(found, policy)
    return Plan(bump.after(released[-1]), policy, released[-1], found, bump, reasons(found, policy))


def _counted(reason: Reason) -> str:
    return f"{reason.change}: {reason.number:,}"
