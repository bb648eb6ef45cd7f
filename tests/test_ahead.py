from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus_tool.ahead import one_ahead


class Thing:
    pass


def test_items_come_in_order_and_are_made_elsewhere() -> None:
    makers: set[int] = set()

    def items() -> Iterator[int]:
        for number in range(20):
            makers.add(threading.get_ident())
            yield number

    with ThreadPoolExecutor(1) as threads:
        assert list(one_ahead(items(), threads)) == list(range(20))
        assert list(one_ahead(iter(()), threads)) == []
    assert threading.get_ident() not in makers


def test_no_more_than_one_is_made_ahead_and_none_is_kept() -> None:
    made: list[weakref.ref[Thing]] = []

    def items() -> Iterator[Thing]:
        for _ in range(5):
            thing = Thing()
            made.append(weakref.ref(thing))
            yield thing
            del thing

    with ThreadPoolExecutor(1) as threads:
        found = one_ahead(items(), threads)
        for number in range(1, 6):
            thing = next(found)
            assert len(made) <= number + 1
            own = weakref.ref(thing)
            threads.submit(int).result()  # by then the next one is made
            del thing
            gc.collect()
            assert own() is None


def test_what_goes_wrong_is_raised_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("gone")

    with ThreadPoolExecutor(1) as threads:
        found = one_ahead(items(), threads)
        assert [next(found), next(found)] == [1, 2]
        with pytest.raises(OSError, match="gone"):
            next(found)
