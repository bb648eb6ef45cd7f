"""The versions of one corpus: `index.json`, and the README that makes the newest the default of load_dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from corpus_tool.atomic import write_file
from corpus_tool.errors import ReleaseError, SettingsError, StoreError
from corpus_tool.release.front import configuration, readme
from corpus_tool.release.manifest import MANIFEST, SUMS, Manifest, canonical, file_digest, parse_manifest
from corpus_tool.release.versions import INDEX, README, Entry, Status, in_order, parse_version


def read_index(home: Path) -> tuple[Entry, ...]:
    """The versions in `index.json`, oldest first; none where there is no such file.

    Raises ReleaseError where it is not an index: what was yanked cannot be known without it.
    """
    path = home / INDEX
    try:
        value = json.loads(path.read_bytes())
        entries = [Entry(**item) for item in value["versions"]]
        order = {entry.version: parse_version(entry.version) for entry in entries}
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise ReleaseError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReleaseError(f"{path} is not an index of releases; restore it: {error}") from error
    if None in order.values() or any(entry.status not in ("active", "deprecated", "yanked") for entry in entries):
        raise ReleaseError(f"{path} is not an index of releases; restore it: a version or status is none")
    return in_order(entries)


def versions_on_disk(home: Path) -> tuple[str, ...]:
    """The names of directories that are versions, oldest first."""
    try:
        found = [path.name for path in home.iterdir() if parse_version(path.name) and path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise ReleaseError(f"cannot read {home}: {error.strerror}") from error
    return tuple(sorted(found, key=lambda version: parse_version(version) or (0, 0, 0)))


def write_index(home: Path) -> tuple[Entry, ...]:
    """Bring `index.json` and `README.md` up to what lies on the disk; what the index says already it goes on saying.

    The caller holds the lock. Raises ReleaseError where a release on the disk is damaged.
    """
    known = read_index(home)
    present = versions_on_disk(home)
    fresh = [_entry(home / version) for version in present if version not in {entry.version for entry in known}]
    entries = in_order([*known, *fresh])
    if entries:
        _write(home, entries, present)
    return entries


def write_status(home: Path, version: str, status: Status, reason: str | None) -> tuple[Entry, ...]:
    """Say that a version is active, deprecated or yanked, and why. The caller holds the lock."""
    entries = write_index(home)
    if version not in {entry.version for entry in entries}:
        raise SettingsError(f"{home.name} has no version {version}")
    changed = in_order(
        replace(entry, status=status, reason=reason) if entry.version == version else entry for entry in entries
    )
    _write(home, changed, versions_on_disk(home))
    return changed


def _write(home: Path, entries: tuple[Entry, ...], present: Iterable[str]) -> None:
    here = set(present)
    listed = [entry for entry in reversed(entries) if entry.version in here]
    configurations = {entry.version: configuration(home, entry) for entry in listed}
    _replace(home / INDEX, canonical({"name": home.name, "versions": [asdict(entry) for entry in entries]}))
    _replace(home / README, readme(home.name, listed, configurations))


def _replace(path: Path, data: bytes) -> None:
    if path.is_symlink() or path.is_dir():
        raise StoreError(f"cannot write {path}: a {'symbolic link' if path.is_symlink() else 'directory'} has its name")
    if not path.is_file() or path.read_bytes() != data:
        write_file(path, lambda stream: stream.write(data))


def _entry(folder: Path) -> Entry:
    manifest, digest = read_release(folder)
    if manifest.version != folder.name or manifest.name != folder.parent.name:
        raise ReleaseError(f"{folder} holds the release {manifest.name} {manifest.version}: it was moved or renamed")
    parent = manifest.parent.version if manifest.parent else None
    return Entry(manifest.version, "active", manifest.created, digest, manifest.digests.logical, parent)


def read_release(folder: Path) -> tuple[Manifest, str]:
    """The manifest of a release, and the digest of its sums; ReleaseError where it is damaged."""
    path = folder / MANIFEST
    try:
        return parse_manifest(path.read_bytes(), str(path)), file_digest(folder / SUMS)
    except OSError as error:
        raise ReleaseError(f"{folder} is not a release: {error.filename}: {error.strerror}") from error
