from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus_tool.errors import ReleaseError, ReleaseExistsError, StoreError
from corpus_tool.release.build import build
from corpus_tool.release.index import read_index
from corpus_tool.release.publish import mark_version, publish, refresh_index
from corpus_tool.release.verification.verify import verify
from tests.release.sample import released, request, write_views


def home(folder: Path) -> Path:
    return folder / "releases" / "harbour-news"


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in home(folder).iterdir() if not path.name.startswith("."))


def test_leftovers_go_and_what_they_point_to_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_bytes(b"mine")
    staging = home(tmp_path) / ".staging"
    (staging / "1.0.0.123-abcd" / "articles").mkdir(parents=True)
    (staging / "1.0.0.123-abcd" / "articles" / "half").touch()
    (staging / "1.0.0.123-abcd" / "link").symlink_to(outside)
    (staging / "link").symlink_to(outside)
    (staging / "file").touch()
    (home(tmp_path) / ".corpus-tool-0123").touch()
    released(tmp_path)
    assert not (home(tmp_path) / ".corpus-tool-0123").exists()
    assert list(staging.iterdir()) == []
    assert (outside / "precious").read_bytes() == b"mine"


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda folder: refresh_index(home(folder)), id="index"),
        pytest.param(lambda folder: mark_version(home(folder), "1.0.0", "yanked", "wrong"), id="yank"),
    ],
)
def test_leftovers_go_whatever_is_done_next(tmp_path: Path, run: Callable[[Path], object]) -> None:
    released(tmp_path)
    (home(tmp_path) / ".corpus-tool-0123456789abcdef").touch()
    (home(tmp_path) / ".staging" / "1.1.0.9-ab").mkdir()
    run(tmp_path)
    assert visible(tmp_path) == ["1.0.0", "README.md", "index.json"]
    assert {path.name for path in home(tmp_path).iterdir() if path.name.startswith(".")} == {".lock", ".staging"}
    assert list((home(tmp_path) / ".staging").iterdir()) == []


@pytest.mark.parametrize("which", ["releases", "releases/harbour-news", "releases/harbour-news/.staging"])
def test_symbolic_links_are_refused(tmp_path: Path, which: str) -> None:
    outside = tmp_path / "outside"
    (outside / "1.0.0.9-ab").mkdir(parents=True)
    link = tmp_path / which
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    with pytest.raises(StoreError, match="symbolic link") as caught:
        released(tmp_path)
    assert str(link) in str(caught.value)
    assert [path.name for path in outside.iterdir()] == ["1.0.0.9-ab"]


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    home(tmp_path).mkdir(parents=True)
    (home(tmp_path) / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"\.lock"):
        released(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("which", ["releases", "releases/harbour-news", "releases/harbour-news/.staging"])
def test_a_file_where_a_directory_should_be(tmp_path: Path, which: str) -> None:
    path = tmp_path / which
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"mine")
    with pytest.raises(StoreError) as caught:
        released(tmp_path)
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"mine"


@pytest.fixture
def nobody() -> Iterator[None]:
    """Root may write anywhere, so the test is somebody else for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


@pytest.mark.usefixtures("nobody")
def test_a_directory_that_cannot_be_written() -> None:
    # Not below tmp_path: pytest keeps that from everybody but its owner.
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "releases").mkdir(mode=0o555)
        with pytest.raises(StoreError, match="Permission denied"):
            released(Path(folder))


@pytest.mark.parametrize("kind", ["empty directory", "file", "dangling link"])
def test_a_name_that_is_taken(tmp_path: Path, kind: str) -> None:
    final = home(tmp_path) / "1.0.0"
    home(tmp_path).mkdir(parents=True)
    if kind == "file":
        final.touch()
    elif kind == "dangling link":
        final.symlink_to("nowhere")
    else:
        final.mkdir()
    with pytest.raises(ReleaseError):
        released(tmp_path)
    assert os.path.lexists(final)
    assert not (final / "README.md").exists()


def test_an_empty_directory_that_appears_late_is_not_taken(tmp_path: Path) -> None:
    here = home(tmp_path)

    def write(folder: Path) -> None:
        (folder / "a").touch()
        (here / "1.0.0").mkdir()

    with pytest.raises(ReleaseExistsError):
        publish(here, "1.0.0", write, lambda *_: None)
    assert list((here / "1.0.0").iterdir()) == []
    assert list((here / ".staging").iterdir()) == []


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        pytest.param(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), StoreError, id="full disk"),
        pytest.param(OSError(errno.EIO, os.strerror(errno.EIO)), StoreError, id="broken disk"),
        pytest.param(ReleaseError("refused"), ReleaseError, id="refused"),
        pytest.param(KeyboardInterrupt(), KeyboardInterrupt, id="interrupted"),
    ],
)
def test_failures_leave_the_old_state(tmp_path: Path, raised: BaseException, expected: type) -> None:
    before = released(tmp_path)

    def failing(folder: Path) -> None:
        write_views(folder)
        raise raised

    with pytest.raises(expected):
        build(request(tmp_path, "1.1.0"), failing)  # type: ignore[arg-type]
    assert visible(tmp_path) == ["1.0.0", "README.md", "index.json"]
    assert list((home(tmp_path) / ".staging").iterdir()) == []
    assert verify(before.path) == ()
    assert [entry.version for entry in read_index(home(tmp_path))] == ["1.0.0"]


def test_a_failure_after_the_commit_says_so_and_a_second_run_mends_it(tmp_path: Path) -> None:
    (home(tmp_path) / "README.md").mkdir(parents=True)
    with pytest.raises(StoreError, match="is published, but its index"):
        released(tmp_path)
    assert verify(home(tmp_path) / "1.0.0") == ()
    (home(tmp_path) / "README.md").rmdir()
    assert [entry.version for entry in refresh_index(home(tmp_path))] == ["1.0.0"]
    assert visible(tmp_path) == ["1.0.0", "README.md", "index.json"]
    written = (home(tmp_path) / "index.json").stat().st_mtime_ns
    refresh_index(home(tmp_path))
    assert (home(tmp_path) / "index.json").stat().st_mtime_ns == written


def test_an_index_that_is_behind_is_mended_by_the_next_build(tmp_path: Path) -> None:
    released(tmp_path)
    for name in ("index.json", "README.md"):
        (home(tmp_path) / name).unlink()
    with pytest.raises(ReleaseExistsError):
        released(tmp_path)
    assert visible(tmp_path) == ["1.0.0", "README.md", "index.json"]


RACE = """
import sys
from pathlib import Path
from corpus_tool.errors import ReleaseExistsError
from tests.release.sample import released
try:
    released(Path(sys.argv[1]))
except ReleaseExistsError:
    sys.exit(2)
"""


def test_of_two_writers_one_wins(tmp_path: Path) -> None:
    both = [subprocess.Popen([sys.executable, "-c", RACE, str(tmp_path)], env=_env()) for _ in range(2)]
    assert sorted(process.wait(60) for process in both) == [0, 2]
    assert verify(home(tmp_path) / "1.0.0") == ()


KILLED = """
import sys, time
from pathlib import Path
from corpus_tool.release.build import build
from tests.release.sample import request, write_views
def slow(folder):
    write_views(folder)
    print("written", flush=True)
    time.sleep(60)
build(request(Path(sys.argv[1])), slow)
"""


def test_killed_and_done_again(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], env=_env(), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    assert visible(tmp_path) == []
    assert len(list((home(tmp_path) / ".staging").iterdir())) == 1
    start = time.monotonic()
    assert verify(released(tmp_path).path) == ()
    assert time.monotonic() - start < 30
    assert list((home(tmp_path) / ".staging").iterdir()) == []


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_every_file_and_folder_is_on_the_disk_before_the_release_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    at_the_rename: list[set[Path]] = []
    fsync, rename = os.fsync, os.rename

    def sync(handle: int) -> None:
        fsync(handle)
        synced.add(os.fstat(handle).st_ino)

    def commit(old: str | Path, new: str | Path, **options: object) -> None:
        if Path(new).name == "1.0.0":
            everything = {Path(old), *Path(old).rglob("*")}
            at_the_rename.append({path for path in everything if path.lstat().st_ino not in synced})
        rename(old, new, **options)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", commit)
    released(tmp_path)
    assert at_the_rename == [set()]
    assert home(tmp_path).stat().st_ino in synced
