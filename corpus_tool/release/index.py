"""The versions of one corpus: `index.json`, and the README that makes the newest the default of load_dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from corpus_tool.atomic import write_file
from corpus_tool.errors import ReleaseError, SettingsError, StoreError
from corpus_tool.release.manifest import MANIFEST, SUMS, Manifest, canonical, created_now, file_digest, parse_manifest
from corpus_tool.release.pages.front import configuration, readme
from corpus_tool.release.splits.locks import write_lock
from corpus_tool.release.versions import INDEX, README, Entry, Status, in_order, parse_version
from corpus_tool.release.withdrawal.tombstones import read_tombstones


def read_index(home: Path) -> tuple[Entry, ...]:
    """The versions in `index.json`, oldest first; none where there is no such file.

    Raises ReleaseError where it is not an index: what was yanked cannot be known without it.
    """
    path = home / INDEX
    try:
        value = json.loads(path.read_bytes())
        entries = [_read(item) for item in value["versions"]]
        sound = len({entry.version for entry in entries}) == len(entries) and all(map(_sound, entries))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise ReleaseError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReleaseError(f"{path} is not an index of releases; restore it: {error}") from error
    if not sound:
        raise ReleaseError(
            f"{path} is not an index of releases; restore it: a version or status is none, or twice there"
        )
    return in_order(entries)


def _sound(entry: Entry) -> bool:
    """Whether an entry says what one can say; raises TypeError where its version is no text."""
    if not isinstance(entry.scores, Mapping | None):
        raise TypeError("scores are no object")
    texts = (entry.released, entry.bytes, entry.logical, entry.reason or "", entry.since or "", entry.parent or "")
    return (
        parse_version(entry.version) is not None
        and entry.status in ("active", "deprecated", "yanked")
        and all(isinstance(text, str) for text in texts)
    )


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
    """Bring index, README and the lock of splits up to what lies on the disk; what they say already they go on saying.

    The caller holds the lock. Raises ReleaseError where a release on the disk is damaged.
    """
    entries = known_versions(home)
    write_lock(home, versions_on_disk(home))
    if entries:
        _write(home, entries, versions_on_disk(home))
    return entries


def known_versions(home: Path) -> tuple[Entry, ...]:
    """The versions of `index.json` and those on the disk that it does not name yet, which are active; oldest first.

    Nothing is written. Raises ReleaseError where a release that is not in the index is damaged.
    """
    known = read_index(home)
    named = {entry.version for entry in known}
    fresh = [_entry(home / version) for version in versions_on_disk(home) if version not in named]
    return in_order([*known, *fresh])


def write_status(home: Path, version: str, status: Status, reason: str | None) -> tuple[Entry, ...]:
    """Say that a version is active, deprecated or yanked from now on, and why. The caller holds the lock.

    What is said already goes on with the date it has.
    """
    entries = write_index(home)
    found = next((entry for entry in entries if entry.version == version), None)
    if found is None:
        raise SettingsError(f"{home.name} has no version {version}")
    if (found.status, found.reason) == (status, reason):
        return entries
    if (found.status, status) == ("yanked", "deprecated"):
        raise SettingsError(f"{home.name} {version} is yanked, which says more: unyank it first")
    changed = replace(found, status=status, reason=reason, since=created_now())
    everything = in_order(changed if entry is found else entry for entry in entries)
    _write(home, everything, versions_on_disk(home))
    return everything


def renew_entries(home: Path, versions: Iterable[str]) -> None:
    """Bring into the index what versions say of themselves whose files were replaced. The caller holds the lock.

    Their status stays as it is.
    """
    changed = set(versions)

    def renewed(entry: Entry) -> Entry:
        if entry.version not in changed:
            return entry
        return replace(_entry(home / entry.version), status=entry.status, reason=entry.reason, since=entry.since)

    _write(home, tuple(map(renewed, known_versions(home))), versions_on_disk(home))


def _write(home: Path, entries: tuple[Entry, ...], present: Iterable[str]) -> None:
    here = set(present)
    listed = [entry for entry in reversed(entries) if entry.version in here]
    configurations = {entry.version: configuration(home, entry) for entry in listed}
    _replace(home / INDEX, canonical({"name": home.name, "versions": [_stated(entry) for entry in entries]}))
    _replace(home / README, readme(home.name, listed, configurations))


def _read(item: Mapping[str, Any]) -> Entry:
    return Entry(**{**item, "withdrawn": read_tombstones(item.get("withdrawn", ()))})


def _stated(entry: Entry) -> dict[str, Any]:
    """An entry as the index holds it; one from before there were scores or withdrawals stays as it was."""
    value = asdict(entry) | {"withdrawn": [one.as_json() for one in entry.withdrawn]}
    return {name: part for name, part in value.items() if name not in ("scores", "withdrawn") or part}


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
    scores = {score.split: {"compares": score.compares, "gold": score.gold, "touched": score.touched}
              for score in manifest.scores}  # fmt: skip
    return Entry(
        manifest.version, "active", manifest.created, digest, manifest.digests.logical, parent, scores=scores or None,
        withdrawn=tuple(replace(one, files={}) for one in manifest.withdrawn),
    )  # fmt: skip


def read_release(folder: Path) -> tuple[Manifest, str]:
    """The manifest of a release, and the digest of its sums; ReleaseError where it is damaged."""
    path = folder / MANIFEST
    try:
        return parse_manifest(path.read_bytes(), str(path)), file_digest(folder / SUMS)
    except OSError as error:
        raise ReleaseError(f"{folder} is not a release: {error.filename}: {error.strerror}") from error
