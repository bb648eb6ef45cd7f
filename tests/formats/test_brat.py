from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from corpus_tool.findings import Severity
from corpus_tool.formats.brat import IMPORTER
from corpus_tool.formats.brat.conf import parse
from corpus_tool.inventory import Inventory
from corpus_tool.resources import schema
from tests.formats.brat_pairs import CONF, EVERYTHING, LAYERS, TEXT, article, lines_of, read, source, write


def test_every_kind_of_line_has_its_place() -> None:
    made = article(EVERYTHING, inventory=CONF)
    assert [entity["id"] for entity in made["entities"]] == ["T1", "T2", "T3", "T4"]
    assert made["entities"][0]["attributes"] == [{"id": "M4", "name": "Known"}]
    assert made["entities"][3]["spans"] == [
        {"start": 35, "end": 36, "text": "🚢"},
        {"start": 37, "end": 43, "text": "Ostrow"},
    ]
    assert made["entities"][3]["links"] == [
        {"db": "Register", "id": "SE:55", "text": "Ostrow Limited", "id_in_source": "N1"}
    ]
    assert made["relations"] == [
        {
            "id": "R1",
            "type": "Owns",
            "arguments": [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "T4"}],
            "prov": "brat",
            "attributes": [{"id": "A3", "name": "Legal"}],
        }
    ]
    (event,) = made["events"]
    assert (event["trigger"], [argument["role"] for argument in event["arguments"]]) == ("T2", ["Seller", "Seller2"])
    assert event["attributes"] == [
        {"id": "A1", "name": "Negation"},
        {"id": "A2", "name": "Certainty", "value": "very high"},
    ]
    assert made["coreference"] == [{"id": "C:T1", "type": "identity", "mentions": ["T1", "T3"], "prov": "brat"}]
    (note,) = made["notes"]
    assert (note["ref"], note["text"], note["id_in_source"]) == ("T4", "two pieces,\tone tab", "#1")


def test_article_is_of_the_base_schema() -> None:
    made = article(EVERYTHING, inventory=CONF)
    assert list(Draft202012Validator(schema("article-1")).iter_errors(made)) == []
    assert made["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()


def test_everything_has_the_one_provenance_and_coverage() -> None:
    made = article(EVERYTHING)
    layers = ["entities", "relations", "events", "coreference", "notes"]
    assert made["provenance"] == [
        {"id": "brat", "agent": "unknown", "agent_type": "human", "role": "annotator", "tool": "brat"}
    ]
    assert {annotation["prov"] for layer in layers for annotation in made[layer]} == {"brat"}
    assert made["coverage"] == [{"layer": layer, "prov": "brat", "status": "complete"} for layer in layers]


@pytest.mark.parametrize(
    "text",
    ["\ufeffMara", "a\r\nb\rc\n", "x\u2028y\u0085z", "e\u0301\U0001f6a2", "", "a\0b"],
    ids=["bom", "crlf", "line-separators", "combining-and-astral", "empty", "nul"],
)
def test_text_is_verbatim(text: str, tmp_path: Path) -> None:
    made = article("", text)
    assert made["text"] == text
    files, _ = write([made], tmp_path)
    assert files["news/a.txt"] == text.encode()


@pytest.mark.parametrize(
    ("inventory", "layers"),
    [
        pytest.param(None, {"entities"}, id="no-conf"),
        pytest.param(CONF, {"entities", "relations", "events"}, id="sections"),
        pytest.param(parse("[entities]\nPER\n", "c"), {"entities"}, id="entities-only"),
        pytest.param(
            parse("[relations]\nEquiv Arg1:<ANY>, Arg2:<ANY>\n", "c"),
            {"entities", "relations", "coreference"},
            id="equiv",
        ),
    ],
)
def test_an_empty_ann_gives_the_layers_of_the_inventory(inventory: Inventory | None, layers: set[str]) -> None:
    made = article("", inventory=inventory)
    assert {layer: made[layer] for layer in made.keys() & LAYERS} == {layer: [] for layer in layers}
    assert {record["layer"] for record in made["coverage"]} == layers


@pytest.mark.parametrize("named", ["news/a.ann", "news/a.txt"])
def test_the_pair_is_named_by_either(named: str) -> None:
    (imported,) = IMPORTER.read(source({".ann": b"T1\tPER 0 4\tMara\n", ".txt": b"Mara"}, named), None)
    assert imported.article is not None
    assert (imported.path, len(imported.article["entities"])) == ("news/a.ann", 1)


@pytest.mark.parametrize(
    ("files", "code", "path"),
    [
        pytest.param({".ann": b""}, "IO015", "news/a.ann", id="ann-alone"),
        pytest.param({".txt": b"Mara"}, "IO015", "news/a.txt", id="txt-alone"),
        pytest.param({".txt": b"ok\nM\xff", ".ann": b""}, "IO001", "news/a.txt", id="text-not-utf8"),
        pytest.param({".txt": "Rain".encode("utf-16-be"), ".ann": b""}, "IO001", "news/a.txt", id="text-utf16"),
    ],
)
def test_half_a_pair_is_a_finding(files: dict[str, bytes], code: str, path: str) -> None:
    (imported,) = IMPORTER.read(source(files), None)
    assert imported.article is None
    assert [(f.code, f.severity, f.location.path) for f in imported.findings] == [(code, Severity.ERROR, path)]


def test_a_file_of_another_kind_is_named_as_it_was_given() -> None:
    (imported,) = IMPORTER.read(source({}, "news/b.jsonl"), None)
    assert [(f.code, f.location.path) for f in imported.findings] == [("IO015", "news/b.jsonl")]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        pytest.param("QUOTE\tQ1\t7\t0", 1, id="other-format"),
        pytest.param("ATTRIB\tQ1\tx", 1, id="begins-like-an-attribute"),
        pytest.param("X1\tPER 0 4\tMara", 1, id="unknown-kind"),
        pytest.param("T\tPER 0 4\tMara", 1, id="no-number"),
        pytest.param("T1 PER 0 4 Mara", 16, id="no-tab"),
        pytest.param("T1\tPER 0 4", 11, id="no-text"),
        pytest.param("T1\tPER\tMara", 4, id="no-offsets"),
        pytest.param("T1\tPER 0 4;x 6\tMara", 12, id="bad-fragment"),
        pytest.param("T1\tPER 0 99999999999999999999\tMara", 8, id="huge-offset"),
        pytest.param("T1\tPER ٠ ٤\tMara", 8, id="other-digits"),
        pytest.param("R1\tOwns T1 T2", 9, id="relation-without-roles"),
        pytest.param("E1\tSale", 4, id="event-without-trigger"),
        pytest.param("A1\tNegation", 4, id="attribute-of-nothing"),
        pytest.param("N1\tReference T1 wikidata", 17, id="entry-without-database"),
        pytest.param("*\t", 3, id="empty-equivalence"),
        pytest.param("#1\t\tnote", 4, id="note-without-type"),
    ],
)
def test_an_unreadable_line_is_left_out_and_said_so(line: str, column: int) -> None:
    imported = read(f"T9\tPER 0 4\tMara\n\n{line}\n")
    (finding,) = imported.findings
    at = finding.location
    assert (finding.code, finding.name, finding.severity) == ("IO009", "line-is-readable", Severity.ERROR)
    assert (at.path, at.line, at.column, at.article) == ("news/a.ann", 3, column, "news/a")
    assert imported.article is not None
    assert [entity["id"] for entity in imported.article["entities"]] == ["T9"]


def test_a_line_that_is_not_utf8_does_not_hide_the_others() -> None:
    imported = read(b"T1\tPER 0 4\tMara\nT2\tPER 0 4\tM\xff\nT3\tPER 0 4\tMara\n")
    assert [(f.code, f.location.line, f.location.column) for f in imported.findings] == [("IO009", 2, 13)]
    assert imported.article is not None
    assert [entity["id"] for entity in imported.article["entities"]] == ["T1", "T3"]


def test_without_a_readable_line_there_is_no_article() -> None:
    imported = read("QUOTE\tQ1\t7\nQUOTE\tQ2\t8\n")
    assert imported.article is None
    assert len(imported.findings) == 2


@pytest.mark.parametrize(
    "ann",
    [
        pytest.param("T1\tPER 9 4\tMara\n", id="start-after-end"),
        pytest.param("T1\tPER 0 900\tMara\n", id="outside-the-text"),
        pytest.param("T1\tPER -3 4\tMara\n", id="negative"),
        pytest.param("T1\tPER 0 4\tMira\n", id="other-text"),
        pytest.param("T1\tPER 0 4\tMara\nT1\tPER 5 9\tLind\n", id="duplicate-id"),
        pytest.param("R1\tOwns Arg1:T7 Arg2:T8\n*\tEquiv T1\nE1\tSale:T9\n#1\tAnnotatorNotes T5\tx\n", id="dangling"),
    ],
)
def test_what_the_article_shows_is_left_to_the_rules(ann: str, tmp_path: Path) -> None:
    imported = read(ann)
    assert imported.findings == ()
    assert imported.article is not None
    assert lines_of(imported.article, tmp_path) == ann.split("\n")[:-1]


@pytest.mark.parametrize(
    ("ann", "text", "texts", "severity"),
    [
        pytest.param("T1\tX 0 2;3 5\tab cd", "ab cd", ["ab", "cd"], None, id="joined-by-a-space"),
        pytest.param("T1\tX 0 2;3 5\tabcd", "ab cd", ["ab", "cd"], Severity.WARNING, id="joined-without"),
        pytest.param("T1\tX 0 2;3 5\tab-cd", "ab cd", ["ab", "cd"], Severity.ERROR, id="joined-by-something-else"),
        pytest.param("T1\tX 0 2;3 5\tab ce", "ab cd", ["ab", "ce"], None, id="last-fragment-differs"),
        pytest.param("T1\tX 0 2;3 5\tax cd", "ab cd", ["ax", "cd"], None, id="first-fragment-differs"),
        pytest.param("T1\tX 0 5\tab cd", "ab\ncd", ["ab\ncd"], None, id="line-break-is-a-space"),
        pytest.param("T1\tX 0 6\tab  cd", "ab\r\ncd", ["ab\r\ncd"], None, id="crlf-is-two-spaces"),
        pytest.param("T1\tX 0 3\tab \r", "ab\rc", ["ab\r"], None, id="ends-in-a-carriage-return"),
        pytest.param("T1\tX 0 3\ta\tb", "a\tb", ["a\tb"], None, id="tab"),
        pytest.param("T1\tX 0 3\ta\u2028b", "a\u2028b", ["a\u2028b"], None, id="line-separator"),
        pytest.param("T1\tX 0 3\tacb", "abc", ["acb"], None, id="stored-as-it-is"),
        pytest.param("T1\tX 1 9\tbc", "abc", ["bc"], None, id="outside"),
    ],
)
def test_text_of_a_line_against_its_slices(ann: str, text: str, texts: list[str], severity: Severity | None) -> None:
    imported = read(ann + "\n", text)
    assert imported.article is not None
    assert [span["text"] for span in imported.article["entities"][0]["spans"]] == texts
    assert [f.severity for f in imported.findings] == ([] if severity is None else [severity])
    for finding in imported.findings:
        at = finding.location
        assert (finding.code, at.line, at.pointer, at.annotation) == ("SPN304", 1, "/entities/0", "T1")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("A1\tNegation T9", "REF402", id="attribute-of-nothing"),
        pytest.param("A1\tNegation #1", "REF402", id="attribute-of-a-note"),
        pytest.param("N1\tReference T9 db:1\tx", "REF402", id="link-of-nothing"),
        pytest.param("N1\tReference R1 db:1\tx", "REF403", id="link-of-a-relation"),
        pytest.param("N1\tSynonym T1 db:1\tx", "IO009", id="other-normalization"),
        pytest.param("R2\tOwns Arg1:T1 Arg2:T1\tmore", "IO009", id="surplus-field"),
    ],
)
def test_what_has_no_place_in_the_article_is_a_finding(line: str, code: str) -> None:
    imported = read(f"T1\tPER 0 4\tMara\nR1\tOwns Arg1:T1 Arg2:T1\n#1\tAnnotatorNotes T1\tx\n{line}\n")
    assert [(f.code, f.location.line) for f in imported.findings] == [(code, 4)]


def test_attributes_may_stand_before_what_they_name() -> None:
    made = article("A1\tNegation T1\nT1\tPER 0 4\tMara\n")
    assert made["entities"][0]["attributes"] == [{"id": "A1", "name": "Negation"}]


def test_chains_keep_their_ids_when_others_are_added() -> None:
    before = article("*\tEquiv T1 T2\n*\tAlias T3 T4\n")["coreference"]
    after = article("*\tEquiv T8 T9\n*\tEquiv T1 T2 T5\n*\tAlias T3 T4\n*\tEquiv T1 T7\n")["coreference"]
    assert [chain["id"] for chain in before] == ["C:T1", "C:Alias:T3"]
    assert [chain["id"] for chain in after] == ["C:T8", "C:T1", "C:Alias:T3", "C:T1.2"]
    assert before[1]["type"] == "Alias"


def test_carriage_returns_of_the_ann_are_line_breaks() -> None:
    plain, windows = article(EVERYTHING), article(EVERYTHING.replace("\n", "\r\n"))
    assert plain == windows


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/entities/3", (4, 1)),
        ("/entities/3/spans/0", (4, 8)),
        ("/entities/3/spans/1", (4, 14)),
        ("/entities/3/spans/1/text", (4, 20)),
        ("/relations/0/arguments/1", (5, 17)),
        ("/coreference/0/mentions/1", (6, 12)),
        ("/events/0/trigger", (7, 4)),
        ("/events/0/arguments/1", (7, 22)),
        ("/events/0/attributes/1", (9, 1)),
        ("/relations/0/attributes/0", (10, 1)),
        ("/notes/0", (12, 1)),
        ("/entities/3/links/0", (13, 1)),
    ],
)
def test_places(pointer: str, place: tuple[int, int]) -> None:
    assert read(EVERYTHING).places[pointer] == place


@settings(max_examples=150, deadline=None, database=None)
@given(st.lists(st.text(st.sampled_from("TREAMN#*19 \t:;-xé\r"), max_size=16), max_size=6))
def test_no_line_stops_the_importer(lines: list[str]) -> None:
    imported = read("\n".join(lines))
    left_out = sum(finding.severity is Severity.ERROR for finding in imported.findings)
    assert left_out <= sum(bool(line.strip()) for line in lines)
    assert imported.article is None or imported.article["text"] == TEXT
