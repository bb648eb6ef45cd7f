from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.release.build import build
from corpus_tool.release.index import read_index
from corpus_tool.release.manifest import Parent
from corpus_tool.release.pages.card import front_matter_of
from corpus_tool.release.publish import mark_version, refresh_index
from corpus_tool.release.versions import Entry, newest, parse_version
from tests.release.sample import ARTICLES, article, released, request, write_views


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """The home of two versions, the second with one article more."""
    first = released(tmp_path)
    more = {**ARTICLES, "train": [*ARTICLES["train"], article(6)]}
    parent = Parent("1.0.0", first.sha256)
    build(request(tmp_path, "1.10.0", parent=parent), lambda folder: write_views(folder, more))
    return tmp_path / "releases" / "harbour-news"


def load(home: Path, cache: Path, *name: str, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of datasets and what it imports
        from datasets import load_dataset

        return load_dataset(str(home), *name, cache_dir=str(cache), **options)


@pytest.mark.parametrize("streaming", [False, True], ids=["at once", "streaming"])
def test_load_dataset_gives_the_newest_and_never_merges(two: Path, tmp_path: Path, streaming: bool) -> None:
    def keys(*name: str) -> list[str]:
        return [row["key"] for row in load(two, tmp_path / "cache", *name, split="train", streaming=streaming)]

    old = [item["key"] for item in ARTICLES["train"]]
    assert keys() == [*old, "k006"]
    assert keys("1.0.0") == old
    assert keys("1.10.0") == [*old, "k006"]
    mark_version(two, "1.10.0", "yanked", "wrong")
    assert keys() == old


def test_labels_come_with_it(two: Path, tmp_path: Path) -> None:
    loaded = load(two, tmp_path / "cache", split="test")
    kinds = loaded.features["names"][0]["kind"] if isinstance(loaded.features["names"], list) else None
    kinds = kinds or loaded.features["names"].feature["kind"]
    assert kinds.names == ["PER", "NO", "été 🌞"]
    assert kinds.int2str(loaded[0]["names"][0]["kind"]) == "été 🌞"


def test_what_the_index_says(two: Path) -> None:
    first, second = read_index(two)
    assert (first.version, first.status, first.parent, first.reason) == ("1.0.0", "active", None, None)
    assert (second.version, second.parent) == ("1.10.0", "1.0.0")
    assert first.logical != second.logical


def test_yanked_stays_yanked(two: Path, tmp_path: Path) -> None:
    mark_version(two, "1.10.0", "yanked", "a | wrong\nlabel")
    build(request(tmp_path, "1.10.1"), write_views)
    mark_version(two, "1.10.1", "deprecated", "old")
    first, yanked, deprecated = read_index(two)
    assert [first.status, yanked.status, deprecated.status] == ["active", "yanked", "deprecated"]
    assert yanked.reason == "a | wrong\nlabel"
    head = front_matter_of((two / "README.md").read_bytes())
    assert [item["config_name"] for item in head["configs"] if item.get("default")] == ["1.0.0"]
    assert [item["config_name"] for item in head["configs"]] == ["1.10.1", "1.0.0", "1.10.0"]


def test_an_unknown_version_cannot_be_yanked(two: Path) -> None:
    with pytest.raises(SettingsError, match=r"no version 3\.0\.0"):
        mark_version(two, "3.0.0", "yanked", "why")


def test_a_lost_index_comes_back(two: Path) -> None:
    before = {name: (two / name).read_bytes() for name in ("index.json", "README.md")}
    for name in before:
        (two / name).unlink()
    refresh_index(two)
    assert {name: (two / name).read_bytes() for name in before} == before


def test_a_version_that_is_not_here_stays_known(two: Path, tmp_path: Path) -> None:
    shutil.rmtree(two / "1.10.0")
    refresh_index(two)
    assert [entry.version for entry in read_index(two)] == ["1.0.0", "1.10.0"]
    head = front_matter_of((two / "README.md").read_bytes())
    assert [(item["config_name"], item["default"]) for item in head["configs"]] == [("1.0.0", True)]
    with pytest.raises(SettingsError, match="too low"):
        released(tmp_path, "1.9.0")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"versions": [{"version": "1.0.0"}]}', id="fields missing"),
        pytest.param(b'{"versions": [1]}', id="no object"),
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_a_broken_index_is_refused_not_rewritten(two: Path, tmp_path: Path, data: bytes) -> None:
    (two / "index.json").write_bytes(data)
    with pytest.raises(ReleaseError, match=r"index\.json"):
        released(tmp_path, "2.0.0")
    assert (two / "index.json").read_bytes() == data
    assert not (two / "2.0.0").exists()


@pytest.mark.parametrize("name", ["README.md", "SHA256SUMS"])
def test_a_damaged_release_does_not_reach_the_index(two: Path, name: str) -> None:
    path = two / "1.0.0" / name
    path.write_bytes(path.read_bytes().replace(b"e", b"f", 1))
    before = (two / "README.md").read_bytes()
    with pytest.raises(ReleaseError, match="not what was published"):
        refresh_index(two)
    assert (two / "README.md").read_bytes() == before


def test_a_renamed_release_is_refused(two: Path) -> None:
    (two / "1.0.0").rename(two / "1.0.1")
    with pytest.raises(ReleaseError, match="moved or renamed"):
        refresh_index(two)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2.3", (1, 2, 3)), ("0.0.0", (0, 0, 0)), ("10.20.30", (10, 20, 30)),
        ("1.2", None), ("v1.2.3", None), ("1.2.3-rc1", None), ("01.2.3", None), ("1.2.3\n", None), ("²3.1.1", None),
    ],
)  # fmt: skip
def test_versions(text: str, expected: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == expected


def test_newest() -> None:
    def entry(version: str, status: Any) -> Entry:
        return Entry(version, status, "2026-01-01T00:00:00Z", "", "")

    entries = [
        entry("1.10.0", "yanked"),
        entry("1.9.0", "active"),
        entry("1.2.0", "active"),
        entry("2.0.0", "deprecated"),
    ]
    assert newest(entries) == entries[1]
    assert newest([entries[0], entries[3]]) == entries[3]
    assert newest([entries[0]]) is None


def test_the_index_is_plain_json(two: Path) -> None:
    value = json.loads((two / "index.json").read_bytes())
    assert value["name"] == "harbour-news"
    assert [item["version"] for item in value["versions"]] == ["1.0.0", "1.10.0"]
