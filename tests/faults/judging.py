"""What must hold after a fault, and after the next run; each judgement is a list of what does not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus_tool.atomic import TEMPORARY
from corpus_tool.errors import CorpusError
from corpus_tool.release.index import read_index, versions_on_disk
from corpus_tool.release.manifest import SUMS, file_digest
from corpus_tool.release.publish import LOCK, STAGING
from corpus_tool.release.splits.locks import LOCK_FILE, read_lock, whole_lock
from corpus_tool.release.verification.verify import verify
from corpus_tool.release.versions import INDEX, README
from corpus_tool.release.withdrawal.swapping import SWAPPING
from tests.faults.running import Ended
from tests.faults.scenarios import NAME
from tests.faults.traces import without_random

Tree = Mapping[str, str]
"""Digests of files by their path, without those that are not finished."""

_NAMED = re.compile(rb"^ +(?:- )?path: \W?([^\s'\"]+)", re.MULTILINE)
_HOME = f"releases/{NAME}"


def tree(folder: Path) -> Tree:
    """The sources and the releases below a directory; staging and temporary files are no part of them."""
    found = {}
    for top in ("articles", "releases"):
        for path in sorted((folder / top).rglob("*")):
            name = path.relative_to(folder)
            hidden = (
                {STAGING, SWAPPING}.intersection(name.parts) or path.name == LOCK or path.name.startswith(TEMPORARY)
            )
            if path.is_file() and not hidden:
                found[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def fingerprint(folder: Path) -> str:
    """The same for directories that the next run cannot tell apart: what random names are made of is left out."""
    lines = [f"{name} {digest}" for name, digest in tree(folder).items()]
    for top in ("articles", "releases"):
        for path in (folder / top).rglob("*"):
            name = without_random(str(path.relative_to(folder)))
            lines.append(f"{name} {path.lstat().st_size if path.is_file() else ''}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def ending(ended: Ended, *, killed: bool) -> Iterator[str]:
    """A run says what failed in a line and ends with 3, or is done with 0."""
    allowed = (-9,) if killed else (0, 3)
    if ended.code not in allowed:
        yield f"ended with {ended.code}: {ended.said[-800:]}"
    if "Traceback" in ended.said or "Exception ignored" in ended.said:
        yield f"a traceback: {ended.said[-1500:]}"
    elif ended.code == 3 and "error: " not in ended.said:
        yield f"failed without a word: {ended.said[-800:]}"


def state(folder: Path, before: Tree, after: Tree) -> list[str]:
    """What of a directory is neither old nor new; versions that are being swapped are so after the next run only."""
    if (folder / _HOME / SWAPPING / "commit.json").is_file():
        return []
    now = tree(folder)
    problems = [*_files(now, before, after)]
    home = folder / _HOME
    if home.is_dir():
        problems += _releases(home)
    return problems


def settled(folder: Path, after: Tree) -> list[str]:
    """What is not as it should be in the end: all as after a run without a fault, and nothing left over."""
    now = tree(folder)
    wrong = [name for name in sorted({*now, *after}) if now.get(name) != after.get(name)]
    left = [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.name.startswith(TEMPORARY) or path.name == SWAPPING or path.parent.name == STAGING
    ]
    return [f"is not as a run without a fault makes it: {', '.join(wrong)}"] * bool(wrong) + [
        f"is left over: {', '.join(left)}"
    ] * bool(left)


def _files(now: Tree, before: Tree, after: Tree) -> Iterator[str]:
    """Every file is old or new, and of a version all files are there or none."""
    for name, digest in now.items():
        followers = (f"{_HOME}/{INDEX}", f"{_HOME}/{README}", f"{_HOME}/{LOCK_FILE}")
        if name not in followers and digest not in (before.get(name), after.get(name)):
            yield f"{name} is neither old nor new"
    for name in before:
        if name not in now:
            yield f"{name} is lost"
    versions = {name.split("/")[2] for name in now if name.count("/") > 2 and name.startswith(_HOME)}
    for name in after:
        parts = name.split("/")
        if name not in now and len(parts) > 3 and parts[2] in versions:
            yield f"{name} is missing from a version that can be seen"


def _releases(home: Path) -> Iterator[str]:
    """Every version verifies, and index, lock and README say of them what is so."""
    present = versions_on_disk(home)
    for version in present:
        for finding in verify(home / version):
            yield f"{version} does not verify: {finding.code} {finding.location.path} {finding.message}"
    try:
        yield from _index(home, present)
        yield from _lock(home, present)
    except CorpusError as error:
        yield f"the index or the lock cannot be read: {error}"
    if (home / README).is_file():
        for path in _NAMED.findall((home / README).read_bytes()):
            if not list(home.glob(path.decode())):
                yield f"the README names {path.decode()}, which is not there"


def _index(home: Path, present: tuple[str, ...]) -> Iterator[str]:
    for entry in read_index(home):
        if entry.version not in present:
            yield f"the index names {entry.version}, which is not there"
        elif file_digest(home / entry.version / SUMS) != entry.bytes:
            yield f"the index has another digest of {entry.version}"


def _lock(home: Path, present: tuple[str, ...]) -> Iterator[str]:
    whole_lock(home, present)
    settled = {article for version in present for article in read_lock(home / version / LOCK_FILE)}
    for article in sorted(read_lock(home / LOCK_FILE).keys() - settled):
        yield f"the lock has {article}, which no release settled"
