"""Commands that check articles and tell of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus_tool.cli.mending import mend_first, show_diff
from corpus_tool.cli.options import (
    ConfigOption,
    FindingFormat,
    FromOption,
    IgnoreOption,
    InventoryOption,
    JobsOption,
    QuietOption,
    SchemaOption,
    SelectOption,
    SeverityOption,
    Sources,
    VerboseOption,
    read_options,
    threshold_of,
)
from corpus_tool.cli.output import PEOPLE, at_least, emit, fails, report_lines, say, style_for
from corpus_tool.errors import CorpusError, SettingsError
from corpus_tool.findings import Severity
from corpus_tool.summary import Summary

if TYPE_CHECKING:
    from corpus_tool.caching.outcome import Outcome
    from corpus_tool.config import Config
    from corpus_tool.settings import Options


def validate(
    sources: Sources,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    select: SelectOption = None, ignore: IgnoreOption = None, severity: SeverityOption = None,
    source: FromOption = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="FILE", help="Findings that are known and do not count; see `baseline write`."
        ),
    ] = None,
    target_version: Annotated[
        str | None,
        typer.Option("--target-version", metavar="X.Y", help="Only rules that this version of the tool had."),
    ] = None,
    format: Annotated[FindingFormat, typer.Option(help="How findings are written.")] = FindingFormat.full,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write findings here, not to stdout.")
    ] = None,
    statistics: Annotated[
        bool,
        typer.Option(
            "--statistics", help="How often each rule found something, not where; as text, or with --format json."
        ),
    ] = False,
    mask_text: Annotated[
        bool, typer.Option("--mask-text", help="Keep the text of articles out of the findings.")
    ] = False,
    max_findings: Annotated[
        int | None, typer.Option("--max-findings", metavar="N", min=0, help="Write so many, count all; 0 writes all.")
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Make the safe fixes in the files; then check what is left.")
    ] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option(
            "--unsafe-fixes", help="Make those too that may change what an annotation means, or a text."
        ),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Show what fixes would change, change nothing; exit 1 where there is something."),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REF", help="Only what changed since this commit, branch or tag of git."),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Check everything, whatever earlier runs found, and keep nothing.")
    ] = False,
    jobs: JobsOption = None, quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Check articles against their JSON Schema and against what a schema cannot say; --fix mends them."""
    from corpus_tool.progress import Progress

    if statistics and format.value not in (*PEOPLE, "json"):
        raise SettingsError(f"--statistics is text or json, not {format.value}")
    with Progress("checked", quiet=quiet) as progress:
        options = read_options(
            config, schema, inventory, select, ignore, jobs, progress,
            baseline=baseline, target_version=target_version, mask=mask_text, cache=not no_cache, since=since,
            source=source,
        )  # fmt: skip
        mends = diff or fix or unsafe_fixes
        if mends or since:
            _refuse_to_change(sources, options)
        if diff:
            show_diff(sources, options, output, unsafe=unsafe_fixes, quiet=quiet)
        unwritten = mends and mend_first(sources, options, unsafe=unsafe_fixes, quiet=quiet).failed
        settings, outcome = _checked(sources, options, verbose=verbose)
    level = threshold_of(severity, settings)
    failed = fails(outcome.summary, level or Severity.ERROR)
    if statistics:
        emit(_statistics(outcome.summary, format, quiet=quiet), output)
    else:
        style = style_for(output, mask=mask_text, most=max_findings, failed=failed)
        shown = at_least(outcome.findings, level or Severity.WARNING)
        emit(report_lines(shown, outcome.summary, format.value, style, quiet=quiet), output)
    gone, words = outcome.gone
    if gone and not quiet:
        say(f"{gone:,} of the baseline no longer found ({words}): `baseline write` takes them out")
    raise typer.Exit(CorpusError.exit_code if unwritten else int(failed))


def _refuse_to_change(sources: list[str], options: Options) -> None:
    from corpus_tool.importing import format_of
    from corpus_tool.sources import JSON_FORMATS

    name = format_of(sources, options)
    if name not in JSON_FORMATS:
        raise SettingsError(
            f"--fix, --diff and --since are for articles, and {name} is not: convert it first (`convert --fix`)"
        )


def _checked(sources: list[str], options: Options, *, verbose: bool) -> tuple[Config, Outcome]:
    """Settings and outcome of a run, or of the same run before, which loads next to nothing."""
    from corpus_tool.caching.outcome import Outcome
    from corpus_tool.caching.runs import ask
    from corpus_tool.sources import JSON_FORMATS

    asked = ask(sources, options) if options.source in (None, *JSON_FORMATS) else None
    known = asked.recall() if asked is not None else None
    if asked is not None and known is not None:
        _announce(asked.config, known.problems, known.contract, len(asked.found.files), verbose=verbose)
        return asked.config, known
    from corpus_tool import corpus, importing

    setup, name = importing.set_up_any(sources, options)
    setup, native = corpus.against_baseline(setup), name in JSON_FORMATS
    contract = setup.contract
    _announce(setup.config, contract.problems, contract.digest, len(setup.found.files), verbose=verbose)
    report = corpus.check(setup, options, asked=asked) if native else importing.check_any(setup, name, options)
    gone = [] if options.since else setup.gone(report)
    words = (len(gone), gone[0].words if gone else "")
    outcome = Outcome(report.findings, report.summary, contract.digest, contract.problems, words)
    if asked is not None and native:
        asked.remember(outcome)
    return setup.config, outcome


def _statistics(summary: Summary, how: FindingFormat, *, quiet: bool) -> Iterator[str]:
    from corpus_tool.reporters import statistics
    from corpus_tool.reporters.text import closing
    from corpus_tool.rules import all_rules

    if how is FindingFormat.json:
        yield from statistics.as_json(summary, all_rules())
        return
    yield from statistics.as_text(summary, all_rules())
    if not quiet:
        yield from closing(summary)


def _announce(
    settings: Config, problems: Iterable[tuple[str, str]], contract: str, files: int, *, verbose: bool
) -> None:
    for at, why in problems:
        say(f"warning: the schema at {at} {why}: only the schema is checked, no rule, and nothing can be exported")
    if verbose:
        say(f"configuration: {settings.path or 'none'}")
        say(f"inventory: {settings.inventory or 'none: any label is accepted'}")
        say(f"contract: {contract}")
        say(f"files: {files}")
