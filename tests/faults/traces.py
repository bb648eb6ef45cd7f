"""What strace writes: the system calls of a run, in order, each with its paths and its number among those of its name."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ON_DESCRIPTORS = (
    "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "fallocate", "fchmod", "flock", "close",
    "copy_file_range", "sendfile", "read", "pread64", "getdents64",
)  # fmt: skip
ON_PATHS = (
    "open", "creat", "rename", "unlink", "rmdir", "mkdir", "link", "symlink", "chmod", "truncate",
    "openat", "renameat", "renameat2", "unlinkat", "mkdirat", "linkat", "symlinkat", "fchmodat", "utimensat",
)  # fmt: skip
READING = ("read", "pread64", "getdents64")
WRITING = ("write", "pwrite64", "writev", "pwritev", "copy_file_range", "sendfile")
TRACED = (*ON_DESCRIPTORS, *ON_PATHS)
OPTIONS = ("-y", "-s", "0")

_LINE = re.compile(r"(\w+)\((.*)\)\s+= (\S+)(.*)")
_PART = re.compile(r'(?:AT_FDCWD|\d+)<([^>]*)>|"((?:[^"\\]|\\.)*)"')
_OPENED = re.compile(r"\d+<([^>]*)>")
_RANDOM = re.compile(r"\.\d+-[0-9a-f]{8}(?=/|$)|(?<=\.corpus-tool-)[0-9a-f]{16}|(?<=tmp/corpus-tool-)[a-z0-9_]{8}")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `ordinal` counts from 1 the calls of this name; `result` is None of a call that never returned.

    Paths below the directory of the run are relative to it.
    """

    name: str
    ordinal: int
    paths: tuple[str, ...]
    arguments: str
    result: int | None
    injected: bool = False

    @property
    def writes(self) -> bool:
        """Whether a file is opened to be written."""
        return any(flag in self.arguments for flag in ("O_CREAT", "O_WRONLY", "O_RDWR", "O_TRUNC"))

    @property
    def place(self) -> str:
        """Its first path, without what is drawn at random."""
        return without_random(self.paths[0]) if self.paths else ""

    @property
    def top(self) -> str:
        """The first directory of its first path."""
        return self.paths[0].partition("/")[0] if self.paths else ""


def without_random(path: str) -> str:
    """A path with `*` for what is drawn at random."""
    return _RANDOM.sub("*", path)


def parse(text: str, folder: Path) -> tuple[Call, ...]:
    """The calls of one thread, whose relative paths begin at `folder`."""
    counts: Counter[str] = Counter()
    calls = []
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        name, arguments, result, rest = found.groups()
        counts[name] += 1
        value = int(result.partition("<")[0], 0) if result != "?" else None
        paths = tuple(_relative(path, str(folder)) for path in _paths(name, arguments, result, folder))
        calls.append(Call(name, counts[name], paths, arguments, value, "(INJECTED)" in rest))
    return tuple(calls)


def below(calls: Iterable[Call], folders: Iterable[str]) -> tuple[Call, ...]:
    """The calls on what lies in one of these directories, on one of them, or on the directory of the run itself."""
    ours = {".", *folders}
    return tuple(call for call in calls if any(path.partition("/")[0] in ours for path in call.paths))


def mutating(calls: Iterable[Call]) -> Iterator[Call]:
    """The calls that change something, those that make it last, and those that say so of what was written."""
    written: set[str] = set()
    for call in calls:
        if call.name in ("open", "openat", "creat"):
            if call.writes:
                written.update(call.paths)
                yield call
        elif call.name == "close":
            if written.intersection(call.paths):
                written.difference_update(call.paths)
                yield call
        elif call.name not in READING:
            yield call


def _paths(name: str, arguments: str, result: str, folder: Path) -> Iterator[str]:
    parts = _PART.findall(arguments)
    if name in ON_DESCRIPTORS:
        yield from (_named(opened) for opened, _ in parts[:1])
        return
    base = str(folder)
    for opened, path in parts:
        if opened:
            base = _named(opened)
        else:
            yield os.path.normpath(os.path.join(base, path))  # noqa: PTH118 (text, not places)
    if (found := _OPENED.fullmatch(result)) is not None:
        yield _named(found[1])


def _relative(path: str, folder: str) -> str:
    return "." if path == folder else path.removeprefix(f"{folder}/")


def _named(path: str) -> str:
    return path.removesuffix(" (deleted)")
