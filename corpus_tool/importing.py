"""Corpora of any format, set up and checked like those of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from corpus_tool import formats
from corpus_tool.contract import Contract
from corpus_tool.corpus import Setup, check, compile_contract, new_checker, set_up
from corpus_tool.errors import NothingMatchedError, SettingsError
from corpus_tool.findings import Finding
from corpus_tool.formats.detection import detect, shows_articles
from corpus_tool.inventory import Inventory
from corpus_tool.paths import Named, names_of
from corpus_tool.reading import Conversion, imported, source_suffixes
from corpus_tool.reports import Report
from corpus_tool.rules import find_rule
from corpus_tool.settings import Options, read_config
from corpus_tool.sources import JSON_FORMATS, NATIVE, STDIN, Found, find_sources
from corpus_tool.validate import Sink, gather


def format_of(sources: Sequence[str], options: Options) -> str:
    """The format of sources: the one that was named, else what the files show.

    Raises SettingsError where they do not show one for certain.
    """
    if options.source is not None:
        return options.source
    if STDIN in sources:
        return JSON_FORMATS[0]
    config = read_config(sources, options)
    contract = compile_contract(config)
    properties = [field.name for field in contract.root.fields]
    with suppress(NothingMatchedError):
        first = find_sources(sources, NATIVE, config.files).files[0]
        if first.path is None or shows_articles(first, properties, contract.id):
            return JSON_FORMATS[0]
    found = find_sources(sources, formats.every_suffix(), config.files)
    return detect(found.files, properties, contract.id)


def set_up_any(sources: Sequence[str], options: Options, *, by_source_inventory: bool = False) -> tuple[Setup, str]:
    """Find the files and compile the contract of a corpus of any format; with the name of that."""
    name = format_of(sources, options)
    if options.fix and name in JSON_FORMATS:
        raise SettingsError("--fix is for sources of other formats: `validate --fix` mends articles")
    if name in JSON_FORMATS and not by_source_inventory:
        return set_up(sources, options), name
    return set_up_sources(sources, name, options, by_source_inventory=by_source_inventory), name


def check_any(setup: Setup, name: str, options: Options, sink: Sink | None = None) -> Report:
    """Run the checks of a set-up; accepted articles go to the sink, block by block."""
    if name in JSON_FORMATS:
        return check(setup, options, sink)
    return check_sources(setup, name, options, sink)


def set_up_sources(
    sources: Sequence[str], source_format: str, options: Options, *, by_source_inventory: bool = False
) -> Setup:
    """Find the files of a format, and compile the contract that articles made of them are checked by."""
    config = read_config(sources, options)
    found = find_sources(sources, source_suffixes(source_format), config.files)
    brought = None if source_format in JSON_FORMATS else _inventory_of(found, source_format)
    settings = replace(config, inventory=None) if by_source_inventory else config
    checker = new_checker(config, compile_contract(settings, brought))
    refuse_without_columns(checker.contract)
    return Setup(config, found, checker)


def refuse_without_columns(contract: Contract) -> None:
    """Raise SettingsError where the articles of a contract have no canonical form: its schema has no columns."""
    if contract.problems:
        at, why = contract.problems[0]
        raise SettingsError(f"articles of this schema cannot be converted: the schema at {at} {why}")


def check_sources(setup: Setup, source_format: str, options: Options, sink: Sink | None = None) -> Report:
    """Check what sources of another format become as articles; places are those of the source files."""
    result = Conversion()
    checker = replace(setup.checker, mask=options.mask, sink=sink)
    found = imported(setup.found.files, source_format, checker, result, fix=options.fix)
    reports = (report for _, report in found)
    report = gather(reports, checker, options.progress)
    told = [_without_quotes(finding) for finding in result.findings] if options.mask else result.findings
    order = {file.name: number for number, file in enumerate(setup.found.files)}
    report.findings = sorted(
        [*told, *report.findings], key=lambda one: (order.get(one.location.path, len(order)), one.order)
    )
    report.lost, report.mended = tuple(result.losses), tuple(result.mended)
    report.summary.add(result.summary)
    report.summary.files = len(setup.found.files)
    report.summary.left_out = dict(setup.found.left_out)
    return report


def _without_quotes(finding: Finding) -> Finding:
    """What an importer found, in the words of the rule: its own quote the source."""
    return replace(finding, message=find_rule(finding.code).doc.partition("\n")[0], fix=None)


def source_inventory(sources: Named, source_format: str | None = None, options: Options | None = None) -> Inventory:
    """The inventory that lies beside sources of a format; SettingsError where there is none."""
    sources, options = names_of(sources), options or Options()
    source_format = source_format or format_of(sources, options)
    config = read_config(sources, options)
    found = find_sources(sources, source_suffixes(source_format), config.files)
    inventory = None if source_format in JSON_FORMATS else _inventory_of(found, source_format)
    if inventory is None:
        hint = "leave --inventory out; one to check by is named in corpus.toml"
        raise SettingsError(f"these {source_format} sources bring no inventory to write: {hint}")
    return inventory


def _inventory_of(found: Found, source_format: str) -> Inventory | None:
    paths = [file.path for file in found.files if file.path is not None]
    return formats.importer(source_format).inventory(paths)
