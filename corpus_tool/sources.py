"""The files that were named: paths, directories, globs, standard input."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.errors import NothingMatchedError, SourceError

STDIN = "-"
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
NATIVE = (".json", ".jsonl", ".ndjson")
_NOT_ARTICLES = ("readme", "source", "license", "licence")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: how it is named to people, and the article id that its place gives. `path` None is stdin."""

    path: Path | None
    name: str
    id: str

    @property
    def compression(self) -> str | None:
        """The codec its suffix names."""
        return COMPRESSIONS.get(os.path.splitext(self.name)[1].lower())

    @property
    def suffix(self) -> str:
        """Its suffix, lower case, below that of a compression."""
        return split_suffix(self.name)[1]


@dataclass(frozen=True, slots=True)
class Found:
    """The files that matched, in order, and how many were left out and why."""

    files: tuple[SourceFile, ...]
    left_out: Mapping[str, int]


def split_suffix(name: str) -> tuple[str, str]:
    """A file name as stem and suffix, without the suffix of a compression."""
    stem, suffix = os.path.splitext(name)
    if suffix.lower() in COMPRESSIONS:
        stem, suffix = os.path.splitext(stem)
    return stem, suffix.lower()


def find_sources(named: Iterable[str], suffixes: Collection[str] = NATIVE, skip: Collection[Path] = ()) -> Found:
    """Resolve what was named into files; `skip` are files of the project that are no articles.

    Raises NothingMatchedError where a named source is missing or nothing at all matches, SourceError where a
    directory cannot be listed.
    """
    files: dict[str, SourceFile] = {}
    left_out: Counter[str] = Counter()
    skipped = {path.resolve() for path in skip}
    names = list(named)
    for name in names:
        for file in _resolve(name, suffixes, left_out):
            if file.path is not None and file.path.resolve() in skipped:
                left_out["files of the configuration"] += 1
            else:
                files.setdefault(file.name, file)
    if not files:
        hint = f" ({', '.join(f'{number} {why}' for why, number in sorted(left_out.items()))})" if left_out else ""
        raise NothingMatchedError(f"nothing to read in {', '.join(names) or 'no source'}{hint}")
    return Found(tuple(files.values()), dict(left_out))


def _resolve(name: str, suffixes: Collection[str], left_out: Counter[str]) -> Iterator[SourceFile]:
    if name == STDIN:
        yield SourceFile(None, "<stdin>", "stdin")
        return
    path = Path(name)
    if path.is_dir():
        yield from _walk(path, suffixes, left_out)
    elif path.exists():
        yield SourceFile(path, path.as_posix(), Path(split_suffix(path.name)[0]).name)
    elif glob.has_magic(name):
        yield from _glob(name, suffixes, left_out)
    else:
        raise NothingMatchedError(f"no such file or directory: {name}")


def _glob(pattern: str, suffixes: Collection[str], left_out: Counter[str]) -> Iterator[SourceFile]:
    matches = sorted(glob.glob(pattern, recursive=True))
    if not matches:
        raise NothingMatchedError(f"nothing matches {pattern}")
    for match in matches:
        path = Path(match)
        if path.is_file() and _wanted(path, suffixes, left_out):
            yield SourceFile(path, path.as_posix(), split_suffix(path.name)[0])


def _walk(top: Path, suffixes: Collection[str], left_out: Counter[str]) -> Iterator[SourceFile]:
    def refuse(error: OSError) -> None:
        raise SourceError(f"cannot list {error.filename}: {error.strerror}") from error

    found: list[Path] = []
    for folder, folders, names in os.walk(top, onerror=refuse):
        left_out["dot-files"] += sum(name.startswith(".") for name in folders)
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(Path(folder, name) for name in names)
    for path in sorted(found, key=lambda path: path.as_posix()):
        if _wanted(path, suffixes, left_out):
            yield SourceFile(path, path.as_posix(), split_suffix(path.relative_to(top).as_posix())[0])
    for why in [why for why, number in left_out.items() if not number]:
        del left_out[why]


def _wanted(path: Path, suffixes: Collection[str], left_out: Counter[str]) -> bool:
    if path.name.startswith("."):
        left_out["dot-files"] += 1
    elif path.name.lower().startswith(_NOT_ARTICLES):
        left_out["README, SOURCE and LICENSE files"] += 1
    elif split_suffix(path.name)[1] not in suffixes:
        left_out["files of another kind"] += 1
    else:
        return True
    return False
