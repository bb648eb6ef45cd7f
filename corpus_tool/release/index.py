"""The versions of one corpus: `index.json`, and the README that makes the newest the default of load_dataset."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from corpus_tool.atomic import write_file
from corpus_tool.errors import ReleaseError, SettingsError, StoreError
from corpus_tool.release.card import front_matter_of, with_front_matter
from corpus_tool.release.manifest import MANIFEST, SUMS, Manifest, canonical, file_digest, parse_manifest

INDEX, README = "index.json", "README.md"

Status = Literal["active", "deprecated", "yanked"]

_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One version in the index.

    `bytes` is the SHA-256 of its SHA256SUMS, `logical` the digest of all its rows, `parent` a version.
    """

    version: str
    status: Status
    released: str
    bytes: str
    logical: str
    parent: str | None = None
    reason: str | None = None


def parse_version(text: str) -> tuple[int, int, int] | None:
    """The numbers of `X.Y.Z`; None where it is no version."""
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def check_name(name: str) -> None:
    """Raise SettingsError where a corpus cannot be released under this name."""
    if not _NAME.fullmatch(name):
        raise SettingsError(f"not a name for a release: {name!r} (small letters, digits and '-', first no '-')")


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
    return _sorted(entries)


def versions_on_disk(home: Path) -> tuple[str, ...]:
    """The names of directories that are versions, oldest first."""
    try:
        found = [path.name for path in home.iterdir() if parse_version(path.name) and path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise ReleaseError(f"cannot read {home}: {error.strerror}") from error
    return tuple(sorted(found, key=lambda version: parse_version(version) or (0, 0, 0)))


def newest(entries: Iterable[Entry]) -> Entry | None:
    """The version that is the default: the newest active one, else the newest that is only deprecated."""
    ordered = sorted(entries, key=_order)
    for status in ("active", "deprecated"):
        of_status = [entry for entry in ordered if entry.status == status]
        if of_status:
            return of_status[-1]
    return None


def write_index(home: Path) -> tuple[Entry, ...]:
    """Bring `index.json` and `README.md` up to what lies on the disk; what the index says already it goes on saying.

    The caller holds the lock. Raises ReleaseError where a release on the disk is damaged.
    """
    known = read_index(home)
    present = versions_on_disk(home)
    fresh = [_entry(home / version) for version in present if version not in {entry.version for entry in known}]
    entries = _sorted([*known, *fresh])
    if entries:
        _write(home, entries, present)
    return entries


def write_status(home: Path, version: str, status: Status, reason: str | None) -> tuple[Entry, ...]:
    """Say that a version is active, deprecated or yanked, and why. The caller holds the lock."""
    entries = write_index(home)
    if version not in {entry.version for entry in entries}:
        raise SettingsError(f"{home.name} has no version {version}")
    changed = _sorted(
        replace(entry, status=status, reason=reason) if entry.version == version else entry for entry in entries
    )
    _write(home, changed, versions_on_disk(home))
    return changed


def _order(entry: Entry) -> tuple[int, int, int]:
    return parse_version(entry.version) or (0, 0, 0)


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=_order))


def _write(home: Path, entries: tuple[Entry, ...], present: Iterable[str]) -> None:
    here = set(present)
    listed = [entry for entry in reversed(entries) if entry.version in here]
    configurations = {entry.version: _configuration(home, entry) for entry in listed}
    _replace(home / INDEX, canonical({"name": home.name, "versions": [asdict(entry) for entry in entries]}))
    _replace(home / README, _readme(home.name, listed, configurations))


def _replace(path: Path, data: bytes) -> None:
    if path.is_symlink() or path.is_dir():
        raise StoreError(f"cannot write {path}: a {'symbolic link' if path.is_symlink() else 'directory'} has its name")
    if not path.is_file() or path.read_bytes() != data:
        write_file(path, lambda stream: stream.write(data))


def _entry(folder: Path) -> Entry:
    manifest, digest = _read_release(folder)
    if manifest.version != folder.name or manifest.name != folder.parent.name:
        raise ReleaseError(f"{folder} holds the release {manifest.name} {manifest.version}: it was moved or renamed")
    parent = manifest.parent.version if manifest.parent else None
    return Entry(manifest.version, "active", manifest.created, digest, manifest.digests.logical, parent)


def _read_release(folder: Path) -> tuple[Manifest, str]:
    path = folder / MANIFEST
    try:
        return parse_manifest(path.read_bytes(), str(path)), file_digest(folder / SUMS)
    except OSError as error:
        raise ReleaseError(f"{folder} is not a release: {error.filename}: {error.strerror}") from error


def _configuration(home: Path, entry: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
    """What README.md says of a version: its item in `configs`, and in `dataset_info`."""
    card = _front_matter(home / entry.version, entry)
    default = next((item for item in card["configs"] if item.get("default")), card["configs"][0])
    info = next(item for item in card["dataset_info"] if item["config_name"] == default["config_name"])
    files = [{"split": item["split"], "path": _below(entry.version, item["path"])} for item in default["data_files"]]
    configuration = {
        "config_name": entry.version,
        "version": entry.version,
        "description": default["description"],
        "data_files": files,
    }
    return configuration, {**info, "config_name": entry.version}


def _below(version: str, path: str | list[str]) -> str | list[str]:
    return f"{version}/{path}" if isinstance(path, str) else [f"{version}/{item}" for item in path]


def _front_matter(folder: Path, entry: Entry) -> Mapping[str, Any]:
    """The front matter of a release's card, once its digest has shown that it is the one that was published."""
    try:
        sums = (folder / SUMS).read_bytes()
        data = (folder / README).read_bytes()
    except OSError as error:
        raise ReleaseError(f"{folder} is damaged: {error.filename}: {error.strerror}") from error
    line = f"{hashlib.sha256(data).hexdigest()}  {README}\n".encode()
    if hashlib.sha256(sums).hexdigest() != entry.bytes or line not in sums:
        raise ReleaseError(f"{folder} is not what was published: restore it (`release verify` says what differs)")
    try:
        return front_matter_of(data)
    except ValueError as error:
        raise ReleaseError(f"{folder / README}: {error}") from error


def _readme(
    name: str, listed: list[Entry], configurations: Mapping[str, tuple[dict[str, Any], dict[str, Any]]]
) -> bytes:
    default = newest(listed)
    configs, infos = [], []
    for entry in listed:
        configuration, info = configurations[entry.version]
        if entry == default:
            configuration["default"] = True
        configs.append(configuration)
        infos.append(info)
    rows = [
        f"| {entry.version} | {entry.released[:10]} | {entry.status} | {_cell(entry.reason or '')} |"
        for entry in listed
    ]
    body = [
        f"# {name}",
        "",
        "Every version is a configuration, and the newest active one is the default; a version never changes.",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        f'load_dataset("releases/{name}")  # the newest',
        f'load_dataset("releases/{name}/{listed[0].version}")  # one version; its card names its views',
        "```",
        "",
        "| version | released | status | reason |",
        "|---|---|---|---|",
        *rows,
        "",
    ]
    return with_front_matter({"configs": configs, "dataset_info": infos}, "\n".join(body))


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
