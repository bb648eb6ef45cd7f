"""Commands that write articles in another form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus_tool.cli.options import (
    ConfigOption,
    FromOption,
    IgnoreOption,
    InventoryOption,
    JobsOption,
    MendOption,
    QuietOption,
    SchemaOption,
    SelectOption,
    Sources,
    SummaryFormat,
    SummaryOption,
    VerboseOption,
    listed,
    read_options,
)
from corpus_tool.cli.output import conclude, fails, finish_export, say
from corpus_tool.findings import Severity


def convert(
    sources: Sources,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="Format to write; see `corpus-tool formats`.")],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="PATH", help="Of jsonl a file, or - for standard output; else a new directory."
        ),
    ],
    source: FromOption = None,
    config: ConfigOption = None, schema: SchemaOption = None,
    inventory: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Written here: the inventory of the labels that the sources bring (annotation.conf)."
        ),
    ] = None,
    select: SelectOption = None, ignore: IgnoreOption = None,
    pseudonyms: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Give annotators pseudonyms, listed in this JSON file: made, or added to."
        ),
    ] = None,
    segment: Annotated[
        bool, typer.Option("--segment", help="Find sentences and tokens where an article has none.")
    ] = False,
    fix: MendOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where anything was lost.")] = False,
    format: SummaryOption = SummaryFormat.text, jobs: JobsOption = None,
    quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Convert articles from one format to another; say what was lost."""
    from corpus_tool import convert as converting
    from corpus_tool.config import find_config
    from corpus_tool.progress import Progress

    with Progress("converted", quiet=quiet) as progress:
        options = read_options(config, schema, None, select, ignore, jobs, progress, source=source, fix=fix)
        brought = converting.source_inventory(sources, source, options) if inventory else None
        result = converting.convert(
            sources,
            target_format=to,
            output=output,
            options=options,
            by_source_inventory=brought is not None,
            pseudonyms=pseudonyms,
            segmented=segment,
        )
    if inventory and brought:
        converting.write_inventory(brought, inventory)
    if verbose:
        say(f"configuration: {options.config or find_config(sources) or 'none'}")
    conclude(result, format, to_stderr=output == "-", quiet=quiet)
    if result.others and not quiet:
        say(f"none of these is an article: --from names the format of others ({', '.join(result.others)})")
    summary = result.summary
    failed = fails(summary, Severity.ERROR) or (strict and result.losses)
    raise typer.Exit(1 if failed else 0)


def export(
    sources: Sources,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Directory to make; new or empty.")],
    view: Annotated[
        list[str] | None, typer.Option("--view", metavar="VIEW", help="View to write, repeatable; all otherwise.")
    ] = None,
    source: FromOption = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    select: SelectOption = None, ignore: IgnoreOption = None, fix: MendOption = False,
    format: SummaryOption = SummaryFormat.text, jobs: JobsOption = None,
    quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Write the articles as Parquet views that datasets.load_dataset loads."""
    from corpus_tool import export as exporting
    from corpus_tool.progress import Progress

    with Progress("exported", quiet=quiet) as progress:
        options = read_options(config, schema, inventory, select, ignore, jobs, progress, source=source, fix=fix)
        result = exporting.export(sources, output, only=listed(view), options=options)
    finish_export(result, format, quiet=quiet, verbose=verbose)
