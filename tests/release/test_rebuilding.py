"""A release built again: the same bytes whatever the machine, and what differs named where they are others."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus_tool.api import build_release
from tests import program
from tests.release.test_planning import RETYPED

EPOCH = "1700000000"
TEXT = "Mara sailed to Brae, {}."
Corpus = tuple[Path, list[str], dict[str, str]]
"""Where the sources lie, what they are called there, and the files of the release made of them."""


def article(number: int, **more: Any) -> dict[str, Any]:
    text = TEXT.format("and on " * (number % 7) + str(number))
    span = {"start": 0, "end": 4, "text": "Mara"}
    entities = [{"id": f"T{at}", "type": ("PER", "Ärm", "LOC")[(number + at) % 3], "spans": [span]} for at in (1, 2)]
    return {
        "id": f"n{number:04}",
        "text": text,
        "split": ("train", "test")[number % 5 == 0],
        "entities": entities,
        **more,
    }


def sources(folder: Path) -> list[str]:
    """Three files, with findings in each: warnings, that stand in the release's report."""
    folder.mkdir(parents=True)
    for name, start in (("B", 0), ("a", 100), ("ä", 200)):
        lines = [json.dumps(article(number)) for number in range(start, start + 40)]
        (folder / f"{name}.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")
    same = json.dumps(article(1) | {"id": "copy"})
    with (folder / "ä.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{same}\n")
    return [f"{name}.jsonl" for name in ("B", "a", "ä")]


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def built(releases: Path, names: list[str], cwd: Path, *words: str, **environment: str) -> dict[str, str]:
    """The digest of a release that another process built."""
    command = [sys.executable, "-m", "corpus_tool", "release", "build", *names, "--name", "bay", "-o", str(releases)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **environment}
    done = subprocess.run([*command, *words], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return digest(releases / "bay")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus") / "in"
    names = sources(folder)
    return folder, names, built(folder.parent / "first", names, folder)


OTHERWISE: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "one process": (("--jobs", "1"), {"LC_ALL": "C", "TZ": "America/Adak"}),
    "four, of Turkey": (("--jobs", "4"), {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}),
}


@pytest.mark.parametrize(("words", "environment"), OTHERWISE.values(), ids=OTHERWISE.keys())
def test_the_same_bytes_in_any_environment(
    corpus: Corpus, tmp_path: Path, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    folder, names, expected = corpus
    assert built(tmp_path / "releases", names, folder, *words, **environment) == expected


FROM = {
    "another order": lambda folder, names: (names[::-1], folder),
    "the folder": lambda folder, _: (["."], folder),
    "another place": lambda folder, names: ([str(folder / name) for name in names[1:] + names[:1]], Path("/")),
    "the folder above": lambda folder, _: ([folder.name], folder.parent),
}


@pytest.mark.parametrize("named", FROM.values(), ids=FROM.keys())
def test_the_same_bytes_from_anywhere(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    named: Callable[[Path, list[str]], tuple[list[str], Path]],
) -> None:  # fmt: skip
    folder, names, expected = corpus
    which, cwd = named(folder, names)
    monkeypatch.chdir(cwd)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    assert not build_release(which, tmp_path / "releases", name="bay", version=None).refused
    assert digest(tmp_path / "releases" / "bay") == expected


def test_another_copy_of_the_sources_is_the_same_release(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(corpus[0], tmp_path / "elsewhere" / "deep")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    build_release([str(copy)], tmp_path / "releases", name="bay", version=None)
    assert digest(tmp_path / "releases" / "bay") == corpus[2]


@pytest.mark.parametrize("epoch", ["yesterday", "", "1e9", "1.5", "9" * 20, "-9" * 20])
def test_a_date_that_is_none_is_a_usage_error(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    done = program.run("release", "build", corpus[0], "--name", "bay", "-o", tmp_path / "releases")
    assert done.code == 2
    assert "SOURCE_DATE_EPOCH" in done.err
    assert not (tmp_path / "releases").exists()


def write(folder: Path, step: int) -> None:
    articles = [article(number, split=None) for number in range(20 + step)]
    articles[3] |= RETYPED if step else {}
    (folder / "articles").mkdir(exist_ok=True)
    (folder / "articles" / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in articles))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of three versions, the second and third of which changed something."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "corpus.toml").write_text('name = "bay"\n[splits]\n[validate]\nreleases = "releases/bay"\n')
    for step in range(3):
        write(folder, step)
        build_release([str(folder / "articles")], folder / "releases", name=None, version=None)
    return folder


class TestCheck:
    @pytest.fixture
    def place(self, made: Path, tmp_path: Path) -> Path:
        return shutil.copytree(made, tmp_path / "bay")

    def check(self, folder: Path, version: str, code: int) -> Any:
        releases = folder / "releases"
        before = digest(releases)
        done = program.run(
            "release", "build", folder / "articles", "--check", releases / "bay" / version, "--format", "json"
        )
        assert done.code == code, done.err
        assert digest(releases) == before
        return done.json

    def versions(self, folder: Path) -> list[str]:
        return [entry["version"] for entry in json.loads((folder / "releases/bay/index.json").read_bytes())["versions"]]

    def test_every_version_is_made_again(self, place: Path) -> None:
        for step, version in enumerate(self.versions(place)):
            write(place, step)
            assert self.check(place, version, 0)["same"]
        shown = program.run("release", "build", place / "articles", "--check", place / "releases/bay" / version)
        assert (shown.code, shown.out) == (0, f"{place / 'releases/bay' / version}: built again, the same bytes\n")

    def test_other_sources_are_other_rows(self, place: Path) -> None:
        write(place, 1)
        found = self.check(place, self.versions(place)[2], 1)
        assert (found["same"], found["logical"], found["gone"], found["new"]) == (
            False, False, ["changes/train-00000-of-00001.parquet", "splits.lock.jsonl"], []
        )  # fmt: skip
        assert {"articles/train-00000-of-00001.parquet", "manifest.json"} <= set(found["differ"])

    def test_other_tools_are_named_and_the_rows_are_the_same(self, place: Path) -> None:
        version = self.versions(place)[2]
        release = place / "releases" / "bay" / version
        path = release / "articles" / "train-00000-of-00001.parquet"
        pq.write_table(pq.read_table(path), path, compression="snappy")
        text = (release / "manifest.json").read_text()
        (release / "manifest.json").write_text(text.replace('"pyarrow": "', '"pyarrow": "7.'))
        found = self.check(place, version, 1)
        assert (found["same"], found["logical"]) == (False, True)
        assert found["differ"] == ["articles/train-00000-of-00001.parquet", "manifest.json"]
        assert list(found["tools"]) == ["pyarrow"]
        assert found["tools"]["pyarrow"]["then"] == f"7.{found['tools']['pyarrow']['now']}"
        shown = program.run("release", "build", place / "articles", "--check", release)
        assert "built again, other bytes; the rows are the same" in shown.out
        assert "pyarrow was 7." in shown.out

    def test_refused(self, place: Path, tmp_path: Path) -> None:
        release = place / "releases" / "bay" / self.versions(place)[1]
        command = ("release", "build", place / "articles", "--check")
        assert program.run(*command, release, "--name", "bay").code == 2
        assert program.run(*command, tmp_path / "nothing").code == 2
        assert program.run(*command, release.parent).code == 2
        alone = shutil.copytree(release, tmp_path / "alone" / release.name)
        done = program.run(*command, alone)
        assert (done.code, "which is not in" in done.err) == (3, True)
        (place / "articles" / "a.jsonl").write_text('{"id": 1}\n')
        assert program.run(*command, release).code == 1

    def test_what_was_withheld_is_withheld_again(self, place: Path) -> None:
        with (place / "articles" / "a.jsonl").open("a") as file:
            file.write(json.dumps(article(77, split=None)) + "\n")
        made = build_release([str(place / "articles")], place / "releases", name=None, version=None, withhold=("text",))
        assert self.check(place, made.path.name, 0)["same"]
