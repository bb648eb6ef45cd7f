"""Blocks checked and mended until nothing more can be: what one worker does at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus_tool.blocks import Block, Chunk
from corpus_tool.findings import Finding, Fix
from corpus_tool.fixing.choosing import mended
from corpus_tool.fixing.lines import Lines, edit_lines
from corpus_tool.fixing.units import Piece, Unit, piece, units_of
from corpus_tool.refusals import BOM

if TYPE_CHECKING:
    from corpus_tool.changed import Changed
    from corpus_tool.records import Record
    from corpus_tool.validate import Checker

PASSES = 100
"""So often one article is changed and checked again."""
MOST = 20_000
"""So many findings of a rule are looked at in one pass over a block; what is beyond comes in the next."""

_Offer = tuple[Finding, Fix]


@dataclass(frozen=True)
class Mender:
    """Checks blocks and makes the fixes that findings offer: safe ones, or unsafe ones as well.

    What is suppressed is not touched, nor what is not among `changed`.
    """

    checker: Checker
    unsafe: bool = False
    changed: Changed | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "checker", replace(self.checker, sink=None, most=MOST))

    def __call__(self, block: Block) -> tuple[list[Piece], int]:
        """The chunks of a block in order, with what changes in each, and the number of its articles."""
        chunks = [chunk if chunk.problem else replace(chunk, data=chunk.read(), path=None) for chunk in block.chunks]
        units = [[] if chunk.problem else units_of(chunk) for chunk in chunks]
        work = [unit for found in units for unit in found]
        asked: Sequence[Chunk] = chunks
        articles = None
        while work:
            records, report = self.checker.read(Block(block.number, tuple(asked)))
            articles = report.summary.articles if articles is None else articles
            changed = self.mend(work, records, report.findings)
            kept_all = report.summary.findings + sum(report.summary.suppressed.values()) <= len(report.findings)
            work = [unit for unit in (changed if kept_all or not changed else work) if unit.data]
            asked = [unit.again() for unit in work]
        return [piece(chunk, found) for chunk, found in zip(chunks, units, strict=True)], articles or 0

    def mend(self, units: Sequence[Unit], records: Iterable[Record], findings: Iterable[Finding]) -> list[Unit]:
        """Make the fixes of findings about units; the units that changed."""
        values = {(record.path, record.line): record for record in records}
        by_file: dict[str, dict[int, Unit]] = {}
        for unit in units:
            by_file.setdefault(unit.chunk.name, {})[unit.line] = unit
            unit.counts.unsafe.clear()
            unit.counts.stuck.clear()
        offers: dict[tuple[str, int], list[_Offer]] = {}
        for finding in findings:
            place = _place(finding, by_file)
            fix = finding.fix
            if fix is not None and _says_how(fix) and place is not None and self.counts(finding, place):
                offers.setdefault(place, []).append((finding, fix))
        changed: dict[int, Unit] = {}
        for (path, line), offered in sorted(offers.items(), reverse=True):  # a line edit moves no line above its own
            unit = by_file[path][line]
            before = unit.data
            self.mend_one(unit, offered, values.get((path, line)), by_file[path])
            if unit.data != before:
                unit.passes += 1
                changed[id(unit)] = unit
        return list(changed.values())

    def counts(self, finding: Finding, place: tuple[str, int]) -> bool:
        return finding.suppression is None and (self.changed is None or self.changed.has(*place))

    def mend_one(self, unit: Unit, offered: Sequence[_Offer], record: Record | None, lines: Lines) -> None:
        """Make what fixes of a unit can be made together: of its lines first, and only without any, of its article."""
        allowed = [(finding, fix) for finding, fix in offered if self.unsafe or fix.safety == "safe"]
        unit.counts.unsafe.update(finding.code for finding, fix in offered if not (self.unsafe or fix.safety == "safe"))
        made: list[_Offer] = []
        if unit.passes < PASSES:
            around = sorted((offer for offer in allowed if _around(offer[1])), key=_from_behind, reverse=True)
            made = [offer for offer in around if edit_lines(offer[1], lines)]
            if not made and record is not None and record.data is not None:
                made = self.mend_article(unit, [offer for offer in allowed if not offer[1].lines], record.data, record)
        unit.counts.fixed.update(finding.code for finding, _ in made)
        done = {id(finding) for finding, _ in made}
        unit.counts.stuck.update(finding.code for finding, _ in allowed if id(finding) not in done)
        if not unit.data:
            unit.counts.unsafe.clear()
            unit.counts.stuck.clear()

    def mend_article(self, unit: Unit, offered: Sequence[_Offer], data: bytes, record: Record) -> list[_Offer]:
        fixes = [fix for _, fix in offered]
        text, numbers = mended(data.decode(), record.value, fixes, self.checker.contract)
        if numbers:
            start = len(BOM) if unit.data.startswith(BOM) else 0
            unit.data = unit.data[:start] + text.encode() + unit.data[start + len(data) :]
        return [offered[number] for number in numbers]


def _place(finding: Finding, by_file: Mapping[str, Lines]) -> tuple[str, int] | None:
    """File and line of the unit that a finding is about: a file that is one article is one unit, of line 1."""
    at = finding.location
    units = by_file.get(at.path, {})
    if at.line is not None and at.line in units:
        return at.path, at.line
    return (at.path, 1) if 1 in units and units[1].chunk.whole else None


def _says_how(fix: Fix) -> bool:
    return bool(fix.edits or fix.text or fix.lines)


def _around(fix: Fix) -> bool:
    return bool(fix.lines) and not fix.edits and not fix.text


def _from_behind(offer: _Offer) -> tuple[int, int]:
    return max((edit.line, edit.column) for edit in offer[1].lines)
