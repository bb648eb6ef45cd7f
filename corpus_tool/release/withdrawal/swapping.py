"""Versions put in the place of others of their number: all of them, however often the run is killed.

What replaces a version is complete in `.withdrawing/<version>` before `.withdrawing/commit.json` names it; from then on
whoever gets the lock of the corpus does what is left: the old directory aside, the new one into its place, the index,
and only then the old ones away.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path

from corpus_tool.atomic import write_file
from corpus_tool.disk import remove_tree, store_errors, sync_directory
from corpus_tool.errors import ReleaseError
from corpus_tool.release.index import renew_entries
from corpus_tool.release.manifest import canonical
from corpus_tool.release.versions import parse_version

SWAPPING = ".withdrawing"
_COMMIT, _OLD = "commit.json", ".old"


def begin(home: Path) -> Path:
    """An empty directory for what replaces versions. The caller holds the lock; nothing is left to be finished."""
    folder = home / SWAPPING
    with store_errors(folder):
        folder.mkdir()
        sync_directory(home)
    return folder


def commit(home: Path, versions: Iterable[str]) -> None:
    """Say that the directories of these versions are complete and synced; from then on they replace the old ones."""
    data = canonical({"versions": list(versions)})
    with store_errors(home / SWAPPING):
        sync_directory(home / SWAPPING)
    write_file(home / SWAPPING / _COMMIT, lambda stream: stream.write(data))


def finish(home: Path) -> None:
    """Do what is left of a replacement that was begun; without its commit it is taken back. The caller holds the lock.

    Raises StoreError where the disk refuses, ReleaseError where the directory is not as any run leaves it.
    """
    folder = home / SWAPPING
    if not os.path.lexists(folder):
        return
    with store_errors(folder):
        if folder.is_symlink():
            raise OSError(errno.ELOOP, "it is a symbolic link, which is not followed here", str(folder))
        if not (folder / _COMMIT).is_file():
            remove_tree(folder)
            return
        versions = _versions(folder / _COMMIT)
        for version in versions:
            _swap(home, version)
        sync_directory(folder)
        sync_directory(home)
    renew_entries(home, versions)
    with store_errors(folder):
        for leftover in sorted(folder.iterdir()):
            if leftover.name != _COMMIT:
                remove_tree(leftover)
        sync_directory(folder)
        remove_tree(folder)
        sync_directory(home)


def _swap(home: Path, version: str) -> None:
    new, place, old = home / SWAPPING / version, home / version, home / SWAPPING / f"{version}{_OLD}"
    if not new.exists():
        return
    if place.exists():
        if old.exists():
            raise ReleaseError(f"{place} appeared while it was replaced: remove it, {old} is the one before")
        place.rename(old)
    new.rename(place)


def _versions(path: Path) -> list[str]:
    try:
        found = json.loads(path.read_bytes())["versions"]
        sound = all(parse_version(version) for version in found)
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseError(f"{path} does not say which versions are replaced; restore it: {error}") from error
    if not sound:
        raise ReleaseError(f"{path} names what is no version; restore it")
    return list(found)
