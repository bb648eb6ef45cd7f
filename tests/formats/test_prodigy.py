from __future__ import annotations

import json
from collections import Counter
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.contract import load_contract
from corpus_tool.findings import Finding
from corpus_tool.formats import Article, Imported, Loss, Source
from corpus_tool.records import Record
from corpus_tool.rules import selected
from corpus_tool.validate import Checker
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, there_and_back, written
from tests.formats.round_trips import read as read_files
from tests.generated import Shape, article, inventory

TEXT = "Mara Quill sailed to Vell."
TOKENS = [(0, 4), (5, 10), (11, 17), (18, 20), (21, 25), (25, 26)]
HUMAN = {"id": "A1", "agent": "unknown", "agent_type": "human", "role": "annotator", "tool": "prodigy"}


def task(**more: Any) -> dict[str, Any]:
    return {"text": TEXT, "answer": "accept", "_view_id": "ner_manual", **more}


def mara(**more: Any) -> dict[str, Any]:
    return {"start": 0, "end": 10, "label": "PER", **more}


def vell(**more: Any) -> dict[str, Any]:
    return {"start": 21, "end": 25, "label": "LOC", **more}


def tokens(pieces: list[tuple[int, int]] = TOKENS) -> list[dict[str, Any]]:
    return [
        {"text": TEXT[low:high], "start": low, "end": high, "id": at, "ws": TEXT[high : high + 1] == " "}
        for at, (low, high) in enumerate(pieces)
    ]


def read(*tasks: Any, name: str = "sea", labels: Any = None) -> list[Imported]:
    data = b"".join(one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in tasks)
    return read_bytes(data, name, labels)


def read_bytes(data: bytes, name: str = "sea", labels: Any = None) -> list[Imported]:
    source = Source(f"{name}.jsonl", name, lambda suffix: data if suffix is None else None)
    return list(formats.importer("prodigy").read(source, labels))


def only(*tasks: Any, labels: Any = None) -> Article:
    (found,) = read(*tasks, labels=labels)
    assert found.article is not None
    return found.article


def brief(made: Article) -> dict[str, list[Any]]:
    """Entities by words, and who looked."""
    return {
        "entities": [(one["type"], one["spans"][0]["text"], one["prov"]) for one in made.get("entities", [])],
        "coverage": [(one["layer"], one["prov"], one["status"]) for one in made.get("coverage", [])],
        "adjudication": [(one["layer"], one["status"]) for one in made.get("adjudication", [])],
    }


def losses(found: list[Imported]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for one in found:
        for loss in one.losses:
            counted[loss.what] += loss.count
    return counted


def messages(found: list[Imported]) -> list[str]:
    return [f"{one.code} {one.location.line}" for each in found for one in each.findings]


def test_one_accepted_task_is_one_article() -> None:
    meta = {"id": "harbour-1", "url": "https://news.example/1", "language": "en", "source": "The Tide", "score": 0.3}
    (found,) = read(task(spans=[mara(text="Mara Quill"), vell(score=0.5, kb_id="Q42")], tokens=tokens(), meta=meta))
    made = found.article
    assert made is not None
    assert (made["id"], made["text"]) == ("harbour-1", TEXT)
    assert made["metadata"] == {
        "uri": "https://news.example/1",
        "language": "en",
        "infoSources": [{"name": "The Tide"}],
    }
    assert [one["spans"][0]["text"] for one in made["tokens"]] == ["Mara", "Quill", "sailed", "to", "Vell", "."]
    first, second = made["entities"]
    assert (first["type"], first["spans"]) == ("PER", [{"start": 0, "end": 10, "text": "Mara Quill"}])
    assert (second["links"], second["confidence"]) == ([{"db": "wikidata", "id": "Q42"}], 0.5)
    assert made["provenance"] == [HUMAN]
    assert made["coverage"] == [{"layer": "entities", "prov": "A1", "status": "complete"}]
    assert [loss.what for loss in found.losses] == ["meta: score"]
    assert (found.places[""], found.places["/entities/1"]) == ((1, 1), (1, 1))


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        pytest.param(
            task(spans=[mara()]),
            {"entities": [("PER", "Mara Quill", "A1")], "coverage": [("entities", "A1", "complete")]},
            id="accepted",
        ),
        pytest.param(task(spans=[]), {"coverage": [("entities", "A1", "complete")]}, id="accepted and empty"),
        pytest.param(task(), {"coverage": [("entities", "A1", "complete")]}, id="accepted without spans"),
        pytest.param(
            task(spans=[mara()], answer="reject"), {"adjudication": [("entities", "withdrawn")]}, id="rejected"
        ),
        pytest.param(task(spans=[mara()], answer="ignore"), {"adjudication": [("entities", "pending")]}, id="ignored"),
        pytest.param(
            task(spans=[mara()], _is_binary=True),
            {"entities": [("PER", "Mara Quill", "A1")], "coverage": [("entities", "A1", "partial")]},
            id="one suggestion accepted",
        ),
        pytest.param(
            task(spans=[mara()], _view_id="ner"),
            {"entities": [("PER", "Mara Quill", "A1")], "coverage": [("entities", "A1", "partial")]},
            id="one suggestion accepted, as older exports say it",
        ),
        pytest.param(
            task(spans=[mara()], _is_binary=True, answer="reject"),
            {"coverage": [("entities", "A1", "partial")]},
            id="one suggestion rejected",
        ),
        pytest.param(
            {"text": TEXT, "spans": [mara()], "answer": "accept"},
            {"entities": [("PER", "Mara Quill", "A1")]},
            id="accepted in an unknown interface",
        ),
        pytest.param(
            {"text": TEXT, "spans": [mara()]},
            {"entities": [("PER", "Mara Quill", "A1")], "adjudication": [("entities", "pending")]},
            id="not answered, by nobody",
        ),
        pytest.param(
            {"text": TEXT, "spans": [mara(source="sm-1.2.0")]},
            {"entities": [("PER", "Mara Quill", "M1")]},
            id="not answered, of a model",
        ),
        pytest.param(
            task(spans=[mara()], _view_id="review", view_id="ner_manual", versions=[{"a": 1}]),
            {
                "entities": [("PER", "Mara Quill", "A1")],
                "coverage": [("entities", "A1", "complete")],
                "adjudication": [("entities", "adjudicated")],
            },
            id="reviewed",
        ),
    ],
)
def test_answers(answered: dict[str, Any], expected: dict[str, Any]) -> None:
    made = only(answered)
    assert brief(made) == {"entities": [], "coverage": [], "adjudication": [], **expected}
    if answered.get("answer") in {"reject", "ignore"}:
        assert "entities" not in made


def test_what_was_refused_is_counted() -> None:
    found = read(task(spans=[mara(), vell()], answer="reject"), task(text="Rain.", spans=[], answer="ignore"))
    assert losses(found) == {"rejected tasks": 1, "annotations of rejected tasks": 2, "ignored tasks": 1}


def test_several_annotators_of_one_text_are_one_article() -> None:
    other = {"text": "Rain.", "answer": "accept", "_input_hash": 2, "_view_id": "ner_manual", "spans": []}
    (one, two) = read(
        task(_input_hash=1, spans=[mara()], _annotator_id="ana", _timestamp=1633999979),
        other,
        task(_input_hash=1, spans=[vell()], _annotator_id="ben", _session_id="day-2"),
        task(_input_hash=1, spans=[], _annotator_id="cleo", answer="reject"),
    )
    assert one.article is not None
    assert brief(one.article)["entities"] == [("PER", "Mara Quill", "A1"), ("LOC", "Vell", "A2")]
    assert brief(one.article)["coverage"] == [("entities", "A1", "complete"), ("entities", "A2", "complete")]
    assert brief(one.article)["adjudication"] == [("entities", "disagreed")]
    assert [(who["agent"], who.get("created"), who.get("run")) for who in one.article["provenance"]] == [
        ("ana", "2021-10-12T00:52:59Z", None),
        ("ben", None, "day-2"),
        ("cleo", None, None),
    ]
    assert two.article is not None
    assert two.article["text"] == "Rain."
    assert one.places["/entities/1"] == (3, 1)


def test_an_annotator_who_was_asked_twice_has_each_entity_once() -> None:
    made = only(task(spans=[mara()]), task(spans=[mara(), vell()], relations=[], _view_id="relations"))
    assert [one["type"] for one in made["entities"]] == ["PER", "LOC"]


def test_a_model_that_a_person_corrected() -> None:
    made = only(task(spans=[mara(source="core_sm-3.8.0"), vell()]))
    assert [one["prov"] for one in made["entities"]] == ["A1", "A1"]
    assert [(one["agent"], one.get("role"), one.get("derived_from")) for one in made["provenance"]] == [
        ("unknown", "corrector", ["M1"]),
        ("core_sm", "annotator", None),
    ]
    assert made["provenance"][1]["model_version"] == "3.8.0"


RELATION = {
    "head": 1, "child": 4, "label": "Went", "color": "#fff",
    "head_span": mara(token_start=0, token_end=1), "child_span": vell(token_start=4, token_end=4),
}  # fmt: skip


@pytest.mark.parametrize(
    ("relation", "ends"),
    [
        pytest.param(RELATION, ["Mara Quill", "Vell"], id="by spans"),
        pytest.param({"head": 1, "child": 4, "label": "Went"}, ["Mara Quill", "Vell"], id="by last tokens"),
        pytest.param({"head": 1, "child": 2, "label": "Went"}, ["Mara Quill", "sailed"], id="to a bare token"),
    ],
)
def test_relations(relation: dict[str, Any], ends: list[str]) -> None:
    made = only(task(spans=[mara(), vell()], tokens=tokens(), relations=[relation], _view_id="relations"))
    words = {one["id"]: one["spans"][0]["text"] for one in made["entities"]}
    (one,) = made["relations"]
    assert [(part["role"], words[part["ref"]]) for part in one["arguments"]] == list(
        zip(("head", "child"), ends, strict=True)
    )


def test_the_inventory_names_the_roles_of_relations() -> None:
    near = {**RELATION, "label": "Near"}
    made = only(task(spans=[mara(), vell()], relations=[near], _view_id="relations"), labels=inventory())
    assert [part["role"] for part in made["relations"][0]["arguments"]] == ["Arg1", "Arg2"]


def test_coref_relations_are_chains() -> None:
    spans = [{"start": low, "end": high, "label": "X"} for low, high in TOKENS[:4]]
    joined = [
        {"label": "COREF", "head_span": spans[head], "child_span": spans[child]}
        for head, child in ((0, 1), (2, 3), (1, 2))
    ]
    made = only(task(spans=spans, relations=joined, _view_id="relations"))
    words = {one["id"]: one["spans"][0]["text"] for one in made["entities"]}
    assert [[words[name] for name in one["mentions"]] for one in made["coreference"]] == [
        ["Mara", "Quill", "sailed", "to"]
    ]
    assert "relations" not in made


def choice(**more: Any) -> dict[str, Any]:
    options = [{"id": "SEA", "text": "Sea"}, {"id": "tone=calm", "text": "Calm"}, {"id": "LAND", "text": "Land"}]
    return {
        "text": TEXT,
        "options": options,
        "accept": ["SEA", "tone=calm"],
        "answer": "accept",
        "_view_id": "choice",
        **more,
    }


@pytest.mark.parametrize(
    ("answered", "labels", "coverage"),
    [
        pytest.param(
            choice(), [("category", "SEA"), ("tone", "calm")], ("complete", ["SEA", "calm", "LAND"]), id="choice"
        ),
        pytest.param(choice(accept=[]), [], ("complete", ["SEA", "calm", "LAND"]), id="none chosen"),
        pytest.param(choice(answer="reject"), None, None, id="choice rejected"),
        pytest.param(
            {"text": TEXT, "label": "SEA", "answer": "accept"},
            [("category", "SEA")],
            ("partial", ["SEA"]),
            id="classified",
        ),
        pytest.param(
            {"text": TEXT, "label": "SEA", "answer": "reject"}, None, ("partial", ["SEA"]), id="not of the class"
        ),
        pytest.param({"text": TEXT, "label": "SEA", "answer": "ignore"}, None, None, id="class ignored"),
    ],
)
def test_labels(
    answered: dict[str, Any], labels: list[tuple[str, str]] | None, coverage: tuple[str, list[str]] | None
) -> None:
    made = only(answered)
    found = made.get("labels")
    assert (None if found is None else [(one["axis"], one["value"]) for one in found]) == labels
    said = [(one["status"], one["labels"]) for one in made.get("coverage", [])]
    assert said == ([coverage] if coverage else [])


def test_a_chosen_entry_of_a_knowledge_base_is_a_link_of_the_one_span() -> None:
    options = [{"id": "Q1"}, {"id": "Q2"}, {"id": "NIL_other"}]
    asked = {
        "text": TEXT,
        "spans": [mara(source="nel-1.0")],
        "options": options,
        "_view_id": "choice",
        "answer": "accept",
    }
    made, nil = only({**asked, "accept": ["Q2"]}), only({**asked, "accept": ["NIL_other"]})
    assert made["entities"][0]["links"] == [{"db": "wikidata", "id": "Q2"}]
    assert nil["entities"][0]["attributes"] == [{"name": "link", "value": "NIL_other"}]
    assert ("labels" in made, brief(made)["coverage"]) == (False, [("entities", "A1", "partial")])


NON_BMP = "😀 Vell 😀"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(b'{"text": "a\xff"}\n', ["IO001 1"], id="not UTF-8"),
        pytest.param(b'{"text": "a"\n', ["IO002 1"], id="cut off"),
        pytest.param(b'{"text": "a", "text": "b"}\n', ["IO003 1"], id="a key twice"),
        pytest.param(b'[{"text": "a"}]\n', ["IO019 1"], id="a list"),
        pytest.param(b"", ["IO019 None"], id="nothing"),
        pytest.param(b'\n\n{"image": "a.png", "answer": "accept"}\n', ["IO019 3"], id="an image"),
        pytest.param(b'{"text": null}\n', ["IO019 1"], id="no text"),
        pytest.param(b"[" * 600 + b"]" * 600, ["IO012 1"], id="too deep"),
        pytest.param(json.dumps(task(spans=7)).encode(), ["IO019 1"], id="spans that are none"),
        pytest.param(json.dumps(task(spans=[mara(end=99)])).encode(), ["IO018 1"], id="a span outside"),
        pytest.param(json.dumps(task(spans=[mara(end=-1)])).encode(), ["IO018 1"], id="a span before"),
        pytest.param(json.dumps(task(spans=[{"label": "PER"}])).encode(), ["IO019 1"], id="a span nowhere"),
        pytest.param(json.dumps(task(answer="maybe", spans=[])).encode(), ["IO019 1"], id="another answer"),
        pytest.param(json.dumps({"text": TEXT, "spans": []}).encode(), ["IO020 1"], id="no answer"),
        pytest.param(
            json.dumps(task(spans=[mara(token_start=2, token_end=3)], tokens=tokens())).encode(),
            ["IO020 1"],
            id="tokens contradict offsets",
        ),
        pytest.param(
            json.dumps(task(spans=[mara()], relations=[{**RELATION, "head": 3}])).encode(),
            ["IO020 1"],
            id="a relation contradicts itself",
        ),
        pytest.param(
            json.dumps(task(spans=[], relations=[{"head": 70, "child": 1, "label": "Went"}])).encode(),
            ["IO019 1"],
            id="a relation to nothing",
        ),
        pytest.param(
            json.dumps({"text": NON_BMP, "answer": "accept", "spans": [{"start": 3, "end": 7, "text": "Vell", "label": "LOC"}]}).encode(),
            ["IO017 None"],
            id="UTF-16 offsets",
        ),
        pytest.param(
            json.dumps(task(tokens=tokens())).encode() + b"\n" + json.dumps(task(tokens=tokens(TOKENS[:2]))).encode(),
            ["IO020 2"],
            id="tokens differ",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(source: bytes, expected: list[str]) -> None:
    found = read_bytes(source)
    assert messages(found) == expected


def test_offsets_of_another_unit_are_converted() -> None:
    spans = [{"start": 3, "end": 7, "text": "Vell", "label": "LOC"}]
    made = only({"text": NON_BMP, "answer": "accept", "spans": spans})
    assert made["entities"][0]["spans"] == [{"start": 2, "end": 6, "text": "Vell"}]


def test_ids_of_articles() -> None:
    def ids(*tasks: dict[str, Any]) -> list[str]:
        return [one.article["id"] for one in read(*tasks) if one.article is not None]

    one, two = {"text": "One.", "answer": "accept"}, {"text": "Two.", "answer": "accept"}
    assert ids(one) == ["sea"]
    first, second = ids(one, two)
    assert first.startswith("sea-")
    assert ids({"text": "None.", "answer": "accept"}, one, two)[1:] == [first, second]
    named = [{**each, "meta": {"id": name}} for each, name in ((one, "n1"), (two, "n2"))]
    assert ids(*named) == ["n1", "n2"]
    assert ids(*({**each, "meta": {"id": "same"}} for each in (one, two))) == [first, second]


def test_line_breaks_of_a_text_and_a_byte_order_mark_shift_nothing() -> None:
    text = "One.\r\n\u2028Two\u0085 Vell"
    span = {"start": text.index("Vell"), "end": len(text), "label": "LOC", "text": "Vell"}
    line = json.dumps({"text": text, "answer": "accept", "spans": [span]}, ensure_ascii=False).encode()
    (found,) = read_bytes(b"\xef\xbb\xbf" + line + b"\r\n")
    assert found.article is not None
    assert (found.article["text"], found.findings) == (text, ())
    assert found.article["entities"][0]["spans"] == [{"start": span["start"], "end": span["end"], "text": "Vell"}]


class Pipe(BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise AssertionError("a pipe is read once")


def test_a_pipe_is_read_once() -> None:
    data = b"".join(json.dumps(task(_annotator_id=name, spans=[mara()])).encode() + b"\n" for name in ("ana", "ben"))
    source = Source("-", "stdin", lambda _: None, lambda: nullcontext(Pipe(data)))
    (found,) = formats.importer("prodigy").read(source, None)
    assert found.article is not None
    assert [one["agent"] for one in found.article["provenance"]] == ["ana", "ben"]


def test_export_is_a_task_a_person_and_kind_of_question(tmp_path: Path) -> None:
    made = only(
        task(spans=[mara(), vell()], tokens=tokens(), relations=[RELATION], _view_id="relations", _annotator_id="ana"),
        task(spans=[mara(source="sm-1.2.0")], _view_id=None, answer=None),
        choice(_annotator_id="ben"),
    )
    assert [one for one in written("prodigy", [made], tmp_path) if isinstance(one, Finding)] == []
    first, model, chosen = map(json.loads, (tmp_path / "articles.jsonl").read_text().splitlines())
    assert [one["label"] for one in first["spans"]] == ["PER", "LOC"]
    assert (first["spans"][0]["token_start"], first["spans"][0]["token_end"]) == (0, 1)
    assert (first["relations"][0]["head"], first["relations"][0]["child"], first["relations"][0]["label"]) == (
        1,
        4,
        "Went",
    )
    assert (first["_annotator_id"], first["_view_id"], first["_is_binary"], first["answer"]) == (
        "ana",
        "relations",
        False,
        "accept",
    )
    assert first["tokens"] == tokens()
    assert (model["spans"][0]["source"], "answer" in model) == ("sm-1.2.0", False)
    assert (chosen["accept"], chosen["_annotator_id"]) == (["SEA", "tone=calm"], "ben")


def test_export_says_what_of_these_articles_is_lost(tmp_path: Path) -> None:
    span = [{"start": 0, "end": 4, "text": "Mara"}]
    made: Article = {
        "id": "a", "text": TEXT,
        "entities": [{"id": "T1", "type": "PER", "spans": span, "prov": "A1", "links": [{"db": "wikidata", "id": "Q1"}, {"db": "b", "id": "2"}]}],
        "relations": [{"id": "R1", "type": "Alone", "arguments": [{"role": "Of", "ref": "T1"}], "prov": "A1"}],
        "coreference": [{"id": "C1", "type": "identity", "mentions": ["T1"], "prov": "A1"}],
        "provenance": [{"id": "A1", "agent": "ana", "agent_type": "human", "guideline_version": "2"}],
    }  # fmt: skip
    said = [one for one in written("prodigy", [made], tmp_path) if isinstance(one, Loss)]
    assert {one.what: one.count for one in said} == {
        "further links of an entity": 1,
        "relations of other than two entities": 1,
        "chains of fewer than two mentions": 1,
        "provenance: guideline_version": 1,
    }


def test_what_json_cannot_hold_is_refused_by_name(tmp_path: Path) -> None:
    said = written("prodigy", [{"id": "a", "text": "\ud800"}, {"id": "b", "text": "Rain."}], tmp_path)
    assert [(one.code, one.location.article) for one in said if isinstance(one, Finding)] == [("IO001", "a")]
    assert [one.article["id"] for one in read_files("prodigy", tmp_path) if one.article is not None] == ["b"]


def test_the_declaration_is_what_a_round_trip_shows() -> None:
    check_declared("prodigy")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES)
def test_what_is_declared_to_be_kept_comes_back(shape: Shape) -> None:
    check_kept("prodigy", shape)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_nothing_becomes_gold_by_a_round_trip(seed: int) -> None:
    """A layer that was partial does not come back complete, nor an absent one empty."""
    before = article(Shape(seed, people=2, model=True, layers=frozenset({"entities", "relations", "coverage"})))
    (after,) = there_and_back("prodigy", [before], inventory())
    assert {one["status"] for one in after.get("coverage", [])} <= {"partial"}
    assert {layer for layer in ("labels", "entities", "relations") if after.get(layer) is not None} <= before.keys()


SEED = b"\n".join(
    json.dumps(one).encode()
    for one in (
        task(spans=[mara(text="Mara Quill", token_start=0, token_end=1)], tokens=tokens(), relations=[RELATION], meta={"id": "a"}),
        choice(_input_hash=5, _timestamp=1e9),
    )
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["start", "end", "label", "id", "head_span", "text"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
KEYS = ["spans", "tokens", "relations", "options", "accept", "meta", "answer", "_view_id", "_is_binary", "label", "_annotator_id", "_timestamp", "_input_hash"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(SEED)), st.integers(0, 40))
def test_damage_is_a_finding(junk: bytes, at: int, width: int) -> None:
    for found in read_bytes(SEED[:at] + junk + SEED[at + width :]):
        assert found.article is not None or found.findings


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6))
def test_fields_of_any_type_are_an_article_or_a_finding(values: dict[str, Any]) -> None:
    for found in read({"text": TEXT, **values}):
        assert found.article is not None or found.findings


@pytest.mark.parametrize(
    ("name", "counts", "lost"),
    [
        pytest.param(
            "rel_component/assets/annotations.jsonl", {"articles": 149, "entities": 466, "relations": 267, "tokens": 4764}, {}, id="relations",
        ),
        pytest.param(
            "nel_emerson/assets/emerson_annotated_text.jsonl", {"articles": 30, "entities": 30, "links": 30}, {"fields of spans: rank": 30, "meta: score": 30}, id="linking",
        ),
        pytest.param(
            "textcat_docs_issues/assets/docs_issues_eval.jsonl", {"articles": 496, "labels": 165},
            {"rejected tasks": 331, "fields of tasks: title": 142, "fields of tasks: html": 142, "fields of tasks: body": 134}, id="classification",
        ),
        pytest.param("ner_tweets/assets/demo/demo.jsonl", {"articles": 1, "entities": 1, "tokens": 20}, {}, id="entities"),
    ],
)  # fmt: skip
def test_real_exports(name: str, counts: dict[str, int], lost: dict[str, int], tmp_path: Path) -> None:
    found = list(read_files("prodigy", corpora("spacy-prodigy") / "tutorials" / name))
    articles = [one.article for one in found if one.article is not None]
    made: Counter[str] = Counter(articles=len(articles))
    for each in articles:
        for layer in ("entities", "relations", "tokens", "labels"):
            made[layer] += len(each.get(layer) or ())
        made["links"] += sum(len(one.get("links") or ()) for one in each.get("entities") or ())
    assert {key: value for key, value in made.items() if value} == counts
    assert messages(found) == []
    assert losses(found) == lost
    checker = Checker(load_contract(None, None), selected((), ()))
    report = checker.check([Record(each, "a", None) for each in articles])
    assert [one.message for one in report.findings if one.severity.label == "error"] == []
    again = there_and_back("prodigy", articles)
    assert [one.get("labels") for one in again] == [one.get("labels") for one in articles]
    assert Counter(len(one.get("relations") or ()) for one in again) == Counter(
        len(one.get("relations") or ()) for one in articles
    )


@pytest.mark.parametrize(
    ("name", "head", "sure"),
    [
        ("a.jsonl", b'{"text":"a","_input_hash":1,"_task_hash":2}\n', True),
        ("a.jsonl", b'{"text":"a","answer":"accept"}\n', False),
        ("a.jsonl", b'{"text":"a","spans":[],"answer":"accept"}\n', True),
        ("a.jsonl", b'{"text":"a","spans":[],"answer":"Paris"}\n', False),
        ("a.json", b'{"text":"a","_input_hash":1,"_task_hash":2}\n', False),
        ("a.jsonl", b'{"id":"a","text":"_input_hash _task_hash"}\n', False),
    ],
)
def test_only_certain_signs_are_signs(name: str, head: bytes, *, sure: bool) -> None:
    said = formats.about("prodigy")
    assert said is not None
    assert said.looks_like is not None
    assert said.looks_like(name, head) is sure
