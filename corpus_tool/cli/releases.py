"""`corpus-tool release`: immutable versions of a dataset."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from corpus_tool.cli import differences, statuses, texts
from corpus_tool.cli.options import (
    ConfigOption,
    FindingFormat,
    FromOption,
    InventoryOption,
    JobsOption,
    MendOption,
    NameOption,
    QuietOption,
    ReleasesOutput,
    SchemaOption,
    Sources,
    SummaryFormat,
    SummaryOption,
    VerboseOption,
    WithholdOption,
    read_options,
)
from corpus_tool.cli.output import emit, finish_export, report_lines, style_for
from corpus_tool.cli.rebuilding import CheckOption, rebuild

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Build, verify and find immutable releases.")
app.command("diff")(differences.release_diff)
app.command("plan")(differences.release_plan)
app.command("list")(statuses.release_list)
app.command("resolve")(statuses.release_resolve)
app.command("yank")(statuses.release_yank)
app.command("unyank")(statuses.release_unyank)
app.command("deprecate")(statuses.release_deprecate)
app.command("withdraw")(texts.release_withdraw)
app.command("hydrate")(texts.release_hydrate)


class VerifyLevel(StrEnum):
    quick = "quick"
    full = "full"
    logical = "logical"
    load = "load"


@app.command("build")
def release_build(
    sources: Sources,
    name: NameOption = None,
    version: Annotated[
        str | None,
        typer.Option(
            "--version", metavar="X.Y.Z", help="Not below what `release plan` says, which it is otherwise."
        ),
    ] = None,
    output: ReleasesOutput = Path("releases"),
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Sign it: a key of OpenSSH, PEM or cosign.")
    ] = None,
    withhold: WithholdOption = None,
    check: CheckOption = None,
    pseudonyms: Annotated[
        Path | None,
        typer.Option("--pseudonyms", metavar="FILE", help="Publish people under the names of this list; it grows."),
    ] = None,
    source: FromOption = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    fix: MendOption = False,
    format: SummaryOption = SummaryFormat.text, jobs: JobsOption = None,
    quiet: QuietOption = False, verbose: VerboseOption = False,
) -> None:  # fmt: skip
    """Validate the corpus and publish it as an immutable version."""
    from corpus_tool import releasing
    from corpus_tool.progress import Progress

    with Progress("built", quiet=quiet) as progress:
        options = read_options(
            config, schema, inventory, None, None, jobs, progress, source=source, fix=fix, pseudonyms=pseudonyms
        )
        if check is not None:
            rebuild(check, sources, options, name=name, version=version, format=format)
        result = releasing.build_release(
            sources, output, name=name, version=version, options=options, sign=sign, withhold=withhold or ()
        )
    finish_export(result, format, quiet=quiet, verbose=verbose)


@app.command("verify")
def release_verify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="One version: releases/NAME/X.Y.Z.")],
    level: Annotated[
        VerifyLevel, typer.Option(help="How much is looked at; each level adds to the one before.")
    ] = VerifyLevel.full,
    signer: Annotated[
        list[Path] | None,
        typer.Option(
            "--signer", metavar="FILE", help="Whose signature it has to have: a public key or allowed signers."
        ),
    ] = None,
    format: Annotated[FindingFormat, typer.Option(help="How findings are written.")] = FindingFormat.full,
) -> None:
    """Check that a release is what was published."""
    from corpus_tool.findings import Severity
    from corpus_tool.releasing import verify_release, withdrawn_from
    from corpus_tool.reporters.style import counted

    findings, summary = verify_release(directory, level.value, signer or ())
    style = style_for(None, failed=bool(findings))
    emit(report_lines(findings, summary, format.value, style, quiet=format.value == "full"), None)
    if format.value == "full":
        found = counted(len(findings), "finding") if findings else "as it was published"
        gone = withdrawn_from(directory)
        typer.echo(f"{directory}: {found} ({level.value}){f'; {gone}' if gone else ''}")
    raise typer.Exit(1 if any(finding.severity is Severity.ERROR for finding in findings) else 0)
