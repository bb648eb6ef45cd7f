"""Gold and raw apart: no default view mixes annotators, and what gold leaves out is counted and lies in articles_raw."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool.canonical import canonical
from corpus_tool.columns import to_batch
from corpus_tool.exported import Exported
from corpus_tool.gold import judge
from corpus_tool.release.difference.sides import released_side
from corpus_tool.release.manifest import parse_manifest
from corpus_tool.release.verification.verify import verify
from corpus_tool.releasing import build_release
from corpus_tool.views import Block, views
from tests.program import lines
from tests.test_views import CONTRACT

TEXT = "Mara saw Ada."
PEOPLE = [
    {"id": "A1", "agent": "annotator-01", "agent_type": "human", "role": "annotator"},
    {"id": "A2", "agent": "annotator-02", "agent_type": "human", "role": "annotator"},
    {"id": "M1", "agent": "tagger", "agent_type": "model", "model_version": "1.0"},
]
COMPLETE = {"coverage": [{"layer": "entities", "prov": "A1", "status": "complete"}]}


def by(*provs: str) -> list[dict[str, Any]]:
    span = {"start": 0, "end": 4, "text": "Mara"}
    return [{"id": f"T{number}", "type": "PER", "spans": [span], "prov": prov} for number, prov in enumerate(provs, 1)]


def article(name: str, split: str = "train", **layers: Any) -> dict[str, Any]:
    tokens = [{"id": "K1", "spans": [{"start": 0, "end": 4, "text": "Mara"}], "prov": "M1"}]
    text = f"{TEXT} {name}"
    return {"id": name, "text": text, "split": split, "tokens": tokens, **layers, "provenance": PEOPLE}


ARTICLES = (
    article("alone", entities=by("A1")),
    article("not-annotated"),
    article("nothing-found", entities=[], **COMPLETE),
    article("two", entities=by("A1", "A2")),
    article("complete", entities=by("A1", "A2"), **COMPLETE),
    article("machine", entities=by("M1")),
    article("machine-test", "test", entities=by("M1")),
    article("person-test", "test", entities=by("A2")),
)
GOLD = {"alone": 1, "not-annotated": None, "nothing-found": 0, "two": None, "complete": 1, "machine": None,
        "machine-test": None, "person-test": 1}  # fmt: skip


def built(folder: Path, *articles: dict[str, Any], more: str = "") -> Exported:
    (folder / "a.jsonl").write_bytes(lines(*articles))
    (folder / "corpus.toml").write_text(f'name = "bay"\nlicence = "CC-BY-4.0"\n{more}')
    made = build_release([str(folder / "a.jsonl")], folder / "out", name=None, version=None)
    assert not made.refused, made.report.findings
    assert verify(made.path, "logical") == ()
    return made


def rows(made: Exported, view: str) -> list[dict[str, Any]]:
    files = sorted((made.path / view).glob("*.parquet"))
    return [row for path in files for row in pq.read_table(path).to_pylist()]


def test_the_default_view_is_gold_and_the_raw_view_is_all(tmp_path: Path) -> None:
    made = built(tmp_path, *ARTICLES)
    found = {row["id"]: row["entities"] for row in rows(made, "articles")}
    assert {name: None if layer is None else len(layer) for name, layer in found.items()} == GOLD
    raw = {row["id"]: row["entities"] for row in rows(made, "articles_raw")}
    assert {name: layer and [one["prov"] for one in layer] for name, layer in raw.items()} == {
        "alone": ["A1"], "not-annotated": None, "nothing-found": [], "two": ["A1", "A2"], "complete": ["A1", "A2"],
        "machine": ["M1"], "machine-test": ["M1"], "person-test": ["A2"],
    }  # fmt: skip
    assert sorted(row["article_id"] for row in rows(made, "entities")) == ["alone", "complete", "person-test"]
    tags = {row["article_id"]: row["tags"] for row in rows(made, "tokens")}
    assert {name for name, tag in tags.items() if tag is None} == {name for name, many in GOLD.items() if many is None}
    default = load_dataset(str(made.path), cache_dir=str(tmp_path / "cache"))
    assert default["train"].num_rows + default["test"].num_rows == len(ARTICLES)
    assert "articles" in str(default["train"].info.config_name)


def test_what_gold_leaves_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    made = built(tmp_path, *ARTICLES)
    left_out = parse_manifest((made.path / "manifest.json").read_bytes(), "").left_out
    assert left_out.gold == {"entities": 5}
    reasons = {"a machine alone made it": 2, "another annotator is complete": 1, "not adjudicated": 2}
    assert left_out.reasons == {"entities": reasons}
    assert left_out.machine == "none"
    card = (made.path / "README.md").read_text()
    for why, number in reasons.items():
        assert f"| entities | {why} | {number} |" in card
    assert "unless it is a machine's" in card
    said = "\n".join(made.lines())
    assert "a machine alone made it 2" in said
    assert made.as_json()["left_out"]["reasons"] == {"entities": reasons}


def test_a_corpus_may_train_on_machines_and_never_tests_on_them(tmp_path: Path) -> None:
    made = built(tmp_path, *ARTICLES, more='[release]\nmachine = "train"\n')
    found = {row["id"]: row["entities"] and [one["prov"] for one in row["entities"]] for row in rows(made, "articles")}
    assert (found["machine"], found["machine-test"]) == (["M1"], None)
    assert "unless it is a machine's and the split is not train" in (made.path / "README.md").read_text()


def test_there_is_no_raw_view_where_gold_is_all(tmp_path: Path) -> None:
    assert not (built(tmp_path, article("a", entities=by("A1")), article("b")).path / "articles_raw").exists()


def test_a_raw_view_keeps_that_a_machine_found_nothing(tmp_path: Path) -> None:
    looked = {"coverage": [{"layer": "entities", "prov": "M1", "status": "complete"}]}
    made = built(tmp_path, article("a", entities=[], **looked), article("b", entities=by("A1")))
    assert [row["entities"] is None for row in rows(made, "articles")] == [True, False]
    assert next(row["entities"] for row in rows(made, "articles_raw")) == []
    assert "1 layers in which a machine alone looked" in (made.path / "README.md").read_text()


def test_a_release_of_before_had_the_gold_of_machines_and_the_difference_says_so(tmp_path: Path) -> None:
    made = built(tmp_path, *ARTICLES, more='[release]\nmachine = "train"\n')
    assert released_side(made.path).contract.policy.machine == "train"
    after = built(tmp_path, *ARTICLES)
    told = json.loads((after.path / "diff.json").read_bytes())
    assert told["counts"] == {"annotation gold": 1}
    assert after.path.name == "1.1.0"


LAYER = st.lists(st.sampled_from(["A1", "A2", "M1", None]), max_size=4)
RECORDS = st.lists(st.tuples(st.sampled_from(["A1", "A2", "M1"]), st.sampled_from(["complete", "partial"])), max_size=2)
STATES = st.lists(
    st.tuples(st.sampled_from(["A1", "A2", None]), st.sampled_from(["adjudicated", "pending", "withdrawn"])), max_size=2
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(LAYER, RECORDS, STATES, st.sampled_from(["train", "test"])), min_size=1, max_size=4))
def test_no_view_of_gold_mixes_annotators(drawn: list[Any]) -> None:
    articles = [
        article(f"a{number}", split, entities=[{**one, "prov": one["prov"]} for one in by(*provs)])
        | {"coverage": [{"layer": "entities", "prov": prov, "status": status} for prov, status in covered]}
        | {"adjudication": [{"layer": "entities", "prov": prov, "status": status} for prov, status in states]}
        for number, (provs, covered, states, split) in enumerate(drawn)
    ]
    whole = to_batch(articles, CONTRACT)
    judged = judge(whole, CONTRACT)
    named = [{prov for prov, status in states if status == "adjudicated" and prov} for _, _, states, _ in drawn]
    left: Counter[str] = Counter()
    for before, after, decided in zip(whole.to_pylist(), judged.articles.to_pylist(), named, strict=True):
        makers = {one["prov"] for one in after["entities"] or ()}
        assert len(makers) <= 1 or makers <= decided
        assert makers != {"M1"}
        left["entities"] += len(before["entities"]) - len(after["entities"] or ())
        unchanged = [name for name in before if name != "entities"]
        assert {name: before[name] for name in unchanged} == {name: after[name] for name in unchanged}
    assert sum(judged.reasons.values()) == left["entities"] == judged.left_out["entities"]
    view = next(view for view in views(CONTRACT) if view.name == "entities")
    flat = Block(judged.articles, CONTRACT).rows(view).to_pylist()
    kept = [one for row in judged.articles.to_pylist() for one in row["entities"] or ()]
    assert [row["prov"] for row in flat] == [one["prov"] for one in kept]
    assert all(
        "entities" not in canonical(row, CONTRACT) for row in judged.articles.to_pylist() if row["entities"] is None
    )


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_release_of_machines_alone_is_of_raw_work_only(tmp_path: Path, split: str) -> None:
    made = built(tmp_path, article("a", split, entities=by("M1")))
    assert [shard.view for shard in made.shards] == ["articles", "tokens", "articles_raw"]
