"""The command line: options in, one call of the API, findings and exit code out."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Annotated, Any, NoReturn

import typer
import typer.core

from corpus_tool.cli import checking, converting, formatting, listing
from corpus_tool.cli.coercion import read_plainly
from corpus_tool.cli.groups import Commands
from corpus_tool.errors import CorpusError


class _Program(typer.core.TyperGroup):
    def __init__(self, *, commands: Any = None, **more: Any) -> None:
        super().__init__(**more)
        self.commands = Commands(commands or {})

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
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    epilog="Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 an operation failed.",
)  # fmt: skip
app.command(short_help="Check articles, and mend what is safe to mend.")(checking.validate)
app.command(short_help="Write articles in canonical form, one annotation a line.")(formatting.fmt)
app.command()(listing.rules)
app.command()(listing.formats)
app.command()(converting.convert)
app.command(short_help="Write the articles as Parquet views.")(converting.export)


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


def main() -> None:
    """The program: expected failures are a line on stderr and an exit code, never a traceback."""
    _write_utf8()
    read_plainly()
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
    from corpus_tool.reporters.escaping import plain

    sys.stderr.write(plain(message) + "\n")
    sys.exit(code)
