"""The line on a terminal: only there, and only for work that takes long."""

from __future__ import annotations

import io
import os
import pty
import re
import sys

import pytest

from corpus_tool import progress
from corpus_tool.progress import Progress


def shown(monkeypatch: pytest.MonkeyPatch, patience: float, *, quiet: bool = False, since: float = 0.0) -> str:
    """What a terminal shows of work on 3,000 articles that began `since` seconds ago."""
    master, slave = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(progress, "PATIENCE", patience)
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress("checking", quiet=quiet) as tell:
            tell.started -= since
            tell(1000)
            tell(2000)
        terminal.write("END\n")
        terminal.flush()
        seen = ""
        while "END" not in seen:
            seen += os.read(master, 65536).decode(errors="replace")
    os.close(master)
    return seen.partition("END")[0]


def test_long_work_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "3,000 articles" in shown(monkeypatch, 0.0)


def test_the_time_is_that_of_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.search("0:01:0[5-9]", shown(monkeypatch, 2.0, since=65.0))


@pytest.mark.parametrize(("patience", "quiet"), [(2.0, False), (0.0, True)], ids=["short work", "quiet"])
def test_a_terminal_that_stays_empty(monkeypatch: pytest.MonkeyPatch, patience: float, quiet: bool) -> None:
    assert shown(monkeypatch, patience, quiet=quiet) == ""


def test_what_is_no_terminal_stays_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with Progress("checking") as tell:
        tell(5)
    assert stream.getvalue() == ""
    assert tell.done == 5
