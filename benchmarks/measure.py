"""One command run to its end: wall time, CPU time and memory of the whole process tree."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

POLL_SECONDS = 0.02
PROPORTIONAL = 5
"""Every fifth poll asks what processes share, which takes the kernel some milliseconds."""
_PROC = Path("/proc")
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took.

    `wall` and `cpu` are seconds; `cpu` is user and system time of the process and all descendants that were waited for.
    `tree_mib` is the highest sum of resident memory seen over the process tree, polled; a page that several processes
    share is counted once (None where there is no /proc). `process_mib` is the peak of the largest one process, by the
    kernel.
    """

    wall: float
    cpu: float
    tree_mib: float | None
    process_mib: float
    exit_code: int
    said: str = ""

    @property
    def memory(self) -> float:
        """The larger of the two measures: a poll can miss a short peak, the kernel's figure is of one process."""
        return max(self.tree_mib or 0.0, self.process_mib)


def run(
    command: list[str],
    *,
    timeout: float,
    directory: Path,
    environment: dict[str, str] | None = None,
    watched: bool = True,
) -> Run:
    """Run a command in a session of its own; past `timeout` seconds the session is killed.

    Watching the memory of several processes takes time of a core, which is missed where they have all of them: without
    `watched` only the kernel's figure is taken.

    Raises OSError where the command cannot be started.
    """
    with TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env=os.environ | (environment or {}),
            start_new_session=True,
        )
        watch = _Watch(process.pid)
        killer = threading.Timer(timeout, _kill, [process.pid])
        if watched:
            watch.start()
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        killer.cancel()
        peak = watch.finish()
        process.returncode = os.waitstatus_to_exitcode(status)
        said = _tail(output)
    if wall >= timeout:
        said = f"stopped after {timeout:.0f} s"
    return Run(
        wall, usage.ru_utime + usage.ru_stime, peak and peak / _MIB, _largest(usage), process.returncode, said=said
    )


def floor_mib() -> float:
    """Memory of the measuring process itself: the kernel counts it as the child's until the child's own begins."""
    return _largest(resource.getrusage(resource.RUSAGE_SELF))


def _largest(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / _MIB


def _kill(session: int) -> None:
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        return


def _tail(output: IO[bytes]) -> str:
    output.seek(max(0, output.seek(0, os.SEEK_END) - 2000))
    lines = [line.strip() for line in output.read().decode(errors="replace").split("\n") if line.strip()]
    return lines[-1][:300] if lines else ""


class _Watch(threading.Thread):
    """Polls the resident memory of a session; a process is looked up once, when it is first seen."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._stopped = threading.Event()
        self._peak = 0
        self._members = {session}
        self._seen: set[int] = {session}

    def run(self) -> None:
        if not (_PROC / "self/statm").exists():
            return
        for poll in count():
            if self._stopped.wait(POLL_SECONDS):
                return
            self._find()
            resident = sum(_resident(pid) for pid in self._members)
            if resident > self._peak and (len(self._members) == 1 or poll % PROPORTIONAL == 0):
                self._peak = max(self._peak, sum(_proportional(pid) for pid in self._members))

    def finish(self) -> int | None:
        self._stopped.set()
        if self.ident is not None:
            self.join()
        return self._peak or None

    def _find(self) -> None:
        present = {int(name) for name in os.listdir(_PROC) if name.isdigit()}  # noqa: PTH208 - fifty times a second
        self._members &= present
        for pid in present - self._seen:
            if _session_of(pid) == self._session:
                self._members.add(pid)
        self._seen = present | {self._session}


def _resident(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_bytes().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    """Resident memory of a process, in bytes, with its share only of the pages that others have as well."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def _session_of(pid: int) -> int | None:
    try:
        stat = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    return int(stat[stat.rindex(b")") + 2 :].split()[3])
