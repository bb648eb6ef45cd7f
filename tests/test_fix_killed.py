"""Mending that is killed anywhere: every file is old or new, and the next run finishes and cleans up."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpus_tool.atomic import TEMPORARY, sweep, write_file
from corpus_tool.blocks import Chunk
from corpus_tool.fixing.files import Target, rewrite
from corpus_tool.fixing.units import piece, units_of
from corpus_tool.sources import SourceFile

OLD = {
    "a.json": b'{"a": 1}\n' * 9,
    "b.jsonl": b'{"b": 1}\n{"x": "' + b"y" * 1_500_000 + b'"}\n',
    "c.jsonl": b'{"c": 1}\n',
}
NEW = {name: data.replace(b"1}\n", b"2}\n", 1) for name, data in OLD.items()}

FORKING = """
import os, signal, sys
from pathlib import Path
from tests.test_fix_killed import fill, mend_files

def run(folder, when):
    seen = 0
    def kill(event, arguments):
        nonlocal seen
        if event in ("open", "os.rename", "os.scandir", "os.remove", "os.chmod", "fcntl.flock"):
            seen += 1
            if seen == when:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(kill)
    mend_files(folder)

for when in range(1, 99):
    folder = fill(Path(sys.argv[1], str(when)))
    child = os.fork()
    if not child:
        run(folder, when)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(when, status, flush=True)
    if status == 0:
        break
"""
TRACED = """
import os, sys
from pathlib import Path
from corpus_tool.atomic import sweep, write_file
os.write(2, b"begin")
folder = Path(sys.argv[1])
sweep(folder)
for name in ("a.json", "b.jsonl", "c.jsonl"):
    new = (folder / name).read_bytes().replace(b"1}\\n", b"2}\\n", 1)
    write_file(folder / name, lambda stream: stream.write(new))
"""
CALLS = ("openat", "write", "fsync", "rename", "fchmod", "flock", "close")
ROOT = Path(__file__).parent.parent


def can_trace() -> bool:
    """Whether strace is there, and allowed to trace."""
    strace = shutil.which("strace")
    return (
        strace is not None and subprocess.run([strace, "-qq", "true"], check=False, capture_output=True).returncode == 0
    )


def mend_files(folder: Path) -> None:
    """Write what mending would, without the checks before."""
    sweep(folder)
    for name, old in OLD.items():
        path = folder / name
        if path.read_bytes() == old:
            chunk = Chunk(name, data=old, whole=name.endswith(".json"))
            units = units_of(chunk)
            units[0].data = NEW[name][: units[0].size]
            rewrite(Target(SourceFile(str(path), name, "x"), path, write=True, show=None), [piece(chunk, units)])


def fill(folder: Path) -> Path:
    folder.mkdir()
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
    return folder


def check(folder: Path) -> tuple[int, int]:
    """Every file is old or new; how many are new, and how many temporary files there are."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    kept = {name: data for name, data in found.items() if not name.startswith(TEMPORARY)}
    assert kept.keys() == OLD.keys()
    assert all(data in (OLD[name], NEW[name]) for name, data in kept.items())
    return sum(data == NEW[name] for name, data in kept.items()), len(found) - len(kept)


def finish(folder: Path) -> None:
    mend_files(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == NEW


def test_killed_at_every_file_operation(tmp_path: Path) -> None:
    """Killed as the interpreter is about to open, lock, list or rename."""
    ended = subprocess.run([sys.executable, "-c", FORKING, tmp_path], cwd=ROOT, check=True, capture_output=True)
    fired = [int(status) for _, status in (line.split() for line in ended.stdout.decode().split("\n") if line)]
    assert fired == [*[-signal.SIGKILL] * (len(fired) - 1), 0]
    states = set()
    for when in range(1, len(fired)):
        states.add(check(tmp_path / str(when)))
        finish(tmp_path / str(when))
    assert len(fired) > 20
    assert states == {(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0)}


def traced(log: Path, *options: str, folder: Path) -> int:
    command = ["strace", "-qq", "-o", str(log), *options, sys.executable, "-c", TRACED, str(folder)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode


def test_killed_at_every_system_call(tmp_path: Path) -> None:
    """Killed before each call of the kernel that opens, writes, syncs or renames takes effect."""
    if not can_trace():
        pytest.skip("strace is missing, or may not trace")
    calls = CALLS
    log = tmp_path / "log"
    assert traced(log, "-e", f"trace={','.join(calls)}", folder=fill(tmp_path / "all")) == 0
    text = log.read_text()
    begin = text.index('"begin"')
    points = []
    for call in calls:
        before = len(re.findall(rf"^{call}\(", text[:begin], re.MULTILINE))
        number = len(re.findall(rf"^{call}\(", text, re.MULTILINE)) - before
        points += [(call, before + at) for at in range(1, number + 1) if call not in ("openat", "close") or at % 6 == 0]
    assert {call for call, _ in points} == set(calls)
    states = set()
    for number, (call, when) in enumerate(points):
        folder = fill(tmp_path / str(number))
        ended = traced(log, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}", folder=folder)
        assert ended in (-signal.SIGKILL, 128 + signal.SIGKILL)
        assert "+++ killed by SIGKILL +++" in log.read_text()
        states.add(check(folder))
        finish(folder)
    assert states == {(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0)}


class TestSweep:
    def test_what_is_being_written_stays(self, tmp_path: Path) -> None:
        stale = tmp_path / f"{TEMPORARY}{'0' * 16}"
        stale.touch()

        def write(stream: object) -> None:
            assert sweep(tmp_path) == 0
            assert len(list(tmp_path.iterdir())) == 2

        write_file(tmp_path / "x", write)
        assert sweep(tmp_path) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["x"]

    def test_only_our_own_unfinished_files_go(self, tmp_path: Path) -> None:
        names = [f"{TEMPORARY}x", f"{TEMPORARY}{'0' * 17}", "x", ".x", f"{TEMPORARY}{'G' * 16}"]
        for name in names:
            (tmp_path / name).touch()
        (tmp_path / f"{TEMPORARY}{'0' * 16}").mkdir()
        (tmp_path / f"{TEMPORARY}{'1' * 16}").symlink_to("x")
        assert sweep(tmp_path) == 0
        assert len(list(tmp_path.iterdir())) == len(names) + 2

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert sweep(tmp_path / "x") == 0
