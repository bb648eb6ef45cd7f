"""Publishing into a directory: everything is on the disk and verified before one rename makes it visible."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from corpus_tool.atomic import TEMPORARY
from corpus_tool.disk import remove_tree, store_errors, sync_directory, sync_tree
from corpus_tool.errors import ReleaseError, ReleaseExistsError, SettingsError, StoreError
from corpus_tool.release.index import read_index, versions_on_disk, write_index, write_status
from corpus_tool.release.versions import Entry, Status, parse_version
from corpus_tool.release.withdrawal.swapping import finish

_T = TypeVar("_T")

STAGING, LOCK = ".staging", ".lock"


def publish(home: Path, version: str, write: Callable[[Path], _T], check: Callable[[Path, _T], None]) -> _T:
    """Publish one version below `home` (`releases/<name>`): `write` fills a directory, `check` re-reads it.

    Killed or failing at any point it leaves the old state or the new one. `check` is also given what `write` returned.
    Raises ReleaseExistsError where the version exists, SettingsError where it is too low, StoreError where the disk
    refuses, and whatever `write` and `check` raise.
    """
    with locked(home):
        staging = _staging(home)
        write_index(home)
        refuse_version(home, version)
        folder = staging / f"{version}.{os.getpid()}-{secrets.token_hex(4)}"
        with store_errors(home / version):
            made = _fill_and_commit(folder, home / version, write, check)
        with _published(home / version):
            sync_directory(staging)
            sync_directory(home)
            write_index(home)
    return made


def refresh_index(home: Path) -> tuple[Entry, ...]:
    """Bring the index of a corpus up to the versions on the disk."""
    with locked(home):
        return write_index(home)


def mark_version(home: Path, version: str, status: Status, reason: str | None) -> tuple[Entry, ...]:
    """Yank, deprecate or reinstate a version; its files are left alone."""
    with locked(home):
        return write_status(home, version, status, reason)


def refuse_version(home: Path, version: str) -> None:
    """Raise where the version cannot be the next: ReleaseExistsError, or SettingsError where it is too low."""
    number = parse_version(version)
    if number is None:
        raise SettingsError(f"not a version: {version!r} (X.Y.Z, numbers without leading zeros)")
    known = {*versions_on_disk(home), *(entry.version for entry in read_index(home))}
    if version in known or os.path.lexists(home / version):
        raise ReleaseExistsError(
            f"{home.name} {version} exists already, and a release never changes: raise the version"
        )
    last = max(known, key=lambda other: parse_version(other) or (0, 0, 0), default=None)
    if last is not None and number < (parse_version(last) or number):
        raise SettingsError(f"version {version} is too low: {home.name} is at {last} already")


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the lock of a corpus, waiting for who holds it; the directory is made where it is missing.

    What killed runs left is removed, and a withdrawal that was under way is finished: who holds the lock is the only
    one at work. Raises StoreError where one of the directories is a symbolic link: it could lead anywhere.
    """
    _real_directory(home.parent)
    _real_directory(home)
    with store_errors(home / LOCK):
        lock = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        with store_errors(home / LOCK):
            fcntl.flock(lock, fcntl.LOCK_EX)
        _clear(home)
        finish(home)
        yield
    finally:
        os.close(lock)


def _fill_and_commit(folder: Path, final: Path, write: Callable[[Path], _T], check: Callable[[Path, _T], None]) -> _T:
    try:
        folder.mkdir()
        made = write(folder)
        sync_tree(folder)
        check(folder, made)
        _commit(folder, final)
    except BaseException:
        with suppress(OSError):
            remove_tree(folder)
        raise
    return made


def _commit(folder: Path, final: Path) -> None:
    if os.path.lexists(final):  # a rename onto an empty directory would succeed
        raise ReleaseExistsError(f"{final} appeared while it was being made")
    folder.rename(final)


@contextmanager
def _published(final: Path) -> Iterator[None]:
    """Say of what fails now that the release is there all the same."""
    try:
        yield
    except (OSError, StoreError) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error
        raise StoreError(f"{final} is published, but its index could not be written: {reason}") from error
    except ReleaseError as error:
        raise ReleaseError(f"{final} is published, but its index could not be written: {error}") from error


def _staging(home: Path) -> Path:
    staging = home / STAGING
    _real_directory(staging)
    with store_errors(staging):
        sync_directory(home)
    return staging


def _clear(home: Path) -> None:
    staging = home / STAGING
    with store_errors(home):
        leftovers = [path for path in home.iterdir() if path.name.startswith(TEMPORARY)]
        if os.path.lexists(staging):
            _real_directory(staging)
            leftovers += staging.iterdir()
        for path in leftovers:
            remove_tree(path)


def _real_directory(path: Path) -> None:
    """Make a directory where none is; a symbolic link or a file of that name is refused."""
    with store_errors(path):
        missing = [folder for folder in (path, *path.parents) if not os.path.lexists(folder)]
        if missing:
            path.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            sync_directory(folder.parent)
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise OSError(errno.ELOOP, "it is a symbolic link, which is not followed here", str(path))
        if not stat.S_ISDIR(mode):
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
