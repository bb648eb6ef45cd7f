"""Which versions there are, which of them a range means, and taking one back: by Python and by command."""

from __future__ import annotations

import json
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.release.index import read_index
from corpus_tool.release.pages.card import front_matter_of
from corpus_tool.release.resolving import NoSuchReleaseError, list_releases, resolve_release
from corpus_tool.release.statuses import deprecate, unyank, yank
from corpus_tool.release.verification.verify import verify
from tests.program import run
from tests.release.sample import released

VERSIONS = ("1.0.0", "1.1.0", "1.10.0", "2.0.0")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for version in VERSIONS:
        released(folder, version)
    return folder / "releases"


@pytest.fixture
def releases(made: Path, tmp_path: Path) -> Path:
    """Four versions of one corpus, to change."""
    return shutil.copytree(made, tmp_path / "releases")


@pytest.fixture
def one(made: Path, tmp_path: Path) -> Path:
    """A corpus of a single version."""
    released(tmp_path)
    return tmp_path / "releases"


def head(releases: Path) -> dict[str, Any]:
    return front_matter_of((releases / "harbour-news" / "README.md").read_bytes())


def names(releases: Path) -> list[str]:
    return [item["config_name"] for item in head(releases)["configs"]]


def default(releases: Path) -> list[str]:
    return [item["config_name"] for item in head(releases)["configs"] if item.get("default")]


def load(path: Path, *arguments: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of datasets and what it imports
        from datasets import load_dataset

        return load_dataset(str(path), *arguments, split="train")


def resolved(releases: Path, wanted: str) -> str:
    return resolve_release(releases, f"harbour-news{wanted}").entry.version


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("", "2.0.0"), ("@", "2.0.0"), ("@latest", "2.0.0"), ("@*", "2.0.0"), ("@^1.0", "1.10.0"), ("@~1.1", "1.1.0"),
        ("@1", "1.10.0"), ("@1.1.0", "1.1.0"), ("@>=1.0,<1.10", "1.1.0"), ("@<2", "1.10.0"), ("@=1.0.0", "1.0.0"),
    ],
)  # fmt: skip
def test_a_range_means_the_newest_in_it(made: Path, wanted: str, version: str) -> None:
    assert resolved(made, wanted) == version


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("harbour-news@^3", r"no version of harbour-news is in the range '\^3': there are 1\.0\.0, 1\.1\.0, 1\.10\.0, 2\.0\.0"),
        ("harbour-new", r"no releases of 'harbour-new' .*did you mean 'harbour-news'\?"),
        ("harbour-news@1.0.0@2", "not a range of versions"),
        ("../harbour-news", "not a name for a release"),
        ("harbour-news/1.0.0", "not a name for a release"),
        ("", "not a name for a release"),
        ("@1.0.0", "not a name for a release"),
        ("Harbour-News@1.0.0", "not a name for a release"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_said(made: Path, spec: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        resolve_release(made, spec)
    assert caught.value.exit_code == 2
    assert run("release", "resolve", spec, "--releases", made).code == 2


class TestYank:
    def test_ranges_skip_it_and_a_pin_finds_it(self, releases: Path) -> None:
        yank(releases, "harbour-news@2.0.0", "labels were swapped")
        assert [resolved(releases, wanted) for wanted in ("", "@latest", "@*", "@>=1.0")] == ["1.10.0"] * 4
        found = resolve_release(releases, "harbour-news@2.0.0")
        assert found.entry.version == "2.0.0"
        assert found.warning is not None
        assert "labels were swapped" in found.warning
        with pytest.raises(
            NoSuchReleaseError, match=r"2\.0\.0 \(yanked\): labels were swapped; name harbour-news@2\.0\.0"
        ):
            resolved(releases, "@^2")

    def test_deletes_and_changes_nothing(self, releases: Path) -> None:
        before = {path: path.read_bytes() for path in releases.rglob("*") if path.is_file()}
        yank(releases, "harbour-news@1.1.0", "wrong")
        unyank(releases, "harbour-news@1.1.0")
        after = {path: path.read_bytes() for path in releases.rglob("*") if path.is_file()}
        changed = {path.name for path in before if before[path] != after[path]}
        assert before.keys() == after.keys()
        assert {"index.json"} <= changed <= {"index.json", "README.md"}  # the date from which it is active again
        for version in VERSIONS:
            assert verify(releases / "harbour-news" / version) == ()

    def test_the_page_follows(self, releases: Path) -> None:
        assert (names(releases), default(releases)) == (["2.0.0", "1.10.0", "1.1.0", "1.0.0"], ["2.0.0"])
        yank(releases, "harbour-news@2.0.0", "a | pipe\nand a line")
        assert (names(releases), default(releases)) == (["1.10.0", "1.1.0", "1.0.0", "2.0.0"], ["1.10.0"])
        assert len(load(releases / "harbour-news", "2.0.0")) == 4
        row = (releases / "harbour-news" / "README.md").read_text().rstrip().rsplit("\n", 1)[1]
        assert row.startswith("| 2.0.0 |")
        assert row.endswith("| a \\| pipe and a line |")
        unyank(releases, "harbour-news@2.0.0")
        assert (names(releases), default(releases)) == (["2.0.0", "1.10.0", "1.1.0", "1.0.0"], ["2.0.0"])

    def test_a_single_configuration_would_be_the_default(self, one: Path) -> None:
        """`datasets` loads a single configuration unasked, so that a lone yanked version has to stand there twice."""
        home = one / "harbour-news"
        yank(one, "harbour-news@1.0.0", "wrong")
        page = (home / "README.md").read_text()
        assert names(one) == ["1.0.0", "1.0.0-yanked"]
        with pytest.raises(ValueError, match=r"Config name is missing(.|\n)*1\.0\.0-yanked"):
            load(home)
        assert len(load(home, "1.0.0")) == 4
        values = front_matter_of(page.encode())
        naive = {
            key: [item for item in value if not item["config_name"].endswith("-yanked")]
            for key, value in values.items()
        }
        (home / "README.md").write_text(f"---\n{json.dumps(naive)}\n---\n")
        assert len(load(home)) == 4, "the trap is gone, and with it the need for the second configuration"

    def test_where_all_are_yanked_there_is_no_default(self, releases: Path) -> None:
        for version in VERSIONS:
            yank(releases, f"harbour-news@{version}", "wrong")
        assert default(releases) == []
        with pytest.raises(NoSuchReleaseError, match="no version of harbour-news is to be had"):
            resolved(releases, "")
        assert resolved(releases, "@1.1.0") == "1.1.0"
        released(releases.parent, "2.0.1")
        assert default(releases) == ["2.0.1"]
        assert names(releases) == ["2.0.1", "2.0.0", "1.10.0", "1.1.0", "1.0.0"]

    def test_says_since_when(self, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def since() -> Any:
            entry = read_index(releases / "harbour-news")[0]
            return entry.status, entry.reason, entry.since

        assert since() == ("active", None, None)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
        yank(releases, "harbour-news@1.0.0", " wrong \n labels ")
        assert since() == ("yanked", "wrong labels", "2027-01-15T08:00:00Z")
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
        before = (releases / "harbour-news" / "index.json").read_bytes()
        yank(releases, "harbour-news@1.0.0", "wrong labels")
        assert (releases / "harbour-news" / "index.json").read_bytes() == before
        unyank(releases, "harbour-news@1.0.0")
        assert since() == ("active", None, "2030-03-17T17:46:40Z")

    def test_of_an_active_version_unyank_changes_nothing(self, releases: Path) -> None:
        before = (releases / "harbour-news" / "index.json").read_bytes()
        assert unyank(releases, "harbour-news@1.0.0").entry.status == "active"
        assert (releases / "harbour-news" / "index.json").read_bytes() == before

    @pytest.mark.parametrize("reason", ["", " \n\t", "\x1b[31m", "\udcff", "a\x00b"], ids=repr)
    def test_a_reason_is_words(self, releases: Path, reason: str) -> None:
        with pytest.raises(SettingsError, match="reason"):
            yank(releases, "harbour-news@1.0.0", reason)
        assert read_index(releases / "harbour-news")[0].status == "active"

    @pytest.mark.parametrize(
        ("spec", "message"),
        [
            ("harbour-news", "name one version in full"),
            ("harbour-news@^1", "name one version in full"),
            ("harbour-news@1.1", "name one version in full"),
            ("harbour-news@3.0.0", r"no version 3\.0\.0: there are 1\.0\.0"),
            ("other@1.0.0", "no releases of 'other'"),
        ],
    )
    def test_what_cannot_be_yanked(self, releases: Path, spec: str, message: str) -> None:
        for ran in (
            run("release", "yank", spec, "--reason", "x", "--releases", releases),
            run("release", "unyank", spec, "--releases", releases),
            run("release", "deprecate", spec, "--reason", "x", "--releases", releases),
        ):
            assert ran.code == 2
        with pytest.raises(SettingsError, match=message):
            yank(releases, spec, "x")
        assert sorted(path.name for path in releases.iterdir()) == ["harbour-news"]

    def test_needs_a_reason(self, releases: Path) -> None:
        for command in ("yank", "deprecate"):
            assert run("release", command, "harbour-news@1.0.0", "--releases", releases).code == 2
        assert {entry.status for entry in read_index(releases / "harbour-news")} == {"active"}

    def test_none_undoes_what_another_says_meanwhile(self, releases: Path) -> None:
        asked = [f"harbour-news@{version}" for version in VERSIONS]
        for _ in range(5):
            with ThreadPoolExecutor(len(asked)) as pool:
                assert len(list(pool.map(lambda spec: yank(releases, spec, "wrong"), asked))) == len(asked)
            assert {entry.status for entry in read_index(releases / "harbour-news")} == {"yanked"}
            with ThreadPoolExecutor(len(asked)) as pool:
                assert len(list(pool.map(lambda spec: unyank(releases, spec), asked))) == len(asked)
            assert {entry.status for entry in read_index(releases / "harbour-news")} == {"active"}


class TestDeprecate:
    def test_a_range_takes_it_last(self, releases: Path) -> None:
        deprecate(releases, "harbour-news@2.0.0", "use 1.10")
        assert [resolved(releases, wanted) for wanted in ("", "@>=1.0", "@^2")] == ["1.10.0", "1.10.0", "2.0.0"]
        assert default(releases) == ["1.10.0"]
        warning = resolve_release(releases, "harbour-news@^2").warning
        assert warning is not None
        assert warning.startswith("harbour-news@2.0.0 is deprecated since 20")
        assert warning.endswith(": use 1.10")

    def test_does_not_undo_a_yank(self, releases: Path) -> None:
        yank(releases, "harbour-news@1.0.0", "wrong")
        with pytest.raises(SettingsError, match="unyank it first"):
            deprecate(releases, "harbour-news@1.0.0", "old")
        unyank(releases, "harbour-news@1.0.0")
        assert deprecate(releases, "harbour-news@1.0.0", "old").entry.status == "deprecated"
        assert yank(releases, "harbour-news@1.0.0", "wrong").entry.status == "yanked"


class TestList:
    def test_as_text(self, releases: Path) -> None:
        yank(releases, "harbour-news@1.1.0", "wrong")
        shutil.rmtree(releases / "harbour-news" / "1.0.0")
        ran = run("release", "list", "--releases", releases)
        assert ran.code == 0
        lines = [line.split() for line in ran.out.splitlines()]
        assert [line[0] for line in lines] == [f"harbour-news@{version}" for version in VERSIONS]
        assert [line[2:] for line in lines] == [
            ["active", "(not", "here)"],
            ["yanked", "wrong"],
            ["active"],
            ["active"],
        ]

    def test_as_json(self, made: Path) -> None:
        found = run("release", "list", "--name", "harbour-news", "--format", "json", "--releases", made).json[
            "releases"
        ]
        assert [item["version"] for item in found] == list(VERSIONS)
        assert {item["status"] for item in found} == {"active"}
        assert all(Path(item["path"]).is_dir() and item["here"] for item in found)

    def test_only_what_is_a_corpus(self, releases: Path) -> None:
        (releases / "not a name" / "1.0.0").mkdir(parents=True)
        (releases / "empty").mkdir()
        (releases / "README.md").touch()
        assert {version.name for version in list_releases(releases)} == {"harbour-news"}

    def test_nothing_is_written(self, releases: Path) -> None:
        """A crash between the rename and the index leaves a version that only the disk knows."""
        (releases / "harbour-news" / "index.json").unlink()
        (releases / "harbour-news" / ".lock").unlink()
        assert [version.entry.version for version in list_releases(releases)] == list(VERSIONS)
        assert resolved(releases, "@^1") == "1.10.0"
        assert not (releases / "harbour-news" / "index.json").exists()
        assert not (releases / "harbour-news" / ".lock").exists()

    def test_a_directory_that_is_not_there(self, tmp_path: Path) -> None:
        ran = run("release", "list", "--releases", tmp_path / "absent")
        assert ran.code == 2
        assert "no such directory" in ran.err

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"version": "1.1.0"}, id="twice"),
            pytest.param({"version": "1"}, id="no version"),
            pytest.param({"version": 1}, id="a number"),
            pytest.param({"status": "gone"}, id="no status"),
            pytest.param({"reason": ["x"]}, id="reason no text"),
            pytest.param({"since": 5}, id="date no text"),
            pytest.param({"more": 5}, id="unknown property"),
        ],
    )
    def test_an_index_that_is_none(self, releases: Path, change: dict[str, Any]) -> None:
        path = releases / "harbour-news" / "index.json"
        value = json.loads(path.read_bytes())
        value["versions"][0] |= change
        path.write_text(json.dumps(value))
        with pytest.raises(ReleaseError, match=r"index\.json is not an index"):
            list_releases(releases)
        assert run("release", "list", "--releases", releases).code == 3


def test_by_command(releases: Path) -> None:
    def told(*arguments: str) -> str:
        ran = run("release", *arguments, "--releases", releases)
        assert ran.code == 0, ran.err
        return ran.out.strip() + ran.err.strip()

    assert told("yank", "harbour-news@2.0.0", "--reason", "bad") == "harbour-news@2.0.0 is yanked: bad"
    assert told("resolve", "harbour-news@latest") == "harbour-news@1.10.0"
    assert told("unyank", "harbour-news@2.0.0") == "harbour-news@2.0.0 is active"
    assert told("deprecate", "harbour-news@2.0.0", "--reason", "old") == "harbour-news@2.0.0 is deprecated: old"
    ran = run("release", "resolve", "harbour-news@2.0.0", "--format", "json", "--releases", releases)
    assert (ran.json["version"], ran.json["status"], ran.json["reason"]) == ("2.0.0", "deprecated", "old")
    assert "warning: harbour-news@2.0.0 is deprecated since" in ran.err
    shutil.rmtree(releases / "harbour-news" / "1.10.0")
    assert "is in the index and not in" in run("release", "resolve", "harbour-news@^1", "--releases", releases).err
