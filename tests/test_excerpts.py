"""Windows of text around what a finding is about, and fingerprints that outlive edits elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.config import load_config
from corpus_tool.contract import load_contract
from corpus_tool.corpus import compile_contract
from corpus_tool.excerpts import AROUND, LONGEST, Windows, fingerprint
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.rules.example import TEXT, edited, entity, example_article, example_inventory

CONTRACT = load_contract(None, example_inventory())


def window(pointer: str, article: dict[str, Any] | None = None, span: tuple[int, int] | None = None) -> Any:
    found = Windows(article or example_article(), CONTRACT).around(pointer, span)
    return found and (found.start, found.end, found.covered)


@pytest.mark.parametrize(("pointer", "expected"), [
    ("/entities/1", (23, 34, "Port Ellery")),
    ("/entities/1/type", (23, 34, "Port Ellery")),
    ("/entities/1/spans/0", (23, 34, "Port Ellery")),
    ("/entities/1/spans/0/end", (23, 34, "Port Ellery")),
    ("/entities/0/attributes/0/value", (0, 10, "Mara Quill")),
    ("/relations/0/arguments/1/ref", (23, 34, "Port Ellery")),
    ("/events/0/trigger", (11, 17, "sailed")),
    ("/quotations/0/cue/0", (58, 62, "said")),
    ("/quotations/0", (36, 53, TEXT[36:53])),
    ("/coreference/0/mentions/1", (54, 57, "she")),
    ("/notes/0/ref", (0, 10, "Mara Quill")),
    ("/relations/0", None),
    ("/metadata/language", None),
    ("/entities/9", None),
    ("/entities/-1", None),
    ("/entities", None),
    ("", None),
])  # fmt: skip
def test_span_of_a_pointer(pointer: str, expected: Any) -> None:
    assert window(pointer) == expected


def test_a_fragment_has_its_own_window_and_the_annotation_their_hull() -> None:
    parts = [{"start": 0, "end": 4, "text": "Mara"}, {"start": 18, "end": 22, "text": "from"}]
    article = edited({"/entities/-": entity("PER", 0, 4, spans=parts)})
    assert window("/entities/5/spans/1", article) == (18, 22, "from")
    assert window("/entities/5/type", article) == (0, 22, TEXT[:22])


def test_a_span_that_is_given_goes_before_the_pointer() -> None:
    assert window("/text", span=(5, 10)) == (5, 10, "Quill")


@pytest.mark.parametrize(("start", "end", "expected"), [
    (80, 900, (80, len(TEXT), TEXT[80:])),
    (900, 950, None),
    (-1, 4, None),
    (9, 4, None),
    ("1", 4, None),
    (None, 4, None),
])  # fmt: skip
def test_spans_that_do_not_fit(start: Any, end: Any, expected: Any) -> None:
    article = example_article()
    article["entities"][0]["spans"] = [{"start": start, "end": end}]
    assert window("/entities/0/spans/0", article) == expected


def test_windows_are_cut() -> None:
    article = example_article()
    article["text"] = "ab" * 500
    found = Windows(article, CONTRACT).around("/text", (100, 900))
    assert found is not None
    assert (len(found.before), len(found.after)) == (AROUND, AROUND)
    assert len(found.covered) < LONGEST
    assert "…" in found.covered


@pytest.mark.parametrize("value", [None, [], "x", 3, {}, {"text": 3}, {"text": "x", "entities": [3, None]}], ids=repr)
def test_what_is_no_article_has_no_window(value: Any) -> None:
    assert Windows(value, CONTRACT).around("/entities/0/spans/0") is None


def test_an_article_of_another_shape() -> None:
    folder = Path(__file__).parent.parent / "examples" / "lighthouse"
    contract = compile_contract(load_config(folder / "corpus.toml"))
    article = json.loads(next(folder.rglob("*.jsonl")).read_bytes().split(b"\n")[0])
    layer = next(layer for layer in contract.layers if layer.kind == "entity")
    place = layer.spans[0]
    item = article[layer.name][0]
    found = Windows(article, contract).around(f"/{layer.name}/0")
    assert found is not None
    assert (found.start, found.end) == (item[place.start], item[place.end])


class TestFingerprint:
    def of(self, article: dict[str, Any], pointer: str, **changes: Any) -> str:
        annotation = changes.pop("annotation", None)
        at = Location(changes.pop("path", "a.json"), pointer=pointer, article=article.get("id"), annotation=annotation)
        at = Location(at.path, changes.pop("line", 1), 1, 1, 2, at.pointer, at.article, at.annotation)
        excerpt = Windows(article, CONTRACT).around(pointer)
        return fingerprint(Finding("SPN304", "x", Severity.ERROR, at, "said", excerpt=excerpt), article)

    def test_does_not_know_lines_files_or_indices(self) -> None:
        first = self.of(example_article(), "/entities/1/spans/0/text", annotation="T2")
        moved = edited({}, drop=("/entities/0",))
        assert self.of(moved, "/entities/0/spans/0/text", annotation="T2", line=99, path="b.json") == first

    @pytest.mark.parametrize(("pointer", "annotation", "put"), [
        ("/entities/1/spans/0/start", "T2", {}),
        ("/entities/1/spans/0/text", "T7", {}),
        ("/entities/1/spans/0/text", "T2", {"/id": "other"}),
        ("/entities/1/spans/0/text", "T2", {"/entities/1/spans/0/end": 30}),
    ], ids=["field", "annotation", "article", "content"])  # fmt: skip
    def test_knows_what_it_is_about(self, pointer: str, annotation: str, put: dict[str, Any]) -> None:
        first = self.of(example_article(), "/entities/1/spans/0/text", annotation="T2")
        assert self.of(edited(put), pointer, annotation=annotation) != first

    def test_of_what_has_no_window_is_made_of_the_value(self) -> None:
        before, after = example_article(), edited({"/metadata/language": "xx"})
        assert self.of(before, "/metadata/language") != self.of(after, "/metadata/language")
        assert json.loads(json.dumps(self.of(before, "/metadata/language"))) == self.of(before, "/metadata/language")
