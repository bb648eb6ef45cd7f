"""Sources of one format to articles of another, with what was found and what was lost."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from corpus_tool import formats
from corpus_tool.garbage import collected_seldom
from corpus_tool.importing import refuse_without_columns, set_up_any
from corpus_tool.importing import source_inventory as source_inventory  # noqa: PLC0414 (what a conversion may write too)
from corpus_tool.inventory import Inventory
from corpus_tool.paths import AnyPath, Named, names_of
from corpus_tool.reading import Conversion, read_articles
from corpus_tool.settings import Options
from corpus_tool.sources import JSON_FORMATS
from corpus_tool.writing import write_articles


def convert(  # noqa: PLR0913 (what is read, what is written, and by which labels)
    sources: Named, *, source_format: str | None = None, target_format: str, output: AnyPath,
    options: Options | None = None, by_source_inventory: bool = False, pseudonyms: AnyPath | None = None,
    segmented: bool = False,
) -> Conversion:  # fmt: skip
    """Convert sources of one format to another; the good articles are written, the others are findings.

    Where `source_format` is None the files tell; SettingsError where they do not tell for certain.

    Labels are checked by the inventory that the settings name; by the one that the sources bring where none is named,
    or where `by_source_inventory` says so. `pseudonyms` is a JSON file of people and what they are called instead,
    which is made, or added to. `segmented` asks for sentences and tokens where an article has none.
    """
    from corpus_tool.formats.agents import read_pseudonyms, write_pseudonyms
    from corpus_tool.formats.lift import check_lifts, parse_lifts

    sources, options = names_of(sources), options or Options()
    options = replace(options, source=source_format or options.source)
    if target_format not in JSON_FORMATS:
        formats.exporter(target_format)
    setup, source_format = set_up_any(sources, options, by_source_inventory=by_source_inventory)
    refuse_without_columns(setup.contract)
    config, checker = setup.config, setup.checker
    lifts = parse_lifts(list(config.lift), str(config.path))
    check_lifts(lifts, checker.contract, str(config.path))
    result = Conversion()
    people = None if pseudonyms is None else Path(pseudonyms)
    called = None if people is None else read_pseudonyms(people)
    articles = read_articles(
        setup.found, source_format, checker, result, lifts, called, options.progress,
        segmented=segmented, fix=options.fix,
    )  # fmt: skip
    with collected_seldom():
        write_articles(articles, target_format, os.fspath(output), checker, result)
    if options.source is None and source_format in JSON_FORMATS and result.summary.refused and not result.written:
        result.others = tuple(formats.readers_of(setup.found.files[0].suffix))
    if called is not None and people is not None:
        write_pseudonyms(called, people)
    return result


def write_inventory(inventory: Inventory, path: AnyPath) -> None:
    """Write an inventory as TOML or JSON, by the suffix of the path."""
    import json

    import tomli_w

    from corpus_tool.atomic import write_file

    path, value = Path(path), inventory.as_json()
    text = tomli_w.dumps(value) if path.suffix == ".toml" else json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    write_file(path, lambda stream: stream.write(text.encode()))
