"""New files that are checked: what a disk did not take is seen, whether the file lasts or not."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tool.disk import checked


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_a_file_holds_what_was_written(tmp_path: Path, kept: bool) -> None:
    with checked(tmp_path / "x", kept=kept) as stream:
        stream.write(b"a" * 3_000_000)
        stream.write(memoryview(b"bc"))
    assert (tmp_path / "x").read_bytes() == b"a" * 3_000_000 + b"bc"


@pytest.mark.parametrize(
    ("kept", "lose"),
    [
        pytest.param(True, lambda path: path.write_bytes(b"0123456780"), id="another byte"),
        pytest.param(True, lambda path: path.write_bytes(b"0123"), id="fewer bytes"),
        pytest.param(False, lambda path: path.write_bytes(b"0123"), id="fewer bytes of what is not kept"),
    ],
)
def test_what_was_lost_is_seen(tmp_path: Path, kept: bool, lose: Callable[[Path], int]) -> None:
    def write() -> None:
        with checked(tmp_path / "x", kept=kept) as stream:
            stream.write(b"0123456789")
            stream.flush()
            lose(tmp_path / "x")

    with pytest.raises(OSError, match="read back") as caught:
        write()
    assert caught.value.errno == errno.EIO


def test_only_what_is_kept_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    for kept in (True, False):
        with checked(tmp_path / str(kept), kept=kept) as stream:
            stream.write(b"abc")
    assert synced == [3]


def test_a_file_that_is_there_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"mine")
    with pytest.raises(FileExistsError), checked(tmp_path / "x"):
        pass
    assert (tmp_path / "x").read_bytes() == b"mine"
