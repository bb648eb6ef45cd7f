"""Mending: the fixes that findings offer, made in the files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.atomic import sweep
from corpus_tool.blocks import Block, read_blocks
from corpus_tool.changed import read_changed
from corpus_tool.errors import CorpusError, SettingsError
from corpus_tool.execute import run
from corpus_tool.fixing.files import Show, Target, rewrite
from corpus_tool.fixing.mending import Mender
from corpus_tool.fixing.units import Counts, Piece
from corpus_tool.sources import NATIVE, SourceFile

if TYPE_CHECKING:
    from corpus_tool.corpus import Options, Setup

_OF_A_RELEASE = ("manifest.json", "SHA256SUMS")


Work = Callable[[Block], tuple[list[Piece], int]]
"""Makes of a block its chunks, with what changes in each, and the number of its articles."""


@dataclass(slots=True)
class Mended:
    """What came of mending: files that changed, or would; fixes by code; files that could not be mended, and why.

    `unsafe` are fixes that were left because only safe ones were asked for, `stuck` those that could not be made.
    """

    files: list[str] = field(default_factory=list)
    fixed: Counter[str] = field(default_factory=Counter)
    unsafe: Counter[str] = field(default_factory=Counter)
    stuck: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def add(self, counts: Counts, *, made: bool) -> None:
        """Take in the counts of a file."""
        if made:
            self.fixed += counts.fixed
        else:
            self.stuck += counts.fixed
        self.unsafe += counts.unsafe
        self.stuck += counts.stuck


def mend(
    setup: Setup, options: Options, *, unsafe: bool = False, write: bool = True, show: Show | None = None
) -> Mended:
    """Make the fixes that the findings of a corpus offer: safe ones, or unsafe ones as well.

    Without `write` nothing changes, and unified diffs go to `show`. Every file is old or new, whatever happens. Where
    the options name a commit, only what changed since is mended. Raises SettingsError where a source cannot be mended
    at all: standard input, a release, another format.
    """
    mender = Mender(setup.checker, unsafe)
    if options.since is not None:
        changed = read_changed(setup.found.files, options.since)
        files = tuple(file for file in setup.found.files if file.name in changed.names or file.name in changed.parts)
        setup = replace(setup, found=replace(setup.found, files=files))
        mender = replace(mender, changed=replace(changed, chunks=()))
    return rewritten(setup, options, mender, write=write, show=show)


def rewritten(setup: Setup, options: Options, work: Work, *, write: bool = True, show: Show | None = None) -> Mended:
    """Put what `work` makes of the blocks of a corpus into its files; see `mend`."""
    files = _mendable(setup.found.files)
    if write:
        for folder in {path.parent for path in files.values()}:
            sweep(folder)
    home = Path(os.path.realpath(setup.config.path.parent if setup.config.path else Path()))
    named = {
        file.name: Target(file, path, write, None if write else show, _is_outside(file, path, home))
        for file, path in files.items()
    }
    out = Mended()
    try:
        for name, group in groupby(_pieces(files, work, options), key=lambda piece: piece.name):
            _mend_file(named[name], group, out)
    except _CheckingError as error:
        raise error.reason from None
    return out


class _CheckingError(Exception):
    """Checking ended, for a reason that has nothing to do with the file that is being written."""

    def __init__(self, reason: Exception) -> None:
        super().__init__()
        self.reason = reason


def _pieces(files: Iterable[SourceFile], work: Work, options: Options) -> Iterator[Piece]:
    try:
        for pieces, articles in run(work, read_blocks(files), options.jobs):
            yield from pieces
            if options.progress is not None:
                options.progress(articles)
    except Exception as error:
        raise _CheckingError(error) from error


def _mend_file(target: Target, pieces: Iterable[Piece], out: Mended) -> None:
    """Rewrite a file from its first change on; where that is not possible, say why."""
    counts = Counts()

    def counted(piece: Piece) -> Piece:
        counts.add(piece.counts)
        return piece

    pieces = map(counted, pieces)
    same: list[Piece] = []
    for piece in pieces:
        same.append(piece)
        if piece.patches:
            break
    changes = bool(same and same[-1].patches)
    made = True
    if changes:
        try:
            rewrite(target, chain(same, pieces))
        except SettingsError:
            raise
        except CorpusError as error:
            out.failed.append((target.file.name, str(error)))
            made = False
        else:
            out.files.append(target.file.name)
    for _ in pieces:
        continue
    out.add(counts, made=made)


def _is_outside(file: SourceFile, path: Path, home: Path) -> bool:
    """Whether a file is a link that leads out of the corpus, and out of the folder it lies in."""
    if file.path is None or not file.path.is_symlink():
        return False
    own = Path(os.path.realpath(file.path.parent))
    return not (path.is_relative_to(home) or path.is_relative_to(own))


def _mendable(files: Iterable[SourceFile]) -> dict[SourceFile, Path]:
    """The files to mend with their real paths; what two names lead to is mended once."""
    found: dict[Path, SourceFile] = {}
    for file in files:
        if file.path is None:
            raise SettingsError("standard input cannot be mended: name a file", "-")
        if file.archive is not None:
            reason = "cannot be mended within an archive or a release: unpack it, or convert it"
            raise SettingsError(reason, file.archive)
        if file.suffix not in NATIVE:
            known = ", ".join(NATIVE)
            raise SettingsError(
                f"only {known} can be mended, plain or compressed: mend the source, or convert it", file.name
            )
        found.setdefault(Path(os.path.realpath(file.path)), file)
    for folder in {folder for path in found for folder in path.parents}:
        if all((folder / name).is_file() for name in _OF_A_RELEASE):
            raise SettingsError("is a release, which never changes: mend the articles it was built from", str(folder))
    return {file: path for path, file in found.items()}
