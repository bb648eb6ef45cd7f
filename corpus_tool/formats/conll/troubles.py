"""What is found while an article is read, before its id is known; no more of one kind than a person would read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats.tally import Tally

ENCODING = ("IO001", "text-is-utf8")
LINE = ("IO009", "line-is-readable")
FORM = ("IO019", "source-is-well-formed")
DOUBT = ("IO020", "source-is-unambiguous")
_MOST = 100
"""So many findings of one kind are told of an article; the others are counted."""


@dataclass(slots=True)
class Troubles:
    """Findings without the article they belong to.

    `fix` is whether what contradicts its form is mended. What is then is counted in `mended`; what is not makes the
    article `refused`.
    """

    path: str
    fix: bool = False
    told: list[tuple[tuple[str, str], Severity, int, int, str, str]] = field(default_factory=list)
    counts: Counter[tuple[str, Severity]] = field(default_factory=Counter)
    mended: Tally = field(default_factory=Tally)
    refused: bool = False

    def add(  # noqa: PLR0913, PLR0917 (what a finding is made of)
        self, rule: tuple[str, str], severity: Severity, line: int, column: int, message: str, pointer: str = ""
    ) -> None:
        self.counts[rule[0], severity] += 1
        if self.counts[rule[0], severity] <= _MOST:
            self.told.append((rule, severity, line, column, message, pointer))

    def contradiction(self, what: str, line: int, message: str, reading: str) -> None:
        """Something that contradicts its form, and how it is read where it may be mended."""
        if self.fix:
            self.mended.add(what, f"{message}: {reading}")
            self.add(DOUBT, Severity.INFO, line, 1, f"mended: {message}: {reading}")
        else:
            self.refused = True
            self.add(FORM, Severity.ERROR, line, 1, f"{message}: its article is refused; with --fix it is {reading}")

    def findings(self, article: str) -> Iterator[Finding]:
        """All of them, and one more for each kind of which there are more than are told."""
        last: dict[tuple[str, Severity], Finding] = {}
        for rule, severity, line, column, message, pointer in self.told:
            at = Location(self.path, line, column, pointer=pointer, article=article)
            made = Finding(*rule, severity, at, message)
            last[made.code, made.severity] = made
            yield made
        for kind, count in self.counts.items():
            if count > _MOST:
                at = Location(self.path, article=article)
                yield replace(last[kind], location=at, message=f"and {count - _MOST:,} more of this kind")
