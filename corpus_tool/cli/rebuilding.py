"""`corpus-tool release build --check`: whether the sources give what was published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from corpus_tool.cli.options import SummaryFormat
from corpus_tool.cli.output import finish_export, write_json, write_line
from corpus_tool.errors import SettingsError

if TYPE_CHECKING:
    from corpus_tool.settings import Options

CheckOption = Annotated[
    Path | None,
    typer.Option(
        "--check", metavar="DIR", help="Build the release in DIR again and compare: exit 1 where bytes differ."
    ),
]


def rebuild(
    folder: Path, sources: Sequence[str], options: Options, *, name: str | None, version: str | None,
    format: SummaryFormat,
) -> NoReturn:  # fmt: skip
    """Build a release again, say what differs, and end the program."""
    from corpus_tool.rebuilding import check_release

    if name is not None or version is not None:
        raise SettingsError("takes name and version from the release: leave --name and --version out", "--check")
    made = check_release(sources, folder, options=options)
    if made.comparison is None:
        finish_export(made.exported, format, quiet=False, verbose=False)
    if format is SummaryFormat.json:
        write_json(made.comparison.as_json())
    else:
        for line in made.comparison.lines():
            write_line(line)
    raise typer.Exit(0 if made.same else 1)
