from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from corpus_tool.atomic import write_directory, write_file
from corpus_tool.errors import SettingsError, StoreError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fill(folder: Path) -> str:
    (folder / "sub").mkdir()
    (folder / "sub" / "a").write_bytes(b"a")
    return "made"


def full_disk(folder: Path) -> None:
    fill(folder)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class TestDirectories:
    @pytest.mark.parametrize("before", ["absent", "empty", "parents absent", "link to empty"])
    def test_written_whole(self, tmp_path: Path, before: str) -> None:
        output = tmp_path / "new" / "out" if before == "parents absent" else tmp_path / "out"
        if before == "empty":
            output.mkdir()
        if before == "link to empty":
            (tmp_path / "real").mkdir()
            output.symlink_to(tmp_path / "real")
        assert write_directory(output, fill) == "made"
        assert (output / "sub" / "a").read_bytes() == b"a"
        assert not [name for name in names(output.parent) if name.startswith(".")]

    @pytest.mark.parametrize("before", ["file", "occupied", "link to a file"])
    def test_occupied_output_is_a_usage_error(self, tmp_path: Path, before: str) -> None:
        output = tmp_path / "out"
        if before == "file":
            output.write_bytes(b"mine")
        elif before == "occupied":
            output.mkdir()
            (output / "mine").touch()
        else:
            (tmp_path / "file").touch()
            output.symlink_to(tmp_path / "file")
        with pytest.raises(SettingsError) as caught:
            write_directory(output, fill)
        assert caught.value.exit_code == 2
        assert not [name for name in names(tmp_path) if name.startswith(".")]

    @pytest.mark.parametrize("exists", [True, False], ids=["empty before", "absent before"])
    def test_failure_leaves_nothing(self, tmp_path: Path, exists: bool) -> None:
        output = tmp_path / "deep" / "er" / "out"
        if exists:
            output.mkdir(parents=True)
        with pytest.raises(StoreError, match="No space left"):
            write_directory(output, full_disk)
        assert names(tmp_path) == (["deep"] if exists else [])
        assert not exists or names(output.parent) == ["out"]

    def test_other_failures_pass_through_and_clean_up(self, tmp_path: Path) -> None:
        with pytest.raises(KeyError):
            write_directory(tmp_path / "out", lambda _: {}["absent"])
        assert names(tmp_path) == []

    def test_output_filled_meanwhile_is_kept(self, tmp_path: Path) -> None:
        output = tmp_path / "out"

        def write(folder: Path) -> None:
            fill(folder)
            output.mkdir()
            (output / "theirs").touch()

        with pytest.raises(SettingsError, match="meanwhile"):
            write_directory(output, write)
        assert names(output) == ["theirs"]
        assert names(tmp_path) == ["out"]

    def test_file_where_a_parent_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StoreError, match="file"):
            write_directory(tmp_path / "file" / "out", fill)


class TestFiles:
    @pytest.mark.parametrize("before", [None, b"old"], ids=["new", "replaced"])
    def test_written(self, tmp_path: Path, before: bytes | None) -> None:
        path = tmp_path / "x.json"
        if before is not None:
            path.write_bytes(before)
            path.chmod(0o640)
        assert write_file(path, lambda stream: stream.write(b"new")) == 3
        assert path.read_bytes() == b"new"
        assert names(tmp_path) == ["x.json"]
        assert before is None or path.stat().st_mode & 0o777 == 0o640

    def test_failure_keeps_the_old(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_bytes(b"old")

        def write(stream: object) -> None:
            stream.write(b"half")  # type: ignore[attr-defined]
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        with pytest.raises(StoreError, match=str(path)):
            write_file(path, write)
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["x"]

    def test_lost_bytes_are_seen(self, tmp_path: Path) -> None:
        path = tmp_path / "x"

        def write(stream: object) -> None:
            stream.write(b"0123456789")  # type: ignore[attr-defined]
            stream.flush()  # type: ignore[attr-defined]
            (temporary,) = tmp_path.iterdir()
            temporary.write_bytes(b"0123")

        with pytest.raises(StoreError, match="read back"):
            write_file(path, write)
        assert names(tmp_path) == []

    def test_seeking_writers_work(self, tmp_path: Path) -> None:
        def write(stream: object) -> None:
            stream.write(b"abc")  # type: ignore[attr-defined]
            stream.seek(0)  # type: ignore[attr-defined]
            stream.write(b"X")  # type: ignore[attr-defined]

        write_file(tmp_path / "x", write)
        assert (tmp_path / "x").read_bytes() == b"Xbc"

    def test_a_link_is_kept(self, tmp_path: Path) -> None:
        (tmp_path / "real").write_bytes(b"old")
        (tmp_path / "link").symlink_to("real")
        write_file(tmp_path / "link", lambda stream: stream.write(b"new"))
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_bytes() == b"new"

    def test_a_pipe_is_written_to(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        got: list[bytes] = []
        reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
        reader.start()
        write_file(pipe, lambda stream: stream.write(b"through"))
        reader.join(10)
        assert got == [b"through"]
        assert pipe.is_fifo()

    def test_a_directory_is_a_usage_error(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="directory"):
            write_file(tmp_path, lambda stream: stream.write(b""))

    def test_the_longest_name_a_file_system_takes(self, tmp_path: Path) -> None:
        path = tmp_path / ("n" * 255)
        write_file(path, lambda stream: stream.write(b"x"))
        assert path.read_bytes() == b"x"
