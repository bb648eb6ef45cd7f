"""When Python looks for cyclic garbage: not while millions of objects are made that hold none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_seldom() -> Iterator[None]:
    """The collector runs only where `collect_young` is called: on its own it takes as long as decoding."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def collect_young() -> None:
    """Look among what was made since the last time, where nobody else does."""
    if not gc.isenabled():
        gc.collect(0)
