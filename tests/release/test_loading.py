"""Loading by name and range, and telling when the cache of `datasets` gives rows of other files: real loads, offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus_tool
from corpus_tool import api
from corpus_tool.digest import Digest
from corpus_tool.errors import CorpusError, ReleaseError, SettingsError
from corpus_tool.loading import DamagedReleaseError, ReleaseWarning, StaleCacheError, load
from corpus_tool.release.build import build
from corpus_tool.release.statuses import deprecate, yank
from corpus_tool.release.verification.cached import machine_cache, same_rows
from corpus_tool.release.verification.loading import _stale
from corpus_tool.release.verification.verify import verify
from corpus_tool.shards import Shard
from tests.release.sample import ARTICLES, article, released, request, write_views

MORE = {**ARTICLES, "train": [*ARTICLES["train"], article(6)]}
OTHER = {**ARTICLES, "train": [article(1, "NO"), *ARTICLES["train"][1:]]}
"""One label is another, and the number of rows is the same."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    released(folder)
    build(request(folder, "1.1.0"), lambda staging: write_views(staging, MORE))
    build(request(folder, "2.0.0"), lambda staging: write_views(staging, OTHER))
    return folder / "releases"


@pytest.fixture
def releases(made: Path, tmp_path: Path) -> Path:
    """Three versions of one corpus, to change."""
    return shutil.copytree(made, tmp_path / "releases")


@pytest.fixture(scope="module", autouse=True)
def quiet_import() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of datasets and what it imports
        import datasets  # noqa: F401


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of this machine: `datasets` asks for it once, when it is imported."""
    folder = tmp_path / "machine"
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", folder)
    monkeypatch.setenv("HF_DATASETS_CACHE", str(folder))
    return folder


def naive(path: Path, *arguments: str, **options: Any) -> Any:
    from datasets import load_dataset

    return load_dataset(str(path), *arguments, **options)


def keys(rows: Any) -> list[str]:
    return [row["key"] for row in rows]


class TestLoad:
    @pytest.mark.parametrize("streaming", [False, True], ids=["at once", "streaming"])
    @pytest.mark.parametrize(
        ("wanted", "articles"),
        [("", OTHER), ("@latest", OTHER), ("@^1.0", MORE), ("@1.0.0", ARTICLES), ("@>=1,<1.1", ARTICLES)],
    )
    def test_gives_what_load_dataset_gives(
        self, made: Path, wanted: str, articles: dict[str, list[dict[str, Any]]], streaming: bool
    ) -> None:
        found = load(f"harbour-news{wanted}", releases=made, streaming=streaming)
        assert set(found) == {"train", "test"}
        assert keys(found["train"]) == [item["key"] for item in articles["train"]]
        one = load(f"harbour-news{wanted}", split="test", releases=made, streaming=streaming)
        assert keys(one) == ["k005"]
        assert type(one) is type(found["test"])

    def test_labels_come_with_it(self, made: Path) -> None:
        train = load("harbour-news@1.0.0", split="train", releases=made)
        kind = train.features["names"].feature["kind"]
        assert [kind.int2str(name["kind"]) for row in train for name in row["names"] or ()] == ["PER", "NO"]

    def test_a_view(self, made: Path) -> None:
        names = [path.name for path in (made / "harbour-news" / "1.0.0").iterdir() if any(path.glob("*.parquet"))]
        assert len(names) == 2
        for view in names:
            assert load("harbour-news@1.0.0", view, releases=made)["train"].num_rows

    @pytest.mark.parametrize(
        ("split", "rows"), [("train[:2]", 2), ("train[1:]+test", 4), ("all", 5), ("train[:50%]", 2)]
    )
    def test_parts_of_splits(self, made: Path, split: str, rows: int) -> None:
        assert load("harbour-news@1.0.0", split=split, releases=made, verify="logical").num_rows == rows

    @pytest.mark.parametrize("level", ["full", "load"])
    def test_at_each_level(self, made: Path, level: Any) -> None:
        assert load("harbour-news@1.0.0", split="train", releases=made, verify=level).num_rows == 4

    def test_a_cache_of_its_own(self, made: Path, tmp_path: Path, machine: Path) -> None:
        found = load("harbour-news@1.0.0", split="train", releases=made, cache_dir=tmp_path / "own")
        assert found.cache_files[0]["filename"].startswith(str(tmp_path / "own"))
        assert not machine.exists()

    def test_a_relative_directory(self, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(made.parent)
        assert load("harbour-news").keys() == {"train", "test"}

    def test_says_why_a_version_is_yanked(self, releases: Path) -> None:
        yank(releases, "harbour-news@2.0.0", "labels were swapped")
        assert load("harbour-news", split="train", releases=releases).num_rows == 5
        with pytest.warns(ReleaseWarning, match="yanked since .*: labels were swapped") as told:
            assert load("harbour-news@2.0.0", split="train", releases=releases).num_rows == 4
        assert [warning.filename for warning in told] == [__file__]

    def test_says_why_a_version_is_deprecated(self, releases: Path) -> None:
        deprecate(releases, "harbour-news@2.0.0", "old")
        with pytest.warns(ReleaseWarning, match="deprecated since .*: old"):
            load("harbour-news@^2", split="train", releases=releases)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"spec": "harbour-news@^3"}, r"there are 1\.0\.0, 1\.1\.0, 2\.0\.0"),
            ({"spec": "harbor-news"}, "did you mean 'harbour-news'"),
            ({"spec": "harbour-news", "view": "entity"}, r"no view 'entity'.*there are: articles, entities"),
            ({"spec": "harbour-news", "split": "dev"}, r"no split 'dev' of articles \(there are: train, test\)"),
            ({"spec": "harbour-news", "split": "train+"}, "no split ''"),
            ({"spec": "harbour-news", "split": ""}, "no split ''"),
            ({"spec": "harbour-news", "verify": "deep"}, "not a level"),
            ({"spec": "harbour-news", "releases": "/absent"}, "no such directory"),
        ],
    )
    def test_what_is_not_there(self, made: Path, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(SettingsError, match=message):
            load(**{"releases": made, **arguments})

    def test_a_version_that_only_the_index_knows(self, releases: Path) -> None:
        shutil.rmtree(releases / "harbour-news" / "2.0.0")
        with pytest.raises(ReleaseError, match=r"harbour-news@2\.0\.0 is in the index and not in"):
            load("harbour-news", releases=releases)

    def test_what_datasets_refuses(self, made: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(ReleaseError, match=r"datasets cannot load harbour-news@2\.0\.0: .*--level load"):
            load("harbour-news", releases=made, cache_dir=tmp_path / "file")

    @pytest.mark.parametrize(
        ("damage", "level"),
        [
            pytest.param(lambda folder: (folder / "1.0.0.py").touch(), "quick", id="a script"),
            pytest.param(lambda folder: (folder / "LICENSE").unlink(), "quick", id="a file less"),
            pytest.param(
                lambda folder: (folder / "README.md").write_text("# Mine\n"), "full", id="a card without views"
            ),
            pytest.param(lambda folder: (folder / "manifest.json").write_text("{}"), "quick", id="no manifest"),
        ],
    )
    def test_a_damaged_release(self, releases: Path, damage: Callable[[Path], None], level: Any) -> None:
        damage(releases / "harbour-news" / "1.0.0")
        with pytest.raises(DamagedReleaseError, match=r"is not what was published: .*release verify"):
            load("harbour-news@1.0.0", releases=releases, verify=level)

    def test_another_release_in_its_place(self, releases: Path, tmp_path: Path) -> None:
        """Sound in itself, and not the one that the index knows."""
        build(request(tmp_path / "other", "1.0.0"), lambda staging: write_views(staging, OTHER))
        shutil.rmtree(releases / "harbour-news" / "1.0.0")
        shutil.copytree(tmp_path / "other" / "releases" / "harbour-news" / "1.0.0", releases / "harbour-news" / "1.0.0")
        with pytest.raises(DamagedReleaseError, match=r"index\.json holds another digest"):
            load("harbour-news@1.0.0", releases=releases)


class TestPackage:
    def test_exports_it(self) -> None:
        assert corpus_tool.load is api.load is load
        with pytest.raises(AttributeError, match="no attribute 'lode'"):
            corpus_tool.lode  # noqa: B018 # type: ignore[attr-defined]

    @pytest.mark.parametrize("before", ["", "import corpus_tool.loading", "from corpus_tool.api import load"])
    def test_stays_a_function_whatever_was_imported_first(self, before: str) -> None:
        code = f"import corpus_tool\n{before}\nassert callable(corpus_tool.load)\nassert callable(corpus_tool.load)"
        subprocess.run([sys.executable, "-c", code], check=True)

    def test_is_cheap_to_import(self) -> None:
        code = "import sys; a = set(sys.modules); import corpus_tool; print(*sorted(set(sys.modules) - a))"
        done = subprocess.run([sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
        assert done.stdout.split() == ["__future__", "corpus_tool"]


@pytest.fixture
def stale(releases: Path) -> Path:
    """A release as published, of which the cache of this machine holds other rows: it was edited, loaded, and restored."""
    folder = releases / "harbour-news" / "1.0.0"
    shutil.copytree(folder, folder.parent / "kept")
    other = releases / "harbour-news" / "2.0.0"
    for path in sorted(other.glob("*/*.parquet")):
        shutil.copy(path, folder / path.relative_to(other))
    naive(folder)
    naive(folder.parent, "1.0.0")
    shutil.rmtree(folder)
    (folder.parent / "kept").rename(folder)
    return folder


def kinds(rows: Any) -> list[int]:
    return [name["kind"] for row in rows for name in row["names"] or ()]


class TestStaleCache:
    def test_is_what_datasets_gives_unasked(self, stale: Path) -> None:
        """The trap: no word of it, though the files are as they were published."""
        assert verify(stale, "logical") == ()
        assert kinds(naive(stale, split="train")) == [1, 1]
        assert kinds(naive(stale, split="train", streaming=True)) == [0, 1]

    def test_verify_names_the_folders_to_delete(self, stale: Path, machine: Path) -> None:
        found = verify(stale, "load")
        assert [finding.code for finding in found] == ["RLS907", "RLS907"]
        folders = [Path(finding.message.rpartition("delete ")[2]) for finding in found]
        assert {folder.relative_to(machine).parts[0] for folder in folders} == {"1.0.0", "harbour-news"}
        for folder in folders:
            shutil.rmtree(folder)
        assert verify(stale, "load") == ()
        assert kinds(naive(stale, split="train")) == [0, 1]

    def test_nothing_changes_in_the_cache(self, stale: Path, machine: Path) -> None:
        before = {path: path.stat().st_mtime_ns for path in machine.rglob("*")}
        verify(stale, "load")
        assert {path: path.stat().st_mtime_ns for path in machine.rglob("*")} == before

    def test_load_refuses_it_where_rows_are_compared(self, stale: Path, releases: Path, machine: Path) -> None:
        assert kinds(load("harbour-news@1.0.0", split="train", releases=releases)) == [1, 1]
        with pytest.raises(StaleCacheError, match=r"other rows of train .*delete .* and load again") as caught:
            load("harbour-news@1.0.0", split="train", releases=releases, verify="logical")
        folder = str(caught.value).partition("delete ")[2].partition(" and load again")[0]
        assert Path(folder).is_relative_to(machine)
        shutil.rmtree(folder)
        assert kinds(load("harbour-news@1.0.0", split="train", releases=releases, verify="logical")) == [0, 1]

    def test_load_always_counts(self, releases: Path) -> None:
        """Two directories of one name, the same card and other rows: what `cp -r` and an edit make."""
        folder, more = (releases / "harbour-news" / version for version in ("1.0.0", "1.1.0"))
        twin = shutil.copytree(folder, releases.parent / "twin" / "1.0.0")
        shutil.copytree(more / "articles", twin / "articles", dirs_exist_ok=True)
        naive(twin, split="train", verification_mode="no_checks")
        assert len(naive(folder, split="train")) == 5, "the trap is gone"
        with pytest.raises(StaleCacheError, match="5 rows of train and not 4"):
            load("harbour-news@1.0.0", split="train", releases=releases)
        assert "train has other rows" in verify(folder, "load")[0].message

    def test_two_releases_of_one_name_do_not_collide(self, made: Path, tmp_path: Path) -> None:
        """The digest in the card keeps them apart: the trap of the last test is not one of releases."""
        build(request(tmp_path / "other", "1.0.0"), lambda staging: write_views(staging, OTHER))
        twin = tmp_path / "other" / "releases" / "harbour-news" / "1.0.0"
        assert kinds(naive(twin, split="train")) == [1, 1]
        assert kinds(naive(made / "harbour-news" / "1.0.0", split="train")) == [0, 1]
        assert verify(twin, "load") == ()

    @pytest.mark.parametrize(("same_card", "rows"), [(True, 4), (False, 5)], ids=["naive", "ours"])
    def test_a_pointer_that_moved(self, releases: Path, same_card: bool, rows: int) -> None:
        """Behind a link of one name lies another version: with the card of the first, it loads as the first."""
        first, second = (releases / "harbour-news" / version for version in ("1.0.0", "1.1.0"))
        pointer = releases.parent / "latest"
        pointer.symlink_to(first)
        assert len(naive(pointer, split="train")) == 4
        if same_card:
            shutil.copy(first / "README.md", second)
        pointer.unlink()
        pointer.symlink_to(second)
        assert len(naive(pointer, split="train", verification_mode="no_checks")) == rows

    def test_versions_are_merged_only_without_our_page(self, releases: Path) -> None:
        home = releases / "harbour-news"
        assert len(naive(home, split="train")) == 4
        bare = releases.parent / "bare"
        for path in home.glob("*/articles"):
            shutil.copytree(path, bare / path.relative_to(home))
        assert len(naive(bare, split="train")) == 4 + 5 + 4, "the trap is gone"

    def test_what_was_loaded_from_the_release_is_no_finding(self, made: Path) -> None:
        folder = made / "harbour-news" / "1.1.0"
        for path, *name in (
            (folder,),
            (folder, "entities"),
            (made / "harbour-news",),
            (made / "harbour-news", "1.1.0"),
        ):
            naive(path, *name)
        assert verify(folder, "load") == ()

    @pytest.mark.parametrize("what", ["cut", "gone", "no arrow"])
    def test_a_damaged_entry(self, made: Path, machine: Path, tmp_path: Path, what: str) -> None:
        folder = made / "harbour-news" / "1.0.0"
        naive(folder)
        (path,) = machine.rglob("*-train.arrow")
        if what == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-400] if what == "cut" else b"\0" * 99)
        (message,) = _stale(folder, tmp_path / "scratch", ["articles", "entities"], machine)
        assert message.endswith(f"delete {path.parent}")

    def test_an_entry_that_was_never_finished_is_none(self, made: Path, machine: Path, tmp_path: Path) -> None:
        folder = made / "harbour-news" / "1.0.0"
        naive(folder)
        next(machine.rglob("*-train.arrow")).unlink()
        assert list(_stale(folder, tmp_path / "scratch", ["articles"], machine))
        next(machine.rglob("dataset_info.json")).unlink()
        assert list(_stale(folder, tmp_path / "scratch", ["articles"], machine)) == []


def test_a_real_release_is_in_the_cache_row_by_row(tmp_path: Path, machine: Path) -> None:
    """Nested labels, nulls and every view of a real release come back from the cache with its digests."""
    home = Path(__file__).parents[2] / "releases" / "harbour-news"
    views = sorted(path.parent.name for path in home.glob("1.0.0/*/train-*.parquet"))
    assert len(views) > 4
    for view in views:
        naive(home / "1.0.0", view)
    assert len(list(machine.rglob("dataset_info.json"))) == len(views)
    assert list(_stale(home / "1.0.0", tmp_path, views, machine)) == []


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"HF_HOME": "~/hf"},
        {"HF_HOME": "/x", "XDG_CACHE_HOME": "/y"},
        {"XDG_CACHE_HOME": "/y"},
        {"HF_DATASETS_CACHE": "/z", "HF_HOME": "/x"},
    ],
    ids=str,
)
def test_the_machine_cache_is_where_datasets_has_it(environment: dict[str, str]) -> None:
    code = "import datasets.config as c; print(c.HF_DATASETS_CACHE)"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "XDG_"))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**kept, **environment},
    )
    assert str(machine_cache({**kept, **environment})) == done.stdout.strip()


def shard(rows: list[int]) -> Shard:
    digest = Digest()
    digest.update(pa.table({"a": pa.array(rows, pa.int64())}))
    return Shard("v", "train", "p", len(rows), 1, 0, "", digest.hexdigest())


def cut(rows: list[int], sizes: list[int]) -> Iterator[pa.Table]:
    table = pa.table({"a": pa.array(rows, pa.int64())})
    at = 0
    for size in sizes:
        yield table.slice(at, size)
        at += size
    yield table.slice(at)


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=5), min_size=1, max_size=4),
    st.lists(st.integers(0, 7), max_size=4),
    st.data(),
)
def test_rows_are_the_same_however_they_are_cut(parts: list[list[int]], sizes: list[int], data: st.DataObject) -> None:
    rows = [row for part in parts for row in part]
    shards = [shard(part) for part in parts]
    assert same_rows(cut(rows, sizes), shards, {})
    at = data.draw(st.integers(0, len(rows) - 1))
    for wrong in (rows[:at] + rows[at + 1 :], [*rows, 0], [*rows[:at], rows[at] + 1, *rows[at + 1 :]]):
        assert not same_rows(cut(wrong, sizes), shards, {})


def test_every_error_is_one_of_ours() -> None:
    assert issubclass(DamagedReleaseError, CorpusError)
    assert issubclass(StaleCacheError, CorpusError)
    assert issubclass(ReleaseWarning, UserWarning)


def test_rows_with_labels_without_a_name_are_others() -> None:
    table = pa.table({"a": pa.array([7], pa.int64())})
    assert not same_rows([table], [shard([7])], {("a",): ("X",)})
