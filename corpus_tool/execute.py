"""Work on blocks, here or on several processes: results in order, memory bounded, lost work done again."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Any, TypeVar

from corpus_tool.errors import CorpusError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

SMALL = 4
"""Up to so many items are worked on here: starting processes takes as long."""
AHEAD = 3
"""So many items a process are handed out before their results are taken."""
TRIES = 2


def available_cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(work: Callable[[_Item], _Result], items: Iterable[_Item], jobs: int | None = None) -> Iterator[_Result]:
    """Results of `work` on each item, in the order of the items. `work` must be picklable.

    Raises CorpusError where an item ends its process twice.
    """
    stream = iter(items)
    head = list(islice(stream, SMALL + 1))
    number = available_cores() if jobs is None else jobs
    everything = chain(head, stream)
    if number <= 1 or (jobs is None and len(head) <= SMALL) or len(head) <= 1:
        for item in everything:
            yield _uncollected(work, item)
    else:
        yield from _on_processes(work, everything, number)


_work: Callable[[Any], Any]


def _begin(work: Callable[[Any], Any]) -> None:
    global _work  # noqa: PLW0603 (set once in each process, so that it is not sent with every item)
    _work = work


def _do(item: Any) -> Any:
    return _uncollected(_work, item)


def _uncollected(work: Callable[[_Item], _Result], item: _Item) -> _Result:
    """The result of one item, with the cyclic collector off: it costs a third of decoding, and finds nothing there."""
    gc.disable()
    try:
        return work(item)
    finally:
        gc.enable()


def _on_processes(work: Callable[[_Item], _Result], items: Iterator[_Item], jobs: int) -> Iterator[_Result]:
    pending: deque[tuple[_Item, int, Future[_Result] | None]] = deque()
    pool = _pool(work, jobs)
    try:
        while True:
            while len(pending) < jobs * AHEAD and (item := next(items, _END)) is not _END:
                pending.append((item, 1, _submit(pool, item)))
            if not pending:
                return
            item, tries, future = pending[0]
            try:
                if future is None:
                    raise BrokenProcessPool
                result = future.result()
            except BrokenProcessPool as error:
                if tries >= TRIES:
                    raise CorpusError(f"a worker process ended {tries} times on the same block") from error
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(work, jobs)
                # Only the first in line is known to have been under way; the others start anew, uncounted.
                again = [(entry[0], entry[1] + (number == 0)) for number, entry in enumerate(pending)]
                pending = deque((entry, count, _submit(pool, entry)) for entry, count in again)
                continue
            pending.popleft()
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_END: Any = object()


def _pool(work: Callable[[Any], Any], jobs: int) -> ProcessPoolExecutor:
    # Not fork: Polars and Arrow have threads, and a forked lock stays locked. A process is one core's worth of work.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, _begin, (work,))


def _submit(pool: Executor, item: Any) -> Future[Any] | None:
    try:
        return pool.submit(_do, item)
    except BrokenProcessPool:
        return None
