"""A release as a source: whatever reads articles reads one, and what is made of it is the same release again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.api import Options, build_release, convert, validate
from corpus_tool.release.index import read_release
from corpus_tool.release_sources import is_release
from tests import program
from tests.corpora import corpora

TOP = Path(__file__).parents[1]
PUBLISHED = max((TOP / "releases" / "harbour-news").glob("[0-9]*"))
HARBOUR = TOP / "examples" / "harbour-news"


def built(sources: list[Path], releases: Path, **options: Any) -> Path:
    made = build_release(
        [str(path) for path in sources], releases, name="again", version=None, options=Options(**options)
    )
    assert not made.refused, made.report.findings
    return made.path


def logical(release: Path) -> str:
    return read_release(release)[0].digests.logical


def there_and_back(release: Path, folder: Path) -> Path:
    """The release as JSONL, and that as a release under the same contract."""
    converted = convert([str(release)], target_format="jsonl", output=str(folder / "a.jsonl"))
    assert converted.summary.by_severity["error"] == 0
    schema, inventory = release / "schema" / "contract.schema.json", release / "schema" / "inventory.json"
    return built([folder / "a.jsonl"], folder / "releases", schema=schema, inventory=inventory)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built([HARBOUR / "articles"], tmp_path_factory.mktemp("harbour"))


@pytest.fixture(scope="module")
def gum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built([corpora("gum-news") / "conllu"], tmp_path_factory.mktemp("gum"), source="conllu")


@pytest.mark.parametrize("name", ["harbour", "gum"])
class TestOfItsOwn:
    def test_by_way_of_jsonl(self, name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
        release: Path = request.getfixturevalue(name)
        again = there_and_back(release, tmp_path)
        assert logical(again) == logical(release)
        ours, theirs = read_release(release)[0], read_release(again)[0]
        assert (ours.counts, ours.contract) == (theirs.counts, theirs.contract)

    def test_straight(self, name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
        release: Path = request.getfixturevalue(name)
        again = built([release], tmp_path)
        assert logical(again) == logical(release)
        manifest = read_release(again)[0]
        views = {path.parent.name for path in map(Path, (one.path for one in manifest.inputs))}
        assert views <= {"articles", "articles_raw", ""}
        assert all(one.path.endswith(".parquet") for one in manifest.inputs)


def test_what_was_published_is_read_with_every_provenance_and_split(tmp_path: Path) -> None:
    report = validate([str(PUBLISHED)])
    assert (report.summary.articles, report.summary.findings) == (27, 0)
    convert([str(PUBLISHED)], target_format="jsonl", output=str(tmp_path / "a.jsonl"))
    articles = [json.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    splits = [article.get("split", "train") for article in articles]
    assert {split: splits.count(split) for split in set(splits)} == {"train": 17, "validation": 5, "test": 5}
    sources = {path.stem: json.loads(path.read_bytes()) for path in (HARBOUR / "articles").glob("*.json")}
    assert {article["id"]: len(article["entities"]) for article in articles} == {
        name: len(source["entities"]) for name, source in sources.items()
    }


def inventory(folder: Path) -> Path:
    """An inventory that knows none of the labels."""
    path = folder / "own.toml"
    path.write_text('inventory = "1.0"\n[[entity]]\nname = "ELSE"\n')
    return path


def test_findings_name_the_file_of_the_release_and_the_row(harbour: Path, tmp_path: Path) -> None:
    done = program.run("validate", harbour, "--inventory", inventory(tmp_path), "--format", "json")
    assert done.code == 1, done.err
    first = done.json["findings"][0]
    assert Path(first["path"]).parent == harbour / "articles_raw"
    assert Path(first["path"]).is_file()
    assert first["line"] == 1


def test_the_settings_of_a_corpus_above_it_count(tmp_path: Path, harbour: Path) -> None:
    copy = shutil.copytree(harbour, tmp_path / "releases" / "again" / "1.0.0")
    assert program.run("validate", copy).code == 0
    (tmp_path / "corpus.toml").write_text(f'inventory = "{inventory(tmp_path).name}"\n')
    assert program.run("validate", copy).code == 1


def test_a_release_is_never_written_to(harbour: Path) -> None:
    before = {path: path.read_bytes() for path in harbour.rglob("*") if path.is_file()}
    assert program.run("validate", harbour, "--fix").code == 2
    assert program.run("fmt", harbour).code in (0, 2)
    assert {path: path.read_bytes() for path in harbour.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("articles_raw/train-00000-of-00001.parquet", 3),
        ("schema/contract.schema.json", 3),
        ("manifest.json", 3),
        ("README.md", 0),
    ],
)
def test_a_damaged_release_is_no_source(harbour: Path, tmp_path: Path, path: str, code: int) -> None:
    copy = shutil.copytree(harbour, tmp_path / "1.0.0")
    data = bytearray((copy / path).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / path).write_bytes(data)
    done = program.run("convert", copy, "--to", "jsonl", "--output", tmp_path / "a.jsonl")
    assert done.code == code, done.err
    assert ("is not what was published" in done.err) is (code == 3)


@pytest.mark.parametrize("name", ["-", "a\0b", "n" * 300, "*.jsonl"])
def test_what_cannot_be_looked_at_is_no_release(name: str) -> None:
    assert not is_release(Path(name))
