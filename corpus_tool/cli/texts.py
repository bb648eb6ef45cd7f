"""`corpus-tool release hydrate|withdraw`: texts that a release does not hold, or holds no more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus_tool.cli.options import JobsOption, SummaryFormat, SummaryOption
from corpus_tool.cli.output import say, write_json, write_line


def release_hydrate(
    release: Annotated[
        Path, typer.Argument(metavar="RELEASE", help="A version that withholds text: releases/NAME/X.Y.Z.")
    ],
    texts: Annotated[
        Path, typer.Option("--texts", metavar="DIR", help="Your copies: `<id>.txt` each, or articles in any format.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="A directory that is new or empty.")],
    format: SummaryOption = SummaryFormat.text,
    jobs: JobsOption = None,
) -> None:
    """Put your own copies of the texts into a release that withholds them, and prove the result equal."""
    from corpus_tool.execute import available_cores
    from corpus_tool.release.withholding.hydrating import hydrate
    from corpus_tool.reporters.text import concise

    made = hydrate(release, texts, output, jobs or available_cores())
    if format is SummaryFormat.json:
        write_json(made.as_json())
    else:
        for line in concise(made.findings, None):
            say(line.rstrip("\n"))
        if made.unused:
            say(f"not used: {made.unused:,} copies of articles that the release does not hold")
        for line in made.lines():
            write_line(line)
    raise typer.Exit(1 if made.findings else 0)


def release_withdraw(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its id.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The corpus.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Told to whoever meets the version.")],
    releases: Annotated[
        Path, typer.Option("--releases", metavar="DIR", help="Directory of releases.")
    ] = Path("releases"),
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Sign anew what was signed: signatures go otherwise.")
    ] = None,
    format: SummaryOption = SummaryFormat.text,
) -> None:  # fmt: skip
    """Take an article out of every version, for legal reasons; a tombstone stays."""
    from corpus_tool.release.signatures.signing import load_key
    from corpus_tool.release.withdrawal.withdrawing import withdraw

    made = withdraw(releases, name, article, reason, load_key(sign) if sign else None)
    if made.absent:
        say(f"warning: not here, so not changed: {', '.join(made.absent)}")
    if format is SummaryFormat.json:
        write_json(made.as_json())
    else:
        write_line(f"{article} is withdrawn from {', '.join(f'{name}@{version}' for version in made.versions)}")
