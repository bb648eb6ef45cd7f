"""Sources of any format to checked articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from corpus_tool import formats
from corpus_tool.blocks import read_blocks
from corpus_tool.findings import Finding, Location
from corpus_tool.formats import About, Article
from corpus_tool.formats.agents import Pseudonyms
from corpus_tool.formats.lift import Lift, lift
from corpus_tool.formats.opening import Opened
from corpus_tool.formats.tally import Tally
from corpus_tool.garbage import collect_young
from corpus_tool.records import Record
from corpus_tool.rules import find_rule, named
from corpus_tool.segment import segment
from corpus_tool.sources import JSON_FORMATS, NATIVE, Found, SourceFile, split_suffix
from corpus_tool.summary import Summary
from corpus_tool.validate import Checker

if TYPE_CHECKING:
    from corpus_tool.formats import Importer
    from corpus_tool.inventory import Inventory
    from corpus_tool.reports import BlockReport


Change = Callable[[Any], Any]
"""What is done to an article before it is checked."""
AT_ONCE = 2048
"""So many imported articles are checked together at most,"""
SIZE_AT_ONCE = 2_500_000
"""and about so many characters of text and parts: what checking costs for a block of any size is shared by many."""
_PART = 20
"""As many characters as an annotation is counted for."""


@dataclass(slots=True)
class Conversion:
    """What came of a conversion: `written` articles, annotations by layer, losses, findings, what was mended."""

    findings: list[Finding] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)
    written: int = 0
    layers: Counter[str] = field(default_factory=Counter)
    losses: Tally = field(default_factory=Tally)
    mended: Tally = field(default_factory=Tally)
    others: tuple[str, ...] = ()
    """Formats that the sources may be of, where none was named and not one of them is an article."""

    def as_json(self) -> dict[str, Any]:
        return {
            "articles": self.written,
            "layers": dict(self.layers),
            "lost": [loss.as_json() for loss in self.losses],
            "mended": [mended.as_json() for mended in self.mended],
            "findings": [finding.as_json() for finding in self.findings],
            "summary": self.summary.as_json(),
        }

    def found(self, finding: Finding) -> None:
        self.findings.append(finding)
        self.summary.count(finding)


def source_suffixes(name: str) -> tuple[str, ...]:
    """The suffixes that a source format takes from a directory."""
    return NATIVE if name in JSON_FORMATS else formats.importer(name).suffixes


def read_articles(  # noqa: PLR0913, PLR0917 (what is read, how, and where what is found goes)
    found: Found, name: str, checker: Checker, result: Conversion, lifts: Sequence[Lift] = (),
    pseudonyms: Pseudonyms | None = None, progress: Callable[[int], None] | None = None, *, segmented: bool = False,
    fix: bool = False,
) -> Iterator[Article]:  # fmt: skip
    """The good articles of all sources, in order; what is wrong with the others goes to `result`."""
    result.summary.files = len(found.files)
    result.summary.left_out = dict(found.left_out)
    native = name in JSON_FORMATS
    change = None if pseudonyms is None else pseudonyms.hide
    if native:
        batches = _native(found.files, checker, change)
    else:
        batches = imported(found.files, name, checker, result, change, fix=fix)
    seen: dict[str, str] = {}
    for records, report in batches:
        result.findings += report.findings
        result.summary.add(report.summary)
        for number, record in enumerate(records):
            if number not in report.wrong and not _repeats(record, seen, checker, result):
                article, unlifted = lift(record.value, lifts)
                for finding in unlifted:
                    result.found(named(replace(finding, location=replace(finding.location, path=record.path))))
                if segmented:
                    article = segment(article)
                result.written += 1
                count_layers(article, checker, result.layers)
                yield article
        if progress is not None:
            progress(len(records))
        records.clear()  # or they would be in memory beside the next
        collect_young()


def _native(
    files: Iterable[SourceFile], checker: Checker, change: Change | None
) -> Iterator[tuple[list[Record], BlockReport]]:
    for block in read_blocks(files):
        yield checker.read(block, change)


def imported(  # noqa: PLR0913 (what is read, how, and where what is found goes)
    files: Sequence[SourceFile], name: str, checker: Checker, result: Conversion, change: Change | None = None, *,
    fix: bool = False,
) -> Iterator[tuple[list[Record], BlockReport]]:  # fmt: skip
    """Sources of a format as checked articles, some at a time; what cannot be one is told to `result`."""
    importer = formats.importer(name)
    stream = _records(files, importer, checker.contract.inventory, result, fix=fix)
    if change is not None:
        stream = (replace(record, value=change(record.value)) for record in stream)
    for number, records in enumerate(_blocks(stream, checker.contract.text)):
        yield records, checker.check(records, number)


def _blocks(stream: Iterable[Record], text: str | None) -> Iterator[list[Record]]:
    block: list[Record] = []
    size = 0
    for record in stream:
        block.append(record)
        words = record.value.get(text)
        size += len(words) if isinstance(words, str) else 0
        size += _PART * sum([len(part) for part in record.value.values() if isinstance(part, list)])
        if len(block) >= AT_ONCE or size >= SIZE_AT_ONCE:
            yield block
            block, size = [], 0
    if block:
        yield block


def _records(
    files: Sequence[SourceFile], importer: Importer, inventory: Inventory | None, result: Conversion, *, fix: bool
) -> Iterator[Record]:
    done: dict[str, str] = {}
    folders: dict[str, list[SourceFile]] = {}
    for file in files:
        folders.setdefault(_folder(file), []).append(file)
    said = getattr(importer, "about", None)  # one of a plug-in need not have it
    pairs = isinstance(said, About) and said.pairs
    for file in files:
        stem, suffix = split_suffix(file.name)
        if pairs and done.setdefault(stem, suffix) != suffix:
            continue  # its sibling has been read: a pair is one source
        opened = Opened(file, folder=folders[_folder(file)])
        for imported in opened.whole(importer.read(opened.source(fix=fix), inventory)):
            for finding in imported.findings:
                result.found(named(finding))
            result.losses.take(imported.losses)
            result.mended.take(imported.mended)
            if imported.article is None:
                result.summary.articles += 1
                result.summary.refused += 1
            else:
                yield Record(imported.article, imported.path, None, places=imported.places)


def _folder(file: SourceFile) -> str:
    return file.name.rpartition("/")[0]


def _repeats(record: Record, seen: dict[str, str], checker: Checker, result: Conversion) -> bool:
    """Whether an earlier article has the id; a finding then."""
    rule = find_rule("COL801")
    if rule.code not in checker.codes:
        return False
    name = str(record.value[checker.contract.id or "id"])
    place = f"{record.path}:{record.line}" if record.line else record.path
    if name not in seen:
        seen[name] = place
        return False
    severity = checker.severities.get(rule.code, rule.severity)
    location = Location(record.path, record.line, article=name)
    result.found(Finding(rule.code, rule.name, severity, location, f"the id '{name}' is that of {seen[name]}"))
    return True


def count_layers(article: Mapping[str, Any], checker: Checker, counts: Counter[str]) -> None:
    """Add annotations by layer, and what is nested in them (attributes, links, arguments) by property."""
    for layer, nested in checker.contract.nested_lists.items():
        items = article.get(layer)
        if items is None:
            continue
        counts[layer] += len(items)
        there = set(chain.from_iterable(items)) if nested else ()
        for name in nested:
            counts[name] += sum([len(item[name] or ()) for item in items if name in item]) if name in there else 0
