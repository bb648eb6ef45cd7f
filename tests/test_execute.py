from __future__ import annotations

import os
import pickle
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from corpus_tool import errors, execute
from corpus_tool.errors import CorpusError, SettingsError, SourceError
from corpus_tool.execute import run


def double(number: int) -> int:
    return number * 2


def process(_: int) -> int:
    return os.getpid()


def die_once(mark: Path, parent: int, number: int) -> int:
    """End the first process that is not the parent."""
    if os.getpid() != parent and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def die_while_this_works(mark: Path, parent: int, number: int) -> int:
    """End the first process that is not the parent, which has something to do at that moment."""
    time.sleep(0.02 if os.getpid() != parent else 0.2)
    return die_once(mark, parent, number)


def die_elsewhere(parent: int, number: int) -> int:
    """End every process but one."""
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def slow_process(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def refuse(error: Exception, number: int) -> int:
    if number == 2:
        raise error
    return number


class TestHere:
    @pytest.mark.parametrize("jobs", [1, None], ids=["one job", "few items"])
    def test_few_items_start_no_process(self, jobs: int | None) -> None:
        assert list(run(process, range(execute.SMALL), jobs)) == [os.getpid()] * execute.SMALL

    def test_one_item_starts_no_process(self) -> None:
        assert list(run(process, [1], 8)) == [os.getpid()]

    def test_nothing_gives_nothing(self) -> None:
        assert list(run(double, [], 2)) == []

    def test_items_are_taken_one_at_a_time(self) -> None:
        taken: list[int] = []

        def items() -> Iterator[int]:
            for number in range(100):
                taken.append(number)
                yield number

        results = run(double, items(), 1)
        assert next(results) == 0
        assert len(taken) == execute.SMALL + 1


class TestProcesses:
    def test_results_are_in_order_and_items_are_not_taken_far_ahead(self) -> None:
        taken: list[int] = []

        def items() -> Iterator[int]:
            for number in range(40):
                taken.append(number)
                yield number

        results = run(double, items(), 2)
        first = next(results)
        assert len(taken) <= 4 * execute.AHEAD + 1
        assert [first, *results] == [2 * number for number in range(40)]

    @pytest.mark.parametrize("jobs", [2, 3, 8])
    def test_what_is_left_is_shared_so_that_all_end_together(self, jobs: int) -> None:
        every = jobs * execute.AHEAD
        shares = [execute._share(number, jobs) for number in range(every + 1)]
        assert shares[:2] == [0, 1]
        assert shares[-1] == (jobs - 1) * execute.AHEAD
        for number, others in enumerate(shares):
            assert 0 <= number - others <= -(-others // (jobs - 1))

    def test_this_process_works_too(self) -> None:
        found = Counter(run(slow_process, range(60), 2))
        assert len(found) == 2
        assert os.getpid() in found

    @pytest.mark.parametrize("jobs", [2, 3])
    @pytest.mark.parametrize("die", [die_once, die_while_this_works])
    def test_what_a_lost_process_had_is_done_again(
        self, tmp_path: Path, jobs: int, die: Callable[[Path, int, int], int]
    ) -> None:
        work = partial(die, tmp_path / "mark", os.getpid())
        assert list(run(work, range(20), jobs)) == [2 * number for number in range(20)]
        assert (tmp_path / "mark").exists()

    def test_work_that_always_ends_its_process_is_an_error(self) -> None:
        results = run(partial(die_elsewhere, os.getpid()), range(100), 2)
        with pytest.raises(CorpusError, match="worker process ended") as caught:
            list(results)
        assert caught.value.exit_code == 3

    @pytest.mark.parametrize(
        "error",
        [SettingsError("wrong", "a.toml:3"), SourceError("cannot read"), KeyError("x")],
        ids=["two arguments", "one", "not ours"],
    )
    def test_exceptions_of_work_come_back_as_they_were(self, error: Exception) -> None:
        with pytest.raises(type(error)) as caught:
            list(run(partial(refuse, error), range(6), 2))
        assert str(caught.value) == str(error)
        assert vars(caught.value) == vars(error)


ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CorpusError)]


@pytest.mark.parametrize("kind", ERRORS, ids=[kind.__name__ for kind in ERRORS])
def test_every_error_survives_the_way_between_processes(kind: type[CorpusError]) -> None:
    arguments = {"MissingExtraError": ("dask", "dask", "an executor")}.get(kind.__name__, ("what",))
    error = kind(*arguments)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.exit_code, vars(again)) == (kind, str(error), error.exit_code, vars(error))


def too_long(_: int) -> None:
    """What Polars raises where a string of 4 GiB would be made."""
    import polars as pl

    raise pl.exceptions.PanicException("assertion failed: bytes.len() <= u32::MAX as usize")


def too_much(_: int) -> bytes:
    return bytes(2**62)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("work", [too_much, too_long])
def test_short_memory_is_an_operation_that_failed(work: Callable[[int], object], jobs: int) -> None:
    with pytest.raises(CorpusError, match="memory is too short"):
        list(run(work, [1, 2], jobs))
