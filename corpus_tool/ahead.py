"""Work done one step ahead of whoever uses what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import TypeVar, cast

_Item = TypeVar("_Item")
_END = object()


def one_ahead(items: Iterator[_Item], threads: Executor) -> Iterator[_Item]:
    """The items, each made on a thread while the one before it is in use.

    What goes wrong in making one is raised in its place.
    """
    coming = threads.submit(next, items, _END)
    while (made := [coming.result()])[0] is not _END:
        coming = threads.submit(next, items, _END)
        yield cast("_Item", made.pop())  # which keeps none of them: each may be megabytes
