"""Files and directories that appear whole under their name, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from corpus_tool.disk import remove_tree, store_errors, sync_directory, sync_tree, write_checked
from corpus_tool.errors import SettingsError

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
                made = write_checked(temporary, write, None if mode is None else stat.S_IMODE(mode))
                temporary.replace(target)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
            sync_directory(target.parent)
        return made


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
