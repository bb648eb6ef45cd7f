"""What a verification has seen so far of a release."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from corpus_tool.findings import Finding, Location
from corpus_tool.release.manifest import Manifest
from corpus_tool.release.verification.footers import Footer
from corpus_tool.rules import find_rule


@dataclass(slots=True)
class Evidence:
    """What is known of a release while it is looked at; `listed` is SHA256SUMS, `damaged` what differs from it."""

    directory: Path
    manifest: Manifest | None = None
    listed: dict[str, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    footers: dict[str, Footer] = field(default_factory=dict)

    def finding(self, code: str, path: str, message: str) -> Finding:
        at = Location(str(self.directory / path) if path else str(self.directory))
        rule = find_rule(code)
        return Finding(rule.code, rule.name, rule.severity, at, message)

    def sound(self, path: str) -> bool:
        """Whether a file is there and, so far as was looked, whole."""
        return path in self.files and path not in self.damaged
