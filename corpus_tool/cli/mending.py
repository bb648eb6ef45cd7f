"""`validate --fix`: articles are mended before they are checked, or what would change is shown."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from corpus_tool.cli.output import say
from corpus_tool.errors import SettingsError

if TYPE_CHECKING:
    from corpus_tool.fixing import Mended
    from corpus_tool.settings import Options


MADE = "fixed"


def mend_first(sources: list[str], options: Options, *, unsafe: bool, quiet: bool) -> Mended:
    """Make the fixes in the files, and say on stderr what came of it."""
    done = _mend(sources, options, unsafe=unsafe)
    _conclude(done, MADE, quiet=quiet)
    return done


def show_diff(sources: list[str], options: Options, output: Path | None, *, unsafe: bool, quiet: bool) -> None:
    """Write what the fixes would change as a unified diff, and end: 1 where there is something."""
    if options.mask:
        raise SettingsError("a difference shows what articles say: --diff goes without --mask-text")
    if output is None or str(output) == "-":
        done = _mend(sources, options, unsafe=unsafe, write=False, show=show_piece)
        sys.stdout.flush()
    else:
        from corpus_tool.atomic import write_file

        done = write_file(output, lambda stream: _mend(sources, options, unsafe=unsafe, write=False, show=stream.write))
    _conclude(done, "would fix", quiet=quiet)
    raise typer.Exit(3 if done.failed else int(bool(done.files)))


def _mend(sources: list[str], options: Options, **how: Any) -> Mended:
    from corpus_tool import corpus
    from corpus_tool.fixing import mend

    return mend(corpus.against_baseline(corpus.set_up(sources, options)), options, **how)


def show_piece(piece: bytes) -> None:
    """Bytes as they are, so that `patch` can read them; a terminal would obey some, so there they are escaped."""
    if sys.stdout.isatty():
        from corpus_tool.reporters.escaping import plain
        from corpus_tool.reporters.paint import Paint
        from corpus_tool.reporters.style import wants_color

        paint = Paint(wants_color(os.environ, terminal=True))
        lines = piece.decode("utf-8", "backslashreplace").split("\n")
        sys.stdout.write("\n".join(paint.changed(plain(line)) for line in lines))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(piece)


def _conclude(done: Mended, what: str, *, quiet: bool) -> None:
    for _, message in done.failed:
        say(f"error: {message}")
    if quiet:
        return
    made, unsafe, stuck = (sum(counts.values()) for counts in (done.fixed, done.unsafe, done.stuck))
    say(f"{what} {_counted(made, 'finding')} in {_counted(len(done.files), 'file')}")
    if unsafe and what != MADE:
        say(f"{_counted(unsafe, 'finding')} fixable with --unsafe-fixes")
    if stuck:
        say(f"{_counted(stuck, 'fix', 'es')} could not be made ({', '.join(sorted(done.stuck))})")


def _counted(number: int, what: str, ending: str = "s") -> str:
    return f"{number:,} {what}{'' if number == 1 else ending}"
