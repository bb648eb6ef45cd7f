"""`corpus-tool fmt`: articles in canonical form."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from corpus_tool.cli.mending import show_piece
from corpus_tool.cli.options import (
    ConfigOption,
    InventoryOption,
    JobsOption,
    QuietOption,
    SchemaOption,
    read_options,
)
from corpus_tool.cli.output import say, write_line

if TYPE_CHECKING:
    from corpus_tool.fixing import Mended


def fmt(
    sources: Annotated[list[str], typer.Argument(metavar="SRC", help="Files, directories, globs.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where something would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    jobs: JobsOption = None, quiet: QuietOption = False,
) -> None:  # fmt: skip
    """Write articles in canonical form, one annotation a line. Exit 1 where an article cannot be."""
    from corpus_tool import corpus
    from corpus_tool.fixing import rewritten
    from corpus_tool.fixing.formatting import Formatter
    from corpus_tool.progress import Progress

    with Progress("formatted", quiet=quiet) as progress:
        options = read_options(config, schema, inventory, None, None, jobs, progress)
        setup = corpus.set_up(sources, options)
        show = show_piece if diff else None
        result = rewritten(setup, options, Formatter(setup.checker), write=not (check or diff), show=show)
    sys.stdout.flush()
    for _, why in result.failed:
        say(f"error: {why}")
    if not quiet:
        _tell(result, len(setup.found.files), would=check or diff)
    changed = (check or diff) and result.files
    raise typer.Exit(3 if result.failed else 1 if changed or result.stuck else 0)


def _tell(result: Mended, files: int, *, would: bool) -> None:
    from corpus_tool.reporters.style import counted

    verb = "would be formatted" if would else "formatted"
    for name in result.files:
        say(f"{verb}: {name}")
    left = result.stuck.total()
    if left:
        as_before = "as it is" if left == 1 else "as they are"
        say(f"{counted(left, 'article')} left {as_before}: `corpus-tool validate` says why")
    write_line(f"{counted(len(result.files), 'file')} {verb}, {counted(files - len(result.files), 'file')} as before")
