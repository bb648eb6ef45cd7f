from __future__ import annotations

import re
import sys
from importlib.metadata import version

import pytest
from hypothesis import given, settings

from corpus_tool.contract import load_contract
from corpus_tool.errors import MissingExtraError
from corpus_tool.formats import Article
from corpus_tool.records import Record
from corpus_tool.rules import selected
from corpus_tool.segment import paragraphs, segment
from corpus_tool.validate import Checker
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES
from tests.generated import Shape, article

pytest.importorskip("sentencex")
pytest.importorskip("spacy")
TEXT = "Tides rise\n\nDr. Quill sailed. 😀 It rained.\r\n \nNo stop here"


def texts(made: Article, layer: str) -> list[str]:
    return [one["spans"][0]["text"] for one in made[layer]]


def test_sentences_and_tokens_are_added_with_who_made_them() -> None:
    before: Article = {"id": "a", "text": TEXT, "metadata": {"language": "en"}}
    made = segment(before)
    assert texts(made, "sentences") == ["Tides rise", "Dr. Quill sailed.", "😀 It rained.", "No stop here"]
    assert texts(made, "tokens")[:6] == ["Tides", "rise", "Dr.", "Quill", "sailed", "."]
    assert [(one["id"], one["agent_type"], one["model_version"]) for one in made["provenance"]] == [
        ("sentencex", "rule", version("sentencex")),
        ("spacy", "rule", version("spacy")),
    ]
    assert {one["prov"] for one in made["tokens"]} == {"spacy"}
    assert made["coverage"] == [
        {"layer": "sentences", "prov": "sentencex", "status": "complete"},
        {"layer": "tokens", "prov": "spacy", "status": "complete"},
    ]
    assert before == {"id": "a", "text": TEXT, "metadata": {"language": "en"}}


def test_a_layer_that_is_there_stays() -> None:
    own = [{"id": "S", "spans": [{"start": 0, "end": 5, "text": "Tides"}]}]
    made = segment({"id": "a", "text": TEXT, "sentences": own, "tokens": [], "provenance": []})
    assert (made["sentences"], made["tokens"], made["provenance"]) == (own, [], [])


@pytest.mark.parametrize(
    ("text", "passages", "expected"),
    [
        pytest.param("One\n\nTwo", [], ["One", "Two"], id="a blank line"),
        pytest.param("One\r\n\r\nTwo", [], ["One", "Two"], id="a blank line of CRLF"),
        pytest.param("One\nstill one", [], ["One\nstill one"], id="a line break"),
        pytest.param("One\nTwo", [(0, 3), (4, 7)], ["One", "Two"], id="passages"),
        pytest.param(" \n\n ", [], [], id="white space"),
    ],
)
def test_no_sentence_leaves_its_paragraph(text: str, passages: list[tuple[int, int]], expected: list[str]) -> None:
    layer = [{"id": f"P{low}", "type": "paragraph", "spans": [{"start": low, "end": high}]} for low, high in passages]
    made = {"id": "a", "text": text, "passages": layer}
    assert [text[start:end] for start, end in paragraphs(made)] == expected


def test_a_provenance_of_that_name_stays_another() -> None:
    made = segment({"id": "a", "text": TEXT, "provenance": [{"id": "spacy", "agent": "x", "agent_type": "model"}]})
    assert [one["id"] for one in made["provenance"]] == ["spacy", "sentencex", "spacy-rules"]


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_what_is_made_covers_the_text_and_breaks_no_rule(shape: Shape) -> None:
    before = {name: value for name, value in article(shape).items() if name not in {"tokens", "words", "sentences"}}
    made = segment(before)
    for layer in ("sentences", "tokens"):
        pieces = [(one["spans"][0]["start"], one["spans"][0]["end"]) for one in made[layer]]
        assert pieces == sorted(pieces)
        covered = "".join(made["text"][start:end] for start, end in pieces)
        assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", made["text"])
    checker = Checker(load_contract(None, None), selected(("SPN", "REF", "PRV", "SCH"), ()))
    ids = {one["id"] for layer in ("sentences", "tokens") for one in made[layer]} | {"sentencex", "spacy"}
    found = checker.check([Record(made, "a", None)]).findings
    assert [one.message for one in found if one.location.annotation in ids and one.severity.label == "error"] == []


@pytest.mark.parametrize("name", ["sentencex", "spacy"])
def test_a_missing_library_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=name):
        segment({"id": "a", "text": TEXT})


def test_the_comparison_on_gum_still_says_the_same() -> None:
    """The figures that the choice rests on: run `python -m benchmarks.segmentation FOLDER` for all libraries."""
    from benchmarks.segmentation import articles, score

    gold = list(articles(corpora("gum-news") / "conllu"))

    def made(layer: str) -> float:
        return score(lambda text: [
            (one["spans"][0]["start"], one["spans"][0]["end"]) for one in segment({"id": "a", "text": text})[layer]
        ], layer, gold)[0].f1  # fmt: skip

    assert made("sentences") > 0.95
    assert made("tokens") > 0.985
