"""`$schema` in an article: for editors, and no part of the article."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from corpus_tool.rules.example import example_article, example_inventory
from tests.program import run

NAMED = {"$schema": "./contract.schema.json", **example_article()}


def corpus(folder: Path) -> Path:
    (folder / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (folder / "corpus.toml").write_text('inventory = "inventory.json"\n')
    (folder / "a.jsonl").write_text(json.dumps(NAMED) + "\n")
    return folder


def test_it_is_accepted_kept_and_no_column(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    assert run("validate", folder / "a.jsonl").code == 0
    assert run("convert", folder / "a.jsonl", "--to", "jsonl", "--output", folder / "b.jsonl").code == 0
    again = json.loads((folder / "b.jsonl").read_text())
    assert next(iter(again.items())) == ("$schema", "./contract.schema.json")
    assert run("export", folder / "a.jsonl", "--output", folder / "out").code == 0
    table = pq.read_table(next((folder / "out" / "articles").glob("*.parquet")))
    assert "$schema" not in table.column_names


def test_it_is_a_string_at_the_top_only(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    article = {**example_article(), "$schema": 3}
    article["metadata"]["$schema"] = "x"
    (folder / "a.jsonl").write_text(json.dumps(article) + "\n")
    ran = run("validate", folder / "a.jsonl", "--format", "json")
    assert sorted(ran.places) == [("SCH101", "/$schema"), ("SCH103", "/metadata/$schema")]


def test_the_compiled_schema_lists_what_an_editor_completes(tmp_path: Path) -> None:
    run("schema", "compile", "--config", corpus(tmp_path) / "corpus.toml", "--output", tmp_path / "contract.json")
    schema = json.loads((tmp_path / "contract.json").read_text())
    assert schema["properties"]["entities"]["items"]["properties"]["type"]["enum"][:2] == ["THING", "PER"]
    assert "$ref" not in json.dumps(schema["properties"])
