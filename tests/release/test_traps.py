"""What `load_dataset` silently gets wrong, and does not with releases of this tool; `make loads` has old versions too."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.loading import load
from tests.loads import Seen, problems, table
from tests.program import run
from tests.release.apart import ask
from tests.release.reading import file_labels
from tests.release.room import RIGHT, Trap
from tests.release.trapped import INVENTORY, NAME, article, make
from tests.release.traps import TRAPS


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("traps"))


def test_no_release_falls_into_a_trap(releases: Path, tmp_path: Path) -> None:
    sprung = ask(sys.executable, "traps", {"releases": str(releases)}, tmp_path / "traps")
    corpora = {str(releases / "new" / NAME): "1.1.0"}
    read = ask(sys.executable, "reading", {"corpora": corpora}, tmp_path / "reading")
    seen = Seen(sprung["version"], read["loads"], read["labels"], read["differences"], sprung["rows"])
    assert problems(seen) == []
    assert [row["trap"] for row in seen.rows] == [each.name for each in TRAPS]
    assert seen.loads > 30
    assert len(table([seen]).splitlines()) == len(TRAPS) + 2


def test_other_rows_labels_and_versions_are_seen(releases: Path, tmp_path: Path) -> None:
    """The comparison looks: labels that the card has in another order, and a version that is not the newest."""
    home = shutil.copytree(releases / "new" / NAME, tmp_path / NAME)
    path = home / "1.0.0" / "entities" / "train-00000-of-00001.parquet"
    schema = pq.read_schema(path)
    told = schema.metadata[b"huggingface"].replace(b'"PLC","PER"', b'"PER","PLC"')
    assert told != schema.metadata[b"huggingface"]
    pq.write_table(pq.read_table(path).replace_schema_metadata({"huggingface": told}), path)
    read = ask(sys.executable, "reading", {"corpora": {str(home): "1.0.0"}}, tmp_path / "reading")
    said = "\n".join(read["differences"])
    assert "None, streaming=True): train has other rows than train-00000-of-00001.parquet" in said
    assert "'1.0.0', streaming=True): train has other rows" not in said
    assert "'entities', streaming=True): train has the labels {('type',): ['PLC', 'PER', 'ACT']}" in said


def test_labels_are_those_of_the_inventory(releases: Path) -> None:
    path = releases / "new" / NAME / "1.1.0" / "articles" / "train-00000-of-00001.parquet"
    assert file_labels(path)["entities", "*", "type"] == ["PLC", "PER", "ACT"]


def test_by_its_bare_name_nothing_is_taken_from_the_cache(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`load_dataset` gives what it once loaded from another directory of that name; `load` looks where it is told."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ReleaseError, SettingsError), match="no such directory"):
        load(NAME)
    with pytest.raises(SettingsError, match=r"there are 1\.0\.0, 1\.1\.0"):
        load(f"{NAME}@9.9.9", releases=releases / "new")


@pytest.mark.parametrize("split", ["dev-a", "dev a", "all"])
def test_a_split_that_cannot_be_loaded_is_refused(tmp_path: Path, split: str) -> None:
    (tmp_path / "corpus.toml").write_text(f'name = "{NAME}"\ninventory = "inventory.toml"\n')
    (tmp_path / "inventory.toml").write_text(INVENTORY)
    (tmp_path / "articles.jsonl").write_text(json.dumps({**article("a"), "split": split}))
    done = run("release", "build", tmp_path / "articles.jsonl", "--output", tmp_path / "releases", "--quiet")
    assert done.code != 0
    assert split in done.out + done.err
    assert not list((tmp_path / "releases").rglob("*.parquet"))


ROW = {"trap": "t", "wanted": "a | b", "naive": "a | b", "ours": RIGHT}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"naive": RIGHT}, ["t: gives 'right', and is known for 'a | b'"], id="the naive side behaves now"),
        pytest.param({"ours": "x"}, ["t: a release of ours gives 'x'"], id="ours falls in"),
    ],
)
def test_what_differs_from_the_table_is_a_problem(changes: dict[str, str], said: list[str]) -> None:
    assert problems(Seen("5.2.0", 1, 1, [], [{**ROW, **changes}])) == said


def test_loading_nothing_is_a_problem() -> None:
    assert problems(Seen("5.2.0", 1, 0, ["x"], [ROW])) == ["x", "nothing was loaded, or without labels"]


@pytest.mark.parametrize(
    ("version", "wanted"), [("2.21.0", "a"), ("3.6.0", "b"), ("4.0.0", RIGHT), ("10.0.0.dev1", RIGHT)]
)
def test_what_is_known_of_a_version(version: str, wanted: str) -> None:
    known = Trap("t", lambda _: RIGHT, lambda _: RIGHT, {"0": "a", "3.6": "b", "4.0": RIGHT})
    assert known.wanted(version) == wanted
