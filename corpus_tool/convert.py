"""Sources of one format to articles of another, with what was found and what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus_tool import formats
from corpus_tool.corpus import Setup, compile_contract, new_checker
from corpus_tool.errors import SettingsError
from corpus_tool.findings import Finding
from corpus_tool.formats import JSON_FORMATS
from corpus_tool.inventory import Inventory
from corpus_tool.reading import Conversion, imported, read_articles, source_suffixes
from corpus_tool.reports import Report
from corpus_tool.rules import find_rule
from corpus_tool.settings import Options, read_config
from corpus_tool.sources import Found, find_sources
from corpus_tool.validate import gather
from corpus_tool.writing import write_articles


def convert(  # noqa: PLR0913 (what is read, what is written, and by which labels)
    sources: Sequence[str], *, source_format: str, target_format: str, output: str, options: Options | None = None,
    by_source_inventory: bool = False,
) -> Conversion:  # fmt: skip
    """Convert sources of one format to another; the good articles are written, the others are findings.

    Labels are checked by the inventory that the settings name; by the one that the sources bring where none is named,
    or where `by_source_inventory` says so.
    """
    from corpus_tool.formats.lift import check_lifts, parse_lifts

    options = options or Options()
    if target_format not in JSON_FORMATS:
        formats.exporter(target_format)
    setup = set_up_sources(sources, source_format, options, by_source_inventory=by_source_inventory)
    config, checker = setup.config, setup.checker
    lifts = parse_lifts(list(config.lift), str(config.path))
    check_lifts(lifts, checker.contract, str(config.path))
    result = Conversion()
    articles = read_articles(setup.found, source_format, checker, result, lifts, options.progress)
    write_articles(articles, target_format, output, checker, result)
    return result


def set_up_sources(
    sources: Sequence[str], source_format: str, options: Options, *, by_source_inventory: bool = False
) -> Setup:
    """Find the files of a format, and compile the contract that articles made of them are checked by."""
    config = read_config(sources, options)
    found = find_sources(sources, source_suffixes(source_format), config.files)
    brought = None if source_format in JSON_FORMATS else _inventory_of(found, source_format)
    settings = replace(config, inventory=None) if by_source_inventory else config
    checker = new_checker(config, compile_contract(settings, brought))
    if checker.contract.problems:
        at, why = checker.contract.problems[0]
        raise SettingsError(f"articles of this schema cannot be converted: the schema at {at} {why}")
    return Setup(config, found, checker)


def check_sources(setup: Setup, source_format: str, options: Options) -> Report:
    """Check what sources of another format become as articles; places are those of the source files."""
    result = Conversion()
    checker = replace(setup.checker, mask=options.mask)
    reports = (report for _, report in imported(setup.found.files, source_format, checker, result))
    report = gather(reports, checker, options.progress)
    told = [_without_quotes(finding) for finding in result.findings] if options.mask else result.findings
    order = {file.name: number for number, file in enumerate(setup.found.files)}
    report.findings = sorted(
        [*told, *report.findings], key=lambda one: (order.get(one.location.path, len(order)), one.order)
    )
    report.summary.add(result.summary)
    report.summary.files = len(setup.found.files)
    report.summary.left_out = dict(setup.found.left_out)
    return report


def _without_quotes(finding: Finding) -> Finding:
    """What an importer found, in the words of the rule: its own quote the source."""
    return replace(finding, message=find_rule(finding.code).doc.partition("\n")[0], fix=None)


def source_inventory(sources: Sequence[str], source_format: str, options: Options | None = None) -> Inventory:
    """The inventory that lies beside sources of a format; SettingsError where there is none."""
    config = read_config(sources, options or Options())
    found = find_sources(sources, source_suffixes(source_format), config.files)
    inventory = None if source_format in JSON_FORMATS else _inventory_of(found, source_format)
    if inventory is None:
        hint = "leave --inventory out; one to check by is named in corpus.toml"
        raise SettingsError(f"these {source_format} sources bring no inventory to write: {hint}")
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
