"""Which version of a corpus a name and a range mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.paths import AnyPath
from corpus_tool.release.index import known_versions, versions_on_disk
from corpus_tool.release.ranges import parse_range
from corpus_tool.release.versions import INDEX, Entry, check_name, newest
from corpus_tool.release.withdrawal.tombstones import told
from corpus_tool.vocabulary import did_you_mean


class NoSuchReleaseError(SettingsError):
    """No corpus has this name, or no version of it is in the range; the message names those there are."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A version of a corpus; `path` is where it lies or would lie, `here` whether it does."""

    name: str
    path: Path
    here: bool
    entry: Entry

    @property
    def spec(self) -> str:
        """Name and version, as commands take them."""
        return f"{self.name}@{self.entry.version}"

    @property
    def warning(self) -> str | None:
        """What whoever uses the version has to be told; None of one that is active and as it was published."""
        said = []
        if self.entry.status != "active":
            since = f" since {self.entry.since[:10]}" if self.entry.since else ""
            said.append(f"is {self.entry.status}{since}: {self.entry.reason or 'no reason is given'}")
        gone = told(self.entry.withdrawn)
        if gone is not None:
            said.append(f"is not as it was published: {gone}")
        return f"{self.spec} {'; it '.join(said)}" if said else None

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "path": str(self.path), "here": self.here, **asdict(self.entry)} | (
            {"withdrawn": [one.as_json() for one in self.entry.withdrawn]}
        )


def split_spec(spec: str) -> tuple[str, str]:
    """Name and range of `NAME@RANGE`; of `NAME` alone the range is empty. SettingsError where the name can be none."""
    name, _, wanted = spec.partition("@")
    check_name(name)
    return name, wanted


def list_releases(releases: AnyPath, name: str | None = None) -> tuple[Listed, ...]:
    """The versions of every corpus below `releases`, or of the one named: by name, oldest first.

    Raises SettingsError where there is no such directory, NoSuchReleaseError where nothing has the name.
    """
    releases = Path(releases)
    if not releases.is_dir():
        raise SettingsError("no such directory: name the directory of releases", str(releases))
    names = _corpora(releases)
    if name is None:
        return tuple(version for known in names for version in _versions(releases / known))
    check_name(name)
    if name not in names:
        there = f"{did_you_mean(name, names)} (there are: {', '.join(names)})" if names else ""
        raise NoSuchReleaseError(f"no releases of {name!r} in {releases}{there}")
    return _versions(releases / name)


def resolve_release(releases: AnyPath, spec: str) -> Listed:
    """The version that `NAME@RANGE` means: the newest active one in the range, else the newest that is deprecated.

    One that was yanked is meant only where it is named in full; `warning` of what comes back says why it was. Raises
    NoSuchReleaseError where there is none, SettingsError where the spec is no name and range.
    """
    name, wanted = split_spec(spec)
    asked = parse_range(wanted)
    known = list_releases(releases, name)
    inside = [version for version in known if version.entry.number in asked]
    chosen = newest(version.entry for version in inside)
    if asked.pinned and inside:
        chosen = inside[0].entry
    if chosen is None:
        raise NoSuchReleaseError(_nothing(name, wanted, known, inside))
    return next(version for version in inside if version.entry is chosen)


def _corpora(releases: Path) -> list[str]:
    try:
        return sorted(path.name for path in releases.iterdir() if _is_corpus(path))
    except OSError as error:
        raise ReleaseError(f"cannot read {error.filename or releases}: {error.strerror}") from error


def _is_corpus(path: Path) -> bool:
    try:
        check_name(path.name)
    except SettingsError:
        return False
    return path.is_dir() and ((path / INDEX).exists() or bool(versions_on_disk(path)))


def _versions(home: Path) -> tuple[Listed, ...]:
    here = set(versions_on_disk(home))
    return tuple(
        Listed(home.name, home / entry.version, entry.version in here, entry) for entry in known_versions(home)
    )


def _nothing(name: str, wanted: str, known: Sequence[Listed], inside: Sequence[Listed]) -> str:
    asked = f"no version of {name} is in the range {wanted!r}" if wanted else f"no version of {name} is to be had"
    if not inside:
        return f"{asked}: there are {_names(known)}"
    last = inside[-1]
    return f"{asked} but {_names(inside)}: {last.entry.reason}; name {last.spec} to take it all the same"


def _names(versions: Iterable[Listed]) -> str:
    return ", ".join(
        f"{version.entry.version} (yanked)" if version.entry.status == "yanked" else version.entry.version
        for version in versions
    )
