"""Sources of one format to articles of another, with what was found and what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus_tool import formats
from corpus_tool.garbage import collected_seldom
from corpus_tool.importing import refuse_without_columns, set_up_any
from corpus_tool.importing import source_inventory as source_inventory  # noqa: PLC0414 (what a conversion may write too)
from corpus_tool.inventory import Inventory
from corpus_tool.reading import Conversion, read_articles
from corpus_tool.settings import Options
from corpus_tool.sources import JSON_FORMATS
from corpus_tool.writing import write_articles


def convert(  # noqa: PLR0913 (what is read, what is written, and by which labels)
    sources: Sequence[str], *, source_format: str | None = None, target_format: str, output: str,
    options: Options | None = None, by_source_inventory: bool = False, pseudonyms: Path | None = None,
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

    options = options or Options()
    options = replace(options, source=source_format or options.source)
    if target_format not in JSON_FORMATS:
        formats.exporter(target_format)
    setup, source_format = set_up_any(sources, options, by_source_inventory=by_source_inventory)
    refuse_without_columns(setup.contract)
    config, checker = setup.config, setup.checker
    lifts = parse_lifts(list(config.lift), str(config.path))
    check_lifts(lifts, checker.contract, str(config.path))
    result = Conversion()
    called = None if pseudonyms is None else read_pseudonyms(pseudonyms)
    articles = read_articles(
        setup.found, source_format, checker, result, lifts, called, options.progress,
        segmented=segmented, fix=options.fix,
    )  # fmt: skip
    with collected_seldom():
        write_articles(articles, target_format, output, checker, result)
    if called is not None and pseudonyms is not None:
        write_pseudonyms(called, pseudonyms)
    return result


def write_inventory(inventory: Inventory, path: Path) -> None:
    """Write an inventory as TOML or JSON, by the suffix of the path."""
    import json

    import tomli_w

    from corpus_tool.atomic import write_file

    value: dict[str, Any] = inventory.as_json()
    text = tomli_w.dumps(value) if path.suffix == ".toml" else json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    write_file(path, lambda stream: stream.write(text.encode()))
