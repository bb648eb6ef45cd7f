"""Every fix that a rule of bytes, schema, text, spans, references or labels offers mends what it says, and no more."""

from __future__ import annotations

import copy
import hashlib
import json
from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.blocks import Block, Chunk
from corpus_tool.contract import Contract, load_contract
from corpus_tool.findings import ABSENT, Finding, Fix
from corpus_tool.layers import EACH
from corpus_tool.rules import all_rules
from corpus_tool.rules.example import annotator, broken, edited, entity, span
from corpus_tool.validate import Checker
from corpus_tool.vocabulary import steps
from tests.rules.tables import article, example_contract, under

FAMILIES = ("IO", "SCH", "TXT", "SPN", "REF", "LBL")
CATALOGUE = {
    "IO004": "safe", "IO005": "unsafe", "IO006": "safe",
    "SCH105": "safe unsafe",
    "TXT201": "unsafe", "TXT202": "unsafe", "TXT204": "safe", "TXT205": "unsafe", "TXT207": "unsafe",
    "TXT208": "safe unsafe",
    "SPN302": "unsafe", "SPN303": "unsafe", "SPN304": "safe unsafe", "SPN305": "safe", "SPN306": "unsafe", "SPN307": "unsafe",
    "SPN308": "safe", "SPN310": "safe", "SPN315": "unsafe",
    "REF401": "unsafe", "REF402": "unsafe", "REF406": "unsafe",
    "LBL501": "safe", "LBL503": "safe", "LBL507": "safe",
}  # fmt: skip
OWN_NULL = "SCH105"
"""Its safe fix is for a property that an own schema does not let be null: the packaged one lets all but layers."""

RULES = {code: rule for code, rule in all_rules().items() if code.rstrip("0123456789") in FAMILIES}
EXAMPLES = [
    (code, number, bad) for code, rule in RULES.items() for number, bad in enumerate(rule.bad) if bad.raw is None
]
NAMES = [f"{code}-{number}" for code, number, _ in EXAMPLES]


CHECKER = Checker(example_contract(), frozenset(all_rules()))
PLAIN = Checker(under(None), frozenset(all_rules()))


def findings(value: Any, checker: Checker = CHECKER) -> list[Finding]:
    data = json.dumps(value).encode()
    return checker(Block(0, (Chunk("a.json", whole=True, data=data, size=len(data)),))).findings


def only(code: str, value: Any, checker: Checker = CHECKER) -> Finding:
    (finding,) = [finding for finding in findings(value, checker) if finding.code == code]
    return finding


def applied(fix: Fix, value: Any, checker: Checker = CHECKER) -> Any:
    """The article after a fix, worked out the plain way: parents first, from the last element to the first."""
    made = copy.deepcopy(value)
    places = []
    for edit in fix.edits:
        *above, last = steps(edit.pointer)
        parent = made
        for step in above:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        step = int(last) if isinstance(parent, list) else last
        assert parent[step] == edit.old
        assert edit.new != edit.old
        places.append((parent, step, edit.new))
    for parent, step, new in sorted(places, key=lambda place: (isinstance(place[1], int), place[1]), reverse=True):
        if new is ABSENT:
            del parent[step]
        else:
            parent[step] = new
    return rewritten(fix, made, checker.contract) if fix.text else made


def rewritten(fix: Fix, made: Any, contract: Contract) -> Any:
    """Every character by itself: what it becomes, and from there where each offset goes."""
    old = made[contract.text]
    becomes = list(old)
    for piece in fix.text:
        end = piece.start + len(piece.old)
        assert old[piece.start : end] == piece.old != piece.new
        becomes[piece.start : end] = [piece.new, *[""] * (len(piece.old) - 1)]
    offsets = [0, *accumulate(len(part) for part in becomes)]
    made[contract.text] = new = "".join(becomes)
    for layer in contract.layers:
        for place in layer.spans:
            for one in reached(made.get(layer.name, []), (EACH, *place.path)):
                one[place.start], one[place.end] = offsets[one[place.start]], offsets[one[place.end]]
                if one.get(place.surface) is not None:
                    one[place.surface] = new[one[place.start] : one[place.end]]
    if "text_sha256" in made:
        made["text_sha256"] = hashlib.sha256(new.encode()).hexdigest()
    return made


def reached(value: Any, path: tuple[str, ...]) -> list[Any]:
    if value is None or not path:
        return [] if value is None else [value]
    parts = value if path[0] == EACH else [value.get(path[0])]
    return [found for part in parts for found in reached(part, path[1:])]


def meant(value: Any) -> dict[str, tuple[Any, Any]]:
    """By annotation: the surfaces it states, and the characters of the text it covers, white space aside."""
    found = {}
    for layer in example_contract().layers:
        for item in value.get(layer.name) or ():
            spans = [one for place in layer.spans for one in reached(item, place.path)]
            covered = {
                at
                for one in spans
                for at in range(one["start"], one["end"])
                if not value["text"][at : at + 1].isspace()
            }
            found[f"{layer.name} {item.get('id')}"] = sorted(one["text"] for one in spans), covered
    return found


@pytest.mark.parametrize(("code", "number", "bad"), EXAMPLES, ids=NAMES)
def test_a_fix_heals_and_does_no_harm(code: str, number: int, bad: Any) -> None:
    value = broken(bad)
    before = findings(value)
    for finding in before:
        if finding.code != code or finding.fix is None:
            continue
        fix, mended = finding.fix, applied(finding.fix, value)
        counts, after = Counter(one.code for one in before), Counter(one.code for one in findings(mended))
        assert after[code] < counts[code], fix
        assert after <= counts or code == "SCH105", fix  # what refers to a null layer is looked at once it is gone
        assert 10 < len(fix.description) < 200
        assert fix.safety in RULES[code].fixes
        if fix.safety == "safe":
            assert harmless(value, mended, code), fix


def harmless(value: Any, mended: Any, code: str) -> bool:
    """Whether all annotations are there as they were, but for exact duplicates."""
    old, new = meant(value), meant(mended)
    gone = old.keys() - new.keys()
    same = all(old[name][0] == new[name][0] or old[name][1] == new[name][1] for name in new)
    twice = code == "SPN310" and len(gone) == 1 and list(old.values()).count(old[next(iter(gone))]) > 1
    return value["text"] == mended["text"] and same and (not gone or twice)


@pytest.mark.parametrize("code", RULES)
def test_fixes_are_those_of_the_catalogue(code: str) -> None:
    assert RULES[code].fixes == tuple(CATALOGUE.get(code, "").split())


@pytest.mark.parametrize("code", [code for code in CATALOGUE if code != OWN_NULL])
def test_every_kind_of_fix_has_an_example(code: str) -> None:
    values = [bad.raw or json.dumps(broken(bad)).encode() for bad in RULES[code].bad]
    blocks = [Block(0, (Chunk("a.jsonl", data=data, size=len(data)),)) for data in values]
    found = [one for block in blocks for one in Checker(example_contract(), frozenset([code]))(block).findings]
    assert {one.fix.safety for one in found if one.fix} == set(RULES[code].fixes)


def with_text(text: str, *entities: tuple[Any, ...], **more: Any) -> dict[str, Any]:
    return article(text, *entities, text_sha256=hashlib.sha256(text.encode()).hexdigest(), **more)


REWRITES = [
    pytest.param("IO005", with_text("a\r\nb\rc\nd", ("X", 0, 4), ("Y", 5, 6)), "a\nb\nc\nd", ["a\nb", "c"], id="line ends"),
    pytest.param("TXT201", with_text("cafe\u0301 e\u0301 \u1112\u1161\u11ab x", ("X", 0, 5), ("Y", 13, 14)),
                 "caf\u00e9 \u00e9 \ud55c x", ["caf\u00e9", "x"], id="normal form"),
    pytest.param("TXT201", with_text("\u0301a \u0958 q\u0307\u0323", ("X", 2, 3)), "\u0301a \u0915\u093c q\u0323\u0307", [" "], id="orders"),
    pytest.param("TXT202", with_text("\ufeffa\u200bb\x0cc\u202ed", ("X", 1, 4), ("Y", 7, 8)), "ab\ncd", ["ab", "d"], id="unseen"),
    pytest.param("TXT207", with_text("<p>One</p><p>two</p> &amp; <b>three</b>", ("X", 24, 25), ("Y", 13, 16)), "One\n\ntwo & three",
                 [], id="html"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "text", "surfaces"), REWRITES)
def test_a_text_is_rewritten(code: str, value: Any, text: str, surfaces: list[str]) -> None:
    fix = only(code, value, PLAIN).fix
    if not surfaces:  # a span begins inside of `&amp;`
        assert fix is None
        value["entities"] = value["entities"][1:]
        fix = only(code, value, PLAIN).fix
        surfaces = ["two"]
    assert fix is not None
    made = applied(fix, value, PLAIN)
    assert made["text"] == text
    assert [one["spans"][0]["text"] for one in made["entities"]] == surfaces
    assert not {one.code for one in findings(made, PLAIN)} & {code, "TXT205", "SPN301", "SPN304"}


def moved(code: str, value: Any, spans: Any) -> Any:
    return pytest.param(code, value, spans, id=f"{code}-{json.dumps(spans)}")


def one_span(text: str, start: int, end: int, surface: str | None = None, **more: Any) -> dict[str, Any]:
    made = article(text, ("X", start, end), **more)
    if surface is not None:
        made["entities"][0]["spans"][0]["text"] = surface
    return made


@pytest.mark.parametrize(("code", "value", "spans"), [
    moved("SPN302", one_span("abc def", 7, 4, "def"), [(4, 7, "def")]),
    moved("SPN302", one_span("abc def", 7, 4, "abc"), None),
    moved("SPN302", one_span("abc def", 9, 4, "def"), None),
    moved("SPN303", one_span("abc", 3, 3, "abc"), None),
    moved("SPN304", one_span("A cat sat.", 3, 6, "cat"), [(2, 5, "cat")]),
    moved("SPN304", one_span("A cat, a cat.", 3, 6, "cat"), [(2, 5, "cat")]),
    moved("SPN304", one_span("cat a cat", 3, 6, "cat"), None),
    moved("SPN304", one_span("A cat." + " " * 400 + "A cat.", 207, 210, "cat"), None),
    moved("SPN304", one_span("A cat, a cat.", 3, 6, "cat", tokens=[{"id": "K1", "spans": [{"start": 2, "end": 5, "text": "cat"}]}]),
          [(2, 5, "cat")]),
    moved("SPN304", one_span("A cat sat.", 2, 5, "dog"), None),
    moved("SPN304", one_span("Mara Quill sat.", 0, 10, "Mara Quil"), [(0, 9, "Mara Quil")]),
    moved("SPN304", one_span("Mara Quill sat.", 0, 10, "mara quill"), [(0, 10, "Mara Quill")]),
    moved("SPN306", one_span("x e\u0301 \U0001f469\u200d\U0001f467!", 3, 7, None), [(2, 8, "e\u0301 \U0001f469\u200d\U0001f467")]),
    moved("SPN307", one_span("universities", 0, 11), [(0, 12, "universities")]),
    moved("SPN307", one_span("x" * 500, 0, 11), None),
    moved("SPN307", one_span("don't, cannot", 9, 13, tokens=[{"id": "K1", "spans": [{"start": 7, "end": 10, "text": "can"}]}]),
          [(7, 13, "cannot")]),
    moved("SPN315", one_span('- "Ana", said', 0, 8), [(2, 7, '"Ana"')]),
    moved("SPN315", one_span("Ana ... Bo", 4, 7), None),
    moved("SPN315", one_span("," * 40 + "a,", 0, 42), None),
])  # fmt: skip
def test_a_span_is_moved(code: str, value: Any, spans: list[tuple[int, int, str]] | None) -> None:
    fix = next(one.fix for one in findings(value, PLAIN) if one.code == code)
    assert (fix is None) is (spans is None)
    if fix is not None:
        (found,) = applied(fix, value, PLAIN)["entities"]
        assert [tuple(piece.values()) for piece in found["spans"]] == spans


@pytest.mark.parametrize(("label", "moves"), [("X", False), ("Y", True)], ids=["same label", "another label"])
def test_the_nearest_occurrence_is_not_taken_from_another(label: str, *, moves: bool) -> None:
    value = article("A cat, a cat.", ("X", 2, 5), (label, 2, 5))
    value["entities"][0]["spans"][0] |= {"start": 3, "end": 6}
    fix = next(one.fix for one in findings(value, PLAIN) if one.code == "SPN304")
    assert (fix is not None) is moves
    assert fix is None or "nearest occurrence" in fix.description


def test_one_shift_that_explains_all_surfaces_is_safe() -> None:
    value = article("The cat met a cat and the dog.", ("X", 0, 3), ("X", 4, 7), ("X", 26, 29))
    for item, shift in zip(value["entities"], (0, 2, -3), strict=True):
        item["spans"][0]["start"] += shift
        item["spans"][0]["end"] += shift
    assert [one.fix and one.fix.safety for one in findings(value, PLAIN) if one.code == "SPN304"] == [
        "unsafe",
        "unsafe",
    ]
    value["entities"][1]["spans"][0].update(start=1, end=4)
    fixes = [one.fix for one in findings(value, PLAIN) if one.code == "SPN304"]
    assert [fix and (fix.safety, fix.description) for fix in fixes] == [
        ("safe", "move the span by +3, to 'cat'"), ("safe", "move the span by +3, to 'dog'"),
    ]  # fmt: skip


class TestDuplicates:
    def test_what_names_the_second_names_the_first(self) -> None:
        value = edited({
            "/entities/-": entity("LOC", 23, 34), "/relations/0/arguments/1/ref": "T9",
            "/events/0/arguments/-": {"role": "Agent", "ref": "T9"}, "/quotations/0/cue/-": "T9", "/notes/0/ref": "T9",
        })  # fmt: skip
        fix = only("SPN310", value).fix
        assert fix is not None
        assert fix.safety == "safe"
        made = applied(fix, value)
        assert '"T9"' not in json.dumps(made)
        assert (
            made["relations"][0]["arguments"][1]["ref"]
            == made["notes"][0]["ref"]
            == made["quotations"][0]["cue"][1]
            == "T2"
        )
        assert made["events"][0]["arguments"][1] == {"role": "Agent", "ref": "T2"}

    @pytest.mark.parametrize("more", [
        {"/relations/0/arguments/0/ref": "T9"},
        {"/coreference/0/mentions": ["T2", "T9"]},
        {"/entities/5/confidence": 0.5},
        {"/entities/5/links": [{"db": "gazetteer", "id": "7"}]},
    ], ids=["a relation between them", "a chain of both", "a confidence", "a link"])  # fmt: skip
    def test_nothing_is_lost(self, more: dict[str, Any]) -> None:
        value = edited({"/entities/-": entity("LOC", 23, 34), **more})
        assert only("SPN310", value).fix is None

    def test_other_annotators_are_no_duplicates(self) -> None:
        value = edited({"/provenance/-": annotator("A2"), "/entities/-": {**entity("LOC", 23, 34), "prov": "A2"}})
        assert [one for one in findings(value) if one.code == "SPN310"] == []


class TestFragments:
    def test_a_surface_that_differs_is_not_overwritten(self) -> None:
        value = edited({"/entities/0/spans": [span(5, 10), {**span(0, 4), "text": "Mata"}]})
        assert only("SPN308", value).fix is None

    def test_fragments_keep_their_own_order_of_keys(self) -> None:
        value = edited({"/entities/0/spans": [span(5, 10), {"text": "Mara", "end": 4, "start": 0}]})
        fix = only("SPN308", value).fix
        assert fix is not None
        assert list(fix.edits[0].new[0]) == ["text", "end", "start"]


class TestIds:
    def test_each_gets_another_free_number(self) -> None:
        value = edited({"/entities/1/id": "T1", "/entities/2/id": "T1", "/entities/0/attributes/0/id": "T1",
                        "/sentences/0/id": "P1", "/sentences/1/id": "2", "/sentences/2/id": "2"})  # fmt: skip
        edits = [one.fix.edits[0] for one in findings(value) if one.code == "REF401" and one.fix]
        assert {edit.pointer: edit.new for edit in edits} == {
            "/sentences/0/id": "P3", "/sentences/2/id": "2-1", "/entities/1/id": "T2", "/entities/2/id": "T3",
            "/entities/0/attributes/0/id": "T6",
        }  # fmt: skip

    def test_provenance_has_a_namespace_of_its_own(self) -> None:
        value = edited({"/provenance/-": annotator("A1"), "/entities/4/id": "A2", "/events/0/trigger": "A2"})
        fix = only("REF401", value).fix
        assert fix is not None
        assert fix.edits[0].new == "A2"


class TestReferences:
    @pytest.mark.parametrize(("put", "gone"), [
        ({"/notes/0/ref": "T77"}, "/notes/0/ref"),
        ({"/quotations/0/cue/0": "T77"}, "/quotations/0/cue/0"),
        ({"/events/0/arguments/0/ref": "T77"}, "/events/0/arguments/0"),
        ({"/coreference/0/mentions/-": "T77"}, "/coreference/0/mentions/2"),
        ({"/coreference/0/mentions/1": "T77"}, None),
        ({"/relations/0/arguments/0/ref": "T77"}, None),
        ({"/events/0/trigger": "T77"}, None),
        ({"/entities/0/prov": "A77"}, None),
    ], ids=["property", "element", "argument", "mention", "chain", "relation", "required", "annotator"])  # fmt: skip
    def test_the_least_is_dropped(self, put: dict[str, Any], gone: str | None) -> None:
        fix = only("REF402", edited(put)).fix
        assert (fix and [edit.pointer for edit in fix.edits]) == (gone and [gone])

    def test_a_trigger_that_something_else_names_stays(self) -> None:
        value = edited({"/entities/-": entity("TRIGGER", 74, 80), "/notes/0/ref": "T9"})
        assert only("REF406", value).fix is None


class TestDigests:
    def test_a_digest_is_stated_only_where_every_surface_holds(self) -> None:
        value = edited({"/text_sha256": "0" * 64})
        assert only("TXT205", value).fix is not None
        value["entities"][0]["spans"][0]["text"] = "Mira Quill"
        assert only("TXT205", value).fix is None


OWN = {
    "type": "object", "additionalProperties": False, "required": ["key", "body"],
    "properties": {
        "key": {"type": "string", "x-id": True}, "body": {"type": "string", "x-text": True}, "desk": {"type": "string"},
        "marks": {"type": "array", "x-layer": "entity", "items": {
            "type": "object", "additionalProperties": False, "required": ["von", "bis", "sort"],
            "x-span": {"start": "von", "end": "bis"},
            "properties": {
                "nr": {"type": "string", "x-id": True}, "von": {"type": ["integer", "null"]}, "bis": {"type": ["integer", "null"]},
                "wort": {"type": "string", "x-surface": True}, "sort": {"type": "string", "x-label": True}, "sure": {"type": "number"},
            },
        }},
    },
}  # fmt: skip


class TestOwnShapes:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Checker:
        path = tmp_path / "schema.json"
        path.write_text(json.dumps(OWN))
        return Checker(load_contract(path, None), frozenset(all_rules()))

    def mark(self, start: int | None, end: int | None, **more: Any) -> dict[str, Any]:
        return {"key": "a", "body": "Ana met Bo", "marks": [{"von": start, "bis": end, "sort": "PER", **more}]}

    @pytest.mark.parametrize(("put", "edit", "safety"), [
        ({"desk": None}, "/desk", "safe"), ({"marks": None}, "/marks", "unsafe"), ({"body": None}, None, None),
        ({"marks": [{"von": 0, "bis": 3, "sort": "PER", "sure": None}]}, "/marks/0/sure", "safe"),
        ({"marks": [None]}, None, None),
    ], ids=["property", "layer", "required", "nested", "element"])  # fmt: skip
    def test_null_is_left_out(self, own: Checker, put: Any, edit: str | None, safety: str | None) -> None:
        value = {"key": "a", "body": "Ana met Bo", **put}
        fix = only("SCH105", value, own).fix
        assert (fix and fix.safety, fix and fix.edits[0].pointer) == (safety, edit)
        if fix is not None:
            assert findings(applied(fix, value, own), own) == []

    def test_spans_are_mended_under_their_own_names(self, own: Checker) -> None:
        value = self.mark(8, 11, wort="Bo ")
        value["body"] += " again"
        fix = only("SPN305", value, own).fix
        assert fix is not None
        assert {edit.pointer: edit.new for edit in fix.edits} == {"/marks/0/bis": 10, "/marks/0/wort": "Bo"}

    @pytest.mark.parametrize(("start", "end", "at", "says"), [
        (None, 3, "von", "the span has no start"), (3, None, "bis", "the span has no end"), (None, None, "von", "no start and no end"),
    ])  # fmt: skip
    def test_a_span_without_an_edge_is_one_finding(
        self, own: Checker, start: int | None, end: int | None, at: str, says: str
    ) -> None:
        (finding,) = findings(self.mark(start, end), own)
        assert (finding.code, finding.location.pointer) == ("SPN301", f"/marks/0/{at}")
        assert says in finding.message

    def test_an_annotation_that_is_a_span_is_dropped_whole(self, own: Checker) -> None:
        value = self.mark(3, 3)
        fix = only("SPN303", value, own).fix
        assert fix is not None
        assert applied(fix, value, own)["marks"] == []


def test_what_could_not_be_looked_at_is_counted() -> None:
    value = edited({"/entities/1/spans/0/end": 500, "/notes/0/ref": "T77"})
    data = json.dumps(value).encode()
    summary = CHECKER(Block(0, (Chunk("a.json", whole=True, data=data, size=len(data)),))).summary
    counts = {code: number for code, number in summary.not_checked.items() if code in RULES}
    spans = ("SPN304", "SPN305", "SPN307", "SPN310", "SPN311", "SPN312", "SPN313", "SPN314", "SPN315")
    assert counts == {**dict.fromkeys(spans, 1), "REF403": 1, "REF405": 1}


PIECES = [
    "Ana",
    "Bo",
    " ",
    "\r\n",
    "\r",
    "e\u0301",
    "\ufeff",
    "\u200b",
    "\x0c",
    "&amp;",
    "<b>",
    "</p>",
    "\U0001f469\u200d\U0001f467",
    ",",
    '"',
    "ii",
]
SHIFTS = st.sampled_from([0] * 8 + [-1, 1, 3])


@st.composite
def articles(draw: st.DrawFn) -> dict[str, Any]:
    """An article with odd text, and spans that fit it or nearly do."""
    text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12)))
    made = []
    for number in range(draw(st.integers(0, 4))):
        spans = []
        for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
            start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
            spans.append(
                {"start": max(0, start + draw(SHIFTS)), "end": max(0, end + draw(SHIFTS)), "text": text[start:end]}
            )
        made.append({"id": f"T{draw(st.sampled_from([number, number, 1]))}", "type": "X", "spans": spans})
    chain = {"id": "C1", "mentions": draw(st.lists(st.sampled_from(["T0", "T1", "T2"]), max_size=3))}
    return article(
        text, entities=made, coreference=[chain], text_sha256=draw(st.sampled_from([digest(text), "0" * 64]))
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@settings(max_examples=150, deadline=None)
@given(articles())
def test_any_fix_of_any_article_heals(value: dict[str, Any]) -> None:
    before = [one for one in findings(value, PLAIN) if one.code in RULES]
    for finding in before:
        if finding.fix is None:
            continue
        mended = applied(finding.fix, value, PLAIN)
        after = [one for one in findings(mended, PLAIN) if (one.code, one.message) == (finding.code, finding.message)]
        assert len(after) < sum((one.code, one.message) == (finding.code, finding.message) for one in before)
        if finding.fix.safety == "safe":
            assert mended["text"] == value["text"]
            assert finding.code == "SPN310" or len(mended["entities"]) == len(value["entities"])
        if finding.fix.text:
            assert [len(item["spans"]) for item in mended["entities"]] == [
                len(item["spans"]) for item in value["entities"]
            ]
            assert not {one.code for one in findings(mended, PLAIN)} & {
                "SPN301",
                "SPN302",
                "SPN303",
                "SPN304",
                "TXT205",
            } - {one.code for one in before}


@pytest.mark.parametrize(("code", "value"), [
    ("IO005", with_text("a\r\n" * 10_001)),
    ("IO005", one_span("a\r\nb", 3, 4, "c")),
    ("IO005", one_span("a\r\nb", 3, 9, "b")),
    ("TXT201", one_span("e\u0301a", 0, 1)),
    ("TXT202", one_span("a\u200bb", 1, 2)),
    ("TXT202", with_text("a\ufffdb")),
    ("TXT207", with_text("<script>f()</script> x")),
    ("TXT207", with_text("write &lt;b&gt; for bold")),
    ("TXT207", with_text("&amp;amp;")),
    ("TXT207", with_text("&nosuchthing;")),
], ids=["too many", "another surface", "beyond the text", "cut", "nothing left", "lost", "script", "about html", "twice", "unknown"])  # fmt: skip
def test_a_text_is_left_alone(code: str, value: dict[str, Any]) -> None:
    assert only(code, value, PLAIN).fix is None


def test_a_new_id_keeps_the_contract(tmp_path: Path) -> None:
    schema = copy.deepcopy(OWN)
    schema["properties"]["marks"]["items"]["properties"]["nr"]["pattern"] = "^[A-M]$"
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    checker = Checker(load_contract(tmp_path / "schema.json", None), frozenset(all_rules()))
    marks = [{"nr": "A", "von": start, "bis": start + 3, "sort": "PER"} for start in (0, 4)]
    assert only("REF401", {"key": "a", "body": "Ana met Bo", "marks": marks}, checker).fix is None


def test_fixes_are_made_for_findings_that_are_kept() -> None:
    value = one_span("ab cd ef", 0, 1)
    value["entities"] = [{**value["entities"][0], "id": f"T{number}"} for number in range(5)]
    checker = Checker(PLAIN.contract, frozenset(["SPN307"]), most=2)
    assert [one.fix is not None for one in findings(value, checker)] == [True, True]
