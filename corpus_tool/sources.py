"""The files that were named: paths, directories, globs, standard input."""

from __future__ import annotations

import glob
import os
import signal
import stat
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus_tool.errors import NothingMatchedError, SourceError

STDIN = "-"
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
NATIVE = (".json", ".jsonl", ".ndjson")
_NOT_ARTICLES = ("readme", "source", "license", "licence")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: how it is named to people, and the article id that its place gives. `path` None is stdin.

    Name and id are text that UTF-8 can hold: bytes of a path that are none stand there as escapes.
    """

    path: Path | None
    name: str
    id: str

    @property
    def compression(self) -> str | None:
        """The codec its suffix names."""
        return COMPRESSIONS.get(_split(self.name)[1].lower())

    @property
    def suffix(self) -> str:
        """Its suffix, lower case, below that of a compression."""
        return split_suffix(self.name)[1]


@dataclass(frozen=True, slots=True)
class Found:
    """The files that matched, in order, and how many were left out and why."""

    files: tuple[SourceFile, ...]
    left_out: Mapping[str, int]


def standard_input() -> BinaryIO:
    """Standard input, as bytes."""
    # Polars lets system calls go on after an interrupt, so that Ctrl-C would wait for the next line.
    signal.siginterrupt(signal.SIGINT, True)
    return sys.stdin.buffer


def split_suffix(name: str) -> tuple[str, str]:
    """A file name as stem and suffix, without the suffix of a compression."""
    stem, suffix = _split(name)
    if suffix.lower() in COMPRESSIONS:
        stem, suffix = _split(stem)
    return stem, suffix.lower()


def _split(name: str) -> tuple[str, str]:
    return os.path.splitext(name)  # noqa: PTH122 (a name keeps its folders as they were written)


def find_sources(named: Iterable[str], suffixes: Collection[str] = NATIVE, skip: Collection[Path] = ()) -> Found:
    """Resolve what was named into files; `skip` are files of the project that are no articles.

    Raises NothingMatchedError where a named source is missing or nothing at all matches, SourceError where a
    directory cannot be listed.
    """
    files: dict[str, SourceFile] = {}
    left_out: Counter[str] = Counter()
    skipped = {os.path.realpath(path) for path in skip}
    names = list(named)
    for name in names:
        for file in _resolve(name, suffixes, left_out):
            if file.path is not None and os.path.realpath(file.path) in skipped:
                left_out["files of the configuration"] += 1
            else:
                files.setdefault(STDIN if file.path is None else os.path.abspath(file.path), file)  # noqa: PTH100 (a link stays one)
    if not files:
        hint = f" ({', '.join(f'{number} {why}' for why, number in sorted(left_out.items()))})" if left_out else ""
        raise NothingMatchedError(f"nothing to read in {', '.join(names) or 'no source'}{hint}")
    return Found(tuple(files.values()), dict(left_out))


def _resolve(name: str, suffixes: Collection[str], left_out: Counter[str]) -> Iterator[SourceFile]:
    if name == STDIN:
        yield SourceFile(None, "<stdin>", "stdin")
        return
    path = Path(name)
    try:
        there = stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a path that holds a null byte names nothing
        if not glob.has_magic(name):
            raise NothingMatchedError(f"no such file or directory: {name}") from None
        yield from _glob(name, suffixes, left_out)
        return
    except OSError as error:
        raise SourceError(f"cannot read {name}: {error.strerror}") from error
    if there:
        yield from _walk(path, suffixes, left_out)
    else:
        yield _file(path, path.name)


def _file(path: Path, within: str) -> SourceFile:
    return SourceFile(path, _text(path.as_posix()), split_suffix(_text(within))[0])


def _text(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _glob(pattern: str, suffixes: Collection[str], left_out: Counter[str]) -> Iterator[SourceFile]:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (the pattern may be absolute)
    if not matches:
        raise NothingMatchedError(f"nothing matches {pattern}")
    for match in matches:
        path = Path(match)
        if _wanted(path, suffixes, left_out):
            yield _file(path, path.name)


def _walk(top: Path, suffixes: Collection[str], left_out: Counter[str]) -> Iterator[SourceFile]:
    def refuse(error: OSError) -> None:
        raise SourceError(f"cannot list {error.filename}: {error.strerror}") from error

    found: list[Path] = []
    for folder, folders, names in os.walk(top, onerror=refuse):
        for name in list(folders):
            why = "dot-files" if name.startswith(".") else "links to directories"
            if name.startswith(".") or Path(folder, name).is_symlink():
                left_out[why] += 1
                folders.remove(name)
        found.extend(Path(folder, name) for name in names)
    for path in sorted(found, key=lambda path: path.as_posix()):
        if _wanted(path, suffixes, left_out):
            yield _file(path, path.relative_to(top).as_posix())


def _wanted(path: Path, suffixes: Collection[str], left_out: Counter[str]) -> bool:
    suffix = split_suffix(path.name)[1]
    packed = path.suffix.lower() in COMPRESSIONS
    if path.name.startswith("."):
        left_out["dot-files"] += 1
    elif path.name.lower().startswith(_NOT_ARTICLES):
        left_out["README, SOURCE and LICENSE files"] += 1
    elif suffix not in suffixes or (packed and suffix not in NATIVE):
        left_out["files of another kind"] += 1
    elif path.exists() and not path.is_file():
        left_out["directories, pipes and devices"] += 1
    else:
        return True
    return False
