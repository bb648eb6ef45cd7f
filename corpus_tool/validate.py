"""Blocks to findings: decoded, judged by the schema, flattened, looked at by every rule."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from corpus_tool import masking, vocabulary
from corpus_tool.blocks import Block
from corpus_tool.collecting import Collector, Said, Terms, Told
from corpus_tool.excerpts import Windows
from corpus_tool.execute import run
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.index import CorpusIndex, index_block
from corpus_tool.intake import Intake
from corpus_tool.leniency import Leniency
from corpus_tool.placing import Placing
from corpus_tool.plugins import blamed
from corpus_tool.records import Record, locations
from corpus_tool.reports import BlockReport, Report, add_up
from corpus_tool.rule import CORPUS, MOST_PER_BLOCK, ROWS, TABLES, Case, Hit, Rule, Skipped
from corpus_tool.rules import all_rules, find_rule
from corpus_tool.rules.running import Checked, asked, check_tables
from corpus_tool.schema import Verdict
from corpus_tool.summary import Summary
from corpus_tool.suppressing import NOTHING_LEFT_OUT, Suppressions

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

PORTION_BYTES = 2**19
"""So many bytes of articles are Python objects at a time; as columns they take a tenth of the memory."""

Sink = Callable[["pa.RecordBatch", int], Any]
Gate = Callable[[Iterable[Record], Collector], Iterator[Record]]


@dataclass(frozen=True)
class Checker:
    """Checks blocks of JSON, and articles that importers read, against one contract.

    `codes` are the rules that run, `severities` those a corpus sets otherwise, `suppressions` what does not count. A
    `sink` is handed the accepted articles of each block as a record batch; what it returns is the block's product.
    """

    contract: Contract
    codes: frozenset[str]
    severities: Mapping[str, Severity] = field(default_factory=dict)
    sink: Sink | None = None
    suppressions: Suppressions = NOTHING_LEFT_OUT
    most: int = MOST_PER_BLOCK
    """So many findings of a rule are kept of a block; all are counted."""
    leniency: Leniency | None = None
    mask: bool = False
    """Whether messages keep the text of articles out."""
    own: tuple[Rule, ...] = ()
    """The rules that the corpus states itself."""
    placing: Placing | None = None
    """The splits that a release puts articles into, before anything is checked."""
    gate: Gate | None = None
    """What a release keeps out, or changes, before that."""

    @cached_property
    def verdict(self) -> Verdict:
        return Verdict(self.contract)

    def __getstate__(self) -> dict[str, Any]:
        """Without the compiled validator, which is no data: each process compiles its own."""
        return {name: value for name, value in self.__dict__.items() if name != "verdict"}

    def __call__(self, block: Block) -> BlockReport:
        out = Collector(self.terms)
        with masking.hidden(when=self.mask):
            return _Block(self, out).check(_records(block, out), block.number, _files(block))

    @property
    def terms(self) -> Terms:
        return Terms(self.codes, self.severities, self.suppressions, self.leniency, self.most)

    def read(self, block: Block, change: Callable[[Any], Any] | None = None) -> tuple[list[Record], BlockReport]:
        """Check a block, each value changed first; with the articles of it that could be decoded."""
        out = Collector(self.terms)
        with masking.hidden(when=self.mask):
            records = list(_records(block, out))
            if change is not None:
                records = [replace(record, value=change(record.value)) for record in records]
            return records, _Block(self, out).check(records, block.number, _files(block))

    def check(self, records: Sequence[Record], number: int = 0) -> BlockReport:
        """Check articles that an importer has read."""
        out = Collector(self.terms)
        out.summary.articles = len(records)
        files = _in_order(record.path for record in records)
        with masking.hidden(when=self.mask):
            return _Block(self, out).check(records, number, files)


def _records(block: Block, out: Collector) -> Iterator[Record]:
    return (record for chunk in block.chunks for record in Intake(out).read(chunk))


def _files(block: Block) -> dict[str, int]:
    return _in_order(chunk.name for chunk in block.chunks)


def _in_order(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def run_checks(
    blocks: Iterable[Block], checker: Checker, jobs: int | None = None, progress: Callable[[int], None] | None = None
) -> Report:
    """Check all blocks and then the corpus as a whole; `progress` is told articles as they are done."""
    reports = run(checker, blocks, jobs)
    return gather(reports, checker, progress)


def gather(reports: Iterable[BlockReport], checker: Checker, progress: Callable[[int], None] | None = None) -> Report:
    """One report of many, with the findings of corpus rules."""
    whole = add_up(reports, progress)
    for finding in corpus_findings(whole.index, checker, whole.summary):
        whole.findings.append(finding)
        whole.summary.count(finding)
    return whole


def corpus_findings(index: CorpusIndex, checker: Checker, summary: Summary) -> Iterator[Finding]:
    """What the corpus rules find in the index of a whole corpus; what they cannot look at is counted."""
    for rule in all_rules().values():
        if rule.on != CORPUS or rule.code not in checker.codes:
            continue
        if rule.needs and (summary.refused or any(summary.by_code.get(need) for need in rule.needs)):
            # What the others lack may stand in an article that was refused.
            summary.skip({rule.code: len(index.entries)})
            continue
        name = getattr(checker.contract, rule.point) if rule.point else None
        at = vocabulary.pointer([name]) if name else ""
        for found in asked(rule, index, checker.contract):
            if isinstance(found, Skipped):
                summary.skip({rule.code: found.number})
                continue
            with blamed(rule):
                entry, pointer = found.entry, at if found.pointer is None else found.pointer
                location = Location(entry.path, entry.line, pointer=pointer, article=entry.id or None)
                severity = found.severity or checker.terms.severity(rule)
                message = rule.message.format(detail=found.detail)
            yield checker.terms.settled(Finding(rule.code, rule.name, severity, location, message))


@dataclass(frozen=True)
class _Block:
    """One block on its way: what is found goes to `out`."""

    checker: Checker
    out: Collector

    @property
    def contract(self) -> Contract:
        return self.checker.contract

    def check(self, records: Iterable[Record], number: int, files: Mapping[str, int]) -> BlockReport:
        """The report of articles as they are read, its findings in the order of `files`."""
        accepted: dict[int, Record] = {}
        batches = []
        admitted = self.checker.gate(records, self.out) if self.checker.gate is not None else records
        placed = self.checker.placing(admitted) if self.checker.placing is not None else admitted
        for portion in _portions(enumerate(placed)):
            fit = {at: record for at, record in portion if self.judged(record, at)}
            if fit and not self.contract.problems:
                batches.append(self.batch(fit))
            accepted |= {at: record.emptied() for at, record in fit.items()}
        index, product = self.rules(accepted, batches, number)
        self.out.found.sort(key=lambda finding: (files.get(finding.location.path, 0), finding.order))
        wrong, excluded = frozenset(self.out.wrong), tuple(self.out.excluded)
        return BlockReport(self.out.found, self.out.summary, index, product, wrong, excluded)

    def judged(self, record: Record, number: int) -> bool:
        """Whether the article goes on to the rules: it keeps the schema, or breaks it in values only."""
        if self.checker.verdict.accepts(record.value):
            return True
        breaches = self.checker.verdict.breaches(record.value)
        pointers = [vocabulary.pointer(breach.path) for breach in breaches]
        article = Told(number, Windows(record.value, self.contract))
        excused = True
        for breach, location in zip(breaches, locations(record, pointers, self.contract), strict=True):
            rule = all_rules()[breach.code]
            excused &= self.out.add(
                Said(rule, rule.message.format(detail=breach.message), breach.fix), location, article
            )
        if any(breach.shape for breach in breaches):
            self.out.summary.refused += 1
            self.out.summary.excused += excused
            self.out.wrong.add(number)
            return False
        return True

    def rules(
        self, accepted: Mapping[int, Record], batches: list[pa.RecordBatch], number: int
    ) -> tuple[CorpusIndex, Any]:
        """What the rules find in the articles that the schema lets pass; their index, and the product of the sink."""
        if self.contract.problems:
            rules = (*all_rules().values(), *self.checker.own)
            skipped = [rule.code for rule in rules if rule.on in (*ROWS, TABLES, CORPUS)]
            self.out.summary.skip({code: len(accepted) for code in skipped if code in self.checker.codes})
            return CorpusIndex(), None
        if not accepted:
            return CorpusIndex(), None
        from corpus_tool.columns import joined
        from corpus_tool.flattening import read_tables

        batch = joined(batches)
        batches.clear()  # or everything would be in memory twice
        tables = read_tables(batch, self.contract)
        apart = self.checker.suppressions or self.checker.leniency  # which are told from the others one by one
        most = sys.maxsize if apart else self.checker.most
        with masking.hidden(self.names(tables), when=self.checker.mask):
            checked = check_tables(tables, self.contract, self.checker.codes, most, self.checker.own)
            self.placed(checked, tables, accepted)
        self.out.summary.skip(checked.not_checked)
        self.uncounted(checked, list(accepted))
        index = index_block(tables, batch, self.contract, [(record.path, record.line) for record in accepted.values()])
        product = self.checker.sink(batch, number) if self.checker.sink is not None else None
        return index, product

    def names(self, tables: Tables) -> frozenset[str]:
        """What messages may say where they must not quote: ids, labels and names."""
        return masking.names(*(tables[name] for name in ROWS)) if self.checker.mask else frozenset()

    def placed(self, checked: Checked, tables: Tables, accepted: Mapping[int, Record]) -> None:
        """The hits as findings: places are worked out once for all of an article."""
        by_row: dict[int, list[tuple[Rule, Hit]]] = {}
        for rule, hit in checked.hits:
            by_row.setdefault(hit.row["article"], []).append((rule, hit))
        rows = list(accepted.items())
        for row, hits in sorted(by_row.items()):
            number, record = rows[row][0], rows[row][1].filled()
            article = Told(number, Windows(record.value, self.contract))
            found = [self.said(rule, hit, tables, record) for rule, hit in hits]
            places = locations(record, [at for at, _ in found], self.contract)
            for (_, said), location in zip(found, places, strict=True):
                self.out.add(said, location, article)

    def said(self, rule: Rule, hit: Hit, tables: Tables, record: Record) -> tuple[str, Said]:
        """What is said of a hit, and the pointer to where."""
        with blamed(rule):
            at = tables.pointer(hit.row, hit.point or rule.point)
            message = hit.message if hit.message is not None else rule.message.format(**masking.row(hit.row))
            fix = hit.fix or (rule.fix(Case(tables, self.contract, hit, record.value)) if rule.fix else None)
        return at, Said(rule, message, fix, hit.span)

    def batch(self, accepted: Mapping[int, Record]) -> pa.RecordBatch:
        """The accepted articles as columns; what does not fit its Arrow type is null there, and a finding."""
        import pyarrow as pa

        from corpus_tool.columns import fitted, to_batch

        values = [record.value for record in accepted.values()]
        try:
            return to_batch(values, self.contract)
        except (pa.ArrowInvalid, OverflowError):
            said = {
                (finding.location.path, finding.location.line, finding.location.pointer) for finding in self.out.found
            }
            for at, (number, record) in enumerate(accepted.items()):
                values[at], misfits = fitted(record.value, self.contract)
                places = locations(record, [vocabulary.pointer(path) for path, _, _ in misfits], self.contract)
                for (_, value, kind), place in zip(misfits, places, strict=True):
                    if (place.path, place.line, place.pointer) not in said:
                        self.misfit(place, f"{_quoted(value)} does not fit {kind}", number)
            return to_batch(values, self.contract)

    def misfit(self, place: Location, detail: str, number: int) -> None:
        rule = all_rules()["SCH101"]
        self.out.add(Said(rule, rule.message.format(detail=detail)), place, Told(number, Windows(None, self.contract)))

    def uncounted(self, checked: Checked, numbers: Sequence[int]) -> None:
        """Count the findings that were too many to keep; the articles they are in have errors all the same."""
        kept = Counter(rule.code for rule, _ in checked.hits)
        for code, number in checked.counts.items():
            if number > kept[code]:
                severity = self.checker.terms.severity(find_rule(code, self.checker.own))
                self.out.summary.by_code[code] = self.out.summary.by_code.get(code, 0) + number - kept[code]
                self.out.summary.by_severity[severity.label] += number - kept[code]
                if severity is Severity.ERROR:
                    self.out.wrong.update(numbers[row] for row in checked.articles[code])


def _portions(records: Iterable[tuple[int, Record]]) -> Iterator[list[tuple[int, Record]]]:
    """Records by so many bytes: the values of no more than these are in memory at a time."""
    portion: list[tuple[int, Record]] = []
    size = 0
    for number, record in records:
        portion.append((number, record))
        size += record.size
        if size >= PORTION_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _quoted(value: Any) -> str:
    text = str(value)
    return masking.veiled(text) if isinstance(value, str) and masking.hides(text) else text[:60]
