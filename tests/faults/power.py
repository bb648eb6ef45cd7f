"""Power that fails: what an ext4 disk holds 0, 2 and 8 seconds after a run ended: `python -m tests.faults.power`.

What the disk holds is the file behind the loop device, copied while it is mounted: what the system has only in memory is
not in it. A copy is mounted, which replays its journal, and judged.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults import judging
from tests.faults.injections import KILL, Fault, strike
from tests.faults.matrix import Start, begin, every, prepare
from tests.faults.running import apart, run

DELAYS = (0, 2, 8)
POINTS = 15
"""Places in a run where it is killed, beside its end."""
_AT_A_TIME = 6
_SIZE = 12 * 2**20


@dataclass(frozen=True, slots=True)
class Case:
    """A run whose disk is looked at: killed at a fault, or to its end. Of a mutant, something has to be lost."""

    start: Start
    fault: Fault | None = None

    def __str__(self) -> str:
        what = self.start.mutant or "the program"
        return f"{what}, {self.fault or f'{self.start.scenario.name}, to its end'}"


def main() -> None:
    """Kill runs, let others end, and look what a disk holds then."""
    if (reason := _why_not()) is not None:
        print(f"power loss: NOT RUN: {reason}")
        return
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        begin(name)
        cases = list(_cases(folder))
        problems: dict[int, list[str]] = {}
        for at in range(0, len(cases), _AT_A_TIME):
            problems |= {at + number: found for number, found in _looked(cases[at : at + _AT_A_TIME], folder)}
    wrong = list(_verdicts(cases, problems))
    killed = sum(case.fault is not None for case in cases)
    print(f"power loss: {killed} killed and {len(cases) - killed} ended runs, each after {DELAYS} s: lost {len(wrong)}")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


def _verdicts(cases: Sequence[Case], problems: dict[int, list[str]]) -> Iterator[str]:
    for number, case in enumerate(cases):
        found = problems[number]
        if case.start.mutant is None:
            yield from (f"LOST  {case}: {problem}" for problem in found)
        elif found:
            print(f"mutant: {case}: {found[0][:300]}")
        else:
            yield f"NOT CAUGHT  {case}"


def _why_not() -> str | None:
    missing = [
        program for program in ("mkfs.ext4", "mount", "umount", "losetup", "strace") if not shutil.which(program)
    ]
    if missing:
        return f"{', '.join(missing)} not installed"
    if os.geteuid():
        return "only root may mount a loop device"
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        image, top = Path(name, "image"), Path(name, "top")
        made = _make(image) or _mount(image, top)
        if not made:
            _unmount(top)
    return f"an ext4 image cannot be mounted: {made}" if made else None


def _cases(folder: Path) -> Iterator[Case]:
    second = prepare("second release", folder)
    kills = [fault for fault in every(second) if fault.kind == KILL]
    renames = [fault for fault in kills if fault.call.name == "rename"]
    step = len(kills) / (POINTS - len(renames))
    chosen = {*renames, *(kills[int(at * step)] for at in range(POINTS - len(renames)))}
    yield from (Case(second, fault) for fault in kills if fault in chosen)
    yield Case(second)
    for name in ("first release", "fix"):
        yield Case(prepare(name, folder))
    for mutant in ("no fsync", "no fsync of files", "no fsync of directories"):
        yield Case(prepare("second release", folder, mutant))


def _looked(cases: Sequence[Case], folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Run all cases, each on a disk of its own, and judge each disk at every delay."""
    ends: list[float] = []
    found: list[list[str]] = [[] for _ in cases]
    with _disks(len(cases), folder) as disks:
        for (image, top), case in zip(disks, cases, strict=True):
            work = top / "work"
            shutil.copytree(case.start.template, work, symlinks=True)
            subprocess.run(["sync", "-f", top], check=True)
            _strike(case, work, folder / "log")
            ends.append(time.monotonic())
            shutil.copyfile(image, f"{image}.0")
        for delay in DELAYS[1:]:
            for (image, _), end in zip(disks, ends, strict=True):
                time.sleep(max(0.0, end + delay - time.monotonic()))
                shutil.copyfile(image, f"{image}.{delay}")
        for number, ((image, _), case) in enumerate(zip(disks, cases, strict=True)):
            for delay in DELAYS:
                found[number] += (f"after {delay} s, {one}" for one in _judged(case, Path(f"{image}.{delay}"), folder))
    yield from enumerate(found)


def _strike(case: Case, work: Path, log: Path) -> None:
    what = case.start.scenario.run(work, case.start.mutant)
    if case.fault is None:
        ended = run(what)
        if ended.code:
            raise RuntimeError(f"{case} ended with {ended.code}: {ended.said}")
    elif (struck := strike(case.fault, what, log)).missed is not None:
        raise RuntimeError(f"{case}: {struck.missed}")


def _judged(case: Case, image: Path, folder: Path) -> list[str]:
    """What is wrong with a disk; where the run ended well, all has to be there."""
    top = folder / "copy"
    if said := _mount(image, top):
        return [f"the disk cannot be mounted: {said}"]
    try:
        return apart(_held, str(top / "work"), case.start.before, case.start.after, case.fault is None)  # type: ignore[no-any-return]
    finally:
        _unmount(top)
        image.unlink()


def _held(work: str, before: judging.Tree, after: judging.Tree, ended: bool) -> list[str]:
    folder = Path(work)
    return [*judging.state(folder, before, after), *(judging.settled(folder, after) if ended else ())]


@contextmanager
def _disks(number: int, folder: Path) -> Iterator[list[tuple[Path, Path]]]:
    disks = [(folder / f"image{at}", folder / f"top{at}") for at in range(number)]
    mounted = []
    try:
        for image, top in disks:
            if said := _make(image) or _mount(image, top):
                raise RuntimeError(said)
            mounted.append(top)
        yield disks
    finally:
        for top in mounted:
            _unmount(top)


def _make(image: Path) -> str:
    with image.open("wb") as stream:
        stream.truncate(_SIZE)
    return _said("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)


def _mount(image: Path, top: Path) -> str:
    top.mkdir(exist_ok=True)
    return _said("mount", "-o", "loop,commit=1", image, top)


def _unmount(top: Path) -> None:
    subprocess.run(["umount", top], check=True)


def _said(*command: str | Path) -> str:
    """What a command complains of; nothing where it is done."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stderr.strip() or f"exit {done.returncode}" if done.returncode else ""


if __name__ == "__main__":
    main()
