"""`corpus-tool release list|resolve|yank|unyank|deprecate`: which versions there are, and what is thought of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus_tool.cli.options import ListOption, SummaryFormat, SummaryOption
from corpus_tool.cli.output import say, write_json, write_line

if TYPE_CHECKING:
    from corpus_tool.release.resolving import Listed

ReleasesOption = Annotated[Path, typer.Option("--releases", metavar="DIR", help="Directory of releases.")]
Version = Annotated[str, typer.Argument(metavar="NAME@VERSION", help="One version in full, as harbour-news@1.0.0.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Told to whoever meets the version.")]


def release_list(
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Only the versions of this corpus.")
    ] = None,
    releases: ReleasesOption = Path("releases"),
    format: ListOption = SummaryFormat.text,
) -> None:
    """List the versions of every corpus, oldest first, with their status."""
    from corpus_tool.release.resolving import list_releases

    found = list_releases(releases, name)
    if format is SummaryFormat.json:
        write_json({"releases": [version.as_json() for version in found]})
        return
    for line in _table(found):
        write_line(line)


def release_resolve(
    spec: Annotated[
        str, typer.Argument(metavar="NAME@RANGE", help="As harbour-news@^1.0, ~1.2, '>=1.0,<2', 1.1.0 or latest.")
    ],
    releases: ReleasesOption = Path("releases"),
    format: SummaryOption = SummaryFormat.text,
) -> None:
    """Say which version a range means: the newest active one in it."""
    from corpus_tool.release.resolving import resolve_release

    found = resolve_release(releases, spec)
    if found.warning is not None:
        say(f"warning: {found.warning}")
    if not found.here:
        say(f"warning: {found.spec} is in the index and not in {found.path.parent}")
    _tell(found, found.spec, format)


def release_yank(
    spec: Version, reason: Reason, releases: ReleasesOption = Path("releases"),
    format: SummaryOption = SummaryFormat.text,
) -> None:  # fmt: skip
    """Hide a version from ranges and `latest`; named in full it still loads, and says why it should not."""
    from corpus_tool.release.statuses import yank

    found = yank(releases, spec, reason)
    _tell(found, f"{found.spec} is yanked: {found.entry.reason}", format)


def release_unyank(
    spec: Version, releases: ReleasesOption = Path("releases"), format: SummaryOption = SummaryFormat.text
) -> None:
    """Make a version active again that was yanked or deprecated."""
    from corpus_tool.release.statuses import unyank

    found = unyank(releases, spec)
    _tell(found, f"{found.spec} is active", format)


def release_deprecate(
    spec: Version, reason: Reason, releases: ReleasesOption = Path("releases"),
    format: SummaryOption = SummaryFormat.text,
) -> None:  # fmt: skip
    """Advise against a version: a range takes it only where nothing else is left, and it loads with a warning."""
    from corpus_tool.release.statuses import deprecate

    found = deprecate(releases, spec, reason)
    _tell(found, f"{found.spec} is deprecated: {found.entry.reason}", format)


def _tell(found: Listed, text: str, format: SummaryFormat) -> None:
    if format is SummaryFormat.json:
        write_json(found.as_json())
    else:
        write_line(text)


def _table(found: Sequence[Listed]) -> Iterator[str]:
    from corpus_tool.release.withdrawal.tombstones import told

    width = max((len(version.spec) for version in found), default=0)
    for version in found:
        absent = "" if version.here else "  (not here)"
        reason = f"  {version.entry.reason}" if version.entry.reason else ""
        gone = f"  {told(version.entry.withdrawn)}" if version.entry.withdrawn else ""
        yield f"{version.spec:<{width}}  {version.entry.released[:10]}  {version.entry.status}{reason}{gone}{absent}"
