from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.findings import Severity
from corpus_tool.formats import Article, Imported, Source
from corpus_tool.formats.fidelity import items
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers import from_article
from corpus_tool.formats.webanno import ABOUT, IMPORTER, cells
from corpus_tool.formats.webanno.escapes import escape_text, escape_value, parts, unescape_text, unescape_value
from corpus_tool.formats.webanno.writing import write_lines
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, there_and_back, written
from tests.generated import Shape

SPAN = "webanno.custom.Span"
NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
HEAD = "#FORMAT=WebAnno TSV 3.3\n"
ENTITIES = f"{HEAD}#T_SP={NAMED_ENTITY}|identifier|value\n\n\n"


def imported(content: str | bytes) -> Imported:
    data = content.encode() if isinstance(content, str) else content
    (found,) = IMPORTER.read(Source("a.tsv", "a", lambda _: data), None)
    return found


def article(content: str | bytes) -> Article:
    """The article of a source in which nothing is wrong."""
    found = imported(content)
    assert found.findings == ()
    assert found.article is not None
    return found.article


def again(made: Article) -> str:
    lost = Tally()
    lines = "".join(f"{line}\n" for line in write_lines(from_article(made, lost), lost))
    assert list(lost) == []
    return lines


def spans(made: Article, layer: str = "entities") -> list[tuple[Any, ...]]:
    return [(one.get("type"), *((piece["start"], piece["end"]) for piece in one["spans"])) for one in made[layer]]


# --- a table of small sources -----------------------------------------------------------------------------------------

ROWS = {
    "an entity of two tokens": (
        "#Text=Mara Quill sailed\n"
        "1-1\t0-4\tMara\t*[1]\tPER[1]\t\n1-2\t5-10\tQuill\t*[1]\tPER[1]\t\n1-3\t11-17\tsailed\t_\t_\t\n",
        [("PER", (0, 10))],
    ),
    "stacked, and one across sentences": (
        "#Text=Mara\n1-1\t0-4\tMara\t*[1]|*[2]\tPER[1]|ORG[2]\t\n\n#Text=Quill\n2-1\t5-10\tQuill\t*[2]\tORG[2]\t\n",
        [("PER", (0, 4)), ("ORG", (0, 10))],
    ),
    "a part of a token, and no width": (
        "#Text=Mara\n1-1\t0-4\tMara\t_\t_\t\n1-1.1\t1-3\tar\t*\tMID\t\n1-1.2\t4-4\t\t*\tEND\t\n",
        [("MID", (1, 3)), ("END", (4, 4))],
    ),
    "a value that needs escapes": (
        "#Text=Mara\n1-1\t0-4\tMara\t*\ta\\|b\\_\\[1\\]\\->\\;\\t\\n\\*\\\\\t\n",
        [("a|b_[1]->;\t\n*\\", (0, 4))],
    ),
    "an escaped backslash before a separator": (
        "#Text=Mara\n1-1\t0-4\tMara\t*[1]|*[2]\tA\\\\[1]|B[2]\t\n",
        [("A\\", (0, 4)), ("B", (0, 4))],
    ),
    "a value that is missing in the stack of another column": (
        "#Text=Mara\n1-1\t0-4\tMara\tQ1[2]\tPER[1]|ORG[2]\t\n",
        [("PER", (0, 4)), ("ORG", (0, 4))],
    ),
    "offsets behind an emoji": (
        "#Text=😊 Mara\n1-1\t0-2\t😊\t_\t_\t\n1-2\t3-7\tMara\t*\tPER\t\n",
        [("PER", (2, 6))],
    ),
    "an unset label": ("#Text=Mara\n1-1\t0-4\tMara\t*\t*\t\n", [(NAMED_ENTITY, (0, 4))]),
}


@pytest.mark.parametrize(("rows", "expected"), ROWS.values(), ids=ROWS)
def test_reads_spans(rows: str, expected: list[tuple[Any, ...]]) -> None:
    assert sorted(spans(article(ENTITIES + rows))) == sorted(expected)


VALUES = st.sampled_from(
    ["_", "_", "*[1]", "A[1]", "A[1]|B[2]", "B[2]|A[1]", "B[2]|B[2]", "*[3]|C", "C", "*", "", "D[0]", "_[4]"]
)
ARROWS = st.tuples(st.just("_"), st.just("_")) | st.sampled_from(
    [("coref", "1-1[2_1]"), ("*", "1-2"), ("x|y", "1-1[1_2]|1-3")]
)


@given(st.lists(st.tuples(VALUES, VALUES, ARROWS), min_size=2, max_size=8))
@settings(max_examples=300, deadline=None)
def test_cells_that_come_again_are_read_as_if_for_the_first_time(drawn: list[tuple[str, str, tuple[str, str]]]) -> None:
    header = (
        f"{HEAD}#T_SP={SPAN}|kind|value\n#T_RL=webanno.custom.Arrow|type|BT_{SPAN}\n\n\n#Text={'x ' * len(drawn)}\n"
    )
    rows = [
        f"1-{number + 1}\t{2 * number}-{2 * number + 1}\tx\t{kind}\t{value}\t{arrow}\t{source}\t\n"
        for number, (kind, value, (arrow, source)) in enumerate(drawn)
    ]
    found = imported(header + "".join(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "_is_numbered", lambda *_: False)
        assert found == imported(header + "".join(rows))


def test_a_number_tells_which_of_the_stack_a_value_is_of() -> None:
    made = article(ENTITIES + ROWS["a value that is missing in the stack of another column"][0])
    assert {one["type"]: one.get("links") for one in made["entities"]} == {
        "PER": None, "ORG": [{"db": "kb", "id": "Q1"}],
    }  # fmt: skip


TEXTS = {
    "a line break and spaces between sentences": ("#Text=a\n1-1\t0-1\ta\t\n\n#Text=b\n2-1\t4-5\tb\t\n", "a\n  b"),
    "nothing between sentences": ("#Text=a\n1-1\t0-1\ta\t\n\n#Text=b\n2-1\t1-2\tb\t\n", "ab"),
    "a sentence of two lines": ("#Text=a\n#Text=b\n1-1\t0-1\ta\t\n1-2\t2-3\tb\t\n", "a\nb"),
    "escapes": ("#Text=a\\tb\\rc\\\\d\\f\n1-1\t0-1\ta\t\n", "a\tb\rc\\d\f"),
    "spaces before the first token": ("#Text=a\n1-1\t2-3\ta\t\n", "  a"),
    "no text": ("1-1\t1-2\ta\t\n1-2\t4-5\tb\t\n", " a  b"),
    "lines that end in CRLF": ("#Text=a\r\n1-1\t0-1\ta\t\r\n", "a"),
    "U+2028 and U+0085 part nothing": ("#Text=a\u2028b\u0085c\n1-1\t0-5\ta\u2028b\u0085c\t\n", "a\u2028b\u0085c"),
}


@pytest.mark.parametrize(("rows", "text"), TEXTS.values(), ids=TEXTS)
def test_rebuilds_the_text(rows: str, text: str) -> None:
    found = imported(f"{HEAD}\n\n{rows}").article
    assert found is not None
    assert found["text"] == text


def test_the_escapes_of_versions_to_3_1_are_those_of_java() -> None:
    found = article("#FORMAT=WebAnno TSV 3.1\n\n\n#Text=K\\u00e4se \\ud83d\\ude0a\\t.\n1-1\t0-4\tKäse\t\n")
    assert found["text"] == "Käse 😊\t."


def test_a_byte_order_mark_shifts_nothing() -> None:
    assert article(b"\xef\xbb\xbf" + (HEAD + "\n\n#Text=a\n1-1\t0-1\ta\t\n").encode())["text"] == "a"


def test_ids_of_sentences_are_kept() -> None:
    made = article(f"{HEAD}\n\n#Sentence.id=s-1\n#Text=a\n1-1\t0-1\ta\t\n")
    assert [one["id"] for one in made["sentences"]] == ["s-1"]


def test_words_are_what_dkpro_says_of_tokens() -> None:
    package = "de.tudarmstadt.ukp.dkpro.core.api."
    source = (
        f"{HEAD}#T_SP={package}lexmorph.type.morph.MorphologicalFeatures|value\n"
        f"#T_SP={package}lexmorph.type.pos.POS|PosValue|coarseValue\n"
        f"#T_SP={package}segmentation.type.Lemma|value\n"
        f"#T_RL={package}syntax.type.dependency.Dependency|DependencyType|flavor|BT_{package}lexmorph.type.pos.POS\n\n\n"
        "#Text=Mara sailed\n"
        "1-1\t0-4\tMara\tNumber=Sing\tNNP\tPROPN\tMara\tnsubj|nsubj:x\t*|enhanced\t1-2|1-2\t\n"
        "1-2\t5-11\tsailed\t_\tVBD\tV\tsail\troot\tbasic\t1-2\t\n"
    ).replace("=Sing", "=Sing")
    made = article(source)
    first, second = made["words"]
    assert first == {
        "id": first["id"], "token": made["tokens"][0]["id"], "form": "Mara", "lemma": "Mara", "upos": "PROPN",
        "xpos": "NNP", "feats": [{"name": "Number", "value": "Sing"}], "head": second["id"], "deprel": "nsubj",
        "deps": [{"head": second["id"], "rel": "nsubj:x"}],
    }  # fmt: skip
    assert {name: second.get(name) for name in ("head", "deprel", "upos", "misc")} == {
        "head": None, "deprel": "root", "upos": None,
        "misc": [{"name": "coarseValue", "value": "V"}, {"name": "flavor", "value": "basic"}],
    }  # fmt: skip
    assert again(made) == source


def test_an_empty_layer_was_annotated() -> None:
    made = article(f"{HEAD}#T_SP={NAMED_ENTITY}|identifier|value\n\n\n#Text=a\n1-1\t0-1\ta\t_\t_\t\n")
    assert made["entities"] == []
    assert "relations" not in made


# --- units ------------------------------------------------------------------------------------------------------------

UNITS = {
    "code points": "#Text=😊 Mara\n1-1\t0-1\t😊\t_\t_\t\n1-2\t2-6\tMara\t*\tPER\t\n\n#Text=b\n2-1\t7-8\tb\t_\t_\t\n",
    "UTF-8 bytes": "#Text=😊 Mara\n1-1\t0-4\t😊\t_\t_\t\n1-2\t5-9\tMara\t*\tPER\t\n\n#Text=b\n2-1\t10-11\tb\t_\t_\t\n",
}


@pytest.mark.parametrize(("unit", "rows"), UNITS.items(), ids=UNITS)
def test_the_unit_that_explains_every_token_is_found(unit: str, rows: str) -> None:
    found = imported(ENTITIES + rows)
    assert [(one.code, one.severity) for one in found.findings] == [("IO017", Severity.WARNING)]
    assert unit in found.findings[0].message
    assert found.article is not None
    assert found.article["text"] == "😊 Mara\nb"
    assert spans(found.article) == [("PER", (2, 6))]


# --- what is wrong with a source --------------------------------------------------------------------------------------

WRONG: dict[str, tuple[str | bytes, str, int | None]] = {
    "not UTF-8": (HEAD.encode() + b"\n\n#Text=\xff\n", "IO001", 4),
    "empty": ("", "IO019", 1),
    "no header": ("1-1\t0-1\ta\n", "IO019", 1),
    "version 2": (f" # {NAMED_ENTITY} | value\n#id=1\n#text=a\n1-1\ta\tO\n", "IO019", 1),
    "version 1": ("#id=1\n#text=a\n1\ta\tO\t_\t_\n", "IO019", 1),
    "version 4": ("#FORMAT=WebAnno TSV 4.0\n", "IO019", 1),
    "a line that is none": (f"{HEAD}\n\n#Text=a\n1-1\t0-1\ta\t\nnonsense\n", "IO009", 6),
    "offsets that are none": (f"{HEAD}\n\n#Text=a\n1-1\t1-0\ta\t\n", "IO019", 5),
    "too few cells": (f"{ENTITIES}#Text=a\n1-1\t0-1\ta\t_\n", "IO019", 6),
    "outside the text": (f"{HEAD}\n\n#Text=a\n1-1\t0-1\ta\t\n1-2\t7-8\tb\t\n", "IO018", 6),
    "in a surrogate pair": (f"{HEAD}\n\n#Text=😊\n1-1\t0-2\t😊\t\n1-1.1\t1-2\t?\t\n", "IO018", 6),
    "other words": (f"{HEAD}\n\n#Text=ab\n1-1\t0-2\tab\t\n1-1.1\t0-1\tb\t\n", "IO020", 6),
    "backwards": (f"{HEAD}\n\n#Text=ab\n1-1\t0-2\tab\t\n\n#Text=c\n2-1\t1-2\tc\t\n", "IO019", 8),
    "a gap as wide as the sea": (f"{HEAD}\n\n#Text=a\n1-1\t999999999-1000000000\ta\t\n", "IO019", 5),
    "two lines of a name": (f"{HEAD}\n\n#Text=a b\n1-1\t0-1\ta\t\n1-1\t2-3\tb\t\n", "IO020", 6),
    "a relation to nothing": (
        f"{HEAD}#T_RL=webanno.custom.R|BT_{SPAN}\n\n\n#Text=a\n1-1\t0-1\ta\t9-9\t\n", "IO019", 6,
    ),
    "a slot of nothing": (
        f"{HEAD}#T_SP=x.H|ROLE_x.H:l_x.L|x.T\n\n\n#Text=a\n1-1\t0-1\ta\tr\t1-1[7]\t\n", "IO019", 6,
    ),
    "a link of no chain": (
        f"{HEAD}#T_CH=x.Link|referenceRelation|referenceType\n\n\n#Text=a\n1-1\t0-1\ta\t*\t*[1]\t\n", "IO019", 6,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code", "line"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_a_finding_with_its_place(content: str | bytes, code: str, line: int | None) -> None:
    findings = imported(content).findings
    assert (code, line) in [(one.code, one.location.line) for one in findings]


@pytest.mark.parametrize(
    ("name", "version"), [("version 2", "TSV 2"), ("version 1", "TSV 1"), ("version 4", "TSV 4.0")]
)
def test_other_versions_are_refused_by_name(name: str, version: str) -> None:
    found = imported(WRONG[name][0])
    assert found.article is None
    assert version in found.findings[0].message


def test_comments_are_counted_as_lost() -> None:
    found = imported(f"{HEAD}#Summary=short\n\n\n#Text=a\n1-1\t0-1\ta\t\n")
    assert [(one.what, one.count) for one in found.losses] == [("comments", 1)]


def test_places_are_lines_of_the_file() -> None:
    found = imported(ENTITIES + ROWS["a part of a token, and no width"][0])
    assert {pointer: found.places[pointer] for pointer in ("/tokens/0", "/entities/0", "/entities/1")} == {
        "/tokens/0": (6, 1), "/entities/0": (7, 1), "/entities/1": (8, 1),
    }  # fmt: skip


LOOKS = {
    "its header": (b"#FORMAT=WebAnno TSV 3.2\n", True),
    "a version that is refused": (b" # a.b.C | value\n", True),
    "another TSV": (b"TOKEN\tNE\n", False),
    "CoNLL-U": (b"# newdoc\n", False),
}


@pytest.mark.parametrize(("head", "expected"), LOOKS.values(), ids=LOOKS)
def test_is_told_by_its_header(head: bytes, expected: bool) -> None:
    assert ABOUT.looks_like is not None
    assert ABOUT.looks_like("a.tsv", head) is expected


VALID = (
    f"{HEAD}#T_SP={NAMED_ENTITY}|identifier|value\n#T_SP=x.H|ROLE_x.H:l_x.HLLink|uima.tcas.Annotation\n"
    f"#T_CH=x.Link|referenceRelation|referenceType\n#T_RL=x.R|value|BT_{NAMED_ENTITY}\n\n\n"
    "#Text=😊 Mara sailed\n1-1\t0-2\t😊\t_\t_\tr;s\t1-2[1];1-3.1\t_\t_\t_\t_\t\n"
    "1-2\t3-7\tMara\t*[1]|*[2]\tPER[1]|ORG[2]\t_\t_\t*->1-1\t*[1]\tnear\t1-3.1[0_1]\t\n"
    "1-3\t8-14\tsailed\t_\t_\t_\t_\t_\t_\t_\t_\t\n1-3.1\t8-12\tsail\t*\tACT\t_\t_\tx->1-2\ta[1]\t_\t_\t\n"
)


def test_the_source_that_is_damaged_below_is_whole() -> None:
    assert {layer: len(found) for layer, found in article(VALID).items() if isinstance(found, list)} == {
        "sentences": 1, "tokens": 3, "entities": 6, "relations": 1, "events": 1, "coreference": 1, "provenance": 1,
    }  # fmt: skip


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_is_a_traceback(data: st.DataObject) -> None:
    content = bytearray(VALID.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 12)))
        pieces = [
            b"\t",
            b"|",
            b"[1]",
            b"->",
            b"-",
            b"\\",
            b"_",
            b"*",
            b";",
            b"\n",
            b"#",
            b"9",
            b"\x00",
            b"\xff",
            b"\n\n",
        ]
        content[start:end] = data.draw(st.sampled_from(pieces) | st.binary(max_size=4))
    found = imported(bytes(content))
    assert found.article is not None or found.findings


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_no_bytes_are_a_traceback(content: bytes) -> None:
    assert imported(HEAD.encode() + content) is not None


# --- escapes ----------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_values_come_back(value: str) -> None:
    escaped = escape_value(value)
    assert unescape_value(escaped) == value
    assert parts(f"{escaped}|{escaped}", "|") == [escaped, escaped]
    assert not set(escaped) & {"\t", "\n", "\r"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back(text: str) -> None:
    assert unescape_text(escape_text(text), 3) == text
    assert "\n" not in escape_text(text)


# --- round trips ------------------------------------------------------------------------------------------------------


def test_declares_what_a_round_trip_shows() -> None:
    check_declared("webanno")


@given(SHAPES)
@settings(max_examples=25, deadline=None)
def test_keeps_what_it_declares_to_keep(shape: Shape) -> None:
    check_kept("webanno", shape)


def entity(**more: Any) -> dict[str, Any]:
    return {"id": "T1", "type": "PER", "spans": [{"start": 0, "end": 1, "text": "a"}], **more}


KEPT: dict[str, Article] = {
    "an empty text": {"id": "a", "text": ""},
    "no words": {"id": "a", "text": " \n\t\n"},
    "no words, and layers": {"id": "a", "text": "\n", "sentences": [], "tokens": []},
    "attributes of any name": {"id": "a", "text": "a", "entities": [
        entity(attributes=[{"name": name, "value": "x"} for name in ("value", "identifier", "a b", "_x0041_", "ä|", "1")]),
    ]},
    "an attribute that reads like a confidence": {"id": "a", "text": "a", "entities": [
        entity(attributes=[{"name": "confidence", "value": "0.5"}], confidence=0.25),
    ]},
    "a flag beside another annotation": {"id": "a", "text": "a", "entities": [
        entity(attributes=[{"name": "Named"}]), {**entity(), "id": "T2", "type": "ORG"},
    ]},
    "several links": {"id": "a", "text": "a", "entities": [
        entity(links=[{"db": "wikidata", "id": "Q1"}, {"db": "geo", "id": "7:8"}, {"db": "https://a.example/", "id": "b"}]),
    ]},
    "types that look like layers": {"id": "a", "text": "a", "entities": [entity(type="x.y.Z"), {**entity(), "id": "T2", "type": "a.b"}]},
    "a type of many signs": {"id": "a", "text": "a", "entities": [entity(type="*|_[1]\t\r\n->\\")]},
    "a sentence that begins before its tokens": {
        "id": "a", "text": "“a b”",
        "sentences": [{"id": "S1", "spans": [{"start": 0, "end": 5, "text": "“a b”"}]}],
        "tokens": [{"id": "K1", "spans": [{"start": 1, "end": 2, "text": "a"}]}],
    },
    "tokens outside sentences": {
        "id": "a", "text": "a b c",
        "sentences": [{"id": "S1", "spans": [{"start": 2, "end": 3, "text": "b"}]}],
        "tokens": [{"id": f"K{at}", "spans": [{"start": at, "end": at + 1, "text": "a b c"[at]}]} for at in (0, 2, 4)],
    },
    "a chain of a kind of its own": {"id": "a", "text": "a", "entities": [entity()], "coreference": [
        {"id": "C1", "type": "part of", "mentions": ["T1"]},
    ]},
    "relations of one and of three": {"id": "a", "text": "a", "entities": [entity()], "relations": [
        {"id": "R1", "type": "r", "arguments": [{"role": "A", "ref": "T1"}], "attributes": [{"name": "n", "value": "v"}]},
        {"id": "R2", "type": "x.y", "arguments": [{"role": role, "ref": "T1"} for role in "ABC"]},
    ]},
    "a note on the article": {"id": "a", "text": "a", "notes": [{"id": "N1", "type": "Doubt", "text": "why?"}]},
}  # fmt: skip


@pytest.mark.parametrize("made", KEPT.values(), ids=KEPT)
def test_comes_back(made: Article) -> None:
    (back,) = there_and_back("webanno", [made])
    before, after = items(made), items(back)
    lost = ("ids", "provenance")
    assert {name: before[name] for name in before if name not in lost} == {
        name: after[name] for name in after if name not in lost
    }


LOSSES: dict[str, tuple[Article, str]] = {
    "two words of a token": ({"id": "a", "text": "don't", "tokens": [{"id": "K1", "spans": [{"start": 0, "end": 5, "text": "don't"}]}], "words": [
        {"id": "W1", "token": "K1", "form": "do", "xpos": "V"}, {"id": "W2", "token": "K1", "form": "n't"}]}, "further words of a token"),
    "a relation of nothing": ({"id": "a", "text": "a", "relations": [{"id": "R1", "type": "r"}]}, "relations without an argument"),
    "an entity that no token covers": ({"id": "a", "text": "a  b", "tokens": [
        {"id": "K1", "spans": [{"start": 0, "end": 1, "text": "a"}]}, {"id": "K2", "spans": [{"start": 3, "end": 4, "text": "b"}]}],
        "entities": [{"id": "T1", "type": "GAP", "spans": [{"start": 1, "end": 2, "text": " "}]}]}, "annotations that no token covers"),
    "an edge outside tokens": ({"id": "a", "text": "a ", "entities": [{"id": "T1", "type": "X", "spans": [{"start": 0, "end": 2, "text": "a "}]}]},
        "edges of annotations outside tokens"),
    "a text of a link": ({"id": "a", "text": "a", "entities": [entity(links=[{"db": "wikidata", "id": "Q1", "text": "A"}])]}, "links: text"),
}  # fmt: skip


@pytest.mark.parametrize(("made", "what"), LOSSES.values(), ids=LOSSES)
def test_what_is_lost_is_counted(made: Article, what: str, tmp_path: Path) -> None:
    said = written("webanno", [made], tmp_path)
    assert [getattr(one, "what", one) for one in said] == [what]


def test_an_article_without_a_safe_name_is_refused(tmp_path: Path) -> None:
    said = written("webanno", [{"id": "../a", "text": "a"}, {"id": "b", "text": "\ud800"}], tmp_path)
    assert [getattr(one, "code", one) for one in said] == ["IO010", "IO001"]
    assert list(tmp_path.rglob("*.tsv")) == []


# --- real files -------------------------------------------------------------------------------------------------------


def suite() -> list[Path]:
    return sorted(corpora("webanno-tsv3-suite").glob("*/reference.tsv"))


def test_the_suite_goes_out_as_it_came_in() -> None:
    """Nothing is normalised: all 50 files are equal to the byte."""
    found = suite()
    changed = [file.parent.name for file in found if again(article(file.read_bytes())) != file.read_bytes().decode()]
    assert (len(found), changed) == (50, [])


def gum(kind: str, suffix: str) -> list[Path]:
    return sorted((corpora("gum-news") / kind).glob(f"*{suffix}"))


Mention = tuple[str, int, int]


def conllu(file: Path) -> tuple[list[str], dict[str, list[Mention]]]:
    """Forms and mentions by entity, read from the brackets in `Entity=` and nothing else."""
    forms: list[str] = []
    mentions: dict[str, list[Mention]] = {}
    begun: dict[str, list[tuple[str, int]]] = {}
    for line in file.read_text("utf-8").split("\n"):
        cells = line.split("\t")
        if not cells[0].isdigit():
            continue
        forms.append(cells[1])
        found = re.search(r"(?:^|\|)Entity=([^|]*)", cells[-1])
        for part in re.findall(r"\([^()]+\)?|[^()]+\)", found[1] if found else ""):
            name, *said = part.strip("()").split("-")
            if part.startswith("("):
                begun.setdefault(name, []).append((said[0], len(forms)))
            if part.endswith(")"):
                kind, first = begun[name].pop()
                mentions.setdefault(name, []).append((kind, first, len(forms)))
    return forms, mentions


def clusters(made: Article, mentions: dict[str, Mention], joined: Callable[[str], bool]) -> list[list[Mention]]:
    """Mentions that relations join."""
    parent = {name: name for name in mentions}

    def root(name: str) -> str:
        return name if parent[name] == name else root(parent[name])

    for one in made["relations"]:
        if joined(one["type"]):
            parent[root(one["arguments"][0]["ref"])] = root(one["arguments"][1]["ref"])
    found: dict[str, list[Mention]] = {}
    for name, mention in mentions.items():
        found.setdefault(root(name), []).append(mention)
    return sorted(sorted(own) for own in found.values())


def test_gum_says_the_same_as_its_conllu() -> None:
    counted: Counter[str] = Counter()
    apart = {}
    for tsv, other in zip(gum("webanno-tsv", ".tsv"), gum("conllu", ".conllu"), strict=True):
        made = article(tsv.read_bytes())
        forms, entities = conllu(other)
        firsts = {one["spans"][0]["start"]: number for number, one in enumerate(made["tokens"], start=1)}
        lasts = {one["spans"][0]["end"]: number for number, one in enumerate(made["tokens"], start=1)}
        mentions = {
            one["id"]: (one["type"], firsts[one["spans"][0]["start"]], lasts[one["spans"][0]["end"]])
            for one in made["entities"]
        }
        assert [one["spans"][0]["text"] for one in made["tokens"]] == forms
        assert "".join(made["text"].split()) == "".join("".join(forms).split())
        assert Counter(mentions.values()) == Counter(mention for own in entities.values() for mention in own)
        here = clusters(made, mentions, lambda kind: not kind.startswith("bridge"))
        there = sorted(sorted(own) for own in entities.values())
        if here != there:
            apart[tsv.stem] = len(there) - len(here)
        counted.update(sentences=len(made["sentences"]), tokens=len(forms), mentions=len(mentions), files=1)
    assert counted == {"files": 24, "sentences": 765, "tokens": 17182, "mentions": 5018}
    # One arrow of the TSV joins two entities that the CoNLL-U numbers apart.
    assert apart == {"GUM_news_questionnaire": 1}


def test_gum_comes_back_from_a_file_of_its_own() -> None:
    before = [{**article(file.read_bytes()), "id": file.stem} for file in gum("webanno-tsv", ".tsv")[:4]]
    after = there_and_back("webanno", before)
    assert [items(one) for one in before] == [items(one) for one in after]
