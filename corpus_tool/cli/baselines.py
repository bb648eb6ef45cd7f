"""`corpus-tool baseline`: findings that are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from corpus_tool.cli.options import (
    ConfigOption,
    FindingFormat,
    IgnoreOption,
    InventoryOption,
    JobsOption,
    QuietOption,
    SchemaOption,
    SelectOption,
    SeverityOption,
    Sources,
    read_options,
    threshold_of,
)
from corpus_tool.cli.output import at_least, emit, fails, report_lines, say, style_for, write_line
from corpus_tool.findings import Severity

DEFAULT = ".corpus-baseline.json"
app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Findings that are known: write them down, check against them."
)


@app.command("write", short_help="Write down every finding there is.")
def baseline_write(
    sources: Sources,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=f"File to write; that of corpus.toml, else {DEFAULT}."),
    ] = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    select: SelectOption = None, ignore: IgnoreOption = None, severity: SeverityOption = None,
    jobs: JobsOption = None, quiet: QuietOption = False,
) -> None:  # fmt: skip
    """Write down every finding there is; `validate` then fails only on others."""
    from corpus_tool import corpus
    from corpus_tool.atomic import write_file
    from corpus_tool.baseline import baseline_of, dumps_baseline
    from corpus_tool.progress import Progress
    from corpus_tool.reporters.style import counted

    with Progress("checked", quiet=quiet) as progress:
        options = read_options(config, schema, inventory, select, ignore, jobs, progress)
        setup = corpus.set_up(sources, options)
        report = corpus.find_all(setup, options)
    level = threshold_of(severity, setup.config) or Severity.WARNING
    known = baseline_of(one for one in at_least(report.findings, level) if one.suppression is None)
    target = output or setup.config.baseline or Path(DEFAULT)
    write_file(target, lambda stream: stream.write(dumps_baseline(known)))
    if not quiet:
        write_line(f"{target}: {counted(len(known.known), 'finding')} known")
        if setup.config.baseline is None:
            write_line(f'use it by `baseline = "{target}"` under [validate] in corpus.toml, or by --baseline')


@app.command("check", short_help="Check that what is known is what is found.")
def baseline_check(
    sources: Sources,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="FILE", help=f"File of what is known; that of corpus.toml, else {DEFAULT}."
        ),
    ] = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    select: SelectOption = None, ignore: IgnoreOption = None, severity: SeverityOption = None,
    format: Annotated[FindingFormat, typer.Option(help="How findings are written.")] = FindingFormat.full,
    jobs: JobsOption = None, quiet: QuietOption = False,
) -> None:  # fmt: skip
    """Check that nothing is found but what is known, and that all of that still is."""
    from corpus_tool import corpus
    from corpus_tool.progress import Progress

    with Progress("checked", quiet=quiet) as progress:
        options = read_options(config, schema, inventory, select, ignore, jobs, progress, baseline=baseline)
        setup = corpus.set_up(sources, options)
        if setup.config.baseline is None:
            setup = replace(setup, config=replace(setup.config, baseline=Path(DEFAULT)))
        setup = corpus.against_baseline(setup)
        report = corpus.check(setup, options)
    level = threshold_of(severity, setup.config)
    gone = setup.gone(report, all_read=True)
    failed = bool(gone) or fails(report.summary, level or Severity.ERROR)
    shown = at_least(report.findings, level or Severity.WARNING)
    emit(report_lines(shown, report.summary, format.value, style_for(None, failed=failed), quiet=quiet), None)
    for entry in gone:
        say(f"no longer found: {entry.words}; `baseline write` takes it out of the baseline")
    raise typer.Exit(int(failed))
