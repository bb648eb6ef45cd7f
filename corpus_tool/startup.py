"""What a process of this program does before anything else."""

from __future__ import annotations

import gc
import os
import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


class _Refused:
    """Finds pandas, and cannot load it. It is no subclass of importlib.abc, which takes long to load."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 (the protocol's)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == "pandas" else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """The usual one."""

    def exec_module(self, module: ModuleType) -> None:
        raise ImportError(f"{module.__name__} is not used here")


def keep_pandas_out() -> None:
    """Let `import pandas` fail in this process.

    pyarrow imports pandas at the first `pa.array`, to ask whether a list is an object of it; that takes longer than a
    small run. Nothing here uses pandas. Only for processes of our own: a library must not do this to its caller.
    """
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Refused())


def return_memory() -> None:
    """Let Arrow and Polars give memory back as soon as it is free, in this process and those it starts.

    Both keep it by default, which costs a sixth of the memory of a run and saves next to no time. They read these
    variables when they are loaded.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:500,muzzy_decay_ms:0,narenas:1")


def use_one_core() -> None:
    """Let Polars and numpy start no threads, in this process and those it starts: work is shared out as processes.

    They read these variables when they are loaded.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def collect_seldom() -> None:
    """Let the cyclic collector look less often: what a run loads and lists is no garbage, and there is much of it."""
    gc.set_threshold(50_000, 20, 20)
