from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tracemalloc
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.contract import load_contract
from corpus_tool.errors import MissingExtraError
from corpus_tool.findings import Finding
from corpus_tool.formats import Article, Imported, Loss, Source
from corpus_tool.formats.spacy import packed
from corpus_tool.records import Record
from corpus_tool.rules import selected
from corpus_tool.validate import Checker
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, samples, there_and_back, written
from tests.formats.round_trips import read as read_files
from tests.generated import Shape, article, inventory

pytest.importorskip("spacy")
srsly = pytest.importorskip("srsly")
IDS = importlib.import_module("spacy.attrs").IDS
Vocab = importlib.import_module("spacy.vocab").Vocab
Doc, DocBin, Span = (getattr(importlib.import_module("spacy.tokens"), name) for name in ("Doc", "DocBin", "Span"))
BOTH = pytest.mark.parametrize("name", ["spacy", "spacy-json"])
WORDS = ["Mara", "Quill", "sailed", "to", "Vell", "."]
SPACES = [True, True, True, True, False, False]


def doc(**more: Any) -> Any:
    return Doc(Vocab(), words=WORDS, spaces=SPACES, **more)


def packed_docs(*docs: Any, store_user_data: bool = True, **more: Any) -> bytes:
    return DocBin(docs=list(docs), store_user_data=store_user_data, **more).to_bytes()


def read(data: bytes | str | list[Any] | dict[str, Any], labels: Any = None, name: str = "sea.json") -> list[Imported]:
    """Bytes are a DocBin; text and values are JSON."""
    binary = isinstance(data, bytes)
    raw = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
    source = Source("sea.spacy" if binary else name, "sea", lambda suffix: raw if suffix is None else None)
    return list(formats.importer("spacy" if binary else "spacy-json").read(source, labels))


def only(data: bytes | list[Any] | dict[str, Any], labels: Any = None) -> Article:
    (found,) = read(data, labels)
    assert found.article is not None
    return found.article


def codes(found: list[Imported]) -> list[str]:
    return [one.code for each in found for one in each.findings]


def losses(found: list[Imported]) -> dict[str, int]:
    return {loss.what: loss.count for one in found for loss in one.losses}


def words(made: Article, layer: str = "entities") -> list[tuple[str | None, str]]:
    return [(one.get("type"), " … ".join(span["text"] for span in one["spans"])) for one in made.get(layer, [])]


def test_a_docbin_of_spacy_is_read_whole() -> None:
    made = doc(
        tags=["NNP", "NNP", "VBD", "TO", "NNP", "."], pos=["PROPN", "PROPN", "VERB", "ADP", "PROPN", "PUNCT"],
        lemmas=["Mara", "Quill", "sail", "to", "Vell", "."], morphs=["", "", "Tense=Past", "", "", ""],
        heads=[1, 2, 2, 4, 2, 2], deps=["compound", "nsubj", "ROOT", "case", "obl", "punct"],
    )  # fmt: skip
    made.set_ents([Span(made, 0, 2, label="PERSON", kb_id="Q42"), Span(made, 4, 5, label="GPE", span_id="vell")])
    made.spans["sc"] = [Span(made, 0, 2, label="PERSON", kb_id="Q42"), Span(made, 0, 1, label="GIVEN")]
    made.spans["coref_clusters_1"] = [made[0:2], made[3:4]]
    made.cats = {"SEA": 1.0, "LAND": 0.0, "tone=calm": 0.75}
    made.user_data["._.", "rel", None, None] = {(0, 4): {"Went": 1.0, "Stayed": 0.0}}
    made.user_data["._.", "Sure", 0, 10] = "High"
    (found,) = read(packed_docs(made))
    one = found.article
    assert one is not None
    assert (one["text"], one["id"]) == ("Mara Quill sailed to Vell.", "sea")
    assert words(one) == [("PERSON", "Mara Quill"), ("GIVEN", "Mara"), ("GPE", "Vell"), ("mention", "to")]
    assert [each.get("links") for each in one["entities"]] == [
        [{"db": "wikidata", "id": "Q42"}], None, [{"db": "ent_id", "id": "vell"}], None,
    ]  # fmt: skip
    assert one["entities"][0]["attributes"] == [{"name": "Sure", "value": "High"}]
    assert len(one["coreference"][0]["mentions"]) == 2
    assert [(each["type"], [part["role"] for part in each["arguments"]]) for each in one["relations"]] == [
        ("Went", ["head", "child"])
    ]
    assert [(each["axis"], each["value"], each.get("confidence")) for each in one["labels"]] == [
        ("category", "SEA", None),
        ("tone", "calm", 0.75),
    ]
    assert one["coverage"] == [
        {"layer": "entities", "prov": "A1", "status": "complete"},
        {"layer": "labels", "prov": "A1", "status": "complete", "labels": ["SEA", "LAND", "calm"]},
    ]
    named = {each["id"]: each["form"] for each in one["words"]}
    assert [named.get(each.get("head")) for each in one["words"]] == [
        "Quill",
        "sailed",
        None,
        "Vell",
        "sailed",
        "sailed",
    ]
    assert one["words"][2] | {"id": "", "token": ""} == {
        "id": "", "token": "", "form": "sailed", "lemma": "sail", "upos": "VERB", "xpos": "VBD", "deprel": "ROOT",
        "feats": [{"name": "Tense", "value": "Past"}],
    }  # fmt: skip
    assert words(one, "sentences") == [(None, "Mara Quill sailed to Vell.")]
    assert (codes([found]), found.losses) == ([], ())


@pytest.mark.parametrize(
    ("tags", "entities", "status"),
    [
        pytest.param(None, None, None, id="not annotated"),
        pytest.param(["O"] * 6, [], "complete", id="nothing found"),
        pytest.param(
            ["B-PER", "I-PER", "O", "O", "B-LOC", "O"], ["Mara Quill", "Vell"], "complete", id="all looked at"
        ),
        pytest.param(["B-PER", "I-PER", "", "", "", ""], ["Mara Quill"], "partial", id="the rest is missing"),
    ],
)
def test_missing_is_not_outside(tags: list[str] | None, entities: list[str] | None, status: str | None) -> None:
    made = only(packed_docs(doc(ents=tags) if tags else doc()))
    found = made.get("entities")
    assert (None if found is None else [each["spans"][0]["text"] for each in found]) == entities
    assert [each["status"] for each in made.get("coverage", [])] == ([status] if status else [])


def damaged(change: Any, made: Any = None) -> bytes:
    """A DocBin of one document with its parts changed."""
    if made is None:
        made = doc(ents=["B-PER", "I-PER", "O", "O", "B-LOC", "O"], heads=[1, 2, 2, 4, 2, 2], deps=["x"] * 6)
        made.spans["sc"] = [Span(made, 0, 1, label="GIVEN")]
    parts = srsly.msgpack_loads(zlib.decompress(packed_docs(made)))
    change(parts)
    return zlib.compress(srsly.msgpack_dumps(parts))


def column(name: str, *values: int) -> Any:
    def change(parts: dict[str, Any]) -> None:
        import numpy as np

        table = np.frombuffer(parts["tokens"], "u8").reshape(6, -1).copy()
        at = parts["attrs"].index(IDS[name])
        for number, value in enumerate(values):
            table[number, at] = value % 2**64
        parts["tokens"] = table.tobytes()

    return change


def put(name: str, value: Any) -> Any:
    return lambda parts: parts.__setitem__(name, value)


def span_of(*numbers: int) -> Any:
    def change(parts: dict[str, Any]) -> None:
        spans = [packed.SPAN.pack(0, 0, 0, *numbers)]
        group = srsly.msgpack_dumps({"name": "sc", "attrs": {}, "spans": spans})
        parts["span_groups"] = [srsly.msgpack_dumps({group: ["sc"]})]

    return change


@pytest.mark.parametrize(
    ("change", "expected", "whole"),
    [
        pytest.param(put("lengths", b"\x07\0\0\0"), ["IO019"], False, id="a length too much"),
        pytest.param(put("lengths", b"\xff\xff\xff\xff"), ["IO019"], False, id="a negative length"),
        pytest.param(put("tokens", b"1234567"), ["IO019"], False, id="tokens cut off"),
        pytest.param(put("attrs", ["ORTH"]), ["IO019"], False, id="attributes by name"),
        pytest.param(put("attrs", []), ["IO019"], False, id="no attributes"),
        pytest.param(put("cats", []), ["IO019"], False, id="fewer categories than documents"),
        pytest.param(put("strings", [1]), ["IO019"], False, id="strings that are none"),
        pytest.param(put("span_groups", [b"\x93abc"]), ["IO019"], False, id="span groups that are none"),
        pytest.param(put("user_data", [b"\xc1"]), ["IO019"], False, id="user data that are none"),
        pytest.param(column("ORTH", 77777), ["IO019"], False, id="a word without a string"),
        pytest.param(column("LEMMA", 77777), ["IO019"], True, id="a lemma without a string"),
        pytest.param(column("POS", 99999), ["IO019"], True, id="a part of speech that is none"),
        pytest.param(column("HEAD", 1000), ["IO019"], True, id="a head outside"),
        pytest.param(column("HEAD", -1), ["IO019"], True, id="a head before"),
        pytest.param(column("ENT_IOB", 99), ["IO019", "IO020"], True, id="a tag that is none"),
        pytest.param(column("ENT_IOB", 1), ["IO020"], True, id="I without B"),
        pytest.param(span_of(0, 900, 0, 4), ["IO019"], True, id="a span outside"),
        pytest.param(span_of(3, 1, 0, 4), ["IO019"], True, id="a span of nothing"),
        pytest.param(
            span_of(0, 1, 0, 9), ["IO020", "IO020"], True, id="a span that contradicts itself, without a label"
        ),
    ],
)
def test_what_is_wrong_in_a_docbin_is_found(change: Any, expected: list[str], *, whole: bool) -> None:
    (found,) = read(damaged(change))
    assert codes([found]) == expected
    assert (found.article is not None) is whole


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04", id="a zip"),
        pytest.param(packed_docs(doc())[:-5], id="cut off"),
        pytest.param(packed_docs(doc()) + b"x", id="something behind it"),
        pytest.param(zlib.compress(b"\x81\xa4"), id="msgpack cut off"),
        pytest.param(zlib.compress(b"\x91" * 5000), id="nested deeply"),
        pytest.param(zlib.compress(srsly.msgpack_dumps([1])), id="a list"),
        pytest.param(zlib.compress(bytes(packed.SMALL + 1)), id="a bomb"),
        pytest.param(b"\x80\x04\x95cos\nsystem\n", id="a pickle"),
    ],
)
def test_what_is_no_docbin_is_refused(data: bytes) -> None:
    (found,) = read(data)
    assert (found.article, codes([found])) == (None, ["IO019"])


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(8 * packed.SMALL))
    tracemalloc.start()
    found = read(bomb)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes(found) == ["IO019"]
    assert most < 3 * packed.SMALL


def test_user_data_is_read_by_no_hook() -> None:
    """The unpacker of the library makes arrays of what looks like numpy's; here it stays what it is."""
    made = doc()
    made.user_data["note"] = {"nd": True}
    made.user_data["._.", "language", None, None] = "en"
    made.user_data["._.", "colour", None, None] = ["grey"]
    (found,) = read(packed_docs(made))
    assert found.article is not None
    assert found.article["metadata"] == {"language": "en"}
    assert losses([found]) == {"user data": 1, "doc._.colour": 1}


def test_unknown_spaces_are_said() -> None:
    (found,) = read(packed_docs(Doc(Vocab(), words=["a", "b"])))
    assert found.article is not None
    assert (found.article["text"], codes([found])) == ("a b", ["IO020"])


def test_several_documents_have_ids_of_their_own() -> None:
    one, two = doc(), Doc(Vocab(), words=["Rain"], spaces=[False])
    first, second = (found.article["id"] for found in read(packed_docs(one, two)) if found.article)
    assert first.startswith("sea-")
    two.user_data["._.", "id", None, None] = "n2"
    assert [found.article["id"] for found in read(packed_docs(one, two)) if found.article] == [first, "n2"]
    assert second != first


SENTENCE = "Mara Quill sailed to Vell."


def json_doc(**more: Any) -> dict[str, Any]:
    made = doc(ents=["B-PER", "I-PER", "O", "O", "B-LOC", "O"], sent_starts=[True, *[False] * 5])
    made.spans["sc"] = [Span(made, 0, 1, label="GIVEN", kb_id="Q1")]
    made.cats = {"SEA": 1.0}
    return {**made.to_json(), **more}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(json_doc(), id="one document"),
        pytest.param([json_doc()], id="a list"),
        pytest.param({"paragraphs": [{"raw": SENTENCE, "cats": [{"label": "SEA", "value": 1.0}], "sentences": [{"tokens": [
            {"id": at, "orth": word, "ner": tag} for at, (word, tag) in enumerate(zip(WORDS, ["B-PER", "L-PER", "O", "O", "U-LOC", "O"], strict=True))
        ]}]}]}, id="version 2"),
        pytest.param([[SENTENCE, {"entities": [[0, 10, "PER"], [21, 25, "LOC"]], "cats": {"SEA": 1.0}}]], id="pairs"),
    ],
)  # fmt: skip
def test_json_of_spacy_in_each_shape(value: Any) -> None:
    (found,) = read(value)
    made = found.article
    assert made is not None
    assert made["text"] == SENTENCE
    assert [one for one in words(made) if one[0] != "GIVEN"] == [("PER", "Mara Quill"), ("LOC", "Vell")]
    assert [one["value"] for one in made["labels"]] == ["SEA"]
    assert (codes([found]), losses([found])) == ([], {})


def test_json_lines(tmp_path: Path) -> None:
    text = "".join(json.dumps(json_doc(**more)) + "\n" for more in ({}, {"_": {"id": "n2"}}))
    found = read(text + "\n{\n", name="sea.jsonl")
    assert [one.article["id"] for one in found if one.article][1] == "n2"
    assert [(one.code, one.location.line) for each in found for one in each.findings] == [("IO002", 4)]
    assert found[1].places == {"": (2, 1)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(json_doc(ents=[{"start": 1, "end": 4, "label": "X"}]), ["IO020"], id="an entity inside a token"),
        pytest.param(json_doc(ents=[{"start": 1, "end": 99, "label": "X"}]), ["IO018"], id="an entity outside"),
        pytest.param(json_doc(ents={}), ["IO019"], id="entities that are no list"),
        pytest.param(json_doc(tokens=[{"id": 0, "start": -4, "end": 2}]), ["IO018"], id="a token outside"),
        pytest.param(json_doc(spans=[1]), ["IO019"], id="groups that are none"),
        pytest.param([7], ["IO019"], id="no document"),
        pytest.param([[SENTENCE, {"heads": [1, 1], "deps": ["a", "b"]}]], ["IO019"], id="heads of other tokens"),
        pytest.param({"paragraphs": [{"raw": "Rain.", "sentences": [{"tokens": [{"orth": "Snow"}]}]}]}, ["IO019"], id="another text"),
        pytest.param({"paragraphs": [{"sentences": [{"tokens": [{"orth": "Snow"}]}]}]}, ["IO020"], id="no text"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_json_is_found(value: Any, expected: list[str]) -> None:
    assert codes(read(value)) == expected


def test_spacy_reads_our_entities(tmp_path: Path) -> None:
    """The library is the peer: entities, groups, sentences, text and syntax of our files are what the articles say."""
    before = [one for one in samples() if one["id"].startswith("sample")]
    written("spacy", before, tmp_path, inventory())
    docs = list(DocBin().from_disk(tmp_path / "test.spacy").get_docs(Vocab()))
    assert [one.text for one in docs] == [one["text"] for one in before]
    for made, one in zip(docs, before, strict=True):
        own = {(each["type"], each["spans"][0]["start"], each["spans"][0]["end"]) for each in one["entities"]
               if len(each["spans"]) == 1 and each["prov"] == "A1"}  # fmt: skip
        ents = {(ent.label_, ent.start_char, ent.end_char) for ent in made.ents}
        spans = {(each.label_, each.start_char, each.end_char) for each in made.spans.get("sc", ())}
        assert ents | spans == own
        links = {each["links"][0]["id"] for each in one["entities"] if each.get("links") and each["prov"] == "A1"}
        assert {ent.kb_id_.partition(":")[2] for ent in made.ents if ent.kb_id_} <= links


def test_spacy_reads_our_json(tmp_path: Path) -> None:
    before = [one for one in samples() if one["id"].startswith("sample")]
    written("spacy-json", before, tmp_path, inventory())
    for line, one in zip((tmp_path / "test.jsonl").read_text().split("\n"), before, strict=False):
        value = {name: part for name, part in json.loads(line).items() if name not in {"_", "underscore_span"}}
        made = Doc(Vocab()).from_json(value)
        assert made.text == one["text"]
        assert [(ent.label_, ent.start_char, ent.end_char) for ent in made.ents] == [
            (ent["label"], ent["start"], ent["end"]) for ent in value["ents"]
        ]
        assert value["ents"]


def test_debug_data_passes(tmp_path: Path) -> None:
    layers = frozenset({"entities", "sentences", "tokens"})
    articles = [
        {**article(Shape(number, paragraphs=1, layers=layers)), "split": "validation" if number % 8 == 0 else "train"}
        for number in range(160)
    ]
    said = [one for one in written("spacy", articles, tmp_path) if isinstance(one, Finding)]
    assert said == []
    config = tmp_path / "config.cfg"
    run("init", "config", str(config), "--lang", "en", "--pipeline", "ner", "--optimize", "efficiency")
    paths = [f"--paths.{name}={tmp_path / name}.spacy" for name in ("train", "dev")]
    shown = run("debug", "data", str(config), *paths, "--verbose", "--no-format")
    assert "Corpus is loadable" in shown
    assert "140 training docs" in shown
    assert "20 evaluation docs" in shown
    assert "No entities consisting of or starting/ending with whitespace" in shown
    ours = sum(len(made.ents) for made in DocBin().from_disk(tmp_path / "train.spacy").get_docs(Vocab()))
    assert ours > 0


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "spacy", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@BOTH
def test_what_does_not_fit_is_counted_and_never_a_negative_example(name: str, tmp_path: Path) -> None:
    made: Article = {
        "id": "a", "text": "Mara sailed.", "tokens": [{"id": f"K{low}", "spans": [{"start": low, "end": high, "text": ""}]} for low, high in ((0, 4), (5, 11), (11, 12))],
        "entities": [
            {"id": "T1", "type": "PER", "spans": [{"start": 0, "end": 4, "text": "Mara"}], "prov": "A1"},
            {"id": "T2", "type": "ACT", "spans": [{"start": 5, "end": 9, "text": "sail"}], "prov": "A1"},
        ],
        "provenance": [{"id": "A1", "agent": "ana", "agent_type": "human"}],
        "coverage": [{"layer": "entities", "prov": "A1", "status": "complete"}],
    }  # fmt: skip
    said = {one.what: one.count for one in written(name, [made], tmp_path) if isinstance(one, Loss)}
    assert said["entities that do not begin and end with tokens"] == 1
    if name == "spacy":
        (read_again,) = DocBin().from_disk(tmp_path / "articles.spacy").get_docs(Vocab())
        assert [token.ent_iob_ for token in read_again] == ["B", "", "O"]
        (after,) = read_files(name, tmp_path)
        assert after.article is not None
        assert [one["status"] for one in after.article["coverage"]] == ["partial"]
    else:
        assert said["where nobody looked for entities: readers of JSON take it for none"] == 1


def test_a_layer_of_which_nothing_fits_does_not_come_back_empty() -> None:
    made: Article = {
        "id": "a", "text": "Mara", "tokens": [{"id": "K", "spans": [{"start": 0, "end": 4, "text": "Mara"}]}],
        "entities": [{"id": "T", "type": "X", "spans": [{"start": 1, "end": 2, "text": "a"}]}],
        "relations": [{"id": "R", "type": "Y", "arguments": []}],
        "passages": [{"id": "P", "type": "headline", "spans": [{"start": 0, "end": 2, "text": "Ma"}]}],
        "labels": [],
    }  # fmt: skip
    for name in ("spacy", "spacy-json"):
        (after,) = there_and_back(name, [made])
        assert {"entities", "relations", "passages", "labels"} & after.keys() == {"labels"}


def test_without_tokens_spacy_makes_some_that_no_entity_crosses(tmp_path: Path) -> None:
    made: Article = {"id": "a", "text": "Quill's tide-table, 2026", "entities": [
        {"id": "T1", "type": "X", "spans": [{"start": 8, "end": 10, "text": "ti"}]},
    ]}  # fmt: skip
    said = {one.what: one.count for one in written("spacy", [made], tmp_path) if isinstance(one, Loss)}
    assert said == {"that an article has no tokens: rules of spaCy made some": 1}
    (read_again,) = DocBin().from_disk(tmp_path / "articles.spacy").get_docs(Vocab())
    assert [ent.text for ent in read_again.ents] == ["ti"]
    (after,) = there_and_back("spacy", [made])
    assert ("tokens" in after, words(after)) == (False, [("X", "ti")])


def test_labels_that_were_looked_for_in_vain_are_negative(tmp_path: Path) -> None:
    made: Article = {"id": "a", "text": "Rain.", "labels": [{"axis": "subject", "value": "sea", "prov": "A1"}],
                     "provenance": [{"id": "A1", "agent": "ana", "agent_type": "human"}]}  # fmt: skip
    complete = {**made, "id": "b", "coverage": [{"layer": "labels", "prov": "A1", "status": "complete"}]}
    written("spacy", [made, complete], tmp_path, inventory())
    unknown, known = DocBin().from_disk(tmp_path / "articles.spacy").get_docs(Vocab())
    assert (unknown.cats, known.cats) == ({"subject=sea": 1.0}, {"subject=sea": 1.0, "subject=land": 0.0})


def test_words_whose_heads_go_round_are_roots(tmp_path: Path) -> None:
    pieces = [("a", 0), ("b", 2), ("c", 4)]
    made: Article = {
        "id": "a", "text": "a b c",
        "tokens": [{"id": f"K{word}", "spans": [{"start": at, "end": at + 1, "text": word}]} for word, at in pieces],
        "words": [{"id": f"W{word}", "token": f"K{word}", "form": word, "deprel": "x", "head": f"W{head}"} for (word, _), head in zip(pieces, "bca", strict=True)],
    }  # fmt: skip
    said = {one.what: one.count for one in written("spacy", [made], tmp_path) if isinstance(one, Loss)}
    assert said["heads that go round"] == 3
    (read_again,) = DocBin().from_disk(tmp_path / "articles.spacy").get_docs(Vocab())
    assert [token.head.i for token in read_again] == [0, 1, 2]


@BOTH
def test_what_utf8_cannot_hold_is_refused_by_name(name: str, tmp_path: Path) -> None:
    said = written(name, [{"id": "a", "text": "x \ud800"}, {"id": "b", "text": "Rain."}], tmp_path)
    assert [(one.code, one.location.article) for one in said if isinstance(one, Finding)] == [("IO001", "a")]
    assert [one.article["id"] for one in read_files(name, tmp_path) if one.article is not None] == ["b"]


def test_without_spacy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'corpus-tool\[spacy\]'"):
        read(b"")
    assert only(json_doc())["text"] == SENTENCE


@BOTH
def test_the_declaration_is_what_a_round_trip_shows(name: str) -> None:
    check_declared(name)


@BOTH
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shape=SHAPES)
def test_what_is_declared_to_be_kept_comes_back(name: str, shape: Shape) -> None:
    check_kept(name, shape)


WHOLE = packed_docs(doc(ents=["B-PER", "I-PER", "O", "O", "B-LOC", "O"]))
UNPACKED = zlib.decompress(WHOLE)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=12), st.integers(0, len(UNPACKED)), st.integers(0, 12))
def test_damage_inside_a_docbin_is_an_article_or_a_finding(junk: bytes, at: int, width: int) -> None:
    for found in read(zlib.compress(UNPACKED[:at] + junk + UNPACKED[at + width :])):
        assert found.article is not None or found.findings


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=40), st.integers(0, len(WHOLE)))
def test_damage_of_a_docbin_is_a_finding(junk: bytes, at: int) -> None:
    for found in read(WHOLE[:at] + junk + WHOLE[at + len(junk) :]):
        assert found.article is not None or found.findings


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["start", "end", "label", "id", "rel", "head", "value", "tokens", "orth"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
KEYS = ["ents", "sents", "tokens", "spans", "cats", "_", "underscore_span", "raw", "sentences", "paragraphs"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6))
def test_fields_of_any_type_are_an_article_or_a_finding(values: dict[str, Any]) -> None:
    for value in ({"text": SENTENCE, **values}, [[SENTENCE, values]], {"paragraphs": [values]}):
        for found in read(value):
            assert found.article is not None or found.findings


@pytest.mark.parametrize(
    ("name", "source", "counts"),
    [
        ("spacy", "tutorials/ner_tweets/assets/demo/demo.spacy", {"articles": 1, "tokens": 20, "entities": 1}),
        ("spacy-json", "pipelines/ner_demo/assets/train.json", {"articles": 2, "entities": 3}),
        ("spacy-json", "pipelines/spancat_demo/assets/train.json", {"articles": 3, "entities": 4}),
        ("spacy-json", "pipelines/parser_demo/assets/dev.json", {"articles": 2, "tokens": 13, "words": 13}),
    ],
)
def test_real_files(name: str, source: str, counts: dict[str, int]) -> None:
    found = list(read_files(name, corpora("spacy-prodigy") / source))
    articles = [one.article for one in found if one.article is not None]
    made: Counter[str] = Counter(articles=len(articles))
    for each in articles:
        made.update({layer: len(each.get(layer) or ()) for layer in ("tokens", "words", "entities")})
    assert {key: value for key, value in made.items() if value} == counts
    assert (codes(found), losses(found)) == ([], {})
    report = Checker(load_contract(None, None), selected((), ())).check([Record(each, "a", None) for each in articles])
    assert [one.message for one in report.findings if one.severity.label == "error"] == []


@pytest.mark.parametrize(
    ("name", "file", "head", "sure"),
    [
        ("spacy", "a", WHOLE[:200], True),
        ("spacy", "a.spacy", zlib.compress(b"something else"), False),
        ("spacy", "a.spacy", b"\x78\x9c", False),
        ("spacy-json", "a.json", json.dumps(json_doc()).encode(), True),
        ("spacy-json", "a.jsonl", b'{"text": "tokens ents", "id": "a"}', False),
        ("spacy-json", "a.txt", json.dumps(json_doc()).encode(), False),
    ],
)
def test_only_certain_signs_are_signs(name: str, file: str, head: bytes, *, sure: bool) -> None:
    said = formats.about(name)
    assert said is not None
    assert said.looks_like is not None
    assert said.looks_like(file, head) is sure
