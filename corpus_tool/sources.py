"""The files that were named: paths, directories, globs, standard input."""

from __future__ import annotations

import glob
import os
import signal
import stat
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from corpus_tool.errors import NothingMatchedError, SettingsError, SourceError
from corpus_tool.release_sources import is_release, release_lines

STDIN = "-"
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
ARCHIVE = ".zip"
JSON_FORMATS = ("jsonl", "json")
"""The tool's own formats, which no entry point names."""
NATIVE = (".json", ".jsonl", ".ndjson")
"""What their files are named."""
_DEVICES = {stat.S_IFCHR: "a character device", stat.S_IFBLK: "a block device", stat.S_IFSOCK: "a socket"}
_NOT_ARTICLES = ("readme", "source", "license", "licence")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: how it is named to people, and the article id that its place gives.

    `where` (its path) None is what can be read once only: the named pipe `pipe`, or standard input. Name and id are
    text that UTF-8 can hold: bytes of a path that are none stand there as escapes.
    """

    where: str | None
    name: str
    id: str
    pipe: Path | None = None
    archive: str | None = None
    """The archive that it was unpacked from, or the release whose articles it is."""

    @property
    def path(self) -> Path | None:
        # Not kept: of thousands of files few are asked for theirs, and each takes as long to make as to be found.
        return None if self.where is None else Path(self.where)

    @property
    def origin(self) -> Path | None:
        """The file that was there before anything was unpacked: the archive, or the file of a release."""
        if self.archive is None:
            return self.path
        archive = Path(self.archive)
        return Path(self.name) if archive.is_dir() else archive

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


@contextmanager
def open_source(file: SourceFile) -> Iterator[BinaryIO]:
    """The bytes of a file as they stand there, or those that come through a pipe."""
    path = file.path or file.pipe
    if path is None:
        yield standard_input()
        return
    if file.pipe is not None:
        signal.siginterrupt(signal.SIGINT, True)
    with path.open("rb") as stream:
        yield stream


def split_suffix(name: str) -> tuple[str, str]:
    """A file name as stem and suffix, without the suffix of a compression."""
    stem, suffix = _split(name)
    if suffix.lower() in COMPRESSIONS:
        stem, suffix = _split(stem)
    return stem, suffix.lower()


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    if stem and stem[-1] not in "./\\" and suffix.isalnum():  # thousands of files, each asked several times
        return stem, dot + suffix
    return os.path.splitext(name)  # noqa: PTH122 (a name keeps its folders as they were written)


def find_sources(named: Iterable[str], suffixes: Collection[str] = NATIVE, skip: Collection[Path] = ()) -> Found:
    """Resolve what was named into files; `skip` are files of the project that are no articles.

    Raises NothingMatchedError where a named source is missing or nothing at all matches, SourceError where a
    directory cannot be listed.
    """
    files: dict[str, SourceFile] = {}
    search = _Search(suffixes)
    skipped = {os.path.realpath(path) for path in skip}
    skipped_names = {os.path.basename(path) for path in skipped}  # noqa: PTH119 (strings)
    names = list(named)
    for name in names:
        for file in _resolve(name, search):
            path = file.where or os.fspath(file.pipe or STDIN)
            may_be = skipped and (path.rpartition(os.sep)[2] in skipped_names or path in search.links)
            if may_be and os.path.realpath(path) in skipped:
                search.left_out["files of the configuration"] += 1
            else:
                one = path if len(names) == 1 or file.where is None else os.path.abspath(path)  # noqa: PTH100 (a link stays one)
                files.setdefault(one, file)
    if not files:
        others = ", ".join(f"{number} {why}" for why, number in sorted(search.left_out.items()))
        hint = f" (left out: {others}); `convert --from` reads other formats" if search.left_out else ""
        raise NothingMatchedError(f"nothing to read in {', '.join(names) or 'no source'}{hint}")
    return Found(tuple(files.values()), dict(search.left_out))


@dataclass(frozen=True, slots=True)
class _Search:
    """Files with certain suffixes, what was left out on the way, and which of the files are links."""

    suffixes: Collection[str]
    left_out: Counter[str] = field(default_factory=Counter)
    links: set[str] = field(default_factory=set)


def _resolve(name: str, search: _Search) -> Iterator[SourceFile]:
    if name == STDIN:
        yield SourceFile(None, "<stdin>", "stdin")
        return
    path = Path(name)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a path that holds a null byte names nothing
        if not glob.has_magic(name):
            raise NothingMatchedError(f"no such file or directory: {name}") from None
        yield from _glob(name, search)
        return
    except OSError as error:
        raise SourceError(f"cannot read {name}: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        yield from _released(name, path) if NATIVE[1] in search.suffixes and is_release(path) else _walk(path, search)
    elif stat.S_ISREG(mode) and path.suffix.lower() == ARCHIVE:
        yield from _unpacked(name, search)
    elif stat.S_ISFIFO(mode):
        yield replace(_file(str(path), split_suffix(path.name)[0]), where=None, pipe=path)
    elif not stat.S_ISREG(mode):
        raise SettingsError(f"is {_DEVICES.get(stat.S_IFMT(mode), 'no file')}: name files, directories or pipes", name)
    else:
        if path.is_symlink():
            search.links.add(str(path))
        yield _file(str(path), split_suffix(path.name)[0])


def _unpacked(name: str, search: _Search) -> Iterator[SourceFile]:
    from corpus_tool.archives import unpack  # few are asked for one

    folder = unpack(name)
    for file in _walk(folder, search):
        within = os.path.relpath(str(file.where), folder).replace(os.sep, "/")
        yield replace(file, name=f"{_text(name)}/{_text(within)}", archive=name)


def _released(name: str, path: Path) -> Iterator[SourceFile]:
    """The articles of a release, each file named as it is there."""
    for within, lines in release_lines(name):
        yield SourceFile(str(lines), _text(str(path / within)), _split(within)[0], archive=name)


def _file(where: str, stem: str) -> SourceFile:
    name = where if os.sep == "/" else where.replace(os.sep, "/")
    return SourceFile(where, _text(name), _text(stem))


def _text(name: str) -> str:
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _glob(pattern: str, search: _Search) -> Iterator[SourceFile]:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (the pattern may be absolute)
    if not matches:
        raise NothingMatchedError(f"nothing matches {pattern}")
    for match in matches:
        path = Path(match)
        stem, suffix = split_suffix(path.name)
        if _wanted(path.name, suffix, search, odd=path.exists() and not path.is_file()):
            if path.is_symlink():
                search.links.add(str(path))
            yield _file(str(path), stem)


def _walk(top: Path, search: _Search) -> Iterator[SourceFile]:
    found: list[tuple[str, str, bool]] = []
    folders = [(os.fspath(top), "")]
    above = "" if top == Path() else os.path.join(top, "")  # noqa: PTH118 (ends in a separator)
    while folders:
        folder, inside = folders.pop()
        for entry in _entries(folder):
            if not _holds(entry.is_dir):
                odd = not _holds(entry.is_file) and os.path.exists(entry.path)  # noqa: PTH110 (a link that leads nowhere is named)
                found.append((inside + entry.name, entry.name, odd))
                if entry.is_symlink():
                    search.links.add(above + inside + entry.name)
            elif entry.name.startswith("."):
                search.left_out["dot-files"] += 1
            elif entry.is_symlink():
                search.left_out["links to directories"] += 1
            else:
                folders.append((entry.path, f"{inside}{entry.name}/"))
    for within, name, odd in sorted(found):
        stem, suffix = split_suffix(within)
        if _wanted(name, suffix, search, odd=odd):
            yield _file(above + within, stem)


def _holds(test: Callable[[], bool]) -> bool:
    """What the entry of a folder says of itself: no, where it is a link in a circle."""
    try:
        return test()
    except OSError:
        return False


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise SourceError(f"cannot list {error.filename}: {error.strerror}") from error


def _wanted(name: str, suffix: str, search: _Search, *, odd: bool) -> bool:
    """Whether a file is to be read, by its name, and by whether it is `odd`: there, and no file."""
    if name.startswith("."):
        search.left_out["dot-files"] += 1
    elif name.lower().startswith(_NOT_ARTICLES):
        search.left_out["README, SOURCE and LICENSE files"] += 1
    elif suffix not in search.suffixes:
        search.left_out["files of another kind"] += 1
    elif odd:
        search.left_out["directories, pipes and devices"] += 1
    else:
        return True
    return False
