"""The command line: options in, one call of the API, findings and exit code out."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
import typer.core

from corpus_tool.errors import CorpusError
from corpus_tool.findings import Finding, Severity
from corpus_tool.summary import Summary

if TYPE_CHECKING:
    from corpus_tool.corpus import Options


class _Program(typer.core.TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        """A reader that has gone is no failure to tell of, nor a finding; nor is an interrupt, whatever typer says."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _leave_pipe()
        except KeyboardInterrupt:
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Program, name="corpus-tool", no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
schema_app = typer.Typer(no_args_is_help=True, help="Compile, check and show the contract of a corpus.")
release_app = typer.Typer(no_args_is_help=True, help="Build and verify immutable releases.")
app.add_typer(schema_app, name="schema")
app.add_typer(release_app, name="release")


class FindingFormat(StrEnum):
    full = "full"
    concise = "concise"
    json = "json"


class SummaryFormat(StrEnum):
    text = "text"
    json = "json"


class Level(StrEnum):
    error = "error"
    warning = "warning"
    info = "info"


class VerifyLevel(StrEnum):
    quick = "quick"
    full = "full"
    logical = "logical"
    load = "load"


Sources = Annotated[
    list[str], typer.Argument(metavar="SRC", help="Files, directories, globs, or - for standard input.")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="corpus.toml; looked for beside SRC and above otherwise.")
]
SchemaOption = Annotated[Path | None, typer.Option("--schema", help="JSON Schema of the articles.")]
InventoryOption = Annotated[Path | None, typer.Option("--inventory", help="Label inventory, JSON or TOML.")]
SelectOption = Annotated[list[str] | None, typer.Option("--select", help="Rules that run: codes, names, families.")]
IgnoreOption = Annotated[list[str] | None, typer.Option("--ignore", help="Rules that do not run.")]
JobsOption = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; as many as cores otherwise.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say which configuration and files are used.")]
SummaryOption = Annotated[SummaryFormat, typer.Option("--format", help="How the summary is written.")]
ListOption = Annotated[SummaryFormat, typer.Option("--format", help="How the list is written.")]


def _options(
    config: Path | None, schema: Path | None, inventory: Path | None, select: list[str] | None,
    ignore: list[str] | None, jobs: int | None, progress: Any = None,
) -> Options:  # fmt: skip
    from corpus_tool.corpus import Options

    return Options(config, schema, inventory, _listed(select), _listed(ignore), jobs, progress)


def _listed(values: list[str] | None) -> tuple[str, ...]:
    """Values of a repeatable option, each perhaps several with commas."""
    return tuple(part for value in values or () for part in value.split(",") if part)


def _say(text: str) -> None:
    """A line on stderr; what a terminal would obey is escaped."""
    _line(text, to_stderr=True)


def _line(text: str, *, to_stderr: bool = False) -> None:
    from corpus_tool.reporters.text import plain

    typer.echo(plain(text), err=to_stderr)


def _json(value: Any, *, to_stderr: bool = False) -> None:
    _line(json.dumps(value, ensure_ascii=False), to_stderr=to_stderr)


def _shown(findings: Iterable[Finding], threshold: Severity) -> list[Finding]:
    return [finding for finding in findings if finding.severity >= threshold]


def _fails(summary: Summary, threshold: Severity) -> bool:
    """An article that was refused fails the run whatever rules are ignored: nothing else of it was checked."""
    return bool(summary.refused) or any(summary.by_severity[level.label] for level in Severity if level >= threshold)


def _report(findings: Iterable[Finding], summary: Summary, how: str, *, quiet: bool) -> Iterator[str]:
    from corpus_tool.reporters import REPORTERS

    return REPORTERS[how](findings, None if quiet and how != "json" else summary)


def _version(wanted: bool) -> None:
    if wanted:
        from corpus_tool import __version__

        typer.echo(f"corpus-tool {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Validate annotated news articles, convert them to Parquet, publish immutable dataset releases."""


@app.command()
def validate(
    sources: Sources,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    select: SelectOption = None, ignore: IgnoreOption = None,
    severity: Annotated[
        Level | None,
        typer.Option(help="Show findings from here up, and fail on them; otherwise warnings are shown, errors fail."),
    ] = None,
    format: Annotated[FindingFormat, typer.Option(help="How findings are written.")] = FindingFormat.full,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write findings here, not to stdout.")] = None,
    jobs: JobsOption = None, quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Check articles against their JSON Schema and against what a schema cannot say."""
    from corpus_tool import corpus
    from corpus_tool.progress import Progress

    with Progress("checked", quiet=quiet) as progress:
        options = _options(config, schema, inventory, select, ignore, jobs, progress)
        setup = corpus.set_up(sources, options)
        _announce(setup, verbose=verbose)
        report = corpus.check(setup, options)
    threshold = Severity[severity.value.upper()] if severity else setup.config.severity
    shown = _shown(report.findings, threshold or Severity.WARNING)
    _emit(_report(shown, report.summary, format.value, quiet=quiet), output)
    raise typer.Exit(1 if _fails(report.summary, threshold or Severity.ERROR) else 0)


def _announce(setup: Any, *, verbose: bool) -> None:
    for at, why in setup.contract.problems:
        _say(f"warning: the schema at {at} {why}: only the schema is checked, no rule, and nothing can be exported")
    if verbose:
        _say(f"configuration: {setup.config.path or 'none'}")
        _say(f"inventory: {setup.config.inventory or 'none: any label is accepted'}")
        _say(f"contract: {setup.contract.digest}")
        _say(f"files: {len(setup.found.files)}")


def _emit(lines: Iterable[str], output: Path | None) -> None:
    """Write lines to a file, whole or not at all; to stdout where none or `-` is named."""
    ended = (line if line.endswith("\n") else f"{line}\n" for line in lines)
    if output is None or str(output) == "-":
        sys.stdout.writelines(ended)
        return
    from corpus_tool.atomic import write_file

    write_file(output, lambda stream: stream.writelines(line.encode("utf-8", "backslashreplace") for line in ended))


@app.command()
def rules(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="Code or name of one rule.")] = None,
    format: ListOption = SummaryFormat.text,
) -> None:
    """List the rules, or explain one."""
    from corpus_tool.rules import all_rules, find_rule
    from corpus_tool.rules.pages import as_json, page

    chosen = [find_rule(code)] if code else list(all_rules().values())
    if format is SummaryFormat.json:
        _json([as_json(rule) for rule in chosen])
    elif code:
        typer.echo(page(chosen[0]))
    else:
        for rule in chosen:
            typer.echo(f"{rule.code}  {rule.severity.label:8} {rule.name}")


@app.command()
def formats(format: ListOption = SummaryFormat.text) -> None:
    """List the formats that can be read and written."""
    from corpus_tool import formats as registry

    readable = {*registry.JSON_FORMATS, *registry.names(registry.IMPORTERS)}
    writable = {*registry.JSON_FORMATS, *registry.names(registry.EXPORTERS)}
    rows = [{"name": name, "in": name in readable, "out": name in writable} for name in sorted(readable | writable)]
    if format is SummaryFormat.json:
        _json(rows)
    else:
        for row in rows:
            typer.echo(f"{row['name']:12} {'in ' if row['in'] else '   '} {'out' if row['out'] else '   '}")


@app.command()
def convert(
    sources: Sources,
    to: Annotated[str, typer.Option("--to", help="Format to write; see `corpus-tool formats`.")],
    output: Annotated[
        str, typer.Option("--output", "-o", help="Of jsonl a file, or - for standard output; else a new directory.")
    ],
    source: Annotated[str, typer.Option("--from", help="Format of the sources; see `corpus-tool formats`.")] = "jsonl",
    config: ConfigOption = None, schema: SchemaOption = None,
    inventory: Annotated[
        Path | None, typer.Option(help="File to write the labels to that the sources bring, as annotation.conf.")
    ] = None,
    select: SelectOption = None, ignore: IgnoreOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where anything was lost.")] = False,
    format: SummaryOption = SummaryFormat.text, jobs: JobsOption = None,
    quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Convert articles from one format to another; say what was lost."""
    from corpus_tool import convert as converting
    from corpus_tool.config import find_config
    from corpus_tool.progress import Progress

    with Progress("converted", quiet=quiet) as progress:
        options = _options(config, schema, None, select, ignore, jobs, progress)
        brought = converting.source_inventory(sources, source, options) if inventory else None
        result = converting.convert(
            sources, source_format=source, target_format=to, output=output, options=options,
            by_source_inventory=brought is not None,
        )  # fmt: skip
    if inventory and brought:
        converting.write_inventory(brought, inventory)
    if verbose:
        _say(f"configuration: {options.config or find_config(sources) or 'none'}")
    _conclude(result, format, to_stderr=output == "-", quiet=quiet)
    summary = result.summary
    failed = _fails(summary, Severity.ERROR) or (strict and result.losses)
    raise typer.Exit(1 if failed else 0)


def _conclude(result: Any, format: SummaryFormat, *, to_stderr: bool, quiet: bool) -> None:
    from corpus_tool.reporters.text import closing, concise, counted

    if format is SummaryFormat.json:
        _json(result.as_json(), to_stderr=to_stderr)
        return
    for line in concise(_shown(result.findings, Severity.WARNING), None):
        _say(line.rstrip("\n"))
    for loss in result.losses:
        _say(f"lost: {loss.count:,} {loss.what} ({loss.example})")
    if not quiet:
        layers = ", ".join(f"{name} {number:,}" for name, number in result.layers.items() if number)
        _line(f"{counted(result.written, 'article')} written{': ' if layers else ''}{layers}", to_stderr=to_stderr)
        for line in closing(result.summary):
            _line(line.rstrip("\n"), to_stderr=to_stderr)


@app.command()
def export(
    sources: Sources,
    output: Annotated[Path, typer.Option("--output", "-o", help="Directory to make; new or empty.")],
    view: Annotated[list[str] | None, typer.Option("--view", help="Views to write; all otherwise.")] = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    select: SelectOption = None, ignore: IgnoreOption = None,
    format: SummaryOption = SummaryFormat.text, jobs: JobsOption = None,
    quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Write the articles as Parquet views that datasets.load_dataset loads."""
    from corpus_tool import export as exporting
    from corpus_tool.progress import Progress

    with Progress("exported", quiet=quiet) as progress:
        options = _options(config, schema, inventory, select, ignore, jobs, progress)
        result = exporting.export(sources, output, only=_listed(view), options=options)
    _finish_export(result, format, quiet=quiet, verbose=verbose)


def _finish_export(result: Any, format: SummaryFormat, *, quiet: bool, verbose: bool) -> NoReturn:
    from corpus_tool.reporters.text import concise

    report = result.report
    if format is SummaryFormat.json:
        _json(result.as_json())
    else:
        shown = _shown(report.findings, Severity.WARNING if verbose or result.refused else Severity.ERROR)
        for line in concise(shown, None if quiet else report.summary):
            _say(line.rstrip("\n"))
        if not quiet:
            for line in result.lines():
                _line(line)
    raise typer.Exit(1 if result.refused else 0)


@schema_app.command("compile")
def schema_compile(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; stdout otherwise.")] = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Write the contract: base schema, inventory and extension as one flat, closed JSON Schema."""
    contract = _contract(config, schema, inventory)
    _emit([json.dumps(contract.schema, ensure_ascii=False, indent=1)], output)


@schema_app.command("check")
def schema_check(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Check that schema, inventory and extension make a contract that can be validated and exported."""
    contract = _contract(config, schema, inventory)
    for at, why in contract.problems:
        _say(f"error: the schema at {at} {why}, so articles can be validated but not exported")
    typer.echo(f"contract {contract.digest}: {len(contract.layers)} layers")
    raise typer.Exit(2 if contract.problems else 0)


@schema_app.command("show")
def schema_show(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """List the fields of the contract with their types and meanings."""
    from corpus_tool.outline import outline

    _emit(outline(_contract(config, schema, inventory).root), None)


@schema_app.command("arrow")
def schema_arrow(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Show the Arrow schema that articles are exported under."""
    for field in _contract(config, schema, inventory).arrow:
        typer.echo(f"{field.name}: {field.type}")


@schema_app.command("features")
def schema_features(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Show the features of every view, as the YAML of a dataset card."""
    from corpus_tool.cards import features_yaml

    typer.echo(features_yaml(_contract(config, schema, inventory)), nl=False)


def _contract(config: Path | None, schema: Path | None, inventory: Path | None) -> Any:
    from corpus_tool import corpus

    options = _options(config, schema, inventory, None, None, None)
    contract = corpus.compile_contract(corpus.read_config(["."], options))
    corpus.compiled(contract)
    return contract


@release_app.command("build")
def release_build(
    sources: Sources,
    name: Annotated[str | None, typer.Option("--name", help="Name of the dataset; from corpus.toml otherwise.")] = None,
    version: Annotated[
        str | None, typer.Option("--version", help="X.Y.Z, above the newest; 1.0.0 for a first release.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Directory of releases.")] = Path("releases"),
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    format: SummaryOption = SummaryFormat.text, jobs: JobsOption = None,
    quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Validate the corpus and publish it as an immutable version."""
    from corpus_tool import export as exporting
    from corpus_tool.progress import Progress

    with Progress("built", quiet=quiet) as progress:
        options = _options(config, schema, inventory, None, None, jobs, progress)
        result = exporting.build_release(sources, output, name=name, version=version, options=options)
    _finish_export(result, format, quiet=quiet, verbose=verbose)


@release_app.command("verify")
def release_verify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="One version: releases/NAME/X.Y.Z.")],
    level: Annotated[
        VerifyLevel, typer.Option(help="How much is looked at; each level adds to the one before.")
    ] = VerifyLevel.full,
    format: Annotated[FindingFormat, typer.Option(help="How findings are written.")] = FindingFormat.full,
) -> None:
    """Check that a release is what was published."""
    from corpus_tool.export import verify_release

    findings, summary = verify_release(directory, level.value)
    _emit(_report(findings, summary, format.value, quiet=format is FindingFormat.full), None)
    if format is FindingFormat.full:
        found = f"{len(findings)} findings" if findings else "as it was published"
        typer.echo(f"{directory}: {found} ({level.value})")
    raise typer.Exit(1 if findings else 0)


def main() -> None:
    """The program: expected failures are a line on stderr and an exit code, never a traceback."""
    _write_utf8()
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except CorpusError as error:
        _fail(f"error: {error}", error.exit_code)
    except BrokenPipeError:
        _leave_pipe()
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        _drop_stdout()
        _fail(f"error: {named}{error.strerror or error}", 3)


def _write_utf8() -> None:
    """Output is UTF-8 whatever the terminal says, and goes nowhere where a stream was closed from the start."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 (for as long as we run)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _leave_pipe() -> NoReturn:
    _drop_stdout()
    sys.exit(3)


def _drop_stdout() -> None:
    """The flush at the end of the program must not complain once more of what could not be written."""
    with suppress(OSError, ValueError):
        number = sys.stdout.fileno()
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _fail(message: str, code: int) -> NoReturn:
    from corpus_tool.reporters.text import plain

    sys.stderr.write(plain(message) + "\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
