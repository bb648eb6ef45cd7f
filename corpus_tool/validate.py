"""Blocks to findings: decoded, judged by the schema, flattened, looked at by every rule."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from corpus_tool import decoding, masking, positions, refusals, vocabulary
from corpus_tool.blocks import MAX_BYTES, Block, Chunk
from corpus_tool.excerpts import Windows, fingerprint
from corpus_tool.execute import run
from corpus_tool.findings import Finding, Fix, LineEdit, Location, Severity
from corpus_tool.index import CorpusIndex, index_block
from corpus_tool.leniency import Leniency, article_digest
from corpus_tool.plugins import blamed
from corpus_tool.positions import Extent
from corpus_tool.refusals import BOM, Refusal
from corpus_tool.rules import (
    CORPUS,
    MOST_PER_BLOCK,
    ROWS,
    TABLES,
    Case,
    Checked,
    Rule,
    Skipped,
    all_rules,
    asked,
    check_tables,
    find_rule,
)
from corpus_tool.schema import Verdict
from corpus_tool.summary import Summary
from corpus_tool.suppressing import NOTHING_LEFT_OUT, Suppressions

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

Sink = Callable[["pa.RecordBatch", int], Any]

MOST_BLANK = 1000
"""The fix of so many blank lines in a row is offered; it states each."""


@dataclass(frozen=True, slots=True)
class Record:
    """One article as it was read: its value, its file, the line it begins on, and what places are worked out from."""

    value: Any
    path: str
    line: int | None
    data: bytes | None = None
    places: Mapping[str, tuple[int, int]] | None = None


@dataclass(slots=True)
class BlockReport:
    """What came of one block; small enough to send between processes."""

    findings: list[Finding]
    summary: Summary
    index: CorpusIndex
    product: Any = None
    wrong: frozenset[int] = frozenset()
    """Numbers of the records that have an error."""


@dataclass(slots=True)
class Report:
    """What came of a run. `findings` are in the order of the sources; those about the corpus as a whole come last."""

    findings: list[Finding] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)
    index: CorpusIndex = field(default_factory=CorpusIndex)
    products: list[Any] = field(default_factory=list)

    def worst(self) -> Severity | None:
        """The highest severity found, over all counts; None where nothing was found."""
        found = [severity for severity in Severity if self.summary.by_severity[severity.label]]
        return max(found, default=None)


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

    @cached_property
    def verdict(self) -> Verdict:
        return Verdict(self.contract)

    def __getstate__(self) -> dict[str, Any]:
        """Without the compiled validator, which is no data: each process compiles its own."""
        return {name: value for name, value in self.__dict__.items() if name != "verdict"}

    def __call__(self, block: Block) -> BlockReport:
        return self.read(block)[1]

    def settled(self, finding: Finding, value: Any = None) -> Finding:
        """A finding with its fingerprint, and with why it does not count; `value` is its article."""
        finding = replace(finding, fingerprint=fingerprint(finding, value))
        why = self.suppressions.of(finding)
        return replace(finding, suppression=why) if why else finding

    def read(self, block: Block) -> tuple[list[Record], BlockReport]:
        """Check a block; with the articles of it that could be decoded."""
        report = _Findings(self)
        with masking.hidden(when=self.mask):
            records = [record for chunk in block.chunks for record in report.read(chunk)]
            return records, report.check(records, block.number)

    def check(self, records: Sequence[Record], number: int = 0) -> BlockReport:
        """Check articles that an importer has read."""
        report = _Findings(self)
        report.summary.articles = len(records)
        report.files = {path: number for number, path in enumerate(dict.fromkeys(record.path for record in records))}
        with masking.hidden(when=self.mask):
            return report.check(records, number)


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


def add_up(reports: Iterable[BlockReport], progress: Callable[[int], None] | None = None) -> Report:
    """One report of many, as far as each block was looked at by itself."""
    whole = Report()
    for report in reports:
        whole.findings += report.findings
        whole.summary.add(report.summary)
        whole.index.add(report.index)
        if report.product is not None:
            whole.products.append(report.product)
        if progress is not None:
            progress(report.summary.articles)
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
            entry, detail, *more = found
            location = Location(entry.path, entry.line, pointer=more[0] if more else at, article=entry.id or None)
            stated = more[1] if len(more) > 1 else None
            severity = stated or checker.severities.get(rule.code, rule.severity)
            message = rule.message.format(detail=detail)
            yield checker.settled(Finding(rule.code, rule.name, severity, location, message))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a rule says: message, fix, and the piece of the text it is about where the place does not tell."""

    rule: Rule
    message: str
    fix: Fix | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Article:
    """The article something is said of: the number of its record in the block, and its text."""

    number: int
    windows: Windows

    @cached_property
    def digest(self) -> bytes | None:
        return article_digest(self.windows.value, self.windows.contract)


class _Findings:
    """The findings of one block, as they are made."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.contract = checker.contract
        self.verdict = checker.verdict
        self.found: list[Finding] = []
        self.summary = Summary()
        self.wrong: set[int] = set()
        self.files: dict[str, int] = {}
        self.kept: Counter[tuple[str, str | None]] = Counter()

    def read(self, chunk: Chunk) -> Iterator[Record]:
        """The values of a chunk; what cannot be read is a finding."""
        self.files.setdefault(chunk.name, len(self.files))
        if chunk.problem == "broken compression":
            self.byte_finding("IO014", Location(chunk.name, chunk.line), chunk.detail)
            return
        if chunk.problem == "too long":
            self.refuse("IO013", Location(chunk.name, chunk.line), _too_long(chunk.detail))
            return
        data = chunk.read()
        first = chunk.line == 1
        marked = first and data.startswith(BOM)
        if marked:
            mark = LineEdit(1, 1, BOM.decode(), "")
            self.byte_finding("IO004", Location(chunk.name, 1, 1), "", Fix("remove the mark", lines=(mark,)))
            data = data[len(BOM) :]
        wide = refusals.wide_encoding(data) if first else None
        if wide is not None:
            self.refuse("IO001", Location(chunk.name, 1, 1), refusals.of_encoding(wide).message)
        elif first and not data.strip():
            self.byte_finding("IO006", Location(chunk.name, 1), "the file is empty")
        elif chunk.whole:
            yield from self.one(data, chunk.name, 1)
        else:
            yield from self.lines(data, chunk, 2 if marked else 1)

    def lines(self, data: bytes, chunk: Chunk, column: int) -> Iterator[Record]:
        """The values of lines, the first of which begins at a column: a byte order mark may stand before it."""
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        blank: list[bytes] = []
        for number, line in enumerate(lines, chunk.line):
            if not line.strip():
                blank.append(line)
                continue
            if blank:
                self.blank(chunk, number - len(blank), blank, column)
                blank = []
            yield from self.one(line, chunk.name, number)
        if blank:
            self.blank(chunk, chunk.line + len(lines) - len(blank), blank, column, last=not data.endswith(b"\n"))

    def blank(self, chunk: Chunk, line: int, blank: list[bytes], column: int, *, last: bool = False) -> None:
        """Blank lines one below the other: a small compressed file unpacks to millions of them."""
        words = "the line is blank" if len(blank) == 1 else f"{len(blank):,} lines are blank"
        fix = None
        if len(blank) <= MOST_BLANK:
            old = "\n".join(each.decode() for each in blank) + ("" if last else "\n")
            edit = LineEdit(line, column if line == 1 else 1, old, "")
            fix = Fix(f"remove the blank line{'s' if len(blank) > 1 else ''}", lines=(edit,))
        self.byte_finding("IO006", Location(chunk.name, line), words, fix)

    def one(self, data: bytes, path: str, line: int) -> Iterator[Record]:
        if len(data) > MAX_BYTES:
            self.refuse("IO013", Location(path, line), _too_long(f"{len(data):,} bytes"))
            return
        value = decoding.decode(data)
        if isinstance(value, Refusal):
            where, column = (line, None) if value.offset is None else positions.place_of(data, value.offset, line)
            self.refuse(value.code, Location(path, where, column), value.message)
        else:
            self.summary.articles += 1
            yield Record(value, path, line, data)

    def refuse(self, code: str, at: Location, detail: str) -> None:
        """An article that cannot be read: counted, and a finding."""
        self.summary.articles += 1
        self.summary.refused += 1
        self.summary.excused += self.byte_finding(code, at, detail)

    def byte_finding(self, code: str, at: Location, detail: str, fix: Fix | None = None) -> bool:
        rule = all_rules()[code]
        return self.add(_Said(rule, rule.message.format(detail=detail), fix), at)

    def add(self, said: _Said, location: Location, article: _Article | None = None) -> bool:
        """Make a finding of what a rule says, where that rule is to run; whether it is suppressed."""
        rule = said.rule
        if rule.code not in self.checker.codes:
            return False
        severity, message = self.checker.severities.get(rule.code, rule.severity), said.message
        if severity is Severity.ERROR and article is not None and self.spared(rule, location.article, article):
            severity, message = Severity.WARNING, f"{message} ({self.checker.leniency})"
        excerpt = article.windows.around(location.pointer, said.span) if article else None
        finding = Finding(rule.code, rule.name, severity, location, message, said.fix, excerpt)
        finding = self.checker.settled(finding, article.windows.value if article else None)
        if severity is Severity.ERROR and article is not None and finding.suppression is None:
            self.wrong.add(article.number)
        self.summary.count(finding)
        why = finding.suppression.by if finding.suppression else None
        self.kept[rule.code, why] += 1
        if why == "baseline" or self.kept[rule.code, why] <= self.checker.most:
            self.found.append(finding)
        return why is not None

    def spared(self, rule: Rule, name: str | None, article: _Article) -> bool:
        """Whether the article was released before the rule was there, and is the same."""
        leniency = self.checker.leniency
        if leniency is None:
            return False
        released = leniency.older(name, rule.since, own=rule.code not in all_rules())
        return released is not None and released.digest == article.digest

    def check(self, records: Sequence[Record], number: int) -> BlockReport:
        accepted = {at: record for at, record in enumerate(records) if self.judged(record, at)}
        index, product = self.rules(accepted, number)
        self.found.sort(key=lambda finding: (self.files.get(finding.location.path, 0), finding.order))
        return BlockReport(self.found, self.summary, index, product, frozenset(self.wrong))

    def judged(self, record: Record, number: int) -> bool:
        """Whether the article goes on to the rules: it keeps the schema, or breaks it in values only."""
        if self.verdict.accepts(record.value):
            return True
        breaches = self.verdict.breaches(record.value)
        pointers = [vocabulary.pointer(breach.path) for breach in breaches]
        article = _Article(number, Windows(record.value, self.contract))
        excused = True
        for breach, location in zip(breaches, self.locations(record, pointers), strict=True):
            rule = all_rules()[breach.code]
            excused &= self.add(_Said(rule, rule.message.format(detail=breach.message), breach.fix), location, article)
        if any(breach.shape for breach in breaches):
            self.summary.refused += 1
            self.summary.excused += excused
            self.wrong.add(number)
            return False
        return True

    def rules(self, accepted: Mapping[int, Record], number: int) -> tuple[CorpusIndex, Any]:
        """What the rules find in the articles that the schema lets pass; their index, and the product of the sink."""
        if self.contract.problems:
            rules = (*all_rules().values(), *self.checker.own)
            skipped = [rule.code for rule in rules if rule.on in (*ROWS, TABLES, CORPUS)]
            self.summary.skip({code: len(accepted) for code in skipped if code in self.checker.codes})
            return CorpusIndex(), None
        if not accepted:
            return CorpusIndex(), None
        from corpus_tool.flattening import read_tables

        batch = self.batch(accepted)
        tables = read_tables(batch, self.contract)
        apart = self.checker.suppressions or self.checker.leniency  # which are told from the others one by one
        most = sys.maxsize if apart else self.checker.most
        with masking.hidden(self.names(tables), when=self.checker.mask):
            checked = check_tables(tables, self.contract, self.checker.codes, most, self.checker.own)
            self.placed(checked, tables, accepted)
        self.summary.skip(checked.not_checked)
        self.uncounted(checked, list(accepted))
        index = index_block(tables, batch, self.contract, [(record.path, record.line) for record in accepted.values()])
        product = self.checker.sink(batch, number) if self.checker.sink is not None else None
        return index, product

    def names(self, tables: Tables) -> frozenset[str]:
        """What messages may say where they must not quote: ids, labels and names."""
        return masking.names(*(tables[name] for name in ROWS)) if self.checker.mask else frozenset()

    def placed(self, checked: Checked, tables: Tables, accepted: Mapping[int, Record]) -> None:
        """The hits as findings: places are worked out once for all of an article."""
        by_row: dict[int, list[tuple[str, _Said]]] = {}
        rows = list(accepted.items())
        for rule, hit in checked.hits:
            value = rows[hit.row["article"]][1].value
            with blamed(rule):
                at = tables.pointer(hit.row, hit.point or rule.point)
                message = hit.message if hit.message is not None else rule.message.format(**masking.row(hit.row))
                fix = hit.fix or (rule.fix(Case(tables, self.contract, hit, value)) if rule.fix else None)
            by_row.setdefault(hit.row["article"], []).append((at, _Said(rule, message, fix, hit.span)))
        for row, found in sorted(by_row.items()):
            number, record = rows[row]
            article = _Article(number, Windows(record.value, self.contract))
            for (_, said), location in zip(found, self.locations(record, [at for at, _ in found]), strict=True):
                self.add(said, location, article)

    def batch(self, accepted: Mapping[int, Record]) -> pa.RecordBatch:
        """The accepted articles as columns; what does not fit its Arrow type is null there, and a finding."""
        import pyarrow as pa

        from corpus_tool.columns import fitted, to_batch

        values = [record.value for record in accepted.values()]
        try:
            return to_batch(values, self.contract)
        except (pa.ArrowInvalid, OverflowError):
            said = {(finding.location.path, finding.location.line, finding.location.pointer) for finding in self.found}
            for at, (number, record) in enumerate(accepted.items()):
                values[at], misfits = fitted(record.value, self.contract)
                places = self.locations(record, [vocabulary.pointer(path) for path, _, _ in misfits])
                for (_, value, kind), place in zip(misfits, places, strict=True):
                    if (place.path, place.line, place.pointer) not in said:
                        self.misfit(place, f"{_quoted(value)} does not fit {kind}", number)
            return to_batch(values, self.contract)

    def misfit(self, place: Location, detail: str, number: int) -> None:
        rule = all_rules()["SCH101"]
        self.add(_Said(rule, rule.message.format(detail=detail)), place, _Article(number, Windows(None, self.contract)))

    def uncounted(self, checked: Checked, numbers: Sequence[int]) -> None:
        """Count the findings that were too many to keep; the articles they are in have errors all the same."""
        kept = Counter(rule.code for rule, _ in checked.hits)
        for code, number in checked.counts.items():
            if number > kept[code]:
                severity = self.checker.severities.get(code, find_rule(code, self.checker.own).severity)
                self.summary.by_code[code] = self.summary.by_code.get(code, 0) + number - kept[code]
                self.summary.by_severity[severity.label] += number - kept[code]
                if severity is Severity.ERROR:
                    self.wrong.update(numbers[row] for row in checked.articles[code])

    def locations(self, record: Record, pointers: list[str]) -> list[Location]:
        name = record.value.get(self.contract.id) if isinstance(record.value, dict) and self.contract.id else None
        article = name if isinstance(name, str) else None
        extents = _extents(record, pointers)
        return [
            Location(
                record.path, extent.line, extent.column, extent.end_line, extent.end_column,
                pointer=at, article=article, annotation=self.annotation(record.value, at),
            )
            for at, extent in zip(pointers, extents, strict=True)
        ]  # fmt: skip

    def annotation(self, value: Any, at: str) -> str | None:
        """The id of the annotation that a pointer leads into."""
        path = vocabulary.steps(at)
        layer = next((layer for layer in self.contract.layers if path and layer.name == path[0]), None)
        try:
            found = value[path[0]][int(path[1])][layer.id] if layer and layer.id and len(path) > 1 else None
        except (LookupError, TypeError, ValueError):
            return None
        return found if isinstance(found, str) else None


def _quoted(value: Any) -> str:
    text = str(value)
    return masking.veiled(text) if isinstance(value, str) and masking.hides(text) else text[:60]


def _too_long(size: str) -> str:
    return f"{size}, where at most {MAX_BYTES:,} are read"


@dataclass(frozen=True, slots=True)
class _Nowhere:
    line: int | None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


def _extents(record: Record, pointers: list[str]) -> list[Extent | _Nowhere]:
    if record.data is not None and record.line is not None:
        found = positions.locate(record.data, pointers, record.line)
        return [found[at] for at in pointers]
    if record.places is not None:
        return [_nearest(record.places, at) for at in pointers]
    return [_Nowhere(record.line)] * len(pointers)


def _nearest(places: Mapping[str, tuple[int, int]], at: str) -> _Nowhere:
    while at and at not in places:
        at = at.rpartition("/")[0]
    return _Nowhere(*places[at]) if at in places else _Nowhere(None)
