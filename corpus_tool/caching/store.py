"""Where results are kept: one small file each in the user's cache directory, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "CORPUS_TOOL_CACHE"
LAYOUT = "1"
LIMIT_BYTES = 512 * 2**20
"""Above this size what was not used for longest is dropped, down to three quarters of it."""
_SUM = 32
_HOUR = 3600


def directory() -> Path:
    """The cache's directory: what `CORPUS_TOOL_CACHE` names, else that of the user.

    No setting of a corpus can name it: results that came with a corpus would let bad articles pass.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(os.path.abspath(named))  # noqa: PTH100 (a link stays one)
    from platformdirs import user_cache_path

    return user_cache_path("corpus-tool", appauthor=False)


@dataclass(frozen=True, slots=True)
class Store:
    """Values by key (a SHA-256). What cannot be read, or is not what was written, is not there; nothing raises."""

    root: Path

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, which counts as used now."""
        path = self._path(key)
        try:
            with path.open("rb") as stream:
                data = stream.read()
                found = os.fstat(stream.fileno())
        except OSError:
            return None
        value = data[_SUM:]
        if data[:_SUM] != hashlib.sha256(key + value).digest():
            return None
        if found.st_mtime + _HOUR < time.time():
            with suppress(OSError):
                os.utime(path)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value. The file gets its name when all of it is written."""
        path = self._path(key)
        temporary = path.parent / f".{os.urandom(8).hex()}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(hashlib.sha256(key + value).digest() + value)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()

    def prune(self, limit: int = LIMIT_BYTES) -> None:
        """Drop what was not used for longest where all together is larger than `limit` bytes."""
        files = list(self._files())
        size = sum(size for _, size, _ in files)
        if size <= limit:
            return
        for _, one, path in sorted(files):
            if size <= limit * 3 // 4:
                return
            with suppress(OSError):
                path.unlink()
                size -= one

    def clear(self) -> int:
        """Drop everything; the number of files that went."""
        number = 0
        for _, _, path in self._files():
            with suppress(OSError):
                path.unlink()
                number += 1
        return number

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Time of last use, size and path of every file."""
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = Path(folder, name)
                with suppress(OSError):
                    found = path.lstat()
                    yield found.st_mtime, found.st_size, path

    def _path(self, key: bytes) -> Path:
        name = key.hex()
        return self.root / name[:2] / name[2:]


def open_store(root: Path | None = None) -> Store | None:
    """The cache; None where its directory cannot be made, or belongs to somebody else."""
    top = (root or directory()) / LAYOUT
    try:
        top.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = top.stat().st_uid
    except OSError:
        return None
    return Store(top) if not hasattr(os, "geteuid") or owner == os.geteuid() else None
