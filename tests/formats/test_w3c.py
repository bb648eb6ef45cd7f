"""Web annotations: small sources with their articles, quotations that move, hostile files, ways there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.findings import Finding
from corpus_tool.formats import Imported, Source
from corpus_tool.formats.w3c.names import entry_iri, entry_of
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, samples, written
from tests.generated import Shape

NAME = "w3c"
TEXT = "Mara 😀 sailed.\r\nMara came home by sea."
SEA = TEXT.index("sea")


def parse(value: Any, text: str | bytes | None = TEXT) -> list[Imported]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    beside = text.encode() if isinstance(text, str) else text
    return list(formats.importer(NAME).read(Source("dir/x.jsonld", "x", {None: data, ".txt": beside}.get), None))


def one(value: Any, text: str | bytes | None = TEXT) -> Imported:
    (found,) = parse(value, text)
    return found


def codes(imported: Imported) -> list[str]:
    return [finding.code for finding in imported.findings]


def at(start: int, end: int, exact: str | None = None, **around: str) -> list[dict[str, Any]]:
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    return [position] if exact is None else [position, quote(exact, **around)]


def quote(exact: str, **around: str) -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, **around}


def note(selector: Any, body: Any = None, name: str = "#T1", **more: Any) -> dict[str, Any]:
    body = {"type": "TextualBody", "purpose": "classifying", "value": "PER"} if body is None else body
    return {"id": name, "type": "Annotation", "body": body, "target": {"source": "x.txt", "selector": selector}, **more}


def tag(value: str, purpose: str = "tagging") -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def spans(imported: Imported) -> list[tuple[int, int]]:
    assert imported.article is not None
    return [(span["start"], span["end"]) for each in imported.article["entities"] for span in each["spans"]]


SELECTED = {
    "position": (at(0, 4), [(0, 4)], []),
    "position-not-in-a-list": (at(0, 4)[0], [(0, 4)], []),
    "both": (at(0, 4, "Mara"), [(0, 4)], []),
    "quotation": (quote("sailed"), [(7, 13)], []),
    "quotation-with-prefix": (quote("Mara", prefix="sailed.\r\n"), [(16, 20)], []),
    "quotation-with-suffix": (quote("Mara", suffix=" came"), [(16, 20)], []),
    "white-space-normalised": (at(7, 20, "sailed. Mara"), [(7, 20)], []),
    "moved": (at(3, 6, "sea"), [(SEA, SEA + 3)], ["IO020"]),
    "moved-by-prefix": (at(3, 6, "Mara", prefix="\n"), [(16, 20)], ["IO020"]),
    "moved-and-around-has-changed": (at(3, 6, "sea", prefix="zzz"), [(SEA, SEA + 3)], ["IO020"]),
    "moved-to-two-places": (at(3, 6, "Mara"), None, ["IO018"]),
    "moved-to-nowhere": (at(3, 6, "ship"), None, ["IO018"]),
    "quotation-twice": (quote("Mara"), None, ["IO018"]),
    "empty-quotation": (quote(""), None, ["IO018"]),
    "outside": (at(3, 999), None, ["IO018"]),
    "backwards": (at(3, 1), None, ["IO018"]),
    "no-numbers": ({"type": "TextPositionSelector", "start": "3", "end": True}, None, ["IO018"]),
    "another-selector": ({"type": "SvgSelector", "value": "<svg/>"}, None, ["IO018"]),
    "bytes": ({"type": "DataPositionSelector", "start": 10, "end": 16}, [(7, 13)], []),
    "within-a-character": ({"type": "DataPositionSelector", "start": 6, "end": 16}, None, ["IO018"]),
    "fragment": ({"type": "FragmentSelector", "value": "char=7,13"}, [(7, 13)], []),
    "range": ({"type": "RangeSelector", "startSelector": quote("sailed"), "endSelector": quote("came")}, [(7, 21)], []),
    "refined-by-position": ({**quote("Mara came home"), "refinedBy": at(5, 9)[0]}, [(21, 25)], []),
    "refined-by-quotation": ({**at(16, 38)[0], "refinedBy": quote("Mara")}, [(16, 20)], []),
    "refined-beyond": ({**quote("sailed"), "refinedBy": at(0, 9)[0]}, None, ["IO018"]),
    "a-path-refined": ({"type": "XPathSelector", "value": "/p", "refinedBy": quote("sea")}, [(SEA, SEA + 3)], []),
    "a-path-refined-by-position": ({"type": "CssSelector", "value": "p", "refinedBy": at(0, 2)[0]}, None, ["IO018"]),
}


@pytest.mark.parametrize(("selector", "expected", "found"), SELECTED.values(), ids=SELECTED)
def test_what_is_selected(selector: Any, expected: list[tuple[int, int]] | None, found: list[str]) -> None:
    imported = one([note(selector)])
    assert codes(imported) == found
    assert imported.article is not None
    assert ("entities" in imported.article) is (expected is not None)
    if expected is not None:
        assert spans(imported) == expected
        assert all(
            span["text"] == TEXT[span["start"] : span["end"]]
            for each in imported.article["entities"]
            for span in each["spans"]
        )


@pytest.mark.parametrize(
    ("moved", "expected"), [(0, []), (1, ["IO017"]), (3, ["IO017"])], ids=["code-points", "utf-16", "bytes"]
)
def test_the_unit_is_the_one_that_explains_every_quotation(moved: int, expected: list[str]) -> None:
    twice = at(16 + moved, 20 + moved, "Mara")
    found = one([note(at(7 + moved, 13 + moved, "sailed")), note(twice, name="#T2")])
    assert spans(found) == [(7, 13), (16, 20)]
    assert codes(found) == expected


def test_a_file_without_its_text_is_incomplete() -> None:
    assert codes(one([note(at(0, 4))], None)) == ["IO015"]


def test_a_text_that_is_not_utf_8_is_named() -> None:
    (finding,) = one([note(at(0, 4))], b"a\nb\xff").findings
    assert (finding.code, finding.location.path, finding.location.line) == ("IO001", "dir/x.txt", 2)


def test_texts_in_the_file_itself_are_an_article_each() -> None:
    source = {"id": "urn:1", "type": "TextualBody", "value": "Rain fell."}
    other = {"id": "urn:2", "type": "TextualBody", "value": "Snow fell."}
    target = [{"source": text, "selector": at(0, 4)} for text in (source, other, "urn:1", "urn:elsewhere")]
    found = parse([
        {"id": "#a", "type": "Annotation", "body": tag("W"), "target": target[0]},
        {"id": "#b", "type": "Annotation", "body": tag("W"), "target": target[1]},
        {"id": "#c", "type": "Annotation", "body": tag("W"), "target": target[2]},
        {"id": "#d", "type": "Annotation", "motivation": "linking", "body": tag("Near"), "target": ["#a", "#c"]},
        {"id": "#e", "type": "Annotation", "body": tag("W"), "target": target[3]},
    ], None)  # fmt: skip
    first, second, missing = found
    assert first.article is not None
    assert second.article is not None
    assert [each["id"] for each in first.article["entities"]] == ["a", "c"]
    assert [each["ref"] for each in first.article["relations"][0]["arguments"]] == ["a", "c"]
    assert [each["id"] for each in second.article["entities"]] == ["b"]
    assert (first.article["id"], second.article["id"]) == ("x-0001", "x-0002")
    assert codes(missing) == ["IO015"]


WRAPPED = {
    "alone": lambda inner: inner,
    "list": lambda inner: [inner],
    "page": lambda inner: {"type": "AnnotationPage", "items": [inner]},
    "collection": lambda inner: {"type": ["AnnotationCollection"], "first": {"type": "AnnotationPage", "items": [inner]}},
    "graph": lambda inner: {"@context": "http://nowhere.example/", "@graph": [inner]},
    "pages-in-a-row": lambda inner: {
        "type": "AnnotationPage", "items": [], "next": {"type": "AnnotationPage", "items": inner},
    },
}  # fmt: skip


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
def test_where_annotations_may_stand(wrap: Any) -> None:
    found = one(wrap(note(at(0, 4, "Mara"))))
    assert spans(found) == [(0, 4)]
    assert codes(found) == []
    assert found.places["/entities/0"][0] == 1


def test_a_page_that_is_elsewhere_is_not_fetched() -> None:
    value = {"type": "AnnotationPage", "items": [note(at(0, 4))], "next": "http://127.0.0.1:9/page2"}
    assert codes(one(value)) == ["IO015"]


def test_bodies_by_their_purpose() -> None:
    body = [
        tag("PER", "classifying"), tag("hero"), tag("who is it?", "commenting"), tag("say", "transcribing"),
        {"type": "SpecificResource", "purpose": "identifying", "source": "http://www.wikidata.org/entity/Q1"},
        "https://gazetteer.example/p/7", {"type": "TextualBody", "value": "old ways"},
    ]  # fmt: skip
    who = {"id": "http://a.example/1", "type": "Person", "name": "Ann"}
    tool = {"id": "urn:tool", "type": "Software", "name": "Tool 1"}
    found = one(note(at(0, 4), body, creator=who, created="2026-01-02T03:04:05Z", generator=tool, motivation="tagging"))
    article = found.article
    assert article is not None
    (entity,) = article["entities"]
    assert {name: entity[name] for name in ("type", "links", "attributes", "prov")} == {
        "type": "PER", "prov": "http://a.example/1", "attributes": [{"name": "hero"}, {"name": "old ways"}],
        "links": [{"db": "wikidata", "id": "Q1"}, {"db": "gazetteer.example", "id": "https://gazetteer.example/p/7"}],
    }  # fmt: skip
    assert [(each.get("type"), each["text"], each["ref"]) for each in article["notes"]] == [
        (None, "who is it?", "T1"), ("transcribing", "say", "T1")
    ]  # fmt: skip
    assert article["provenance"] == [
        {"id": "http://a.example/1", "agent": "Ann", "agent_type": "human", "role": "annotator",
         "created": "2026-01-02T03:04:05Z", "tool": "Tool 1"}
    ]  # fmt: skip


def test_relations_notes_and_labels() -> None:
    found = one([
        note(at(0, 4), name="#a"), note(at(7, 13), name="#b"),
        {"id": "#r", "type": "Annotation", "motivation": "linking", "body": tag("Does"), "target": [{"id": "#a"}, {"id": "#b"}]},
        {"id": "#s", "type": "Annotation", "motivation": "linking", "body": {"source": "#b"}, "target": "#a"},
        {"id": "#n", "type": "Annotation", "motivation": "replying", "bodyValue": "no", "target": "#a"},
        {"id": "#l", "type": "Annotation", "body": [tag("sea"), tag("land")], "target": "x.txt"},
        {"id": "#w", "type": "Annotation", "motivation": "commenting", "bodyValue": "good", "target": "x.txt"},
        {"id": "#h", "type": "Annotation", "motivation": "highlighting", "target": "x.txt#char=16,20"},
    ])  # fmt: skip
    article = found.article
    assert article is not None
    assert codes(found) == []
    assert [(each["id"], each["type"], [end["ref"] for end in each["arguments"]]) for each in article["relations"]] == [
        ("r", "Does", ["a", "b"]), ("s", "linking", ["a", "b"])
    ]  # fmt: skip
    assert [(each["text"], each.get("ref")) for each in article["notes"]] == [("no", "a"), ("good", None)]
    assert [(each["axis"], each["value"]) for each in article["labels"]] == [("tagging", "sea"), ("tagging", "land")]
    assert [each["type"] for each in article["entities"]] == ["PER", "PER", "highlighting"]
    assert article["provenance"][0]["agent"] == "unknown"


def test_what_is_wrong_is_found_and_the_rest_is_read() -> None:
    value = [5, {"type": "Annotation", "id": "#x"}, note(at(0, 4)), note(at(0, 4)), {"a": 1}]
    found = one(value)
    assert sorted(codes(found)) == ["IO019", "IO019", "IO019", "IO020"]
    assert found.article is not None
    assert len(found.article["entities"]) == 2


def test_what_an_article_has_no_place_for_is_counted() -> None:
    found = one([
        note(at(0, 4), creator=["a", "b"], created="2026-01-02T03:04:05Z", rights="x", modified="y"),
        note(at(7, 13), [tag("PER"), 5], "#b", creator="a", created="2026-01-03T03:04:05Z"),
    ])  # fmt: skip
    assert {loss.what: loss.count for loss in found.losses} == {
        "annotations: rights": 1, "annotations: modified": 1, "creators after the first": 1,
        "bodies that are neither texts nor resources": 1, "when each annotation was made": 2,
    }  # fmt: skip


def test_targets_of_several_texts_are_ambiguous() -> None:
    other = {"id": "#b", "type": "Annotation", "target": {"source": "y.txt", "selector": at(0, 4)}}
    assert codes(one([note(at(0, 4)), other])) == ["IO020"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "IO002"), (b"[]", "IO019"), (b"5", "IO019"), (b"{}", "IO019"), (b'{"id": "\xff"}', "IO001"),
     (b"[" * 9999, "IO012"), (b'{"target": 1, "target": 2}', "IO003")],
)  # fmt: skip
def test_a_hostile_file_is_refused(data: bytes, code: str) -> None:
    found = one(data)
    assert found.article is None
    assert codes(found) == [code]


@pytest.mark.parametrize("outer", [{"type": "XPathSelector"}, at(0, 4)[0]], ids=["unknown", "known"])
def test_selectors_that_nest_without_end_are_a_finding(outer: dict[str, Any]) -> None:
    inner = outer
    for _ in range(400):
        inner = {**outer, "refinedBy": inner}
    assert codes(one(note(inner))) == ["IO018"]


@pytest.mark.parametrize(
    ("database", "entry"),
    [("wikidata", "Q1"), ("wikidata", "a/b"), ("geonames", "5:6"), ("x", "y z"), ("a:b%", "//c"), ("http", "//h/x"),
     ("h.example", "http://h.example/1"), ("viaf.org", "http://viaf.org/viaf/1"), ("identifier", "x"), ("ü", "é#?")],
)  # fmt: skip
def test_links_come_back_as_they_were(database: str, entry: str) -> None:
    assert entry_of(entry_iri(database, entry)) == (database, entry)


def test_the_declaration_is_what_comes_back() -> None:
    check_declared(NAME)


@settings(max_examples=25, deadline=None)
@given(shape=SHAPES)
def test_what_is_declared_comes_back(shape: Shape) -> None:
    check_kept(NAME, shape)


def test_an_article_in_a_folder_comes_back(tmp_path: Path) -> None:
    article = {"id": "a/b c#1", "text": "a\r\nb\ufeff"}
    assert written(NAME, [article], tmp_path) == []
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")) == [
        "a/b c#1.jsonld",
        "a/b c#1.txt",
    ]
    (found,) = read(NAME, tmp_path)
    assert found.article is not None
    assert (found.article["id"], found.article["text"]) == (article["id"], article["text"])


def test_what_gets_lost_is_counted(tmp_path: Path) -> None:
    attributes = [{"id": "A1", "name": "n", "value": ""}]
    spans_ = [{"start": 0, "end": 1, "text": "a"}]
    entity = {"id": "T", "type": "X", "spans": spans_, "attributes": attributes, "own": 5}
    article = {"id": "a", "text": "a", "entities": [entity], "extra": 1, "metadata": {"desk": "x"}}
    lost = {said.what: said.count for said in written(NAME, [article], tmp_path) if not isinstance(said, Finding)}
    assert lost == {
        "empty values of attributes": 1, "ids of attributes": 1, "entities: own": 1, "extra": 1,
        "metadata that have no name in ninjs": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["../a", "a\\b"])
def test_an_id_that_leaves_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (said,) = written(NAME, [{"id": name, "text": "a"}], folder)
    assert isinstance(said, Finding)
    assert said.code == "IO010"
    assert list(tmp_path.rglob("*.*")) == []


def test_written_collections_keep_to_the_model(tmp_path: Path) -> None:
    """What the model says MUST be there is there (3.1, 3.2.4, 4.2.4, 4.2.5, 5.1, 5.2)."""
    written(NAME, samples(), tmp_path)
    for path in tmp_path.rglob("*.jsonld"):
        collection = json.loads(path.read_bytes())
        assert collection["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
        assert collection["type"] == "AnnotationCollection"
        page = collection["first"]
        assert (page["type"], collection["total"]) == ("AnnotationPage", len(page["items"]))
        ids = [each["id"] for each in page["items"]]
        assert len(set(ids)) == len(ids)
        text = path.with_suffix(".txt").read_bytes().decode()
        for each in page["items"]:
            assert each["type"] == "Annotation"
            targets = each["target"] if isinstance(each["target"], list) else [each["target"]]
            for target in targets:
                selectors = target.get("selector", []) if isinstance(target, dict) else []
                for selector in selectors[:1]:
                    position, quotation = selectors
                    start, end = position["start"], position["end"]
                    assert selector is position
                    assert text[start:end] == quotation["exact"]
                    assert text[:start].endswith(quotation.get("prefix", ""))
                    assert text[end:].startswith(quotation.get("suffix", ""))


VALID = json.dumps([
    note(at(0, 4, "Mara"), [tag("PER"), tag("x", "commenting")], creator={"id": "a", "name": "b"}),
    {"id": "#r", "type": "Annotation", "motivation": "linking", "body": tag("r"), "target": ["#T1", {"id": "#T1"}]},
]).encode()  # fmt: skip
PIECES = (b"", b"\0", b"\xff", b'"', b"null", b"[", b"{", b"-1", b"99999999999999999999", b"true", b"5", b"#T1", b"[]")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damage_makes_findings_only(data: st.DataObject) -> None:
    broken = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 4))):
        at_ = data.draw(st.integers(0, len(broken) - 1))
        broken[at_ : at_ + data.draw(st.integers(0, 6))] = data.draw(st.sampled_from(PIECES))
    text = data.draw(st.sampled_from([TEXT, None]))
    for found in parse(data.draw(st.one_of(st.binary(max_size=200), st.just(bytes(broken)))), text):
        assert found.article is not None or found.findings
        assert all(place[0] >= 1 for place in found.places.values())


KEYS = (
    "id", "type", "body", "target", "source", "selector", "value", "purpose", "exact", "start", "end", "refinedBy",
    "items", "creator", "name", "motivation", "ct:layer", "ct:role", "ct:name", "generator", "first", "bodyValue",
)  # fmt: skip
WORDS = (
    "#T1", "Annotation", "TextPositionSelector", "TextQuoteSelector", "linking", "Mara", "words", "labels", "coverage",
    "notes", "http://[", "urn:corpus-tool", "AnnotationCollection",
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=200, deadline=None)
@given(annotation=st.dictionaries(st.sampled_from(KEYS), VALUES), head=st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_values_of_any_type_make_findings_only(annotation: dict[str, Any], head: dict[str, Any]) -> None:
    page = {**head, "type": "AnnotationPage", "items": [{**annotation, "type": "Annotation"}]}
    for found in parse(page):
        assert found.article is not None or found.findings


@pytest.mark.parametrize(
    ("head", "expected"),
    [(b'{"@context": "http://www.w3.org/ns/anno.jsonld", "target": "x"}', True), (b'{"target": "x"}', False)],
)
def test_signs(head: bytes, expected: bool) -> None:
    about = formats.about(NAME)
    assert about is not None
    assert about.looks_like is not None
    assert about.looks_like("x.json", head) is expected
