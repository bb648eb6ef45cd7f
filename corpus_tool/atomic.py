"""Files and directories that appear whole under their name, or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from corpus_tool.disk import checked, remove_tree, store_errors, sync_directory, sync_tree
from corpus_tool.errors import SettingsError

_T = TypeVar("_T")

TEMPORARY = ".corpus-tool-"
"""How the name of what is not finished begins; a killed run leaves it behind."""

_TEMPORARY_FILE = re.compile(re.escape(TEMPORARY) + "[0-9a-f]{16}")

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


def write_file(path: Path, write: Callable[[BinaryIO], _T], last: Callable[[], None] | None = None) -> _T:
    """Write a file by `write`, read it back, and only then put it in place of what had its name.

    A device or pipe is written to as it is. `last` is called when all is on the disk, and may still raise. Raises
    SettingsError where `path` is a directory, StoreError where the disk refuses.
    """
    with store_errors(path):
        mode = _mode(path)
        if mode is not None and stat.S_ISDIR(mode):
            raise SettingsError("is a directory, not a file", str(path))
        if mode is not None and not stat.S_ISREG(mode):
            with path.open("wb") as stream:
                return write(stream)
        target = Path(os.path.realpath(path))
        with _parents_of(target), _in_use(target.parent):
            temporary = _sibling(target)
            try:
                with checked(temporary, None if mode is None else stat.S_IMODE(mode)) as new:
                    made = write(new)
                if last is not None:
                    last()
                temporary.replace(target)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
            sync_directory(target.parent)
        return made


def sweep(folder: Path) -> int:
    """Remove the unfinished files that killed runs left in a directory; how many there were.

    Nothing is removed while any process writes a file there, nor where that cannot be told.
    """
    with suppress(OSError), _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
        stale = [
            entry.path
            for entry in os.scandir(folder)
            if _TEMPORARY_FILE.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]
        for path in stale:
            os.unlink(path)  # noqa: PTH108 (a name as the directory has it)
        return len(stale)
    return 0


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Tell `sweep` that a file is being written here; a file system that has no locks is not told."""
    held = ExitStack()
    with suppress(OSError):
        held.enter_context(_locked(folder, fcntl.LOCK_SH))
    with held:
        yield


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """Hold a lock on a directory; it goes with the process, whatever ends that."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
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
