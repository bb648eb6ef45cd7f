"""`fmt`: canonical, idempotent, and nothing lost; what is no article stays as it is."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.rules.example import example_article, example_inventory
from tests.program import Ran, run

ARTICLE = example_article()
SHUFFLED = {name: ARTICLE[name] for name in reversed(ARTICLE)} | {
    "events": [{**ARTICLE["events"][0], "attributes": []}]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (tmp_path / "corpus.toml").write_text('inventory = "inventory.json"\n')
    return tmp_path


def fmt(folder: Path, name: str, *options: str) -> Ran:
    return run("fmt", folder / name, *options)


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def read(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


@pytest.mark.parametrize(("name", "how"), [
    ("a.json", {"indent": 4}), ("a.json", {"ensure_ascii": True}), ("a.jsonl", {}), ("a.jsonl.gz", {}),
    ("a.json.gz", {"indent": "\t"}),
])  # fmt: skip
def test_canonical_and_again_the_same(folder: Path, name: str, how: dict[str, Any]) -> None:
    path = written(folder, name, json.dumps(SHUFFLED, **how).encode())
    assert fmt(folder, name).code == 0
    once = path.read_bytes()
    text = read(path).decode()
    assert json.loads(text) == ARTICLE
    assert list(json.loads(text)) == [name for name in ARTICLE if name in json.loads(text)]
    if name.startswith("a.json") and "jsonl" not in name:
        assert '  {"id":"T2","type":"LOC"' in text, "one annotation a line"
    assert fmt(folder, name, "--check").code == 0
    assert fmt(folder, name).code == 0
    assert path.read_bytes() == once


def test_check_and_diff_write_nothing(folder: Path) -> None:
    before = json.dumps(SHUFFLED).encode()
    path = written(folder, "a.json", before)
    checked = fmt(folder, "a.json", "--check")
    assert (checked.code, path.read_bytes()) == (1, before)
    assert "would be formatted" in checked.err
    shown = fmt(folder, "a.json", "--diff")
    assert (shown.code, path.read_bytes()) == (1, before)
    assert shown.out.startswith("--- ")
    assert '+  {"id":"T2"' in shown.out


@pytest.mark.parametrize("line", [
    b"{", b"[]", b"null", b'{"id": "x"}', b'{"id": "x", "text": "y", "extra": 1}', b'{"id": "x", "text": "y", "id": "z"}',
    b'{"id": "\\ud800", "text": "y"}', b"\xff\xfe",
], ids=repr)  # fmt: skip
def test_what_is_no_article_stays_as_it_is(folder: Path, line: bytes) -> None:
    good = json.dumps(SHUFFLED).encode()
    path = written(folder, "a.jsonl", line + b"\n" + good + b"\n")
    ran = fmt(folder, "a.jsonl")
    assert ran.code == 1
    assert "1 article left as it is" in ran.err
    kept, formatted, rest = path.read_bytes().split(b"\n")
    assert (kept, rest) == (line, b"")
    assert json.loads(formatted) == ARTICLE
    assert fmt(folder, "a.jsonl", "--check").out.startswith("0 files")


def test_a_wrong_value_is_no_hindrance(folder: Path) -> None:
    article = {**ARTICLE, "entities": [{**ARTICLE["entities"][0], "type": "NONE"}]}
    path = written(folder, "a.json", json.dumps(article).encode())
    assert fmt(folder, "a.json").code == 0
    assert json.loads(path.read_bytes()) == article


def test_marks_blank_lines_and_the_last_newline(folder: Path) -> None:
    good = json.dumps(ARTICLE).encode()
    path = written(folder, "a.jsonl", b"\xef\xbb\xbf" + good + b"\r\n\n \n" + good.replace(b"example-1", b"b"))
    assert fmt(folder, "a.jsonl").code == 0
    lines = path.read_bytes().split(b"\n")
    assert [json.loads(line)["id"] for line in lines[:-1]] == ["example-1", "b"]
    assert lines[-1] == b""


def test_standard_input_is_refused(folder: Path) -> None:
    ran = run("fmt", "-", cwd=folder, stdin=b"{}")
    assert ran.code == 2
    assert "standard input" in ran.err
