"""What came of checking: of one block, and of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import Finding, Severity
from corpus_tool.index import CorpusIndex
from corpus_tool.summary import Summary


@dataclass(slots=True)
class BlockReport:
    """What came of one block; small enough to send between processes."""

    findings: list[Finding]
    summary: Summary
    index: CorpusIndex
    product: Any = None
    wrong: frozenset[int] = frozenset()
    """Numbers of the records that have an error."""
    excluded: tuple[tuple[str, str, str], ...] = ()
    """Articles that a release leaves out: id, reason, detail."""


@dataclass(slots=True)
class Report:
    """What came of a run. `findings` are in the order of the sources; those about the corpus as a whole come last.

    `lost` and `mended` are what an importer counted (each a `formats.Loss`).
    """

    findings: list[Finding] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)
    index: CorpusIndex = field(default_factory=CorpusIndex)
    products: list[Any] = field(default_factory=list)
    excluded: list[tuple[str, str, str]] = field(default_factory=list)
    lost: tuple[Any, ...] = ()
    mended: tuple[Any, ...] = ()

    def worst(self) -> Severity | None:
        """The highest severity found, over all counts; None where nothing was found."""
        found = [severity for severity in Severity if self.summary.by_severity[severity.label]]
        return max(found, default=None)


def add_up(reports: Iterable[BlockReport], progress: Callable[[int], None] | None = None) -> Report:
    """One report of many, as far as each block was looked at by itself."""
    whole = Report()
    for report in reports:
        whole.findings += report.findings
        whole.summary.add(report.summary)
        whole.index.add(report.index)
        whole.excluded += report.excluded
        if report.product is not None:
            whole.products.append(report.product)
        if progress is not None:
            progress(report.summary.articles)
    return whole
