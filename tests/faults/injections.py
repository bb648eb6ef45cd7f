"""Which faults there are, and what becomes of a run that meets one: did the fault happen, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.running import Ended, Run, run
from tests.faults.traces import OPTIONS, TRACED, WRITING, Call, below, mutating, parse

KILL, LIE = "KILL", "lie"
_OPENING = ("open", "openat", "creat")
_LASTING = ("write", "pwrite64", "writev", "fsync", "fdatasync", "close", "flock", "ftruncate")
ERRORS: dict[str, tuple[str, ...]] = {
    "EIO": (),
    "ENOSPC": (
        *_OPENING, "write", "pwrite64", "writev", "fsync", "fdatasync", "close", "mkdir", "mkdirat", "rename",
        "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "fallocate",
    ),
    "EACCES": (
        *_OPENING, "mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "fchmod",
        "chmod", "fchmodat", "link", "linkat", "symlink", "symlinkat", "truncate", "utimensat",
    ),
    "EINTR": (*_OPENING, *_LASTING),
}  # fmt: skip
"""The calls that may end so, by their manual pages; none named means every call."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at one call: `kind` is KILL, an errno, or `lie`, which says that all was written and writes nothing."""

    scenario: str
    kind: str
    call: Call
    behind: int = 0
    """How many calls of its name at its place come before it."""

    @property
    def options(self) -> tuple[str, ...]:
        """The options of strace that make it."""
        how = {KILL: "signal=KILL", LIE: f"retval={self.call.result}"}.get(self.kind, f"error={self.kind}")
        name = self.call.name
        return (*OPTIONS, "-e", f"trace={name}", "-e", f"inject={name}:{how}:when={self.call.ordinal}")

    def __str__(self) -> str:
        return f"{self.scenario}: {self.kind} at {self.call.name} {self.call.ordinal} of {self.call.place}"


@dataclass(frozen=True, slots=True)
class Struck:
    """A run that met a fault: `missed` says why the fault did not happen as it should have."""

    ended: Ended
    missed: str | None


def listing(what: Run, log: Path) -> tuple[Ended, tuple[Call, ...]]:
    """A run without a fault, and all its calls on files."""
    ended = run(what, (*OPTIONS, "-e", f"trace={','.join(TRACED)}", "-o", str(log)))
    return ended, parse(log.read_text(), what.folder)


def of_other_threads(what: Run, log: Path, folders: Iterable[str]) -> list[str]:
    """Calls that change something there and are not the first thread's: strace counts, and kills, by thread."""
    run(what, ("-f", *OPTIONS, "-e", f"trace={','.join(TRACED)}", "-o", str(log)))
    threads: dict[str, list[str]] = {}
    for line in log.read_text().splitlines():
        thread, _, rest = line.partition(" ")
        threads.setdefault(thread, []).append(re.sub(r" <unfinished \.\.\.>$", ") = 0", rest.strip()))
    others = list(threads.values())[1:]
    calls = [call for lines in others for call in parse("\n".join(lines), what.folder)]
    return [f"{call.name} of {call.place}" for call in mutating(below(calls, folders))]


def faults(scenario: str, calls: Iterable[Call], *, reading: bool = True) -> Iterator[Fault]:
    """Every fault at every call that changes something; if `reading`, EIO where something is opened or listed."""
    everything = tuple(calls)
    changing = tuple(mutating(everything))
    before: Counter[tuple[str, str]] = Counter()
    read: list[Fault] = []
    for call in everything:
        behind = before[call.name, call.place]
        before[call.name, call.place] += 1
        if call in changing:
            yield from (Fault(scenario, kind, call, behind) for kind in _kinds(call))
        elif reading and call.name in ("openat", "getdents64") and call.result not in (None, -1):
            read.append(Fault(scenario, "EIO", call, behind))
    yield from read


def _kinds(call: Call) -> Iterator[str]:
    if call.name != "close":
        yield KILL
    yield from (error for error, names in ERRORS.items() if not names or call.name in names)
    if call.name in WRITING and call.result:
        yield LIE


def strike(fault: Fault, what: Run, log: Path) -> Struck:
    """Run with a fault, and look in the log of strace whether it happened, once, at that call."""
    ended = run(what, (*fault.options, "-o", str(log)))
    text = log.read_text()
    calls = parse(text, what.folder)
    if fault.kind == KILL:
        hit = calls[-1:] if "+++ killed by SIGKILL +++" in text and ended.code == -9 else ()
    else:
        hit = tuple(call for call in calls if call.injected)
    if len(hit) != 1:
        return Struck(ended, f"it was met {len(hit)} times; the run ended with {ended.code}")
    found = hit[0]
    same = (found.name, found.ordinal, found.top) == (fault.call.name, fault.call.ordinal, fault.call.top)
    return Struck(ended, None if same else f"it was met at {found.name} {found.ordinal} of {found.place}")
