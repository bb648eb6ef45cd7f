"""The Python API: what the command line does, as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool import formats
from corpus_tool.blocks import read_blocks
from corpus_tool.config import Config, find_config, load_config
from corpus_tool.contract import Contract, load_contract
from corpus_tool.convert import JSON_FORMATS, Conversion, read_articles, source_suffixes, write_articles
from corpus_tool.errors import SettingsError
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


def _checker(config: Config, contract: Contract, sink: Sink | None = None) -> Checker:
    severities: dict[str, Severity] = {find_rule(code).code: level for code, level in config.severities.items()}
    checker = Checker(contract, selected(config.select, config.ignore), severities, sink)
    checker.verdict.check_patterns()
    return checker


def set_up(sources: Sequence[str], options: Options) -> Setup:
    """Find the files and compile the contract of a corpus of JSON; SettingsError where something stands in the way."""
    config = read_config(sources, options)
    checker = _checker(config, compile_contract(config))
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


def convert(
    sources: Sequence[str], *, source_format: str, target_format: str, output: str, options: Options | None = None,
) -> Conversion:  # fmt: skip
    """Convert sources of one format to another; the good articles are written, the others are findings."""
    from corpus_tool.formats.lift import check_lifts, parse_lifts

    options = options or Options()
    if target_format not in JSON_FORMATS:
        formats.exporter(target_format)
    config = read_config(sources, options)
    found = find_sources(sources, source_suffixes(source_format), config.files)
    brought = None if source_format in JSON_FORMATS else _inventory_of(found, source_format)
    checker = _checker(config, compile_contract(config, brought))
    if checker.contract.problems:
        at, why = checker.contract.problems[0]
        raise SettingsError(f"articles of this schema cannot be converted: the schema at {at} {why}")
    lifts = parse_lifts(list(config.lift), str(config.path))
    check_lifts(lifts, checker.contract, str(config.path))
    result = Conversion()
    articles = read_articles(found, source_format, checker, result, lifts, options.progress)
    write_articles(articles, target_format, output, checker, result)
    return result


def source_inventory(sources: Sequence[str], source_format: str, options: Options | None = None) -> Inventory:
    """The inventory that lies beside sources of a format; SettingsError where there is none."""
    config = read_config(sources, options or Options())
    found = find_sources(sources, source_suffixes(source_format), config.files)
    inventory = None if source_format in JSON_FORMATS else _inventory_of(found, source_format)
    if inventory is None:
        raise SettingsError(f"these {source_format} sources bring no inventory")
    return inventory


def _inventory_of(found: Found, source_format: str) -> Inventory | None:
    paths = [file.path for file in found.files if file.path is not None]
    return formats.importer(source_format).inventory(paths)


def write_inventory(inventory: Inventory, path: Path) -> None:
    """Write an inventory as TOML or JSON, by the suffix of the path."""
    import json

    import tomli_w

    from corpus_tool.atomic import write_file

    value: dict[str, Any] = inventory.as_json()
    text = tomli_w.dumps(value) if path.suffix == ".toml" else json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    write_file(path, lambda stream: stream.write(text.encode()))


def compiled(contract: Contract) -> None:
    """Raise SettingsError where no validator can be made of the contract."""
    Checker(contract, frozenset()).verdict.check_patterns()
