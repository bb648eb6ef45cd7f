"""Findings that are known: written down once, so that only new ones fail a run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import SettingsError
from corpus_tool.resources import read_json
from corpus_tool.vocabulary import explain, worst_error

if TYPE_CHECKING:
    from corpus_tool.findings import Finding

VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Known:
    """A finding of a baseline. It holds no line and no text of an article."""

    fingerprint: str
    code: str
    article: str | None
    annotation: str | None

    @property
    def words(self) -> str:
        inside = [part for part in (self.article, self.annotation) if part]
        return f"{self.code}{' in ' if inside else ''}{', '.join(inside)}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings that are known, by fingerprint."""

    known: Mapping[str, Known]

    @property
    def fingerprints(self) -> frozenset[str]:
        return frozenset(self.known)

    def as_json(self) -> dict[str, Any]:
        """The baseline as `baseline-1`, sorted, so that its changes can be read in git."""
        entries = sorted(
            self.known.values(), key=lambda one: (one.article or "", one.code, one.annotation or "", one.fingerprint)
        )
        listed = [
            {name: value for name in Known.__slots__ if (value := getattr(entry, name)) is not None}
            for entry in entries
        ]
        return {"baseline": VERSION, "findings": listed}

    def gone(self, findings: Iterable[Finding], codes: frozenset[str], articles: frozenset[str] | None) -> list[Known]:
        """The entries that no longer occur, of rules that ran and, unless None, of articles that were read."""
        seen = {finding.fingerprint for finding in findings}
        return [
            entry for name, entry in self.known.items()
            if name not in seen and entry.code in codes and (articles is None or entry.article in articles)
        ]  # fmt: skip


def baseline_of(findings: Iterable[Finding]) -> Baseline:
    """The baseline in which all of these findings are known."""
    entries = (Known(one.fingerprint, one.code, one.location.article, one.location.annotation) for one in findings)
    return Baseline({entry.fingerprint: entry for entry in entries})


def read_baseline(path: Path) -> Baseline:
    """Read a baseline; SettingsError with the place where it is none."""
    value = read_json(path, "baseline")
    error = worst_error("baseline-1", value)
    if error is not None:
        raise SettingsError(explain(error), f"{path}{error.json_path[1:]}")
    entries = [Known(**{name: one.get(name) for name in Known.__slots__}) for one in value["findings"]]
    return Baseline({entry.fingerprint: entry for entry in entries})


def dumps_baseline(baseline: Baseline) -> bytes:
    """The file of a baseline, a finding a line."""
    value = baseline.as_json()
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in value["findings"])
    body = f"\n{lines}\n " if lines else ""
    return f'{{\n "baseline": "{VERSION}",\n "findings": [{body}]\n}}\n'.encode("utf-8", "backslashreplace")
