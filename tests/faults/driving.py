"""The matrix and the mutants on all processors."""

from __future__ import annotations

import multiprocessing
import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import repeat, zip_longest

from corpus_tool.execute import available_cores
from tests.faults.injections import Fault
from tests.faults.matrix import Result, Start, begin, early, every, prepared, tried
from tests.faults.mutants import MUTANTS, ORDER
from tests.faults.scenarios import SCENARIOS


@dataclass(frozen=True, slots=True)
class Crew:
    """Processes that are ready, and the directory they work in."""

    pool: ProcessPoolExecutor
    folder: str

    def start(self, scenario: str, mutant: str | None = None) -> Start:
        return self.pool.submit(prepared, scenario, self.folder, mutant).result()


@contextmanager
def crew(jobs: int | None = None) -> Iterator[Crew]:
    """Start the processes; when done their directory goes."""
    number = jobs or available_cores()
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), begin, (folder,)) as pool,
    ):
        yield Crew(pool, folder)


def explored(here: Crew, most: int | None = None, seed: int = 0) -> tuple[list[Result], list[str]]:
    """What came of every fault, or of `most` drawn at random, and what is named too early without one."""
    starts = {name: here.start(name) for name in SCENARIOS}
    wrong = [f"{name}: {problem}" for name, start in starts.items() for problem in early(start)]
    work = [(start, fault) for start in starts.values() for fault in every(start)]
    if most is not None:
        work = _sample(work, most, seed)
    light = {name: replace(start, calls=()) for name, start in starts.items()}
    every_start = [light[start.scenario.name] for start, _ in work]
    return list(here.pool.map(tried, every_start, [fault for _, fault in work], chunksize=4)), wrong


def _sample(work: list[tuple[Start, Fault]], most: int, seed: int) -> list[tuple[Start, Fault]]:
    """So many, and as many of each kind as there are."""
    kinds: dict[str, list[tuple[Start, Fault]]] = {}
    for one in random.Random(seed).sample(work, len(work)):
        kinds.setdefault(one[1].kind, []).append(one)
    rounds = zip_longest(*kinds.values())
    return [one for some in rounds for one in some if one is not None][:most]


def caught(here: Crew, mutant: str) -> str | None:
    """How a mutant is caught, by what has to catch it; None where it is not."""
    start = here.start(MUTANTS[mutant].scenario, mutant)
    kind = MUTANTS[mutant].caught
    if kind == ORDER:
        return next(iter(early(start)), None)
    faults = [fault for fault in reversed(every(start)) if fault.kind == kind]
    for at in range(0, len(faults), 16):
        some = faults[at : at + 16]
        for result in here.pool.map(tried, repeat(replace(start, calls=())), some):
            if result.lost and result.missed is None:
                return f"{result.fault}: {result.lost[0]}"
    return None
