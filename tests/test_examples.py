"""The sample corpus harbour-news, and the releases of it that are published with this project."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import datasets
import pytest

from corpus_tool.api import convert, validate, verify_release
from corpus_tool.contract import base_schema

TOP = Path(__file__).parent.parent
CORPUS = TOP / "examples" / "harbour-news"
RELEASES = TOP / "releases" / "harbour-news"
VERSIONS = sorted(path.name for path in RELEASES.iterdir() if path.is_dir() and not path.name.startswith("."))
VIEWS = ("articles", "articles_raw", "entities", "relations", "events", "quotations", "tokens")


@pytest.fixture(scope="module")
def articles() -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted((CORPUS / "articles").glob("*.json"))]


def test_nothing_is_found() -> None:
    report = validate([str(CORPUS / "articles")])
    assert report.findings == []
    assert report.summary.not_checked == {}


def test_it_has_every_layer_language_and_split(articles: list[dict[str, Any]]) -> None:
    layers = {name for name, node in base_schema()["properties"].items() if "x-layer" in node}
    assert {layer for layer in layers for article in articles if article.get(layer)} == layers
    assert Counter(article["metadata"]["language"] for article in articles) == {"en": 19, "kk": 4, "ru": 4}
    assert Counter(article["split"] for article in articles) == {"train": 17, "validation": 5, "test": 5}


def test_stories_do_not_cross_splits(articles: list[dict[str, Any]]) -> None:
    splits: dict[str, set[str]] = {}
    for article in articles:
        splits.setdefault(article["metadata"]["slugline"], set()).add(article["split"])
    assert [story for story, found in splits.items() if len(found) > 1] == []


def test_people_and_a_model_annotated_it(articles: list[dict[str, Any]]) -> None:
    agents = {(record["agent_type"], record["id"]) for article in articles for record in article["provenance"]}
    assert {kind for kind, _ in agents} == {"human", "model", "rule"}
    by_model = [article["id"] for article in articles if any(e["prov"] == "spacy" for e in article["entities"])]
    assert len(by_model) == 8


def test_hand_annotation_goes_through_the_article_and_back(tmp_path: Path) -> None:
    source = CORPUS / "source"
    there = convert([str(source)], source_format="brat", target_format="jsonl", output=str(tmp_path / "a.jsonl"))
    back = convert([str(tmp_path / "a.jsonl")], source_format="jsonl", target_format="brat", output=str(tmp_path / "b"))
    assert (there.written, back.written, there.findings, back.findings) == (25, 25, [], [])
    for path in source.glob("harbour-*"):
        assert (tmp_path / "b" / path.name).read_bytes() == path.read_bytes()


def test_articles_hold_what_the_hand_annotation_says(articles: list[dict[str, Any]], tmp_path: Path) -> None:
    output = tmp_path / "a.jsonl"
    convert([str(CORPUS / "source")], source_format="brat", target_format="jsonl", output=str(output))
    by_hand = {article["id"]: article for article in map(json.loads, output.read_bytes().split(b"\n")[:-1])}
    for article in articles:
        own = by_hand.get(article["id"], {})
        for layer in ("relations", "events", "coreference", "quotations"):
            assert article.get(layer) == own.get(layer)


@pytest.mark.parametrize("version", VERSIONS)
def test_published_release_is_what_was_published(version: str) -> None:
    findings, _ = verify_release(RELEASES / version, "logical")
    assert findings == ()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("view", VIEWS)
def test_published_release_loads(version: str, view: str, tmp_path: Path) -> None:
    manifest = json.loads((RELEASES / version / "manifest.json").read_bytes())
    rows = {shard["split"]: shard["rows"] for shard in manifest["shards"] if shard["view"] == view}
    loaded = datasets.load_dataset(str(RELEASES / version), view, cache_dir=str(tmp_path))
    assert {split: part.num_rows for split, part in loaded.items()} == rows
    streamed = datasets.load_dataset(str(RELEASES / version), view, split="test", streaming=True)
    assert next(iter(streamed)) == loaded["test"][0]


def test_the_name_alone_is_the_newest_version(tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(RELEASES), cache_dir=str(tmp_path))
    assert sum(part.num_rows for part in loaded.values()) == 27
    assert str(loaded["train"].info.version) == VERSIONS[-1]


def test_labels_are_class_labels(tmp_path: Path) -> None:
    tokens = datasets.load_dataset(str(RELEASES / VERSIONS[-1]), "tokens", split="train", cache_dir=str(tmp_path))
    names = tokens.features["tags"].feature.names
    assert names[:3] == ["O", "B-PER", "I-PER"]
    tags = Counter(names[tag] for row in tokens for tag in row["tags"] or ())
    assert tags["B-PER"] > 50
