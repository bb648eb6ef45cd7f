"""The protocol with one thing left out or done too early; each must be caught, or what catches it is worth nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """`change` is made in a process of its own, before the program begins; `caught` is what has to see it.

    That is the order of calls, or the kind of a fault at some call of the scenario.
    """

    change: Callable[[], None]
    caught: str
    scenario: str = "second release"


def _no_fsync() -> None:
    os.fsync = lambda _: None  # type: ignore[assignment,misc]


def _fsync_only(wanted: Callable[[int], bool]) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if wanted(os.fstat(descriptor).st_mode):
            real(descriptor)

    os.fsync = fsync  # type: ignore[assignment]


def _no_verify() -> None:
    from corpus_tool.release import build

    build._check = lambda *_: None  # type: ignore[assignment]


def _index_first() -> None:
    from corpus_tool.release import index, publish
    from corpus_tool.release.versions import Entry

    real = publish._commit

    def commit(folder: Path, final: Path) -> None:
        manifest, digest = index.read_release(folder)
        entry = Entry(manifest.version, "active", manifest.created, digest, manifest.digests.logical)
        entries = [asdict(one) for one in (*index.read_index(final.parent), entry)]
        index._replace(final.parent / index.INDEX, index.canonical({"name": final.parent.name, "versions": entries}))
        real(folder, final)

    publish._commit = commit


def _in_place() -> None:
    from corpus_tool.disk import sync_tree
    from corpus_tool.release import build, publish

    real = build.versions_on_disk
    build.versions_on_disk = lambda home: tuple(one for one in real(home) if (home / one / build.SUMS).exists())

    def fill(_: Path, final: Path, write: Callable[[Path], Any], check: Callable[[Path, Any], None]) -> Any:
        final.mkdir()
        made = write(final)
        sync_tree(final)
        check(final, made)
        return made

    publish._fill_and_commit = fill


def _rename_first() -> None:
    from corpus_tool.release import publish

    publish.sync_tree = lambda _: None  # type: ignore[assignment]


def _unread() -> None:
    from corpus_tool import disk

    disk._Checked.in_order = False


def _index_in_place() -> None:
    from corpus_tool.release import index

    index.write_file = _write_in_place  # type: ignore[assignment]


def _sources_in_place() -> None:
    from corpus_tool.fixing import files

    files.write_file = _write_in_place  # type: ignore[assignment]


def _write_in_place(path: Path, write: Callable[[Any], Any], last: Callable[[], None] | None = None) -> Any:
    import io

    from corpus_tool.disk import sync_directory

    new = io.BytesIO()
    made = write(new)
    if last is not None:
        last()
    with path.open("wb") as stream:
        stream.write(new.getvalue())
        stream.flush()
        os.fsync(stream.fileno())
    sync_directory(path.parent)
    return made


def _leftovers_stay() -> None:
    from corpus_tool.release import publish

    publish._clear = lambda _: None  # type: ignore[assignment]


ORDER = "order"
MUTANTS = {
    "no fsync": Mutant(_no_fsync, ORDER),
    "no fsync of files": Mutant(lambda: _fsync_only(stat.S_ISDIR), ORDER),
    "no fsync of directories": Mutant(lambda: _fsync_only(stat.S_ISREG), ORDER),
    "no fsync of sources": Mutant(_no_fsync, ORDER, "fix"),
    "named before it is synced": Mutant(_rename_first, ORDER),
    "no verify": Mutant(_no_verify, "lie"),
    "files not read back": Mutant(_unread, "lie"),
    "index first": Mutant(_index_first, "KILL"),
    "release written in place": Mutant(_in_place, "KILL"),
    "index written in place": Mutant(_index_in_place, "KILL"),
    "sources written in place": Mutant(_sources_in_place, "KILL", "fix"),
    "leftovers stay": Mutant(_leftovers_stay, "KILL"),
}
