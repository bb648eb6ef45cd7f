"""A sample of the fault matrix, some mutants, some races; and that what judges them can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import judging
from tests.faults.driving import Crew, caught, crew, explored
from tests.faults.injections import ERRORS, KILL, LIE, Fault, faults
from tests.faults.matrix import Result, early, every, tried
from tests.faults.mutants import MUTANTS, ORDER
from tests.faults.order import too_early
from tests.faults.races import raced
from tests.faults.reporting import table
from tests.faults.running import Ended, why_not
from tests.faults.traces import Call, below, mutating, parse

SAMPLE, SEED = 120, 20


@pytest.fixture(scope="module")
def here() -> Iterator[Crew]:
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    with crew() as made:
        yield made


@pytest.mark.slow
def test_a_sample_of_all_faults_loses_nothing(here: Crew) -> None:
    results, wrong = explored(here, SAMPLE, SEED)
    print("\n".join(table(results)))
    assert not wrong
    assert len(results) == SAMPLE
    assert not [(str(one.fault), one.missed) for one in results if one.missed]
    assert not [(str(one.fault), one.code, one.lost) for one in results if one.lost]
    assert {one.fault.kind for one in results} == {KILL, LIE, *ERRORS}


@pytest.mark.parametrize(
    "mutant", [name for name, mutant in MUTANTS.items() if mutant.caught == ORDER or name == "no verify"]
)
def test_a_mutant_is_caught(here: Crew, mutant: str) -> None:
    assert caught(here, mutant)


def test_of_two_that_publish_one_wins(here: Crew) -> None:
    assert raced(here, 4, seed=5) == []


def test_a_fault_that_is_not_met_is_no_pass(here: Crew) -> None:
    start = here.start("yank")
    fault = next(fault for fault in every(start) if fault.kind == "EIO" and fault.call.name == "rename")
    elsewhere = replace(fault, call=replace(fault.call, ordinal=99))
    light = replace(start, calls=())
    assert here.pool.submit(tried, light, elsewhere).result().missed is None
    never = replace(elsewhere, behind=99)
    assert here.pool.submit(tried, light, never).result().missed == "it was met 0 times; the run ended with 0"
    assert early(start) == ()


LOG = """\
openat(AT_FDCWD</w>, "out/a", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</w/out/a>
write(3</w/out/a>, ""..., 10) = 10
fsync(3</w/out/a>)                      = -1 EIO (Input/output error) (INJECTED)
unlinkat(8</w/tmp/corpus-tool-abcd1234>, "x.arrow", 0) = 0
write(2</w/log>, ""..., 3) = 3
write(3</w/out/a>, ""..., 10 <unfinished ...>
rename("out/.corpus-tool-0123456789abcdef", "out/b") = ?
+++ killed by SIGKILL +++
"""


def test_a_log_is_read() -> None:
    calls = parse(LOG, Path("/w"))
    assert [(call.name, call.ordinal, call.result, call.injected) for call in calls] == [
        ("openat", 1, 3, False),
        ("write", 1, 10, False),
        ("fsync", 1, -1, True),
        ("unlinkat", 1, 0, False),
        ("write", 2, 3, False),
        ("rename", 1, None, False),
    ]
    assert calls[3].place == "tmp/corpus-tool-*/x.arrow"
    assert calls[5].paths == ("out/.corpus-tool-0123456789abcdef", "out/b")
    assert [call.name for call in below(calls, ["out"])] == ["openat", "write", "fsync", "rename"]


def test_every_call_that_changes_something_is_met_by_every_fault_it_can_have() -> None:
    calls = parse(
        'openat(AT_FDCWD</w>, "a", O_WRONLY|O_CREAT) = 3</w/a>\nwrite(3</w/a>, ""..., 5) = 5\nclose(3</w/a>) = 0\n'
        'openat(AT_FDCWD</w>, "b", O_RDONLY) = 3</w/b>\nread(3</w/b>, ""..., 5) = 5\nclose(3</w/b>) = 0\n'
        'rename("a", "b") = 0\n',
        Path("/w"),
    )
    assert [call.name for call in mutating(calls)] == ["openat", "write", "close", "rename"]
    found = [(fault.call.name, fault.call.ordinal, fault.kind) for fault in faults("x", calls)]
    assert found == [
        *[("openat", 1, kind) for kind in (KILL, "EIO", "ENOSPC", "EACCES", "EINTR")],
        *[("write", 1, kind) for kind in (KILL, "EIO", "ENOSPC", "EINTR", LIE)],
        *[("close", 1, kind) for kind in ("EIO", "ENOSPC", "EINTR")],
        *[("rename", 1, kind) for kind in (KILL, "EIO", "ENOSPC", "EACCES")],
        ("openat", 2, "EIO"),
    ]
    lie = Fault("x", LIE, calls[1])
    assert lie.options[-1] == "inject=write:retval=5:when=1"


FILE = ('openat(AT_FDCWD</w>, "n/f", O_WRONLY|O_CREAT) = 3</w/n/f>', 'write(3</w/n/f>, ""..., 5) = 5')
FILE_SYNC, DIR_SYNC, TOP_SYNC = "fsync(3</w/n/f>) = 0", "fsync(3</w/n>) = 0", "fsync(3</w>) = 0"
RENAME = 'rename("n", "m") = 0'


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        pytest.param((*FILE, FILE_SYNC, DIR_SYNC, RENAME, TOP_SYNC), [], id="right"),
        pytest.param((*FILE, DIR_SYNC, RENAME, TOP_SYNC), ["m gets its name before n/f"], id="file not synced"),
        pytest.param(
            (FILE[0], FILE_SYNC, FILE[1], DIR_SYNC, RENAME, TOP_SYNC), ["m gets its name before n/f"], id="written after"
        ),
        pytest.param((*FILE, FILE_SYNC, RENAME, TOP_SYNC), ["m gets its name before n is"], id="directory not synced"),
        pytest.param((*FILE, FILE_SYNC, DIR_SYNC, RENAME), ["the run ends before . is synced"], id="end not synced"),
        pytest.param(
            (*FILE, FILE_SYNC, DIR_SYNC, RENAME, 'rename(".corpus-tool-1", "i") = 0', TOP_SYNC), ["i gets its name before . is"],
            id="pointer before what it points to",
        ),
    ],
)  # fmt: skip
def test_order(lines: tuple[str, ...], problems: list[str]) -> None:
    found = list(too_early(parse("\n".join(lines), Path("/w"))))
    assert len(found) >= len(problems)
    assert all(any(part in one for one in found) for part in problems)
    assert bool(found) == bool(problems)


@pytest.mark.parametrize(
    ("ended", "killed", "right"),
    [
        pytest.param(Ended(0, ""), False, True, id="done"),
        pytest.param(Ended(3, "error: disk\n"), False, True, id="failed"),
        pytest.param(Ended(-9, ""), True, True, id="killed"),
        pytest.param(Ended(3, ""), False, False, id="without a word"),
        pytest.param(Ended(1, "error: x\n"), False, False, id="another code"),
        pytest.param(Ended(0, ""), True, False, id="survived"),
        pytest.param(Ended(-14, ""), False, False, id="hung"),
        pytest.param(Ended(3, "error: x\nTraceback (most recent call last):"), False, False, id="traceback"),
    ],
)
def test_endings(ended: Ended, killed: bool, right: bool) -> None:
    assert (not list(judging.ending(ended, killed=killed))) == right


HOME = "releases/tiny"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        pytest.param(f"{HOME}/1.0.0/manifest.json", b"{}", "is neither old nor new", id="old release changed"),
        pytest.param(f"{HOME}/1.0.0/README.md", None, "is lost", id="file of the old release gone"),
        pytest.param(f"{HOME}/1.1.0/LICENSE", None, "is missing from a version", id="half a release"),
        pytest.param(f"{HOME}/index.json", b"{", "cannot be read", id="broken index"),
        pytest.param(f"{HOME}/1.1.0", None, "the index names 1.1.0", id="index of what is not there"),
        pytest.param(f"{HOME}/README.md", b"  path: 9.0.0/x.parquet\n", "names 9.0.0/x.parquet", id="README of what is not there"),
        pytest.param("articles/a.jsonl", b"{", "is neither old nor new", id="source half written"),
    ],
)  # fmt: skip
def test_what_is_lost_is_seen(here: Crew, tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    import shutil

    start = here.start("second release")
    shutil.copytree(start.ran, tmp_path / "work")
    path = tmp_path / "work" / name
    assert judging.state(tmp_path / "work", start.before, start.after) == []
    if data is not None:
        path.write_bytes(data)
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert any(said in problem for problem in judging.state(tmp_path / "work", start.before, start.after))


def test_the_table_counts() -> None:
    call = Call("fsync", 1, ("/w/a",), "", 0)
    results = [
        Result(Fault("yank", KILL, call), -9, None, (), traceback=False),
        Result(Fault("yank", "EIO", call), 0, "it was met 0 times", (), traceback=False),
        Result(Fault("yank", "EIO", call), 1, None, ("gone",), traceback=True),
    ]
    _, row, *rest, last = table(results)
    assert row.split() == ["yank", "fsync", "1", "1/2", ".", ".", ".", "."]
    assert last == "injected 3, fired 2, lost 1, traceback 1; killed 1, exit 0 1, exit 1 1"
    assert len(rest) == 2
