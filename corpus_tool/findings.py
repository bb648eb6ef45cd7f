"""What a check has to say: where, what, how bad, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal


class Severity(IntEnum):
    """How bad a finding is; an error refuses the article a place in a release."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word for it in options, outputs and configuration: `error`, `warning`, `info`."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source.

    `line`, `column`, `end_line`, `end_column` count from 1 (columns in code points), and are None where unknown;
    `line` is the physical line of the file. `pointer` is an RFC 6901 JSON Pointer into the article.
    """

    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    pointer: str = ""
    article: str | None = None
    annotation: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a fix: the value at `pointer` is `old` and becomes `new`."""

    pointer: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend a finding; `safe` fixes never change what an annotation means."""

    description: str
    edits: tuple[Edit, ...]
    safety: Literal["safe", "unsafe"] = "safe"

    def as_json(self) -> dict[str, Any]:
        edits = [{"pointer": e.pointer, "old": e.old, "new": e.new} for e in self.edits]
        return {"safety": self.safety, "description": self.description, "edits": edits}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule does not hold."""

    code: str
    name: str
    severity: Severity
    location: Location
    message: str
    fix: Fix | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """The key findings are sorted by: file, line, column, code."""
        at = self.location
        return at.path, at.line or 0, at.column or 0, self.code, at.pointer, self.message

    def as_json(self) -> dict[str, Any]:
        at = self.location
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.label,
            "path": at.path,
            "line": at.line,
            "column": at.column,
            "end_line": at.end_line,
            "end_column": at.end_column,
            "pointer": at.pointer,
            "article": at.article,
            "annotation": at.annotation,
            "message": self.message,
            "fix": self.fix.as_json() if self.fix else None,
        }
