"""Colours of a terminal; what is painted is escaped already."""

from __future__ import annotations

from dataclasses import dataclass

from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters.escaping import plain

_BOLD, _BLUE = "1", "1;34"
_CHANGES = {"-": "31", "+": "32", "@": "36"}
_LEVELS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Paints where `on`, and gives everything back as it is otherwise."""

    on: bool = False

    def level(self, finding: Finding) -> str:
        return self._in(_LEVELS[finding.severity], f"{finding.severity.label}[{plain(finding.code)}]")

    def code(self, finding: Finding) -> str:
        return self._in(_LEVELS[finding.severity], plain(finding.code))

    def marks(self, finding: Finding, text: str) -> str:
        return self._in(_LEVELS[finding.severity], text)

    def frame(self, text: str) -> str:
        return self._in(_BLUE, text)

    def bold(self, text: str) -> str:
        return self._in(_BOLD, text)

    def changed(self, line: str) -> str:
        """A line of a unified diff."""
        color = _BOLD if line.startswith(("--- ", "+++ ")) else _CHANGES.get(line[:1])
        return self._in(color, line) if color else line

    def _in(self, color: str, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self.on else text
