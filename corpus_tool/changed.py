"""What differs from a commit: files, and of JSONL files the lines, that the commit did not have.

Git is asked for names and old contents only. What is in the working tree is compared here, so that no filter, hook or
monitor that a repository sets up is ever run.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha1, sha256
from pathlib import Path
from typing import Any

from corpus_tool.blocks import BLOCK_BYTES, Block, Chunk, read_blocks, read_chunks
from corpus_tool.errors import SettingsError, SourceError
from corpus_tool.sources import SourceFile

_SAFE = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never", "safe.bareRepository=explicit",
    "log.showSignature=false",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C",
}  # fmt: skip
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""What hooks of git set, and what would hold for another folder."""
_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Changed:
    """The files that differ, whole or some lines of them; by name."""

    whole: tuple[SourceFile, ...]
    parts: Mapping[str, frozenset[int]]
    chunks: tuple[Chunk, ...]

    @property
    def files(self) -> int:
        return len(self.whole) + len(self.parts)

    def has(self, path: str, line: int | None) -> bool:
        """Whether the article that begins at a place is among what changed."""
        return path in self.names or line in self.parts.get(path, ())

    @cached_property
    def names(self) -> frozenset[str]:
        """Of the files that changed as a whole."""
        return frozenset(file.name for file in self.whole)

    def blocks(self) -> Iterator[Block]:
        """What changed, to be checked."""
        number = 0
        for block in read_blocks(self.whole):
            yield Block(number, block.chunks)
            number += 1
        pending: list[Chunk] = []
        for chunk in self.chunks:
            pending.append(chunk)
            if sum(one.size for one in pending) >= BLOCK_BYTES:
                yield Block(number, tuple(pending))
                pending, number = [], number + 1
        if pending:
            yield Block(number, tuple(pending))


def read_changed(files: Sequence[SourceFile], ref: str) -> Changed:
    """What of the files differs from a commit; SettingsError where there is no git, repository or such commit."""
    if any(file.path is None for file in files):
        raise SettingsError("--since compares files with those of a commit: standard input has none")
    if any(file.archive for file in files):
        raise SettingsError("--since compares files with those of a commit: an archive or a release is none, unpack it")
    repository = _Repository(Path(os.path.realpath(files[0].path or ".")).parent)
    old = repository.tree(ref)
    whole: list[SourceFile] = []
    parts: dict[str, frozenset[int]] = {}
    chunks: list[Chunk] = []
    for file in files:
        blob = old.get(repository.within(file))
        if blob is None:
            whole.append(file)
        elif _blob(file, len(blob)) != blob:
            if file.suffix not in _LINES or file.compression is not None:
                whole.append(file)
                continue
            new = list(_new_lines(file, repository.lines(blob)))
            chunks += new
            if new:
                parts[file.name] = frozenset(number for chunk in new for number in _numbers(chunk))
    return Changed(tuple(whole), parts, tuple(chunks))


def _numbers(chunk: Chunk) -> range:
    return range(chunk.line, chunk.line + max(1, (chunk.data or b"").count(b"\n")))


def _new_lines(file: SourceFile, known: Counter[bytes]) -> Iterator[Chunk]:
    """The lines that are not known so often, those that follow each other together."""
    for chunk in read_chunks(file):
        if chunk.problem is not None or not chunk.size:
            yield chunk
            continue
        new: list[bytes] = []
        number = chunk.line
        for number, line in enumerate(_split(chunk.read()), chunk.line):
            digest = _line(line)
            if known[digest] == 0:
                new.append(line + b"\n")
                continue
            known[digest] -= 1
            if new:
                yield _lines(file, number - len(new), new)
                new = []
        if new:
            yield _lines(file, number - len(new) + 1, new)


def _lines(file: SourceFile, line: int, lines: list[bytes]) -> Chunk:
    data = b"".join(lines)
    return Chunk(file.name, line, data=data, size=len(data))


def _split(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _line(data: bytes) -> bytes:
    return blake2b(data.removesuffix(b"\n").removesuffix(b"\r"), digest_size=16).digest()


def _blob(file: SourceFile, digits: int) -> str:
    """What git would call the contents of a file, as it is on the disk."""
    assert file.path is not None
    try:
        with file.path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            made = sha1(b"blob %d\0" % size, usedforsecurity=False) if digits == 40 else sha256(b"blob %d\0" % size)
            while data := stream.read(BLOCK_BYTES):
                made.update(data)
    except OSError as error:
        raise SourceError(f"cannot read {file.name}: {error.strerror}") from error
    return made.hexdigest()


class _Repository:
    """The repository that a folder is in, as git tells of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.top = Path(os.fsdecode(self._ask("rev-parse", "--show-toplevel").removesuffix(b"\n")))
        self.folders: dict[Path, Path] = {}

    def within(self, file: SourceFile) -> bytes:
        """The path of a file as git knows it; that of a file outside the repository is none of its paths."""
        assert file.path is not None
        folder = file.path.parent
        if folder not in self.folders:
            self.folders[folder] = Path(os.path.realpath(folder))
        path = self.folders[folder] / file.path.name
        return os.fsencode(path.relative_to(self.top).as_posix()) if path.is_relative_to(self.top) else b""

    def tree(self, ref: str) -> dict[bytes, str]:
        """The files of a commit, path to the name of the contents: of the last it shares with what is checked out.

        On a branch that is behind, what others changed meanwhile is not what the branch changed.
        """
        if not ref or ref.startswith("-") or "\0" in ref:
            raise SettingsError(f"'{ref}' names no commit", "--since")
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if found.returncode:
            shallow = self._ask("rev-parse", "--is-shallow-repository").strip() == b"true"
            hint = (
                "this clone is shallow; fetch it with its history (fetch-depth: 0)"
                if shallow
                else "git does not know it"
            )
            raise SettingsError(f"there is no commit '{ref}': {hint}", "--since")
        commit = found.stdout.decode().strip()
        shared = self._run("merge-base", commit, "HEAD")
        commit = shared.stdout.decode().strip() or commit
        listed = self._ask("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
        pairs = (entry.partition(b"\t") for entry in listed if entry)
        # A link is no article: what it leads to is compared with nothing, and counts as changed.
        return {path: said.split()[2].decode() for said, _, path in pairs if said.startswith(b"100")}

    def lines(self, blob: str) -> Counter[bytes]:
        """Digests of the lines of an old version, and how often each stands there."""
        command, silent = self._command("cat-file", "blob", blob), subprocess.DEVNULL
        with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, stderr=silent) as process:  # noqa: S603 (no shell)
            assert process.stdout is not None
            found = Counter(map(_line, process.stdout))
        if process.returncode:
            raise SettingsError("git does not have the old version of a file: fetch the whole history", "--since")
        return found

    def _ask(self, *arguments: str) -> bytes:
        found = self._run(*arguments)
        if found.returncode:
            said = found.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
            raise SettingsError(f"git says: {said[:300]}", "--since")
        return found.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(self._command(*arguments), capture_output=True, env=_environment(), check=False)  # noqa: S603 (no shell)
        except OSError as error:
            raise SettingsError(f"git cannot be run: {error.strerror}", "--since") from error

    def _command(self, *arguments: str) -> list[str]:
        settings: Iterable[Any] = (part for setting in _SAFE for part in ("-c", setting))
        return ["git", "--no-pager", "-C", str(self.folder), *settings, *arguments]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _ELSEWHERE} | _ENVIRONMENT
