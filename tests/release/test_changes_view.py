"""What a release says of the way to it: the view of changes, and with which versions its scores compare."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest

from corpus_tool.api import Options, build_release
from corpus_tool.release.index import read_index
from corpus_tool.release.manifest import parse_manifest
from corpus_tool.release.pages.card import front_matter_of
from corpus_tool.release.verification.verify import verify
from corpus_tool.resources import schema

TEXT = "Mara sailed to Brae."


def named(id_: str, kind: str, start: int, end: int) -> dict[str, Any]:
    return {"id": id_, "type": kind, "spans": [{"start": start, "end": end, "text": TEXT[start:end]}]}


FIRST: dict[str, dict[str, Any]] = {
    "a": {"text": TEXT, "entities": [named("T1", "PER", 0, 4), named("T2", "LOC", 15, 19)]},
    "b": {"text": TEXT + " Fog.", "entities": [named("T1", "PER", 0, 4)]},
    "t": {"text": TEXT + " Rain.", "split": "test", "entities": [named("T1", "PER", 0, 4)]},
}
EDITED = FIRST | {
    "a": {"text": TEXT, "entities": [named("T1", "ORG", 0, 4), named("T2", "LOC", 12, 19)]},
    "b": {"text": TEXT + " Fog.", "entities": []},
    "c": {"text": TEXT + " Wind.", "entities": [named("T1", "PER", 0, 4)]},
}
RENUMBERED = FIRST | {"t": {"text": TEXT + " Rain.", "split": "test", "entities": [named("N9", "PER", 0, 4)]}}
RELABELLED = FIRST | {"t": {"text": TEXT + " Rain.", "split": "test", "entities": [named("T1", "ORG", 0, 4)]}}


def release(folder: Path, articles: dict[str, dict[str, Any]]) -> Path:
    lines = [json.dumps({"id": id_, **article}) + "\n" for id_, article in articles.items()]
    (folder / "a.jsonl").write_text("".join(lines))
    made = build_release([str(folder / "a.jsonl")], folder / "releases", name="bay", version=None, options=Options())
    assert not made.refused
    assert verify(made.path, "logical") == ()
    value = json.loads((made.path / "manifest.json").read_bytes())
    jsonschema.Draft202012Validator(schema("manifest-1")).validate(value)
    return made.path


def manifest(path: Path) -> Any:
    return parse_manifest((path / "manifest.json").read_bytes(), "")


def rows(path: Path, split: str) -> list[tuple[Any, ...]]:
    table = pq.read_table(path / "changes" / f"{split}-00000-of-00001.parquet")
    names = ("article_id", "layer", "id", "change", "label", "was", "start", "end", "was_start", "was_end")
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited")
    release(folder, FIRST)
    return release(folder, EDITED)


def test_a_row_a_change(edited: Path) -> None:
    assert not (edited.parent / "1.0.0" / "changes").exists()
    assert rows(edited, "train") == [
        ("a", "entities", "T2", "respanned", "LOC", None, 12, 19, 15, 19),
        ("a", "entities", "T1", "retyped", "ORG", "PER", 0, 4, None, None),
        ("b", "entities", "T1", "removed", "PER", None, 0, 4, None, None),
        ("c", None, None, "added", None, None, None, None, None, None),
    ]
    assert [path.name for path in (edited / "changes").iterdir()] == ["train-00000-of-00001.parquet"]


def test_it_is_a_view_that_the_card_declares_and_datasets_loads(edited: Path, tmp_path: Path) -> None:
    declared = [item["config_name"] for item in front_matter_of((edited / "README.md").read_bytes())["configs"]]
    assert declared == ["articles", "entities", "changes"]
    assert "changes" in (edited / "SHA256SUMS").read_text()
    assert {view.name for view in manifest(edited).views} == set(declared)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of datasets and what it imports
        from datasets import load_dataset
    for streaming in (False, True):
        found: Any = load_dataset(str(edited), "changes", cache_dir=str(tmp_path), streaming=streaming)
        assert [row["change"] for row in found["train"]] == ["respanned", "retyped", "removed", "added"]


def test_it_is_outside_of_the_logical_digest_and_of_the_version(edited: Path, tmp_path: Path) -> None:
    alone = release(tmp_path, EDITED)
    one, two = manifest(alone), manifest(edited)
    assert one.digests.logical == two.digests.logical
    assert one.digests.bytes != two.digests.bytes
    folder = shutil.copytree(edited.parent.parent, tmp_path / "more" / "releases").parent
    again = release(folder, EDITED)
    assert again.name == f"{edited.name.rpartition('.')[0]}.1"
    assert not (again / "changes").exists()


@pytest.mark.parametrize(
    ("steps", "compares", "touched"),
    [
        pytest.param([FIRST], (), None, id="a first release"),
        pytest.param([FIRST, EDITED], (0,), 0, id="train changed"),
        pytest.param([FIRST, RENUMBERED], (0,), 0, id="only ids changed"),
        pytest.param([FIRST, EDITED, RENUMBERED | {"c": EDITED["c"]}], (0, 1), 0, id="through the last"),
        pytest.param([FIRST, RELABELLED], (), 1, id="a label of test changed"),
        pytest.param([FIRST, RELABELLED, FIRST], (0,), 1, id="and changed back"),
        pytest.param([FIRST, {name: FIRST[name] for name in "at"} | {"b": FIRST["t"]}], (), 0, id="test has more"),
    ],
)
def test_with_which_versions_scores_compare(
    tmp_path: Path, steps: list[dict[str, Any]], compares: tuple[int, ...], touched: int | None
) -> None:
    made = [release(tmp_path, articles) for articles in steps]
    path, versions = made[-1], tuple(made[number].name for number in compares)
    (score,) = (score for score in manifest(path).scores if score.split == "test")
    assert (score.compares, score.touched) == (versions, touched)
    scores = read_index(path.parent)[-1].scores
    assert scores is not None
    assert scores["test"] == {"compares": list(versions), "gold": score.gold, "touched": touched}
    card = (path / "README.md").read_text()
    (row,) = (line for line in card.split("\n") if line.startswith("| test | ") and score.gold in line)
    assert row.split(" | ")[1:3] == [
        ", ".join(versions) or "no earlier version",
        "first release" if touched is None else str(touched),
    ]


def test_a_release_from_before_there_were_scores_is_compared_with(tmp_path: Path) -> None:
    first = release(tmp_path, FIRST)
    said = manifest(first).scores
    value = json.loads((first / "manifest.json").read_bytes())
    value.pop("scores")
    (first / "manifest.json").write_text(json.dumps(value | {"layout": "1.0"}))
    second = release(tmp_path, EDITED)
    (score,) = (score for score in manifest(second).scores if score.split == "test")
    assert (score.compares, score.gold) == (("1.0.0",), next(one.gold for one in said if one.split == "test"))
