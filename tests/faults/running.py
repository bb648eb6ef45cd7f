"""The program in a child of a process that has loaded all of it: a run takes a seventh of a second, with strace or not."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from corpus_tool.startup import collect_seldom, keep_pandas_out, return_memory, use_one_core
from tests.faults.mutants import MUTANTS

SECONDS = 60
"""A run that takes longer hangs: the kernel ends it then, and it counts as a failure."""
_ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1700000000", "HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"}
_PR_SET_PTRACER, _ANY = 0x59616D61, -1


@dataclass(frozen=True, slots=True)
class Run:
    """A run of `corpus-tool ARGUMENTS` in a directory, as it is or as a mutant."""

    arguments: tuple[str, ...]
    folder: Path
    mutant: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, or the signal as a negative number, and all it said."""

    code: int
    said: str


@dataclass(slots=True)
class _Child:
    """A child that waits for a byte before it does anything."""

    process: int
    go: int
    output: int
    ended: list[int] = field(default_factory=list)


def why_not() -> str | None:
    """Why no run can be traced here; None where it can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    tried = subprocess.run([strace, "-qq", "true"], check=False, capture_output=True, text=True)
    return None if tried.returncode == 0 else f"strace may not trace: {tried.stderr.strip()[:200]}"


def warm(example: Run) -> None:
    """Load whatever a run loads, in this process, and start no thread: a fork keeps none."""
    collect_seldom()
    return_memory()
    use_one_core()
    keep_pandas_out()
    importlib.import_module("corpus_tool.cli")
    for name in apart(_loaded, example):
        if name not in sys.modules and name != "__mp_main__":
            with suppress(ImportError):  # some are put there by others, and have no file
                importlib.import_module(name)


def run(what: Run, strace: Sequence[str] = ()) -> Ended:
    """Run the program to its end; `strace` are options of one that is attached before it begins."""
    with _child(lambda: _program(what)) as child:
        tracer = _attach(child.process, strace) if strace else None
        os.write(child.go, b"x")
        code = os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])
        child.ended.append(code)
        if tracer is not None:
            tracer.communicate(timeout=SECONDS)
        return Ended(code, _read(child.output))


def together(*runs: Run, after: float = 0.0) -> list[Ended]:
    """Run the program several times at once; each begins so many seconds `after` the one before it."""
    with ExitStack() as stack:
        children = [stack.enter_context(_child(lambda what=what: _program(what))) for what in runs]  # type: ignore[misc]
        for number, child in enumerate(children):
            time.sleep(after if number else 0)
            os.write(child.go, b"x")
        for child in children:
            child.ended.append(os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1]))
        return [Ended(child.ended[0], _read(child.output)) for child in children]


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives that starts threads of Arrow and Polars, called in a child; it must be JSON."""
    with _child(lambda: _answer(work, *arguments)) as child:
        os.write(child.go, b"x")
        code = os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])
        child.ended.append(code)
        said = _read(child.output)
    if code:
        raise RuntimeError(f"{work.__name__} ended with {code}: {said}")
    return json.loads(said.rpartition("\n")[2])


@contextmanager
def _child(work: Callable[[], int]) -> Iterator[_Child]:
    output = os.memfd_create("output")
    wait, go = os.pipe()
    process = os.fork()
    if not process:
        os.close(go)
        _begin(work, wait, output)
    os.close(wait)
    child = _Child(process, go, output)
    try:
        yield child
    finally:
        os.close(go)
        os.close(output)
        if not child.ended:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _begin(work: Callable[[], int], wait: int, output: int) -> None:
    code = 99
    try:
        _let_trace()
        signal.alarm(SECONDS)
        os.dup2(output, 1)
        os.dup2(output, 2)
        if os.read(wait, 1):
            code = work()
    except BaseException:  # noqa: BLE001 (the parent reads it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _let_trace() -> None:
    """Allow a process that is no ancestor to trace this one, where the system asks for that."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)


def _attach(process: int, options: Sequence[str]) -> subprocess.Popen[str]:
    tracer = subprocess.Popen(
        ["strace", *options, "-p", str(process)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        tracer.wait()
        raise RuntimeError(f"strace did not attach: {said}{tracer.stderr.read()}")
    return tracer


def _read(output: int) -> str:
    os.lseek(output, 0, os.SEEK_SET)
    with open(os.dup(output), "rb") as stream:  # noqa: PTH123 (it has no path)
        return stream.read().decode(errors="replace")


def _answer(work: Callable[..., Any], *arguments: Any) -> int:
    sys.stdout.write("\n" + json.dumps(work(*arguments)))
    return 0


def _loaded(example: Run) -> list[str]:
    _program(example)
    return sorted(sys.modules)


def _program(what: Run) -> int:
    """The program from its first line to its exit code, in a process that is its own."""
    from corpus_tool import shards
    from corpus_tool.cli import main

    os.environ.update(_ENVIRONMENT, CORPUS_TOOL_CACHE=str(what.folder / "cache"))
    os.chdir(what.folder)
    tempfile.tempdir = str(what.folder / "tmp")
    shards.ThreadPoolExecutor = _HereAndNow  # type: ignore[misc,assignment]
    if what.mutant is not None:
        MUTANTS[what.mutant].change()
    sys.argv = ["corpus-tool", *what.arguments]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


class _HereAndNow:
    """A pool of one thread, and that is this one: strace counts the calls of each thread for itself."""

    def __init__(self, _: int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = staticmethod(map)
