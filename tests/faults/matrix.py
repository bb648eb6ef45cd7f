"""The matrix: every fault at every call of every scenario, on all processors; what was lost, and what was counted."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.faults import judging
from tests.faults.injections import KILL, Fault, faults, listing, of_other_threads, strike
from tests.faults.judging import Tree
from tests.faults.order import too_early
from tests.faults.running import apart, run, warm
from tests.faults.scenarios import FOLDERS, SCENARIOS, Scenario
from tests.faults.traces import Call, below, mutating


@dataclass(frozen=True, slots=True)
class Start:
    """A scenario that is ready: a directory to copy, its files before and after a run without a fault, and the calls.

    `ran` is the directory of that run.
    """

    scenario: Scenario
    template: Path
    before: Tree
    after: Tree
    ran: Path
    calls: tuple[Call, ...] = ()
    mutant: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one fault: `missed` where it did not happen, `lost` where a promise was broken."""

    fault: Fault
    code: int
    missed: str | None
    lost: tuple[str, ...]
    traceback: bool


@dataclass(slots=True)
class _Worker:
    """What a process keeps: its directory, and what it found of states that it has seen."""

    folder: Path
    known: dict[str, list[str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)


TRIES = 5
_worker: list[_Worker] = []


def prepare(name: str, folder: Path, mutant: str | None = None) -> Start:
    """Make the directory that a scenario starts from, and run it once without a fault; in a process that is warm."""
    scenario = SCENARIOS[name]
    made, ran = folder / f"{name}-before", folder / f"{name}-after-{mutant}"
    if not made.exists():
        scenario.before(made)
    before = judging.tree(made)
    shutil.rmtree(ran, ignore_errors=True)
    shutil.copytree(made, ran, symlinks=True)
    ended, calls = listing(scenario.run(ran, mutant), folder / f"{name}-{mutant}.log")
    if ended.code:
        raise RuntimeError(f"{name} without a fault ended with {ended.code}: {ended.said}")
    after = judging.tree(ran)
    again = folder / f"{name}-threads"
    if mutant is None and not again.exists():
        shutil.copytree(made, again, symlinks=True)
        if others := of_other_threads(scenario.run(again), folder / "threads.log", FOLDERS):
            raise RuntimeError(f"{name}: other threads change something: {others}")
    ours = below(calls, FOLDERS)
    return Start(scenario, made, before, after, ran, ours, mutant)


def every(start: Start) -> tuple[Fault, ...]:
    """All faults of a scenario."""
    scenario = start.scenario
    found = faults(scenario.name, start.calls, reading=scenario.reading)
    return tuple(fault for fault in found if scenario.kinds is None or fault.kind in scenario.kinds)


def early(start: Start) -> tuple[str, ...]:
    """What a run without a fault names before it is on the disk."""
    return tuple(too_early(mutating(start.calls)))


def begin(folder: str) -> None:
    """Get a process ready."""
    here = Path(tempfile.mkdtemp(dir=folder))
    for name in ("first release", "second release", "yank", "withdraw", "fix"):
        place = here / f"warm {name}"
        SCENARIOS[name].before(place)
        warm(SCENARIOS[name].run(place))
    _worker.append(_Worker(here))


def prepared(name: str, folder: str, mutant: str | None = None) -> Start:
    return prepare(name, Path(folder), mutant)


def working() -> Path:
    """A directory that does not exist yet, for one run."""
    return _worker[0].folder / str(next(_worker[0].numbers))


def tried(start: Start, fault: Fault) -> Result:
    """Run with one fault, judge what is there, run again, and judge the end; again where it does not happen.

    How many calls a run makes before depends on what else the machine does: what Python has cached of a directory counts
    no more once somebody writes there. So the call is looked for anew.
    """
    result = _tried(start, fault)
    for _ in range(TRIES - 1):
        if result.missed is None:
            break
        result = _tried(start, _found_again(start, fault))
    return result


def _found_again(start: Start, fault: Fault) -> Fault:
    """The fault at the same call of a run as runs are now: its number among all calls of its name may be another."""
    worker, folder = _worker[0], working()
    shutil.copytree(start.template, folder, symlinks=True)
    _, calls = listing(start.scenario.run(folder, start.mutant), worker.folder / "log")
    shutil.rmtree(folder)
    same = [call for call in below(calls, FOLDERS) if (call.name, call.place) == (fault.call.name, fault.call.place)]
    return replace(fault, call=same[fault.behind]) if fault.behind < len(same) else fault


def _tried(start: Start, fault: Fault) -> Result:
    worker = _worker[0]
    folder = working()
    shutil.copytree(start.template, folder, symlinks=True)
    struck = strike(fault, start.scenario.run(folder, start.mutant), worker.folder / "log")
    if struck.missed is not None:
        shutil.rmtree(folder)
        return Result(fault, struck.ended.code, struck.missed, (), traceback=False)
    lost = list(judging.ending(struck.ended, killed=fault.kind == KILL))
    if struck.ended.code == 0:
        lost += [f"ended with 0, and {problem}" for problem in judging.settled(folder, start.after)]
    key = f"{start.scenario.name} {start.mutant} {judging.fingerprint(folder)}"
    if key not in worker.known:
        worker.known[key] = [*apart(_state, str(folder), start.before, start.after), *_again(start, folder)]
    shutil.rmtree(folder)
    lost += worker.known[key]
    return Result(fault, struck.ended.code, struck.missed, tuple(lost), "Traceback" in struck.ended.said)


def _state(folder: str, before: Tree, after: Tree) -> list[str]:
    return judging.state(Path(folder), before, after)


def _again(start: Start, folder: Path) -> Iterator[str]:
    """The same run once more, without a fault: it ends well, or says that all is done already."""
    ended = run(start.scenario.run(folder, start.mutant))
    done = start.scenario.done
    if ended.code and not (ended.code == 2 and done is not None and done in ended.said):
        yield f"the next run ended with {ended.code}: {ended.said[-1500:]}"
    for problem in judging.settled(folder, start.after):
        yield f"after the next run, {problem}"
