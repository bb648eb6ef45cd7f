from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from datasets import ClassLabel, load_dataset

from corpus_tool.rules.example import example_article, example_inventory
from tests.program import lines, run


def article(number: int, **changes: Any) -> dict[str, Any]:
    text = f"Ada {number} saw Oslo 🌞."
    spans = [(0, 3, "PER"), (text.index("Oslo"), text.index("Oslo") + 4, "LOC" if number % 2 else "GPE")]
    entities = [
        {"id": f"T{at}", "type": label, "spans": [{"start": start, "end": stop, "text": text[start:stop]}]}
        for at, (start, stop, label) in enumerate(spans, 1)
    ]
    return {
        "id": f"a{number:04}",
        "text": text,
        "split": "test" if number % 5 == 0 else "train",
        "entities": entities,
        **changes,
    }


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [("export", "--output", "out"), ("release", "build", "--name", "x", "--output", "out")],
    ids=["export", "release"],
)
@pytest.mark.parametrize("bad", [b"{\n", b'{"id": "b", "text": 1}\n', lines(article(1, split="no split!")), lines(article(1, id="a0000"))],
                         ids=["no JSON", "schema", "value", "corpus"])  # fmt: skip
def test_nothing_is_written_where_there_is_an_error(here: Path, command: tuple[str, ...], bad: bytes) -> None:
    (here / "a.jsonl").write_bytes(lines(article(0)) + bad)
    before = tree(here)
    ran = run(*command, "a.jsonl")
    assert ran.code in {1, 2}, ran
    assert ran.code == 1 or b"no split" in bad
    assert tree(here) == before
    assert not (here / "out").exists()
    assert ran.code == 2 or "nothing was written" in ran.out


def test_the_bytes_do_not_depend_on_order_or_processes(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus_tool.blocks.read_blocks.__defaults__", (4096,))
    articles = [article(number) for number in range(120)]
    (here / "a.jsonl").write_bytes(lines(*articles))
    random.Random(1).shuffle(articles)
    (here / "b.jsonl").write_bytes(lines(*articles))
    assert run("export", "a.jsonl", "--output", "one", "--jobs", "1").code == 0
    assert run("export", "a.jsonl", "--output", "two", "--jobs", "2").code == 0
    assert run("export", "b.jsonl", "--output", "three", "--jobs", "1").code == 0
    one = tree(here / "one")
    assert "entities/test-00000-of-00001.parquet" in one
    assert one == tree(here / "two")
    assert one == tree(here / "three")


class TestViews:
    def test_of_the_example_load_with_labels(self, here: Path) -> None:
        (here / "a.jsonl").write_bytes(lines(example_article()))
        ran = run("export", "a.jsonl", "--inventory", "inventory.json", "--output", "out", "--format", "json")
        assert ran.code == 0
        assert {name: rows for name, rows in ran.json["views"].items() if name != "articles_raw"} == {
            "articles": {"train": 1}, "entities": {"train": 5}, "relations": {"train": 1}, "events": {"train": 1},
            "quotations": {"train": 1}, "tokens": {"train": 3},
        }  # fmt: skip
        entities = load_dataset(str(here / "out"), "entities", split="train")
        assert isinstance(entities.features["type"], ClassLabel)
        assert (
            entities.features["type"].names[:3]
            == [label["name"] for label in example_inventory().as_json()["entity"]][:3]
        )
        assert [entities.features["type"].int2str(row["type"]) for row in entities] == [
            "PER",
            "LOC",
            "PER",
            "CUE",
            "TRIGGER",
        ]
        assert load_dataset(str(here / "out"), split="train")[0]["text"] == example_article()["text"]

    def test_can_be_chosen(self, here: Path) -> None:
        (here / "a.jsonl").write_bytes(lines(article(1)))
        ran = run(
            "export",
            "a.jsonl",
            "--output",
            "out",
            "--view",
            "entities,relations",
            "--view",
            "articles",
            "--format",
            "json",
        )
        assert ran.json["views"] == {"articles": {"train": 1}, "entities": {"train": 2}}
        assert ran.json["without_rows"] == ["relations"]
        assert {path.name for path in (here / "out").iterdir()} == {"README.md", "articles", "entities"}

    def test_stream(self, here: Path) -> None:
        (here / "a.jsonl").write_bytes(lines(*(article(number) for number in range(10))))
        assert run("export", "a.jsonl", "--output", "out").code == 0
        rows = load_dataset(str(here / "out"), "entities", split="test", streaming=True)
        assert [row["article_id"] for row in rows] == ["a0000", "a0000", "a0005", "a0005"]


class TestInferredLabels:
    def test_are_announced_sorted_and_counted(self, here: Path) -> None:
        (here / "a.jsonl").write_bytes(lines(*(article(number) for number in range(3))))
        ran = run("export", "a.jsonl", "--output", "out")
        assert "no inventory was given; entity labels of the data, sorted: GPE 2, LOC 1, PER 3" in ran.out
        assert load_dataset(str(here / "out"), "entities", split="train").features["type"].names == [
            "GPE",
            "LOC",
            "PER",
        ]

    def test_are_not_where_an_inventory_names_them(self, here: Path) -> None:
        (here / "a.jsonl").write_bytes(lines(example_article()))
        ran = run("export", "a.jsonl", "--inventory", "inventory.json", "--output", "out", "--format", "json")
        assert "entity" not in ran.json["inferred"]


def test_an_empty_directory_is_filled(here: Path) -> None:
    (here / "a.jsonl").write_bytes(lines(article(1)))
    (here / "out").mkdir()
    assert run("export", "a.jsonl", "--output", "out").code == 0
    assert (here / "out" / "README.md").read_text().startswith("---\n")


@pytest.mark.parametrize(
    ("data", "options"),
    [(b"", ()), (lines(article(1)), ("--view", "relations"))],
    ids=["no article", "no row of the view"],
)
def test_what_could_not_be_loaded_is_not_written(here: Path, data: bytes, options: tuple[str, ...]) -> None:
    (here / "a.jsonl").write_bytes(data)
    ran = run("export", "a.jsonl", "--output", "out", *options)
    assert (ran.code, ran.err.split("\n")[-2]) == (1, "error: there is not one row to write")
    assert not (here / "out").exists()


def test_a_release_names_its_sources_relative_to_the_corpus(here: Path) -> None:
    (here / "corpus").mkdir()
    (here / "corpus" / "corpus.toml").write_text('name = "tide"\ntitle = "Tide"\n')
    (here / "corpus" / "a.jsonl").write_bytes(b"\n" + lines(article(1)))
    assert run("release", "build", "corpus", "--output", "releases").code == 0
    release = here / "releases" / "tide" / "1.0.0"
    manifest = json.loads((release / "manifest.json").read_text())
    assert "a.jsonl" in json.dumps(manifest)
    assert str(here) not in "".join(path.read_text() for path in release.rglob("*.json"))
    assert "name one, as releases/tide/1.0.0" in run("release", "verify", "releases/tide").err
    report = json.loads((release / "validation-report.json").read_text())
    assert [(finding["code"], finding["path"]) for finding in report["findings"]] == [("IO006", "a.jsonl")]


@pytest.mark.parametrize("command", [("export",), ("release", "build", "--name", "tide")], ids=["export", "release"])
def test_a_refused_article_stops_it_even_where_its_rule_is_ignored(here: Path, command: tuple[str, ...]) -> None:
    (here / "corpus.toml").write_text('[validate]\nignore = ["IO002"]\n')
    (here / "a.jsonl").write_bytes(lines(article(1)) + b"{,}\n")
    ran = run(*command, "a.jsonl", "--output", "out")
    assert ran.code == 1
    assert not (here / "out" / "README.md").exists()
    assert not (here / "out" / "tide" / "1.0.0").exists()
