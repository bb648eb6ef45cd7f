"""The index of a corpus: entries, counts, and what stands twice."""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool.columns import to_batch
from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, load_contract
from corpus_tool.flattening import read_tables
from corpus_tool.index import CorpusIndex, Entry, index_block
from corpus_tool.policy import Policy
from tests.shapes import values

CONTRACT = load_contract(None, None)
ASKED = replace(CONTRACT, policy=Policy(near_duplicates=0.8, whole_layers=True, min_agreement=0.8))


def indexed(articles: list[dict[str, Any]], contract: Contract = CONTRACT, path: str = "a.jsonl") -> CorpusIndex:
    batch = to_batch(articles, contract)
    return index_block(
        read_tables(batch, contract), batch, contract, [(path, line) for line in range(1, len(articles) + 1)]
    )


def article(name: str, text: str = "abc", **more: Any) -> dict[str, Any]:
    return {"id": name, "text": text, **more}


def entity(name: str, label: str, prov: str | None = None) -> dict[str, Any]:
    return {"id": name, "type": label, "spans": [{"start": 0, "end": 1, "text": "a"}], "prov": prov}


def test_entries() -> None:
    [one, two] = indexed([article("a", "é"), article("b", split="test")]).entries
    assert (one.id, one.path, one.line, one.split) == ("a", "a.jsonl", 1, "train")
    assert one.digest == hashlib.sha256("é".encode()).digest()[:16]
    assert (two.line, two.split) == (2, "test")


def test_what_stands_twice() -> None:
    whole = indexed([article("a", "x"), article("b", "y"), article("a", "y")])
    whole.add(indexed([article("a", "z"), article("c", "y")], path="b.jsonl"))
    places = [((one.path, one.line), (first.path, first.line)) for one, first in whole.duplicates()]
    assert places == [(("a.jsonl", 3), ("a.jsonl", 1)), (("b.jsonl", 1), ("a.jsonl", 1))]
    texts = [((one.path, one.line), (first.path, first.line)) for one, first in whole.same_text()]
    assert texts == [(("a.jsonl", 3), ("a.jsonl", 2)), (("b.jsonl", 2), ("a.jsonl", 2))]


def test_articles_without_id_and_text_are_not_the_same() -> None:
    nothing = {"type": ["string", "null"]}
    schema = {"type": "object", "properties": {"id": {**nothing, "x-id": True}, "text": {**nothing, "x-text": True}}}
    contract = Contract(compile_schema(schema, None, None, "own"))
    whole = indexed([{}, {"id": None}, {"text": "x"}], contract)
    assert [(one.id, bool(one.digest)) for one in whole.entries] == [("", False), ("", False), ("", True)]
    assert list(whole.duplicates()) == list(whole.same_text()) == []


def test_empty_texts_are_the_same() -> None:
    assert len(list(indexed([article("a", ""), article("b", "")]).same_text())) == 1


def test_counts() -> None:
    who = [
        {"id": "A1", "agent": "ann", "agent_type": "human", "role": "annotator"},
        {"id": "M1", "agent": "m", "agent_type": "model"},
    ]
    whole = indexed([
        article("a", entities=[entity("T1", "PER", "A1"), entity("T2", "ORG", "M1"), entity("T3", "PER", "no")], provenance=who),
        article("b", split="test", entities=[entity("T1", "PER", "A1")]),
    ])  # fmt: skip
    assert whole.layers == Counter({("train", "entities"): 3, ("train", "provenance"): 2, ("test", "entities"): 1})
    assert whole.labels == Counter({
        ("train", "entities", "entity", "PER"): 2, ("train", "entities", "entity", "ORG"): 1, ("test", "entities", "entity", "PER"): 1,
    })  # fmt: skip
    assert whole.agents == Counter({("ann", "human", "annotator"): 1, ("m", "model", ""): 1})
    assert whole.label_names() == {"entity": ["ORG", "PER"]}


def test_records_of_work_are_no_annotations_of_an_agent() -> None:
    who = [{"id": "A1", "agent": "ann", "agent_type": "human"}]
    coverage = [{"layer": "entities", "prov": "A1", "status": "complete"}]
    adjudication = [{"layer": "entities", "prov": "A1", "status": "adjudicated"}]
    whole = indexed(
        [
            article(
                "a", entities=[entity("T1", "PER", "A1")], provenance=who, coverage=coverage, adjudication=adjudication
            )
        ]
    )
    assert whole.agents == Counter({("ann", "human", ""): 1})


def test_nothing() -> None:
    assert indexed([]) == CorpusIndex()
    assert CorpusIndex().label_names() == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(values(CONTRACT.root), max_size=3), st.integers(0, 3))
def test_blocks_add_up(articles: list[dict[str, Any]], cut: int) -> None:
    whole, parts = indexed(articles, ASKED), indexed(articles[:cut], ASKED)
    parts.add(pickle.loads(pickle.dumps(indexed(articles[cut:], ASKED))))
    for name in ("layers", "labels", "agents", "having", "lacking", "agreement"):
        assert getattr(parts, name) == getattr(whole, name)
    for name in ("seen", "disputes"):
        assert places(getattr(parts, name)) == places(getattr(whole, name))
    assert {key: entry.id for key, entry in parts.gaps.items()} == {key: entry.id for key, entry in whole.gaps.items()}
    assert [(one.id, one.split, one.digest, one.signature) for one in parts.entries] == [
        (one.id, one.split, one.digest, one.signature) for one in whole.entries
    ]


def places(sights: dict[Any, tuple[Entry, str]]) -> dict[Any, tuple[str, str]]:
    return {key: (entry.id, at) for key, (entry, at) in sights.items()}


def test_where_a_label_is_first() -> None:
    whole = indexed([article("a"), article("b", entities=[entity("T1", "X"), entity("T2", "Y")])])
    whole.add(indexed([article("c", entities=[entity("T1", "Y"), entity("T2", "Z")])], path="b.jsonl"))
    found = {label: (entry.path, entry.id, at) for (*_, label), (entry, at) in whole.seen.items()}
    assert found == {
        "X": ("a.jsonl", "b", "/entities/0/type"),
        "Y": ("a.jsonl", "b", "/entities/1/type"),
        "Z": ("b.jsonl", "c", "/entities/1/type"),
    }


def test_what_no_policy_asks_for_is_not_there() -> None:
    who = [{"id": name, "agent": name, "agent_type": "human"} for name in ("A1", "A2")]
    article_ = article("a", entities=[entity("T1", "X", "A1"), entity("T2", "X", "A2")], provenance=who)
    plain, asked = indexed([article_]), indexed([article_], ASKED)
    assert not any((plain.having, plain.lacking, plain.gaps, plain.disputes, plain.agreement.compared))
    assert plain.entries[0].signature == b""
    assert all((asked.having, asked.lacking, asked.gaps, asked.agreement.compared, asked.entries[0].signature))
    assert len(pickle.dumps(asked)) < 3000
