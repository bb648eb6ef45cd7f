"""What must be on the disk before what: a run without a fault is enough to see it, and no kill ever shows it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corpus_tool.atomic import TEMPORARY
from tests.faults.traces import WRITING, Call, without_random


@dataclass(slots=True)
class _Disk:
    """What was written and not synced: files, and directories in which a name is new."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)

    def named(self, path: str) -> None:
        if not posixpath.basename(path).startswith(TEMPORARY):
            self.folders.add(posixpath.dirname(path) or ".")

    def synced(self, path: str) -> None:
        self.files.discard(path)
        self.folders.discard(path)

    def below(self, path: str) -> list[str]:
        return sorted(one for one in self.files | self.folders if one == path or one.startswith(f"{path}/"))

    def moved(self, old: str, new: str) -> None:
        for paths in (self.files, self.folders):
            here = {path for path in paths if path == old or path.startswith(f"{old}/")}
            paths.difference_update(here)
            paths.update(new + path.removeprefix(old) for path in here)
        self.named(new)


def too_early(calls: Iterable[Call], passing: str = "tmp") -> Iterator[str]:
    """What a run names before it is on the disk, and what is not there when it ends; `passing` files last no longer."""
    disk = _Disk()
    for call in calls:
        if call.result in (None, -1) or not call.paths or call.top == passing:
            continue
        if call.name.startswith("rename"):
            yield from _renamed(disk, *call.paths[:2])
        else:
            _noted(disk, call)
    for path in sorted(disk.files | disk.folders):
        yield f"the run ends before {without_random(path)} is synced"


def _renamed(disk: _Disk, old: str, new: str) -> Iterator[str]:
    """What gets a name is on the disk; where it is a file, so is what was named beside it: it may point there."""
    waiting = disk.below(old)
    place = posixpath.dirname(new) or "."
    if place in disk.folders and posixpath.basename(old).startswith(TEMPORARY):
        waiting.append(place)
    for path in waiting:
        yield f"{without_random(new)} gets its name before {without_random(path)} is synced"
    disk.moved(old, new)


def _noted(disk: _Disk, call: Call) -> None:
    path = call.paths[-1] if call.name.startswith("open") else call.paths[0]
    if call.name in ("fsync", "fdatasync"):
        disk.synced(path)
    elif call.name in WRITING or call.name in ("ftruncate", "truncate", "fallocate"):
        disk.files.add(path)
    elif call.name.startswith("mkdir"):
        disk.named(path)
        disk.folders.add(path)
    elif call.name.startswith("open") and "O_CREAT" in call.arguments and not path.endswith("/.lock"):
        disk.files.add(path)
        disk.named(path)
