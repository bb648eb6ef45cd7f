"""What the benchmark generates is valid, so that speed is measured of what passes, and it measures what it says."""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from itertools import combinations

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from benchmarks.generate import MENTIONS, RELATIONS, article, articles, inventory, main
from benchmarks.measure import run
from benchmarks.peers import PEERS, install
from benchmarks.report import Row, Run, verdicts, wall
from corpus_tool.inventory import Inventory
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.resources import schema

COUNT = 60
ENTITIES = len(MENTIONS) + MENTIONS.count("nested") + 1
ANNOTATIONS = ("passages", "entities", "relations", "events", "coreference")


@pytest.fixture(scope="module")
def made():
    return list(articles(COUNT))


@pytest.fixture(scope="module")
def labels() -> Inventory:
    return parse_inventory(inventory(), "inventory.json")


def spans(item):
    return [span for layer in ("passages", "entities") for thing in item[layer] for span in thing["spans"]]


def test_articles_are_valid_under_the_schema(made):
    validator = Draft202012Validator(schema("article-1"), format_checker=FormatChecker())
    assert [error.message for item in made for error in validator.iter_errors(item)] == []


def test_surfaces_are_what_their_spans_cover(made):
    wrong = [
        s for item in made for s in spans(item) if item["text"][s["start"] : s["end"]] != s["text"] or not s["text"]
    ]
    assert wrong == []


def test_spans_have_no_white_space_or_punctuation_at_their_ends(made):
    ends = [s["text"][0] + s["text"][-1] for item in made for e in item["entities"] for s in e["spans"]]
    assert [
        pair for pair in ends if unicodedata.category(pair[0])[0] in "ZPM" or unicodedata.category(pair[1])[0] in "ZP"
    ] == []


def test_passages_cover_all_text_but_the_blank_lines_between(made):
    for item in made:
        assert "\n\n".join(p["spans"][0]["text"] for p in item["passages"]) == item["text"]


def test_no_entity_crosses_another_or_a_passage(made):
    for item in made:
        bounds = [(s["start"], s["end"]) for s in spans(item)]
        crossing = [
            (a, b) for a, b in combinations(bounds, 2) if a[0] < b[0] < a[1] < b[1] or b[0] < a[0] < b[1] < a[1]
        ]
        assert crossing == []


def test_ids_are_unique_and_references_resolve(made):
    for item in made:
        ids = [thing["id"] for layer in ANNOTATIONS for thing in item[layer]]
        assert len(ids) == len(set(ids))
        entities = {thing["id"] for thing in item["entities"]}
        named = [a["ref"] for layer in ("relations", "events") for thing in item[layer] for a in thing["arguments"]]
        named += [e["trigger"] for e in item["events"]] + [m for c in item["coreference"] for m in c["mentions"]]
        assert set(named) <= entities
        assert {thing["prov"] for layer in (*ANNOTATIONS, "labels") for thing in item[layer]} == {
            item["provenance"][0]["id"]
        }


def test_labels_and_arguments_are_licensed_by_the_inventory(made, labels):
    for item in made:
        types = {entity["id"]: entity["type"] for entity in item["entities"]}
        assert set(types.values()) <= set(labels.names("entity"))
        for layer, kind in (("relations", "relation"), ("events", "event")):
            for thing in item[layer]:
                label = labels.label(kind, thing["type"])
                assert label is not None
                licensed = {argument.role: argument.types for argument in label.arguments}
                assert [a["role"] for a in thing["arguments"]] == list(licensed)
                assert all(types[a["ref"]] in licensed[a["role"]] for a in thing["arguments"])


def test_every_article_has_its_share_of_annotations(made):
    assert {len(item["entities"]) for item in made} == {ENTITIES}
    assert {len(item["relations"]) for item in made} == {RELATIONS}
    assert all(item["events"] and item["coreference"] and len(item["passages"]) > 2 for item in made)
    relations = [[json.dumps([r["type"], r["arguments"]]) for r in item["relations"]] for item in made]
    assert all(len(set(found)) == len(found) for found in relations)


def test_texts_are_nfc_and_their_digests_right(made):
    assert all(unicodedata.is_normalized("NFC", item["text"]) for item in made)
    assert all(item["text_sha256"] == hashlib.sha256(item["text"].encode()).hexdigest() for item in made)


def test_a_third_of_the_texts_are_not_ascii_and_of_every_kind():
    texts = [item["text"] for item in articles(400)]
    foreign = "".join(text for text in texts if not text.isascii())
    assert 0.25 < sum(not text.isascii() for text in texts) / len(texts) < 0.35
    kinds = {
        "Cyrillic": "\u0434",
        "Kazakh": "\u049b",
        "combining": "\u0301",
        "astral": "\U0001f6a2",
        "flag": "\U0001f1f0",
    }
    assert [name for name, sign in kinds.items() if sign not in foreign] == []


def test_no_two_texts_are_near_duplicates(made):
    shingles = [{tuple(words[i : i + 5]) for i in range(len(words) - 4)} for words in (m["text"].split() for m in made)]
    assert max(len(a & b) / len(a | b) for a, b in combinations(shingles, 2)) < 0.05


def test_an_article_depends_on_seed_and_number_alone():
    assert list(articles(5, seed=3))[4] == next(articles(1, seed=3, start=4)) == article(4, seed=3)
    assert article(4, seed=3)["text"] != article(4, seed=4)["text"]


def test_the_bytes_are_the_same_in_every_run_and_version():
    digest = hashlib.sha256(
        json.dumps([article(i, seed=7) for i in range(12)], ensure_ascii=False).encode()
    ).hexdigest()
    assert digest == "b2182f533825e81a0428476240fd30935b658ceabd4f68cc41287a8190ea65dd"


def test_command_writes_lines_files_and_inventory(tmp_path):
    main([str(tmp_path), "--articles", "3", "--files", "2", "--seed", "5"])
    lines = (tmp_path / "articles.jsonl").read_bytes().split(b"\n")
    files = sorted((tmp_path / "files").rglob("*.json"))
    assert [json.loads(line)["id"] for line in lines[:-1]] == [f"bench-5-{n:06d}" for n in range(3)]
    assert [json.loads(path.read_bytes()) for path in files] == list(articles(2, seed=5))
    assert json.loads((tmp_path / "inventory.json").read_bytes()) == inventory()


def test_a_run_measures_time_memory_and_exit_code_of_the_whole_tree(tmp_path):
    child = "b = bytearray(80 << 20); import time; time.sleep(0.3)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print('said'); sys.exit(4)"
    found = run([sys.executable, "-c", parent], timeout=30, directory=tmp_path)
    assert (found.exit_code, found.said) == (4, "said")
    assert found.wall >= 0.3
    assert found.cpu > 0
    assert found.process_mib > 80
    assert found.memory >= found.process_mib


def test_a_run_past_its_time_is_stopped_and_says_so(tmp_path):
    found = run([sys.executable, "-c", "import time; time.sleep(30)"], timeout=0.2, directory=tmp_path)
    assert found.exit_code != 0
    assert found.said == "stopped after 0 s"


def test_a_row_with_an_error_has_no_figures():
    once = Run(wall=1.0, cpu=1.0, tree_mib=10.0, process_mib=10.0, exit_code=0)
    twice = Run(wall=2.0, cpu=2.0, tree_mib=10.0, process_mib=10.0, exit_code=0)
    row = Row("validate-jsonl", "sourcemeta", "", runs=(twice,), pairs=((once, twice),))
    broken = Row("export", "duckdb", "", runs=(twice,), pairs=((once, twice),), error="exit 1")
    assert str(row.ratio(wall)) == "0.50"
    assert broken.ratio(wall) is None
    met = {(v["task"], v["peer"], v["measure"]): v["met"] for v in verdicts([row, broken])}
    assert met["validate-jsonl", "sourcemeta", "wall"] is True
    assert met["validate-jsonl", "sourcemeta", "memory"] is False
    assert met["export", "duckdb", "wall"] is None


def test_a_peer_that_is_not_there_is_an_error_and_not_an_exception(monkeypatch, tmp_path):
    peer = next(peer for peer in PEERS if peer.installer == "npm")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("benchmarks.peers.NODE_MODULES", tmp_path)
    assert install(peer).error == "not installed: npm is not on PATH"
