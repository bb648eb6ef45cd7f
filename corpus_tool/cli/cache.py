"""The command that tells of the cache, and empties it."""

from __future__ import annotations

import typer

from corpus_tool.cli.output import say, write_line

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="What earlier runs of validate found, kept on this machine."
)


@app.command("dir")
def show_directory() -> None:
    """Show where the cache is."""
    from corpus_tool.caching.store import directory

    write_line(str(directory()))


@app.command("clear")
def clear() -> None:
    """Drop all that is kept."""
    from corpus_tool.caching.store import open_store

    store = open_store()
    number = store.clear() if store is not None else 0
    say(f"{number:,} entries dropped")
