"""A corpus as it will be checked: its settings, its files, its contract."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.assertions import assertions
from corpus_tool.baseline import Baseline, Known, read_baseline
from corpus_tool.blocks import read_blocks
from corpus_tool.caching.memory import recollection
from corpus_tool.caching.states import Digests
from corpus_tool.changed import Changed, read_changed
from corpus_tool.config import Config
from corpus_tool.contract import Contract, load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.execute import run
from corpus_tool.formats import readers_of
from corpus_tool.inventory import Inventory
from corpus_tool.inventory_files import load_inventory
from corpus_tool.leniency import Leniency
from corpus_tool.paths import Named, names_of
from corpus_tool.reports import BlockReport, Report, add_up
from corpus_tool.rules import codes_of, find_rule, selected
from corpus_tool.settings import Options as Options  # noqa: PLC0414 (what takes them stands here)
from corpus_tool.settings import read_config as read_config  # noqa: PLC0414
from corpus_tool.sources import NATIVE, Found, find_sources
from corpus_tool.summary import Summary
from corpus_tool.suppressing import read_suppressions
from corpus_tool.team_rules import team_rules
from corpus_tool.validate import Checker, Sink, corpus_findings, gather
from corpus_tool.versions import is_newer

if TYPE_CHECKING:
    from corpus_tool.caching.runs import Asked
    from corpus_tool.findings import Severity
    from corpus_tool.rules import Rule
    from corpus_tool.tables import Tables


@dataclass(frozen=True)
class Setup:
    """A corpus as it will be checked: its settings, its files, its checker."""

    config: Config
    found: Found
    checker: Checker

    @property
    def contract(self) -> Contract:
        return self.checker.contract

    @cached_property
    def baseline(self) -> Baseline | None:
        """The findings that the corpus says are known; None where it names no file of them."""
        return None if self.config.baseline is None else read_baseline(self.config.baseline)

    def gone(self, report: Report, *, all_read: bool = False) -> list[Known]:
        """Entries of the baseline that no longer occur: of rules that ran, and of articles that were read.

        With `all_read` every article there is was read, and what is not among them is gone as well.
        """
        if self.baseline is None:
            return []
        articles = None if all_read else frozenset(entry.id for entry in report.index.entries)
        return self.baseline.gone(report.findings, self.checker.codes, articles)


def compile_contract(config: Config, inventory: Inventory | None = None) -> Contract:
    """The contract of a corpus; `inventory` stands in where the settings name none."""
    if config.inventory is not None:
        inventory = load_inventory(config.inventory)
    contract = load_contract(config.schema, inventory, config.extension)
    return replace(contract, policy=config.policy)


def new_checker(config: Config, contract: Contract, sink: Sink | None = None) -> Checker:
    own = team_rules(config, contract)
    stated = assertions(config, contract, partial(_released, config.releases))
    if stated:
        contract = replace(contract, policy=replace(contract.policy, assertions=stated))
    severities: dict[str, Severity] = {find_rule(code, own).code: level for code, level in config.severities.items()}
    suppressions = read_suppressions(config, partial(codes_of, own=own))
    codes = selected(config.select, config.ignore, config.target_version, own)
    leniency = _leniency(config, contract, [find_rule(code, own) for code in codes], own)
    checker = Checker(contract, codes, severities, sink, suppressions, own=own, leniency=leniency)
    checker.verdict.check_patterns()
    return checker


def own_rules(options: Options, sources: Iterable[str] = (".",)) -> tuple[Rule, ...]:
    """The rules that the `corpus.toml` of the sources states itself."""
    config = read_config(sources, options)
    return team_rules(config, compile_contract(config)) if config.rules else ()


def _leniency(config: Config, contract: Contract, rules: Iterable[Rule], own: Collection[Rule]) -> Leniency | None:
    """The grace that a corpus gives what it released before a rule was there; None where it gives none today.

    Releases are read only where a rule is newer than one of them.
    """
    until, home = config.grace_until, config.releases
    if until is None or home is None or (config.policy.today or datetime.now(UTC).date()) >= until:
        return None
    from corpus_tool.release.articles import first_released, oldest_rules

    oldest = oldest_rules(home)
    if oldest is None or not any(rule in own or is_newer(rule.since, oldest) for rule in rules):
        return None
    return Leniency(until, first_released(home, contract))


def _released(home: Path | None) -> tuple[Contract, Iterable[Tables]] | None:
    from corpus_tool.release.articles import released_tables

    return released_tables(home)


def set_up(sources: Sequence[str], options: Options) -> Setup:
    """Find the files and compile the contract of a corpus of JSON; SettingsError where something stands in the way."""
    config = read_config(sources, options)
    found = find_sources(sources, NATIVE, config.files)
    _refuse_other_formats(found)
    return Setup(config, found, new_checker(config, compile_contract(config)))


def _refuse_other_formats(found: Found) -> None:
    """A file that was named is read as JSON, whatever its suffix, unless a format is known to have that."""
    for file in found.files:
        if file.path is not None and file.suffix not in NATIVE and (readers := readers_of(file.suffix)):
            named = " or ".join(f"--from {name}" for name in readers)
            raise SettingsError(f"is no file of JSON: {named} reads it, with `validate` or `convert`", file.name)


def against_baseline(setup: Setup) -> Setup:
    """The set-up in which what the corpus's baseline knows does not count."""
    if setup.baseline is None:
        return setup
    suppressions = replace(setup.checker.suppressions, known=setup.baseline.fingerprints)
    return replace(setup, checker=replace(setup.checker, suppressions=suppressions))


def find_all(setup: Setup, options: Options) -> Report:
    """Run the checks of a set-up and keep every finding, however many there are."""
    return check(replace(setup, checker=replace(setup.checker, most=sys.maxsize)), options)


def validate(sources: Named, options: Options | None = None) -> Report:
    """Check articles against their contract and every rule.

    Raises SettingsError where the schema, inventory or configuration is wrong or nothing matches; what is wrong with
    the data is a finding of the report.
    """
    options = options or Options()
    return check(against_baseline(set_up(names_of(sources), options)), options)


def check(setup: Setup, options: Options, sink: Sink | None = None, asked: Asked | None = None) -> Report:
    """Run the checks of a set-up; accepted articles go to the sink. `asked` is told what is read of the files."""
    files = setup.found.files
    changed = read_changed(files, options.since) if options.since is not None else None
    checker = replace(setup.checker, sink=sink, mask=options.mask)
    memory = recollection(checker, files) if options.cache else None
    if memory is None:
        reports = run(checker, read_blocks(files), options.jobs)
    else:
        digests, seen = (asked.known, asked.seen) if asked else ({}, Digests())
        reports = memory.check(seen.watch(read_blocks(files, digests=digests)), options.jobs)
    if changed is None:
        report = gather(reports, checker, options.progress)
    else:
        report = _of_changed(changed, reports, checker, options)
    if asked is not None:
        asked.complete = memory is not None and memory.complete
    report.summary.files = len(files) if changed is None else changed.files
    report.summary.left_out |= setup.found.left_out
    return report


def _of_changed(changed: Changed, reports: Iterable[BlockReport], checker: Checker, options: Options) -> Report:
    """What is found in the articles that changed. The others are read for the rules that compare articles.

    Of two that are alike the one that changed is the one told of.
    """
    everything = add_up(reports, options.progress)
    index = everything.index
    index.entries.sort(key=lambda entry: changed.has(entry.path, entry.line))
    report = add_up(run(checker, changed.blocks(), options.jobs))
    elsewhere = 0
    found = Summary(refused=everything.summary.refused, by_code=dict(everything.summary.by_code))
    articles = {entry.path for entry in index.entries}
    for finding in corpus_findings(index, checker, found):
        at = finding.location
        # What is said of the corpus and of no article counts whatever changed.
        if at.path not in articles or changed.has(at.path, at.line):
            report.findings.append(finding)
            report.summary.count(finding)
        else:
            elsewhere += 1
    report.summary.skip(found.not_checked)
    unchanged = everything.summary.articles - report.summary.articles
    left_out = {f"unchanged since {options.since}": unchanged, "findings of the corpus in what is unchanged": elsewhere}
    report.summary.left_out = {why: number for why, number in left_out.items() if number}
    return report


def compiled(contract: Contract) -> None:
    """Raise SettingsError where no validator can be made of the contract."""
    Checker(contract, frozenset()).verdict.check_patterns()
