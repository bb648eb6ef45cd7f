"""The options that commands share, and what they come to."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus_tool.findings import Severity

if TYPE_CHECKING:
    from corpus_tool.config import Config
    from corpus_tool.settings import Options


class SummaryFormat(StrEnum):
    text = "text"
    json = "json"


class FindingFormat(StrEnum):
    """The reporters by name; a test holds this list to theirs, which are heavy to load."""

    full = "full"
    concise = "concise"
    json = "json"
    jsonl = "jsonl"
    github = "github"
    gitlab = "gitlab"
    sarif = "sarif"
    junit = "junit"
    markdown = "markdown"


class Level(StrEnum):
    error = "error"
    warning = "warning"
    info = "info"


Sources = Annotated[
    list[str], typer.Argument(metavar="SRC", help="Files, directories, globs, or - for standard input.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="corpus.toml; looked for beside SRC and above otherwise."),
]
SchemaOption = Annotated[Path | None, typer.Option("--schema", metavar="FILE", help="JSON Schema of the articles.")]
InventoryOption = Annotated[
    Path | None, typer.Option("--inventory", metavar="FILE", help="Label inventory, JSON or TOML.")
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULES", help="Rules that run: codes, names or families, with commas between."),
]
IgnoreOption = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="RULES", help="Rules that do not run, named likewise.")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes; as many as cores otherwise.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say which configuration and files are used.")]
SummaryOption = Annotated[SummaryFormat, typer.Option("--format", help="How the summary is written.")]
SeverityOption = Annotated[
    Level | None,
    typer.Option(help="The lowest that is shown, and fails. Without it warnings are shown, and errors fail."),
]
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="FORMAT", help="Format of the sources, see `corpus-tool formats`; the files tell otherwise."
    ),
]
MendOption = Annotated[
    bool,
    typer.Option(
        "--fix", help="Mend what in sources of another format contradicts its form, where it is safe; say what was."
    ),
]
NameOption = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Name of the dataset; from corpus.toml otherwise.")
]
ReleasesOutput = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Directory of releases.")]
WithholdOption = Annotated[
    list[str] | None,
    typer.Option("--withhold", metavar="text", help="Release no character of text; `hydrate` puts it back."),
]
ListOption = Annotated[SummaryFormat, typer.Option("--format", help="How the list is written.")]


def read_options(
    config: Path | None, schema: Path | None, inventory: Path | None, select: list[str] | None,
    ignore: list[str] | None, jobs: int | None, progress: Any = None, **more: Any,
) -> Options:  # fmt: skip
    from corpus_tool.settings import Options

    return Options(config, schema, inventory, listed(select), listed(ignore), jobs, progress, **more)


def threshold_of(severity: Level | None, config: Config) -> Severity | None:
    """From where on findings are shown and fail the run; None where neither the option nor the settings say."""
    return Severity[severity.value.upper()] if severity else config.severity


def listed(values: list[str] | None) -> tuple[str, ...]:
    """Values of a repeatable option, each perhaps several with commas."""
    return tuple(part for value in values or () for part in value.split(",") if part)
