"""Names that are refused: of splits, views and articles when a release is made, of files when one is verified."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.alike import alike, unfit
from corpus_tool.contract import load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.release.verification.verify import LEVELS, verify
from corpus_tool.views import views
from tests import program
from tests.release.sample import released
from tests.release.test_verify import resum

LONG = "n" * 300
NFC, NFD = "caf\u00e9", "cafe\u0301"
FREE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "text"],
    "properties": {
        "id": {"type": "string", "x-id": True},
        "text": {"type": "string", "x-text": True},
        "part": {"type": "string", "x-field": "split"},
    },
}


def build(folder: Path, *articles: dict[str, Any], schema: dict[str, Any] = FREE) -> program.Ran:
    (folder / "schema.json").write_text(json.dumps(schema))
    (folder / "a.jsonl").write_bytes(program.lines(*articles))
    command = ("release", "build", folder / "a.jsonl", "--schema", folder / "schema.json", "--name", "bay")
    return program.run(*command, "-o", folder / "releases", "--format", "json")


IDS = {
    "300 characters": ([LONG], "longer than 255 bytes"),
    "200 characters of three bytes": (["\u4e2d" * 200], "longer than 255 bytes"),
    "leaves": (["../a"], "it leaves the folder"),
    "leaves by the other slash": (["a\\..\\b"], "it leaves the folder"),
    "control character": (["a\u0007b"], "cannot be seen"),
    "direction mark": (["a\u202eb"], "cannot be seen"),
    "not in normal form": ([NFD], "normal form C"),
    "both forms": ([NFD, NFC], "that of article"),
    "case": (["Harbour", "harbour"], "that of article 'Harbour'"),
    "sharp s": (["Stra\u00dfe", "STRASSE"], "that of article"),
}


@pytest.mark.parametrize(("ids", "why"), IDS.values(), ids=IDS.keys())
def test_ids_of_articles(tmp_path: Path, ids: list[str], why: str) -> None:
    done = build(tmp_path, *({"id": id_, "text": f"Fog {number}."} for number, id_ in enumerate(ids)))
    assert done.code == 1, done.err
    found = [finding for finding in done.json["findings"] if finding["code"] == "RLS917"]
    assert why in found[-1]["message"]
    assert not (tmp_path / "releases").exists() or not list((tmp_path / "releases").rglob("*.parquet"))


@pytest.mark.parametrize("id_", ["a..b", "https://example.org/a", "a/b", NFC, "\u4e2d", "n" * 255, "a b"])
def test_ids_that_are_released(tmp_path: Path, id_: str) -> None:
    assert build(tmp_path, {"id": id_, "text": "Fog."}).code == 0


SPLITS = {
    "300 characters": ([LONG], "it is too long"),
    "leaves": (["../x"], "does not match"),
    "slash": (["a/b"], "does not match"),
    "all": (["all"], "cannot be loaded"),
    "not in normal form": ([NFD], "does not match"),
    "case": (["Dev", "dev"], "on some file systems that of 'Dev'"),
}


@pytest.mark.parametrize(("splits", "why"), SPLITS.values(), ids=SPLITS.keys())
def test_splits(tmp_path: Path, splits: list[str], why: str) -> None:
    rows = ({"id": f"a{number}", "text": f"Fog {number}.", "part": part} for number, part in enumerate(splits))
    done = build(tmp_path, *rows)
    assert done.code in (1, 2), done.err
    assert why in " ".join(done.err.split()) + done.out
    assert not list((tmp_path / "releases").rglob("*.parquet"))


def layers(*names: str) -> dict[str, Any]:
    item = {
        "type": "object",
        "additionalProperties": False,
        "x-span": {"start": "start", "end": "end"},
        "properties": {
            "id": {"type": "string", "x-id": True},
            "start": {"type": "integer"},
            "end": {"type": "integer"},
        },
    }
    made = {name: {"type": "array", "x-layer": "entity", "items": item} for name in names}
    return {**FREE, "properties": {**FREE["properties"], **made}}


@pytest.mark.parametrize(
    ("names", "why"),
    [
        pytest.param(("People", "people"), "on some file systems", id="case"),
        pytest.param(("people", NFD), "cannot name a view", id="not in normal form"),
        pytest.param(("people", LONG), "cannot name a view", id="300 characters"),
        pytest.param(("people", "../x"), "cannot name a view", id="leaves"),
    ],
)
def test_views(tmp_path: Path, names: tuple[str, ...], why: str) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(layers(*names)))
    with pytest.raises(SettingsError, match=why):
        views(load_contract(tmp_path / "schema.json", None))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("published")).path


def plant(name: str) -> Any:
    def planted(release: Path) -> None:
        path = release / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")

    return planted


def link(release: Path) -> None:
    (release / "features.json").rename(release.parent / "features.json")
    (release / "features.json").symlink_to(release.parent / "features.json")


def linked_folder(release: Path) -> None:
    (release / "more").symlink_to(release / "articles", target_is_directory=True)


def pipe(release: Path) -> None:
    os.mkfifo(release / "pipe")


PLANTED = {
    "a script of its own name": plant("copy.py"),
    "a script": plant("articles/load.PY"),
    "a library": plant("articles/x.so"),
    "another case": plant("readme.md"),
    "another case of a folder": plant("Articles/x.txt"),
    "not in normal form": plant(NFD),
    "a control character": plant("a\u0007"),
    "a direction mark": plant("a\u202eb"),
    "a link": link,
    "a link to a folder": linked_folder,
    "a pipe": pipe,
}


@pytest.mark.parametrize("change", PLANTED.values(), ids=PLANTED.keys())
@pytest.mark.parametrize("level", LEVELS)
def test_files_that_are_refused_though_they_are_listed(
    published: Path, tmp_path: Path, change: Any, level: str
) -> None:
    release = shutil.copytree(published, tmp_path / "copy")
    change(release)
    resum(release)
    assert "RLS902" in {finding.code for finding in verify(release, level)}


@pytest.mark.parametrize("change", [plant("notes.txt"), plant("articles/train-00001-of-00002.parquet")])
def test_an_extra_file_that_is_not_listed(published: Path, tmp_path: Path, change: Any) -> None:
    release = shutil.copytree(published, tmp_path / "copy")
    change(release)
    assert {finding.code for finding in verify(release, "quick")} == {"RLS902"}


def test_pairs_and_reasons() -> None:
    assert list(alike(["a", "b", "A", "c", NFC, NFD])) == [("A", "a"), (NFD, NFC)]
    assert unfit(unicodedata.normalize("NFC", NFD)) is None
