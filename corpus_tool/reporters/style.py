"""How findings are written: in colour or not, with or without text of articles, how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from corpus_tool import masking
from corpus_tool.findings import Finding, Severity
from corpus_tool.summary import Summary


@dataclass(frozen=True, slots=True)
class Style:
    """How findings are written.

    `most` findings are written, the rest is counted: None is what the format takes by itself, 0 is all. `mask` leaves
    out what articles say. `exit_code` is what the run ends with, for the formats that tell.
    """

    color: bool = False
    mask: bool = False
    most: int | None = None
    exit_code: int | None = None


PLAIN = Style()


class Reporter(Protocol):
    """Writes findings, and the summary where there is one, as pieces of text."""

    def __call__(self, findings: Iterable[Finding], summary: Summary | None, style: Style = ...) -> Iterator[str]: ...


def wants_color(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether to write in colour: NO_COLOR, then FORCE_COLOR, then what the output is; an empty one says nothing."""
    if environment.get("NO_COLOR"):
        return False
    forced = environment.get("FORCE_COLOR")
    if forced:
        return forced != "0"
    return terminal and environment.get("TERM") != "dumb"


class Chosen:
    """The findings that are written, of those there are; which were left is known once they have been gone through.

    Suppressed ones are left out, uncounted, unless `suppressed` asks for them.
    """

    def __init__(self, findings: Iterable[Finding], style: Style, most: int = 0, *, suppressed: bool = False) -> None:
        self.findings = findings
        self.style = style
        self.most = most if style.most is None else style.most
        self.suppressed = suppressed
        self.rest: Counter[Severity] = Counter()

    def __iter__(self) -> Iterator[Finding]:
        written = 0
        for finding in self.findings:
            if finding.suppression is not None and not self.suppressed:
                continue
            if self.most and written >= self.most:
                self.rest[finding.severity] += 1
                continue
            written += 1
            yield masking.without_text(finding) if self.style.mask else finding

    @property
    def left(self) -> int:
        return self.rest.total()

    def said(self) -> str:
        """How many more there are; empty where none are."""
        levels = ", ".join(counted(self.rest[level], level.label) for level in reversed(Severity) if self.rest[level])
        return f"{self.left:,} more {'finding' if self.left == 1 else 'findings'} not shown: {levels}" if levels else ""


def counted(number: int, noun: str) -> str:
    """`1 article`, `2,000 articles`; a noun of several words, or one without a plural, stays as it is."""
    invariable = number == 1 or " " in noun or noun == "info"
    return f"{number:,} {noun}{'' if invariable else 's'}"
