"""Files and directories that appear whole under their name, or not at all."""

from __future__ import annotations

import errno
import io
import os
import secrets
import shutil
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from corpus_tool.errors import SettingsError, StoreError

_T = TypeVar("_T")

TEMPORARY = ".corpus-tool-"
"""How the name of what is not finished begins; a killed run leaves it behind."""

_OCCUPIED = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


def write_directory(output: Path, write: Callable[[Path], _T]) -> _T:
    """Make a directory by `write`, which is given an empty one to fill; it gets its name when all is on the disk.

    Raises SettingsError where `output` holds something already, StoreError where the disk refuses.
    """
    with store_errors(output):
        target = Path(os.path.realpath(output))
        _refuse_occupied(target, output)
        with _parents_of(target):
            temporary = _sibling(target)
            temporary.mkdir()
            try:
                made = write(temporary)
                sync_tree(temporary)
                _take_name(temporary, target, output)
            except BaseException:
                with suppress(OSError):
                    remove_tree(temporary)
                raise
            sync_directory(target.parent)
        return made


def write_file(path: Path, write: Callable[[BinaryIO], _T]) -> _T:
    """Write a file by `write`, read it back, and only then put it in place of what had its name.

    A device or pipe is written to as it is. Raises SettingsError where `path` is a directory, StoreError where the
    disk refuses.
    """
    with store_errors(path):
        mode = _mode(path)
        if mode is not None and stat.S_ISDIR(mode):
            raise SettingsError("is a directory, not a file", str(path))
        if mode is not None and not stat.S_ISREG(mode):
            with path.open("wb") as stream:
                return write(stream)
        target = Path(os.path.realpath(path))
        with _parents_of(target):
            temporary = _sibling(target)
            try:
                made = _write_checked(temporary, write, None if mode is None else stat.S_IMODE(mode))
                temporary.replace(target)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
            sync_directory(target.parent)
        return made


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn an OSError into a StoreError that names `path`."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from error


def sync_tree(folder: Path) -> None:
    """Wait until every file and directory below, deepest first, is on the disk."""
    for parent, _, names in os.walk(folder, topdown=False, onerror=_raise):
        for name in names:
            _sync(Path(parent, name), os.O_RDONLY | os.O_NOFOLLOW)
        sync_directory(Path(parent))


def sync_directory(folder: Path) -> None:
    """Wait until the names in a directory are on the disk."""
    try:
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems cannot sync a directory, and say so
            raise


def remove_tree(path: Path) -> None:
    """Remove what has this name; a symbolic link is removed, never followed."""
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()


def _raise(error: OSError) -> None:
    raise error


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _sibling(target: Path) -> Path:
    """A name of fixed length: that of the target may be as long as the file system allows."""
    return target.parent / f"{TEMPORARY}{secrets.token_hex(8)}"


def _refuse_occupied(target: Path, output: Path) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise SettingsError("exists and is not a directory", str(output))
    if any(target.iterdir()):
        raise SettingsError("is not empty: name a directory that is new or empty", str(output))


def _take_name(temporary: Path, target: Path, output: Path) -> None:
    try:
        temporary.rename(target)
    except OSError as error:
        if error.errno in _OCCUPIED:
            raise SettingsError("was filled by another program meanwhile", str(output)) from error
        raise


@contextmanager
def _parents_of(target: Path) -> Iterator[None]:
    """Make the directories above; on failure those that were made go again."""
    missing = [folder for folder in target.parents if not os.path.lexists(folder)]
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
        for folder in missing:
            sync_directory(folder.parent)
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


class _Checked(io.FileIO):
    """A new file that keeps the checksum of what the system says it has written."""

    checksum = 0
    in_order = True

    def write(self, data: Any) -> int:
        number = super().write(data)
        self.checksum = zlib.crc32(memoryview(data).cast("B")[:number], self.checksum)
        return number

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self.in_order = False
        return super().seek(offset, whence)


def _write_checked(path: Path, write: Callable[[BinaryIO], _T], mode: int | None) -> _T:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    raw = _Checked(descriptor, "wb")
    with io.BufferedWriter(raw, 1 << 20) as stream:
        if mode is not None:
            os.fchmod(descriptor, mode)
        made = write(cast("BinaryIO", stream))
        stream.flush()
        os.fsync(descriptor)
    if raw.in_order and _checksum(path) != raw.checksum:
        raise OSError(errno.EIO, "what was read back is not what was written")
    return made


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            value = zlib.crc32(chunk, value)
    return value
