from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tool.errors import NothingMatchedError, SettingsError, SourceError
from corpus_tool.sources import SourceFile, find_sources, split_suffix

Named = list[tuple[str, str]]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(*named: str | Path, **options: object) -> Named:
    """Name and id of each file."""
    return [(file.name, file.id) for file in find_sources([str(name) for name in named], **options).files]  # type: ignore[arg-type]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "stem", "suffix"),
    [
        ("a.jsonl", "a", ".jsonl"), ("a.JSONL", "a", ".jsonl"), ("a.json.gz", "a", ".json"), ("a.b.jsonl.ZST", "a.b", ".jsonl"),
        ("in.d/a", "in.d/a", ""), (".json", ".json", ""), ("a.gz", "a", ""),
    ],
)  # fmt: skip
def test_suffix_below_that_of_a_compression(name: str, stem: str, suffix: str) -> None:
    assert split_suffix(name) == (stem, suffix)


class TestIds:
    def test_of_a_directory_are_relative_to_it(self, here: Path) -> None:
        touch(here, "in/b.json", "in/deep/er/a.json.gz", "in/a.jsonl")
        assert found("in") == [("in/a.jsonl", "a"), ("in/b.json", "b"), ("in/deep/er/a.json.gz", "deep/er/a")]

    def test_of_files_and_globs_are_stems(self, here: Path) -> None:
        touch(here, "in/b.json", "in/deep/a.json")
        assert found("in/b.json", "in/*/*.json") == [("in/b.json", "b"), ("in/deep/a.json", "a")]

    def test_a_file_of_any_suffix_can_be_named(self, here: Path) -> None:
        touch(here, "corpus", "a b\n.txt")
        assert found("corpus", "a b\n.txt") == [("corpus", "corpus"), ("a b\n.txt", "a b\n")]

    def test_a_file_whose_name_looks_like_a_glob(self, here: Path) -> None:
        touch(here, "a[1].jsonl", "a1.jsonl")
        assert found("a[1].jsonl") == [("a[1].jsonl", "a[1]")]
        assert found("a[0-9].jsonl") == [("a1.jsonl", "a1")]

    def test_standard_input(self) -> None:
        assert find_sources(["-"]).files == (SourceFile(None, "<stdin>", "stdin"),)

    def test_bytes_that_are_not_utf8_are_escaped_in_name_and_id(self, here: Path) -> None:
        Path(os.fsdecode(b"in\xff.jsonl")).touch()
        (file,) = find_sources(["."]).files
        assert (file.name, file.id) == ("in\\xff.jsonl", "in\\xff")
        assert file.path is not None
        assert file.path.read_bytes() == b""


class TestLeftOut:
    def test_is_counted(self, here: Path) -> None:
        touch(
            here,
            "a.jsonl",
            "README.jsonl",
            "source.json",
            "LICENSE.json",
            "Licence.jsonl",
            ".hidden.json",
            ".git/x.json",
            "notes.csv",
        )
        result = find_sources(["."])
        assert [file.id for file in result.files] == ["a"]
        assert result.left_out == {"dot-files": 2, "README, SOURCE and LICENSE files": 4, "files of another kind": 1}

    def test_files_of_the_configuration(self, here: Path) -> None:
        touch(here, "a.json", "schema.json", "inventory.json")
        result = find_sources(["."], skip=[here / "schema.json", Path("inventory.json"), Path("absent")])
        assert [file.id for file in result.files] == ["a"]
        assert result.left_out == {"files of the configuration": 2}

    def test_links_to_directories_and_what_cannot_be_read_to_its_end(self, here: Path) -> None:
        touch(here, "in/a.json")
        (here / "in" / "loop").symlink_to(here / "in", target_is_directory=True)
        os.mkfifo(here / "in" / "pipe.json")
        (here / "in" / "folder.json").mkdir()
        result = find_sources(["in"])
        assert [file.id for file in result.files] == ["a"]
        assert result.left_out == {"links to directories": 1, "directories, pipes and devices": 1}

    def test_compressed_files_of_any_format(self, here: Path) -> None:
        touch(here, "a.txt", "b.txt.gz", "c.md.gz", "d.gz")
        result = find_sources(["."], suffixes=(".txt",))
        assert [file.id for file in result.files] == ["a", "b"]
        assert result.left_out == {"files of another kind": 2}

    def test_directories_that_a_glob_matches(self, here: Path) -> None:
        touch(here, "in/a.json", "in/b.json/c.json")
        result = find_sources(["in/*"])
        assert [file.name for file in result.files] == ["in/a.json"]
        assert result.left_out == {"directories, pipes and devices": 1}


class TestNamedTwice:
    @pytest.mark.parametrize(
        "again", [lambda here: "a.json", lambda here: "./a.json", lambda here: str(here / "a.json"), lambda here: ".", lambda here: "*.json"],
        ids=["the same", "with a dot", "absolute", "its directory", "a glob"],
    )  # fmt: skip
    def test_is_read_once(self, here: Path, again: Callable[[Path], str]) -> None:
        touch(here, "a.json")
        assert found("a.json", again(here)) == [("a.json", "a")]

    def test_standard_input_too(self) -> None:
        assert len(find_sources(["-", "-"]).files) == 1

    def test_the_order_is_that_of_the_names(self, here: Path) -> None:
        touch(here, "a.json", "b.json")
        assert [name for name, _ in found("b.json", ".")] == ["b.json", "a.json"]


class TestNothing:
    @pytest.mark.parametrize("name", ["absent", "absent/*.json", "a.json/x", "*.jsonl", "nul\0.json"])
    def test_a_missing_source(self, here: Path, name: str) -> None:
        touch(here, "a.json")
        with pytest.raises(NothingMatchedError) as caught:
            find_sources(["a.json", name])
        assert caught.value.exit_code == 2
        assert name in str(caught.value)

    def test_a_directory_without_articles_says_what_it_has(self, here: Path) -> None:
        touch(here, "README.json", "a.csv", "b.csv")
        with pytest.raises(NothingMatchedError, match=r"nothing to read in .*2 files of another kind"):
            find_sources(["."])

    @pytest.mark.parametrize("name", ["loop.json", "n" * 300])
    def test_what_the_system_refuses_is_another_failure(self, here: Path, name: str) -> None:
        (here / "loop.json").symlink_to("loop.json")
        with pytest.raises(SourceError) as caught:
            find_sources([name])
        assert caught.value.exit_code == 3

    def test_a_loop_among_others_does_not_stop_the_search(self, here: Path) -> None:
        touch(here, "a.json")
        (here / "loop.json").symlink_to("loop.json")
        assert [name for name, _ in found(".", skip=[here / "a.json"])] == ["loop.json"]


class TestWhatIsNoFile:
    def test_a_named_pipe_is_read_once(self, here: Path) -> None:
        os.mkfifo(here / "pipe.jsonl")
        path = Path("pipe.jsonl")
        assert find_sources(["pipe.jsonl", "./pipe.jsonl"]).files == (SourceFile(None, "pipe.jsonl", "pipe", path),)

    @pytest.mark.parametrize("name", ["/dev/zero", "/dev/null"])
    def test_a_device_is_refused(self, name: str) -> None:
        with pytest.raises(SettingsError, match=f"{name}: is a character device"):
            find_sources([name])

    def test_a_socket_is_refused(self, here: Path) -> None:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s.json")
            with pytest.raises(SettingsError, match="is a socket"):
                find_sources(["s.json"])
