"""A corpus as it will be checked: its settings, its files, its contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.blocks import read_blocks
from corpus_tool.config import Config, find_config, load_config
from corpus_tool.contract import Contract, load_contract
from corpus_tool.inventory import Inventory
from corpus_tool.inventory_files import load_inventory
from corpus_tool.rules import find_rule, selected
from corpus_tool.sources import NATIVE, Found, find_sources
from corpus_tool.validate import Checker, Report, Sink, run_checks

if TYPE_CHECKING:
    from corpus_tool.findings import Severity


Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What every command takes: files that override `corpus.toml`, the rules that run, the number of processes."""

    config: Path | None = None
    schema: Path | None = None
    inventory: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    jobs: int | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """A corpus as it will be checked: its settings, its files, its checker."""

    config: Config
    found: Found
    checker: Checker

    @property
    def contract(self) -> Contract:
        return self.checker.contract


def read_config(sources: Iterable[str], options: Options) -> Config:
    """The settings of the sources' corpus, with what the options say put over them."""
    config = load_config(options.config or find_config(sources))
    return replace(
        config,
        schema=options.schema or config.schema,
        inventory=options.inventory or config.inventory,
        select=options.select or config.select,
        ignore=(*config.ignore, *options.ignore),
    )


def compile_contract(config: Config, inventory: Inventory | None = None) -> Contract:
    """The contract of a corpus; `inventory` stands in where the settings name none."""
    if config.inventory is not None:
        inventory = load_inventory(config.inventory)
    return load_contract(config.schema, inventory, config.extension)


def new_checker(config: Config, contract: Contract, sink: Sink | None = None) -> Checker:
    severities: dict[str, Severity] = {find_rule(code).code: level for code, level in config.severities.items()}
    checker = Checker(contract, selected(config.select, config.ignore), severities, sink)
    checker.verdict.check_patterns()
    return checker


def set_up(sources: Sequence[str], options: Options) -> Setup:
    """Find the files and compile the contract of a corpus of JSON; SettingsError where something stands in the way."""
    config = read_config(sources, options)
    checker = new_checker(config, compile_contract(config))
    return Setup(config, find_sources(sources, NATIVE, config.files), checker)


def validate(sources: Sequence[str], options: Options | None = None) -> Report:
    """Check articles against their contract and every rule.

    Raises SettingsError where the schema, inventory or configuration is wrong or nothing matches; what is wrong with
    the data is a finding of the report.
    """
    options = options or Options()
    return check(set_up(sources, options), options)


def check(setup: Setup, options: Options, sink: Sink | None = None) -> Report:
    """Run the checks of a set-up; accepted articles go to the sink."""
    checker = replace(setup.checker, sink=sink)
    report = run_checks(read_blocks(setup.found.files), checker, options.jobs, options.progress)
    report.summary.files = len(setup.found.files)
    report.summary.left_out = dict(setup.found.left_out)
    return report


def compiled(contract: Contract) -> None:
    """Raise SettingsError where no validator can be made of the contract."""
    Checker(contract, frozenset()).verdict.check_patterns()
