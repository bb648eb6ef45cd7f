from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from corpus_tool.caching.store import Store, directory, open_store

KEY, OTHER = sha256(b"one").digest(), sha256(b"two").digest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def files(store: Store) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_what_is_kept_is_there(store: Store) -> None:
    assert store.get(KEY) is None
    store.put(KEY, b"value")
    assert store.get(KEY) == b"value"
    store.put(KEY, b"")
    assert store.get(KEY) == b""


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:10],
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    ],
    ids=["empty", "cut in the sum", "cut", "longer", "bit of the sum", "bit of the value"],
)
def test_what_is_damaged_is_not_there_and_is_written_again(store: Store, damage: object) -> None:
    store.put(KEY, b"value")
    (path,) = files(store)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert store.get(KEY) is None
    store.put(KEY, b"value")
    assert store.get(KEY) == b"value"


def test_a_value_under_another_key_is_not_there(store: Store) -> None:
    store.put(KEY, b"value")
    store.put(OTHER, b"other")
    one, two = (store._path(key) for key in (KEY, OTHER))
    two.write_bytes(one.read_bytes())
    assert store.get(OTHER) is None


def test_nothing_is_kept_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = Store(tmp_path / "file")
    store.put(KEY, b"value")
    assert store.get(KEY) is None
    assert open_store(tmp_path / "file") is None


def test_the_oldest_go_first(store: Store) -> None:
    keys = [sha256(b"%d" % number).digest() for number in range(10)]
    for number, key in enumerate(keys):
        store.put(key, b"x" * 968)
        os.utime(store._path(key), (number, number))
    assert store.get(keys[0]) is not None  # which makes it the newest
    store.prune(limit=8000)
    assert [store.get(key) is not None for key in keys] == [True, *[False] * 4, *[True] * 5]
    store.prune(limit=8000)
    assert len(files(store)) == 6
    assert store.clear() == 6
    assert files(store) == []


def test_the_directory_is_the_users_unless_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORPUS_TOOL_CACHE", str(tmp_path / "named"))
    assert directory() == tmp_path / "named"
    monkeypatch.delenv("CORPUS_TOOL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in directory().parents
    store = open_store()
    assert store is not None
    assert store.root.stat().st_mode & 0o077 == 0


WRITER = """
import sys
from pathlib import Path
from hashlib import sha256
from corpus_tool.caching.store import Store
store = Store(Path(sys.argv[1]))
print("begun", flush=True)
while True:
    for number in range(20):
        value = (b"%d " % number) * 20_000
        store.put(sha256(b"%d" % number).digest(), value)
"""


def test_writers_at_the_same_time_that_are_killed_leave_whole_values_or_none(store: Store) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(store.root)], stdout=subprocess.PIPE) for _ in range(3)
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        values = []
        for _ in range(50):
            values += [(number, store.get(sha256(b"%d" % number).digest())) for number in range(20)]
            time.sleep(0.005)
    finally:
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
    values += [(number, store.get(sha256(b"%d" % number).digest())) for number in range(20)]
    kept = [(number, value) for number, value in values if value is not None]
    assert kept
    assert all(value == (b"%d " % number) * 20_000 for number, value in kept)
    # Every file that has its name is whole, too: a value that is there once is not lost by another being written.
    named = [path for path in files(store) if not path.name.startswith(".")]
    assert all(len(path.read_bytes()) > 40_000 for path in named)
