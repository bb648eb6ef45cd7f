"""Work on blocks, here or on several processes: results in order, memory bounded, lost work done again."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from corpus_tool.errors import CorpusError
from corpus_tool.startup import keep_pandas_out

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

SMALL = 2
"""Up to so many items are worked on here: starting processes takes as long."""
AHEAD = 3
"""So many items a process has at a time: it must not run out while this one works on its own."""
TRIES = 2


def available_cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(work: Callable[[_Item], _Result], items: Iterable[_Item], jobs: int | None = None) -> Iterator[_Result]:
    """Results of `work` on each item, in the order of the items. `work` must be picklable.

    Raises CorpusError where an item ends its process twice.
    """
    stream = iter(items)
    head = deque(islice(stream, SMALL + 1))
    number = available_cores() if jobs is None else jobs
    here = number <= 1 or (jobs is None and len(head) <= SMALL) or len(head) <= 1
    everything = chain(_taken(head, len(head)), stream)
    if here:
        for item in everything:
            yield _uncollected(work, item)
    else:
        yield from _on_processes(work, everything, number)


def _taken(items: deque[_Item], number: int) -> Iterator[_Item]:
    """The first items, which are not kept once they are taken: each may be megabytes."""
    for _ in range(number):
        yield items.popleft()


def _begin() -> None:
    keep_pandas_out()
    # Its results are handed over, and its parent waits: to free what it has loaded piece by piece takes 50 ms.
    atexit.register(os._exit, 0)


@lru_cache(maxsize=1)
def _unpacked(work: bytes) -> Callable[[Any], Any]:
    made: Callable[[Any], Any] = pickle.loads(work)  # noqa: S301 (it comes through the pipe of the process that started this one)
    return made


def _do(work: bytes, item: Any) -> Any:
    return _uncollected(_unpacked(work), item)


def _uncollected(work: Callable[[_Item], _Result], item: _Item) -> _Result:
    """The result of one item, with the cyclic collector off: it costs a third of decoding, and finds nothing there.

    Raises CorpusError where memory is too short for it.
    """
    gc.disable()
    try:
        return work(item)
    except BaseException as error:
        if not _lacks_memory(error):
            raise
        raise CorpusError(
            "memory is too short for a block of articles: try fewer --jobs, or smaller articles"
        ) from None
    finally:
        gc.enable()


def _lacks_memory(error: BaseException) -> bool:
    """Whether it is what Python, Arrow or Polars raise then: a panic of Polars is not even an Exception."""
    said = str(error).lower()
    of_polars = type(error).__module__.partition(".")[0] in {"polars", "pyo3_runtime"}
    return isinstance(error, MemoryError) or (of_polars and any(word in said for word in _SHORT))


_SHORT = ("memory", "allocat", "capacity", "too large", "buffer", "u32::max")


@dataclass(slots=True)
class _Entry:
    """An item, how often it was handed out, and its result to be; None where the pool was broken already."""

    item: Any
    tries: int
    future: Future[Any] | None

    @property
    def open(self) -> bool:
        """Whether it is still with another process, or was lost on the way there."""
        return self.future is None or not self.future.done()


def _on_processes(work: Callable[[_Item], _Result], items: Iterator[_Item], jobs: int) -> Iterator[_Result]:
    """Results in order, of `jobs` processes: this one works too where the others have enough to do."""
    pending: deque[_Entry] = deque()
    at_hand: deque[_Item] = deque()
    packed = pickle.dumps(work)
    hand_out = partial(_do, packed)
    pool = _pool(jobs - 1)
    try:
        while True:
            elsewhere = sum(entry.open for entry in pending)
            room = min(jobs * AHEAD - elsewhere, jobs * AHEAD * 2 - len(pending)) - len(at_hand)
            at_hand.extend(islice(items, max(0, room)))
            for item in _taken(at_hand, _share(elsewhere + len(at_hand), jobs) - elsewhere):
                pending.append(_Entry(item, 1, _submit(pool, hand_out, item)))
            if not pending:
                return
            if at_hand and pending[0].future is not None and pending[0].open:
                pending.append(_Entry(None, 1, _done_here(work, at_hand.popleft())))
                continue
            try:
                result = _result(pending[0].future)
            except BrokenProcessPool as error:
                if pending[0].tries >= TRIES:
                    message = f"a worker process ended unexpectedly, {TRIES} times at the same place"
                    raise CorpusError(f"{message}: perhaps memory is short; try fewer --jobs") from error
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(jobs - 1)
                _hand_out_again(pending, pool, hand_out)
                continue
            pending.popleft()
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _share(number: int, jobs: int) -> int:
    """How many of so many items are for the other processes: when they run out, all end at about the same time."""
    return -(-number * (jobs - 1) // jobs)


def _done_here(work: Callable[[_Item], _Result], item: _Item) -> Future[_Result]:
    """The result of an item, or the exception it ended with, which waits its turn like any other."""
    future: Future[_Result] = Future()
    try:
        future.set_result(_uncollected(work, item))
    except Exception as error:  # noqa: BLE001 (it is raised again where its result is asked for)
        future.set_exception(error)
    return future


def _result(future: Future[_Result] | None) -> _Result:
    if future is None:
        raise BrokenProcessPool
    return future.result()


def _hand_out_again(pending: deque[_Entry], pool: Executor, hand_out: Callable[[Any], Any]) -> None:
    """All that went down with a pool; only of the first in line is it known that it was under way."""
    pending[0].tries += 1
    for entry in pending:
        if entry.future is None or isinstance(entry.future.exception(), BrokenProcessPool):
            entry.future = _submit(pool, hand_out, entry.item)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Not fork: Polars and Arrow have threads, and a forked lock stays locked. A process is one core's worth of work.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    resource_tracker.ensure_running()  # its start would unblock what `_submit` blocks
    return ProcessPoolExecutor(jobs, context, _begin)


def _submit(pool: Executor, work: Callable[[Any], Any], item: Any) -> Future[Any] | None:
    """Hand out an item, which may start a process."""
    with _uninterrupted():
        try:
            return pool.submit(work, item)
        except BrokenProcessPool:
            return None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an interrupt wait, so that no process is left half started; one that is started never sees any.

    The terminal interrupts all processes at once, and a worker has nothing to say to that: its parent ends it.
    """
    here = threading.current_thread() is threading.main_thread()
    waiting: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: waiting.append(number)) if here else None
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which processes inherit, unlike a handler
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if here:
            signal.signal(signal.SIGINT, before)
        if waiting:
            signal.raise_signal(signal.SIGINT)
