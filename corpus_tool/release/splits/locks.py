"""`splits.lock.jsonl`: the split of every article that was ever released, one a line, only ever added to.

Each release brings the lines it adds, published by the rename that makes it visible; the file beside the releases is
all of them, and is brought up to what lies on the disk as the index is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus_tool.atomic import write_file
from corpus_tool.errors import ReleaseError, StoreError

LOCK_FILE = "splits.lock.jsonl"


@dataclass(frozen=True, slots=True)
class Locked:
    """An article whose split is settled for good, and what later articles are compared with once it is gone."""

    id: str
    split: str
    group: str
    text_sha256: str
    keys: tuple[str, ...] = ()


def lock_lines(lines: Iterable[Locked]) -> bytes:
    """Lines of the lock, in the order they come."""
    return b"".join(_line(line) for line in lines)


def read_lock(path: Path) -> dict[str, Locked]:
    """The articles of a lock file by id, none where there is no such file; ReleaseError where it is damaged."""
    found: dict[str, Locked] = {}
    for number, text in enumerate(_bytes(path).split(b"\n")[:-1], 1):
        try:
            line = _parsed(text)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ReleaseError(f"{path}, line {number}, is not a line of a lock; restore it: {error}") from error
        if line.id in found:
            raise ReleaseError(f"{path}, line {number}, holds '{line.id}' a second time; restore it")
        found[line.id] = line
    return found


def whole_lock(home: Path, present: Iterable[str]) -> dict[str, Locked]:
    """The lock of a corpus with what releases on the disk settled and it lacks; nothing is written.

    Raises ReleaseError where a release and the lock disagree: the lock was edited, or is that of another corpus.
    """
    path = home / LOCK_FILE
    known = read_lock(path)
    for version in present:
        for line in read_lock(home / version / LOCK_FILE).values():
            before = known.setdefault(line.id, line)
            if before != line:
                raise ReleaseError(
                    f"{path} has '{line.id}' in {before.split}, and release {version} put it into {line.split}; "
                    "restore the lock"
                )
    return known


def write_lock(home: Path, present: Iterable[str]) -> None:
    """Bring the lock up to what lies on the disk. The caller holds the lock of the corpus.

    Raises what `whole_lock` raises, StoreError where the disk refuses.
    """
    data, whole = _bytes(home / LOCK_FILE), lock_lines(whole_lock(home, present).values())
    if whole != data:
        _replace(home / LOCK_FILE, whole)


def refuse_other_lock(home: Path, lock: Mapping[str, Locked]) -> None:
    """Raise ReleaseError where the lock is not what splits were made under. The caller holds the lock of the corpus."""
    if read_lock(home / LOCK_FILE) != lock:
        raise ReleaseError(f"another version of {home.name} was published meanwhile: build this one again")


def _parsed(text: bytes) -> Locked:
    value = json.loads(text)
    line = Locked(**{**value, "keys": tuple(value.get("keys", ()))})
    if _line(line) != text + b"\n":
        raise ValueError("it is written in another way")
    return line


def _line(line: Locked) -> bytes:
    value = {name: part for name, part in asdict(line).items() if part}
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise ReleaseError(f"cannot read {path}: {error.strerror}") from error
    if data and not data.endswith(b"\n"):
        raise ReleaseError(f"{path} ends within a line; restore it")
    return data


def _replace(path: Path, data: bytes) -> None:
    if path.is_symlink() or path.is_dir():
        raise StoreError(f"cannot write {path}: a {'symbolic link' if path.is_symlink() else 'directory'} has its name")
    write_file(path, lambda stream: stream.write(data))
