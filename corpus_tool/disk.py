"""What has to be done with a disk so that a name means bytes: sync, remove, write and read back."""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from corpus_tool.errors import StoreError


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


class _Checked(io.FileIO):
    """A new file that keeps the size and the checksum of what the system says it has written."""

    checksum = 0
    size = 0
    in_order = True
    summed = True

    def write(self, data: Any) -> int:
        number = super().write(data)
        self.size += number
        if self.summed:
            self.checksum = zlib.crc32(memoryview(data).cast("B")[:number], self.checksum)
        return number

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self.in_order = False
        return super().seek(offset, whence)


@contextmanager
def checked(path: Path, mode: int | None = None, *, kept: bool = True) -> Iterator[BinaryIO]:
    """A new file to write to; in the end it is on the disk, and holds what was written.

    One that is not `kept` beyond this run is not synced, and only its size is looked at. Raises OSError.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    raw = _Checked(descriptor, "wb")
    raw.summed = kept
    with io.BufferedWriter(raw, 1 << 20) as stream:
        if mode is not None:
            os.fchmod(descriptor, mode)
        yield cast("BinaryIO", stream)
        stream.flush()
        if kept:
            os.fsync(descriptor)
        size = os.fstat(descriptor).st_size
    if raw.in_order and (size != raw.size or (kept and _checksum(path) != raw.checksum)):
        raise OSError(errno.EIO, "what was read back is not what was written")


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            value = zlib.crc32(chunk, value)
    return value
