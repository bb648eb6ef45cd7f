"""What a check has to say: where, what, how bad, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Final, Literal


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


class Absent(Enum):
    """The one value of an edit that stands for no value."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a fix: the value at `pointer` is `old` and becomes `new`.

    `new` ABSENT removes the property or element; `old` ABSENT adds it, an element of a list at `-`, its end. Pointers
    of all edits of a fix are those of the article as it stands, before any of them.
    """

    pointer: str
    old: Any
    new: Any

    def as_json(self) -> dict[str, Any]:
        values = {"pointer": self.pointer, "old": self.old, "new": self.new}
        return {name: value for name, value in values.items() if value is not ABSENT}


@dataclass(frozen=True, slots=True)
class Replacement:
    """One change of an article's text: `old` at a code point offset becomes `new`, and every offset moves with it."""

    start: int
    old: str
    new: str

    def as_json(self) -> dict[str, Any]:
        return {"start": self.start, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class LineEdit:
    """One change of what stands between articles: `old`, from a column of a physical line, becomes `new`.

    Both count from 1, columns in code points, a byte order mark among them; `old` may hold the line's end, and no more.
    """

    line: int
    column: int
    old: str
    new: str

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend a finding; `safe` fixes never change what an annotation means.

    `text` are changes of the article's text: with them move all offsets, surfaces and the digest of the text. `lines`
    are changes of the file around articles; a fix that has some has no others.
    """

    description: str
    edits: tuple[Edit, ...] = ()
    safety: Literal["safe", "unsafe"] = "safe"
    text: tuple[Replacement, ...] = ()
    lines: tuple[LineEdit, ...] = ()

    def as_json(self) -> dict[str, Any]:
        edits = [edit.as_json() for edit in self.edits]
        out: dict[str, Any] = {"safety": self.safety, "description": self.description, "edits": edits}
        out |= {"text": [part.as_json() for part in self.text]} if self.text else {}
        return out | {"lines": [line.as_json() for line in self.lines]} if self.lines else out


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A window of the article's text: the span a finding is about, and what stands around it.

    `start` and `end` are code points; long spans and long surroundings are cut.
    """

    start: int
    end: int
    before: str
    covered: str
    after: str

    def as_json(self) -> dict[str, Any]:
        span = {"start": self.start, "end": self.end}
        return span | {"before": self.before, "text": self.covered, "after": self.after}


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count: `path` says corpus.toml leaves the rule out there, `baseline` that it is known."""

    by: Literal["path", "baseline"]
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"by": self.by, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule does not hold.

    `fingerprint` is made of the rule, the article, the annotation and what stands there, and of no line or index: it
    stays the same when the file is edited elsewhere.
    """

    code: str
    name: str
    severity: Severity
    location: Location
    message: str
    fix: Fix | None = None
    excerpt: Excerpt | None = None
    fingerprint: str = ""
    suppression: Suppression | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """The key findings are sorted by: file, line, column, code."""
        at = self.location
        return at.path, at.line or 0, at.column or 0, self.code, at.pointer, self.message

    def as_json(self) -> dict[str, Any]:
        at = self.location
        suppression = {"suppression": self.suppression.as_json()} if self.suppression else {}
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
            "excerpt": self.excerpt.as_json() if self.excerpt else None,
            "fingerprint": self.fingerprint,
            **suppression,
        }
