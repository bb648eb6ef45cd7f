"""Taking a version back, and taking that back: its files stay as they are."""

from __future__ import annotations

import unicodedata

from corpus_tool.errors import SettingsError
from corpus_tool.paths import AnyPath
from corpus_tool.release.publish import mark_version
from corpus_tool.release.resolving import Listed, list_releases, split_spec
from corpus_tool.release.versions import Status, parse_version


def yank(releases: AnyPath, spec: str, reason: str) -> Listed:
    """Hide `NAME@X.Y.Z` from ranges and `latest`; it loads where it is named, with a warning that gives the reason.

    Raises SettingsError where there is no such version, or no reason.
    """
    return _mark(_find(releases, spec), "yanked", worded(reason))


def unyank(releases: AnyPath, spec: str) -> Listed:
    """Make `NAME@X.Y.Z` active again, whether it was yanked or deprecated; one that is active stays so."""
    return _mark(_find(releases, spec), "active", None)


def deprecate(releases: AnyPath, spec: str, reason: str) -> Listed:
    """Advise against `NAME@X.Y.Z`: a range takes it only where nothing active is left, and it loads with a warning.

    Raises SettingsError as `yank` does, and where it is yanked: that would be undone unsaid.
    """
    return _mark(_find(releases, spec), "deprecated", worded(reason))


def _find(releases: AnyPath, spec: str) -> Listed:
    name, version = split_spec(spec)
    if parse_version(version) is None:
        raise SettingsError(f"name one version in full, as {name}@1.0.0: {spec!r} is none")
    known = list_releases(releases, name)
    for listed in known:
        if listed.entry.version == version:
            return listed
    raise SettingsError(f"{name} has no version {version}: there are {', '.join(one.entry.version for one in known)}")


def _mark(found: Listed, status: Status, reason: str | None) -> Listed:
    entries = mark_version(found.path.parent, found.entry.version, status, reason)
    changed = next(entry for entry in entries if entry.version == found.entry.version)
    return Listed(found.name, found.path, found.here, changed)


def worded(reason: str) -> str:
    """The reason on one line; SettingsError where it says nothing, or holds what is no text."""
    line = " ".join(reason.split())
    if not line:
        raise SettingsError("a reason is needed: whoever meets the version is told it")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in line):
        raise SettingsError("the reason holds control characters, or bytes that are not UTF-8")
    return line
