"""A tiny corpus of its own shape, and a writer of its views, for tests of releases."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus_tool.class_numbers import numbered
from corpus_tool.contract import Contract
from corpus_tool.digest import Digest
from corpus_tool.features import stored_schema
from corpus_tool.inventory import Inventory, Label
from corpus_tool.release.build import BuildRequest, Built, Written, build
from corpus_tool.release.manifest import Annotator, Counts, InputFile, LeftOut, Rules
from corpus_tool.release.pages.card import Card
from corpus_tool.shards import Shard
from corpus_tool.tokens import rows
from corpus_tool.views import View, views

STRING = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key", "body"],
    "properties": {
        "key": {**STRING, "x-id": True},
        "body": {**STRING, "x-text": True},
        "names": {
            "type": "array",
            "x-layer": "entity",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "kind", "von", "bis"],
                "x-span": {"start": "von", "end": "bis"},
                "properties": {
                    "id": {**STRING, "x-id": True},
                    "kind": {**STRING, "x-label": True, "enum": ["PER", "NO", "été 🌞"]},
                    "von": {"type": "integer"},
                    "bis": {"type": "integer"},
                },
            },
        },
    },
}
LEFT_OUT = LeftOut({"names": 1}, {"not on token boundaries": 2}, reasons={"names": {"not adjudicated": 1}})
INVENTORY = Inventory(labels={"entity": (Label("PER"), Label("NO"), Label("été 🌞"))})


def contract() -> Contract:
    return Contract(SCHEMA, INVENTORY)


def article(number: int, kind: str = "PER") -> dict[str, Any]:
    text = f"Ada {number} 🌞\r\n"
    return {"key": f"k{number:03}", "body": text, "names": [{"id": "T1", "kind": kind, "von": 0, "bis": 3}]}


ARTICLES = {
    "train": [article(1), article(2, "NO"), {"key": "k003", "body": "", "names": []}, {"key": "k004", "body": "x"}],
    "test": [article(5, "été 🌞")],
}


def write_views(folder: Path, articles: dict[str, list[dict[str, Any]]] | None = None) -> Written:
    made = views(contract())
    shards = [
        _write(folder, view, split, articles or ARTICLES)
        for view in made
        if view.name != "articles_raw"
        for split in (articles or ARTICLES)
    ]
    counts = Counts(
        articles={split: len(found) for split, found in (articles or ARTICLES).items()},
        layers={"train": {"names": 2}, "test": {"names": 1}},
        labels={"train": {"names": {"PER": 1, "NO": 1}}, "test": {"names": {"été 🌞": 1}}},
        annotators=(Annotator("annotator-01", "human", "annotator", 3),),
    )
    return Written(tuple(shards), made, counts, LEFT_OUT)


def _write(folder: Path, view: View, split: str, articles: dict[str, list[dict[str, Any]]]) -> Shard:
    batch = pa.RecordBatch.from_pylist(articles[split], schema=contract().arrow)
    table = pa.table(rows(view, batch, contract()))
    return write_shard(folder, view, split, table)


def write_shard(folder: Path, view: View, split: str, table: pa.Table) -> Shard:
    path = f"{view.name}/{split}-00000-of-00001.parquet"
    (folder / view.name).mkdir(exist_ok=True)
    stored = numbered(table, view.labels).cast(stored_schema(view.schema, view.labels))
    pq.write_table(stored, folder / path, compression="zstd", write_page_checksum=True, write_page_index=True)
    data = (folder / path).read_bytes()
    digest = Digest()
    digest.update(table)
    sha256 = hashlib.sha256(data).hexdigest()
    return Shard(view.name, split, path, table.num_rows, 1, len(data), sha256, digest.hexdigest())


def request(folder: Path, version: str | None = "1.0.0", **changes: Any) -> BuildRequest:
    values: dict[str, Any] = {
        "releases": folder / "releases",
        "name": "harbour-news",
        "version": version,
        "contract": contract(),
        "inputs": (InputFile("a.jsonl", 3, hashlib.sha256(b"abc").hexdigest()),),
        "rules": Rules("1.0"),
        "report": {"findings": [], "summary": {"articles": 5}},
        "errors": 0,
        "card": Card(title="Harbour News", licence="CC-BY-4.0", languages=("en",)),
    }
    return BuildRequest(**{**values, **changes})


def released(folder: Path, version: str = "1.0.0") -> Built:
    return build(request(folder, version), write_views)
