"""A disk that is full after any number of bytes: `python -m tests.faults.disk_full`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.faults import judging
from tests.faults.matrix import Start, begin, prepare
from tests.faults.running import apart, run
from tests.faults.scenarios import SCENARIOS

LEVELS = 60
_SIZE, _STEP = 2 * 2**20, 4096
"""Of the disk, and how much more of it is left at each level; the last of them must be enough."""

_PROBE = 'd=$(mktemp -d); mount -t tmpfs tmpfs "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s'


def main() -> None:
    """Publish and mend on a disk with 0, 4, 8 ... KiB left, and say how each ended."""
    if sys.argv[1:] != ["mounting"]:
        sys.exit(_apart())
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        disk = Path(folder, "disk")
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", disk], check=True)
        try:
            begin(folder)
            wrong = [problem for name in ("second release", "fix") for problem in _filled(name, Path(folder), disk)]
        finally:
            subprocess.run(["umount", disk], check=True)
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


def _apart() -> int:
    """Do it where mounting is allowed: here as root, else in a user namespace."""
    for prefix in ((), ("unshare", "--map-root-user", "--mount")):
        if _succeeds(*prefix, "sh", "-c", _PROBE):
            command = [*prefix, sys.executable, "-m", "tests.faults.disk_full", "mounting"]
            return subprocess.run(command, check=False).returncode
    print("full disk: NOT RUN: a tmpfs cannot be mounted, neither here nor by unshare --map-root-user --mount")
    return 0


def _succeeds(*command: str) -> bool:
    return bool(shutil.which(command[0])) and not subprocess.run(command, check=False, capture_output=True).returncode


def _filled(name: str, folder: Path, disk: Path) -> Iterator[str]:
    start = prepare(name, folder)
    codes: Counter[int] = Counter()
    for level in range(LEVELS):
        work = disk / "work"
        shutil.copytree(start.template, work, symlinks=True)
        filler = _fill(disk, level * _STEP)
        ended = run(SCENARIOS[name].run(work))
        codes[ended.code] += 1
        problems = [*judging.ending(ended, killed=False), *apart(_state, str(work), start.before, start.after)]
        filler.unlink()
        problems += _again(start, work)
        yield from (f"LOST  {name} with {level * _STEP} bytes left, exit {ended.code}: {one}" for one in problems)
        shutil.rmtree(work)
    print(f"full disk, {name}: {LEVELS} levels, exit 3 at {codes[3]}, done at {codes[0]}")
    if not codes[3] or not codes[0]:
        yield f"{name}: the disk was never full, or always: {dict(codes)}"


def _fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes."""
    found = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(b"x" * max(0, found.f_bavail * found.f_frsize - left))
    return filler


def _state(folder: str, before: judging.Tree, after: judging.Tree) -> list[str]:
    return judging.state(Path(folder), before, after)


def _again(start: Start, work: Path) -> Iterator[str]:
    ended = run(start.scenario.run(work))
    if ended.code and "exists already" not in ended.said:
        yield f"the next run ended with {ended.code}: {ended.said[-800:]}"
    yield from judging.settled(work, start.after)


if __name__ == "__main__":
    main()
