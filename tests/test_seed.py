"""One real article, through everything: brat in, validated, out again, exported, released, loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.corpora import seed
from tests.program import Ran, run

LIFT = """
name = "seed-news"
inventory = "inventory.toml"

[[lift]]
layer = "quotations"
from = "entities"
types = {QUOTE = "direct", INDIRECT_QUOTE = "indirect"}
speaker = {relation = "Speaker", self = "Quote", other = "Source"}
cue = {relation = "Cue", self = "Quote", other = "Cue"}
"""
LAYERS = {"entities": 145, "relations": 31, "events": 8, "coreference": 10, "links": 1, "notes": 1, "attributes": 5}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A folder with the article as JSONL and its inventory, and what the conversion said."""
    folder = tmp_path_factory.mktemp("seed")
    (folder / "lift.toml").write_text(LIFT.replace('inventory = "inventory.toml"', ""))
    ran = run(
        "convert", seed(), "--from", "brat", "--to", "jsonl", "--output", folder / "a.jsonl", "--config", folder / "lift.toml",
        "--inventory", folder / "inventory.toml", "--format", "json",
    )  # fmt: skip
    (folder / "corpus.toml").write_text(LIFT)
    return folder, ran


@pytest.fixture(scope="module")
def article(corpus: tuple[Path, Ran]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((corpus[0] / "a.jsonl").read_bytes())
    return value


def test_what_the_annotation_has(corpus: tuple[Path, Ran]) -> None:
    ran = corpus[1]
    assert ran.code == 0
    assert ran.json["articles"] == 1
    assert {name: ran.json["layers"][name] for name in LAYERS} == LAYERS


def test_every_surface_is_its_slice(article: dict[str, Any]) -> None:
    (text,) = (path.read_bytes() for path in seed().glob("*.txt"))
    assert article["text"].encode() == text
    spans = [span for entity in article["entities"] for span in entity["spans"]]
    assert len(spans) == 146
    assert all(article["text"][span["start"] : span["end"]] == span["text"] for span in spans)


def test_quotations_are_lifted(article: dict[str, Any]) -> None:
    quotations = article["quotations"]
    assert [quotation["type"] for quotation in quotations].count("direct") == 13
    assert [quotation["type"] for quotation in quotations].count("indirect") == 1
    assert sum("speaker" in quotation for quotation in quotations) == 13
    assert sum(bool(quotation.get("cue")) for quotation in quotations) == 11


def test_one_warning_and_no_error(corpus: tuple[Path, Ran]) -> None:
    ran = run("validate", corpus[0] / "a.jsonl", "--format", "json")
    assert ran.code == 0, ran.json["findings"]
    assert [(finding["code"], finding["severity"]) for finding in ran.json["findings"]] == [("COR605", "warning")]


def test_back_to_standoff(corpus: tuple[Path, Ran], tmp_path: Path) -> None:
    ran = run("convert", corpus[0] / "a.jsonl", "--to", "brat", "--output", tmp_path / "out", "--format", "json")
    assert ran.code == 0
    for suffix in (".ann", ".txt"):
        (before,) = seed().glob(f"*{suffix}")
        (after,) = (tmp_path / "out").glob(f"*{suffix}")
        assert after.read_bytes() == before.read_bytes()


def test_as_crawled(tmp_path: Path) -> None:
    ran = run(
        "convert", seed(), "--from", "article", "--to", "jsonl", "--output", tmp_path / "a.jsonl", "--format", "json"
    )
    assert ran.code == 0
    article = json.loads((tmp_path / "a.jsonl").read_bytes())
    types = [passage["type"] for passage in article["passages"]]
    assert {name: types.count(name) for name in set(types)} == {
        "headline": 1, "byline": 1, "dateline": 1, "caption": 1, "credit": 1, "related": 1, "subheading": 2, "source": 1, "paragraph": 27,
    }  # fmt: skip
    assert article["metadata"]["uri"].startswith("http")
    assert article["metadata"]["headlines"]
    assert run("validate", tmp_path / "a.jsonl").code == 0


def loaded(folder: Path) -> dict[str, Any]:
    from datasets import load_dataset

    views = ("articles", "entities", "relations", "events", "quotations")
    return {view: load_dataset(str(folder), view, split="train") for view in views}


def same_numbers(views: dict[str, Any]) -> None:
    assert {name: view.num_rows for name, view in views.items()} == {
        "articles": 1, "entities": 145, "relations": 31, "events": 8, "quotations": 14,
    }  # fmt: skip
    (row,) = views["articles"]
    nested = {"links": 0, "attributes": 0}
    for entity in row["entities"]:
        nested["links"] += len(entity["links"])
        nested["attributes"] += len(entity["attributes"])
    for event in row["events"]:
        nested["attributes"] += len(event["attributes"])
    assert nested == {"links": 1, "attributes": 5}
    assert (len(row["coreference"]), len(row["notes"])) == (10, 1)
    assert sum(speaker is not None for speaker in views["quotations"]["speaker"]) == 13
    assert sum(bool(cue) for cue in views["quotations"]["cue"]) == 11
    label = views["entities"].features["type"]
    assert {label.int2str(number) for number in views["entities"]["type"]} >= {"PER", "QUOTE", "ROLE"}
    text = row["text"]
    assert all(
        text[span["start"] : span["end"]] == span["text"] for spans in views["entities"]["spans"] for span in spans
    )


def test_exported_and_loaded(corpus: tuple[Path, Ran], tmp_path: Path) -> None:
    ran = run("export", corpus[0] / "a.jsonl", "--output", tmp_path / "out", "--format", "json")
    assert ran.code == 0, ran.json["findings"]
    assert {name: rows["train"] for name, rows in ran.json["views"].items()}["entities"] == 145
    same_numbers(loaded(tmp_path / "out"))


def test_released_and_loaded(corpus: tuple[Path, Ran], tmp_path: Path) -> None:
    ran = run("release", "build", corpus[0] / "a.jsonl", "--version", "1.0.0", "--output", tmp_path, "--format", "json")
    assert ran.code == 0, ran.json["findings"]
    release = tmp_path / "seed-news" / "1.0.0"
    assert run("release", "verify", release, "--level", "load").code == 0
    same_numbers(loaded(release))
    again = run("release", "build", corpus[0] / "a.jsonl", "--version", "1.0.0", "--output", tmp_path)
    assert again.code == 2
