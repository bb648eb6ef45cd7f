"""Edges of spans, fragments, and spans that overlap."""

from __future__ import annotations

import pytest

from corpus_tool.inventory_files import parse_inventory
from corpus_tool.rules.overlaps import relation
from tests.rules.tables import article, checked, places, under

PLAIN = under(None)


def codes_of(text: str, start: int, end: int, codes: str, **layers) -> list[tuple[str, str]]:
    return [
        (code, at.rsplit("/", 1)[-1])
        for code, at in places(article(text, ("X", start, end), **layers), contract=PLAIN, codes=codes)
    ]


@pytest.mark.parametrize(
    ("text", "start", "end", "point"),
    [
        ("cafe\u0301 x", 0, 4, "end"),
        ("e\u0301a", 1, 3, "start"),
        ("\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea", 0, 1, "end"),
        ("\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea", 0, 3, "end"),
        ("\U0001f469\u200d\U0001f467!", 0, 1, "end"),
        ("\U0001f469\u200d\U0001f467!", 0, 2, "end"),
        ("\U0001f44d\U0001f3fd", 0, 1, "end"),
        ("\u1112\u1161\u11ab", 0, 2, "end"),
        ("a\r\nb", 0, 2, "end"),
        ("\u0e01\u0e33x", 0, 1, "end"),
        ("\u0915\u094d\u0937", 0, 2, "end"),
    ],
    ids=[
        "accent",
        "mark-first",
        "flag",
        "second-flag",
        "family",
        "after-joiner",
        "skin",
        "jamo",
        "crlf",
        "thai-am",
        "conjunct",
    ],
)
def test_edge_inside_a_cluster(text, start, end, point) -> None:
    assert codes_of(text, start, end, "SPN306") == [("SPN306", point)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("cafe\u0301 x", 0, 5),
        ("\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea", 0, 2),
        ("\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea", 2, 4),
        ("\U0001f469\u200d\U0001f467!", 0, 3),
        ("\ud55c\uad6d\uc5b4", 0, 2),
        ("\u201cAnna\u201d", 1, 5),
        ("a\nb\r\nc", 0, 2),
        ("\u0410\u043d\u043d\u0430", 0, 2),
    ],
    ids=["accent", "flag", "second-flag", "family", "syllables", "quotes", "lf", "cyrillic"],
)
def test_edge_between_clusters(text, start, end) -> None:
    assert codes_of(text, start, end, "SPN306") == []


@pytest.mark.parametrize("offset", [301, 302, 998, 999])
def test_flags_are_counted_from_where_their_run_begins(offset) -> None:
    inside = offset % 2 == 0
    assert codes_of("x" + "\U0001f1eb" * 1000, 0, offset, "SPN306") == ([("SPN306", "end")] if inside else [])


def test_clusters_are_looked_at_in_tokens_of_wide_articles_only_where_they_are() -> None:
    wide = article("e\u0301a", tokens=[{"id": "K1", "spans": [{"start": 0, "end": 1, "text": "e"}]}])
    plain = article("ea", tokens=[{"id": "K1", "spans": [{"start": 0, "end": 1, "text": "e"}]}])
    assert places(plain, wide, contract=PLAIN, codes="SPN306") == [("SPN306", "/tokens/0/spans/0/end")]


@pytest.mark.parametrize(
    ("text", "start", "end", "points"),
    [
        ("universities", 0, 11, ["end"]),
        ("universities", 1, 12, ["start"]),
        ("Ab1c", 0, 3, ["end"]),
        ("\u0410\u043d\u043d\u0430", 0, 3, ["end"]),
        ("e\u0301a", 2, 3, ["start"]),
        ("Kazakhstan's", 0, 10, []),
        ("l'Europe", 2, 8, []),
        ("don\u2019t", 0, 3, []),
        ("ex-Soviet", 3, 9, []),
        ("\u6771\u4eac\u90fd\u5185", 0, 3, []),
        ("\u30bf\u30ef\u30fc\u3067", 0, 3, []),
        ("\u0e01\u0e23\u0e38\u0e07\u0e40\u0e17\u0e1e", 0, 4, []),
        ("\uc11c\uc6b8\uc5d0\uc11c", 0, 2, []),
        ("NATO\u5317", 0, 4, []),
        ("a\u2014b", 0, 1, []),
        ("\U00010330\U00010331", 0, 1, ["end"]),
    ],
    ids=["end", "start", "digit", "cyrillic", "mark", "possessive", "elision", "apostrophe", "hyphen", "han", "kana", "thai", "hangul",
         "latin-han", "dash", "beyond-bmp"],
)  # fmt: skip
def test_edge_inside_a_word(text, start, end, points) -> None:
    assert codes_of(text, start, end, "SPN307") == [("SPN307", point) for point in points]


def test_a_token_edge_makes_it_right() -> None:
    tokens = [
        {"id": "K1", "spans": [{"start": 0, "end": 2, "text": "do"}]},
        {"id": "K2", "spans": [{"start": 2, "end": 5, "text": "n't"}]},
    ]
    assert codes_of("don't", 0, 2, "SPN307", tokens=tokens) == []
    assert codes_of("don't", 0, 2, "SPN307") == [("SPN307", "end")]


@pytest.mark.parametrize(
    ("text", "start", "end", "new"),
    [
        ("a b c", 1, 4, {"start": 2, "end": 3, "text": "b"}),
        ("a\u00a0b", 1, 3, {"start": 2, "text": "b"}),
        ("ab\u3000", 0, 3, {"end": 2, "text": "ab"}),
        ("a \n\t", 1, 4, None),
    ],
    ids=["both", "no-break", "ideographic", "nothing-else"],
)
def test_white_space_is_trimmed(text, start, end, new) -> None:
    ((_, at, _, fix),) = checked(article(text, ("X", start, end)), contract=PLAIN, codes="SPN305")
    assert at == "/entities/0/spans/0"
    assert (None if fix is None else {edit.pointer.rsplit("/", 1)[1]: edit.new for edit in fix.edits}) == new


def test_white_space_in_tokens() -> None:
    made = article("a b", tokens=[{"id": "K1", "spans": [{"start": 0, "end": 2, "text": "a "}]}])
    assert places(made, contract=PLAIN, codes="SPN305") == [("SPN305", "/tokens/0/spans/0")]


@pytest.mark.parametrize(
    ("edges", "new"),
    [
        ((4, 7, 0, 3), [(0, 3), (4, 7)]),
        ((0, 3, 3, 7), [(0, 7)]),
        ((0, 5, 2, 7), [(0, 7)]),
        ((0, 7, 2, 3), [(0, 7)]),
        ((0, 3, 4, 7, 3, 4), [(0, 7)]),
    ],
    ids=["unsorted", "touching", "overlapping", "inside", "three"],
)
def test_fragments_are_sorted_and_merged(edges, new) -> None:
    text = "abc def ghi"
    made = article(text, ("X", *edges), ("Y", 8, 11))
    ((_, _, _, fix),) = checked(made, contract=PLAIN, codes="SPN308")
    (edit,) = fix.edits
    assert edit.pointer == "/entities/0/spans"
    assert edit.old == made["entities"][0]["spans"]
    assert edit.new == [{"start": low, "end": high, "text": text[low:high]} for low, high in new]


def test_a_fragment_that_stands_twice_is_told_so() -> None:
    made = article("abc def", ("X", 0, 3, 0, 3))
    ((_, at, message, fix),) = checked(made, contract=PLAIN, codes="SPN308")
    assert (at, message) == ("/entities/0/spans/1", "the fragment [0, 3) stands twice: drop one")
    assert fix is not None


def test_edges_of_long_spans_are_told_where_there_is_no_room_for_all_of_each() -> None:
    """So many spans cover so much that the table has the edges only: messages and fixes look at the text."""
    text = "abc, " * 1800
    size = len(text)
    spans = [{"start": number % 5, "end": size - number % 3} for number in range(2500)]
    made = {
        "id": "a",
        "text": text,
        "entities": [{"id": f"T{n}", "type": "X", "spans": [one]} for n, one in enumerate(spans)],
    }
    found = checked(made, contract=PLAIN, codes="SPN305 SPN315")
    alone = [checked({**made, "entities": made["entities"][n : n + 1]}, contract=PLAIN, codes="SPN305 SPN315")
             for n in range(15)]  # fmt: skip
    of_each = [[hit for hit in found if hit[1].split("/")[2] == str(number)] for number in range(15)]
    assert [[(code, message) for code, _, message, _ in some] for some in of_each] == [
        [(code, message) for code, _, message, _ in some] for some in alone
    ]
    fixes = {code: fix for code, at, _, fix in found if at.startswith("/entities/0/")}
    assert {code: [edit.new for edit in fix.edits] for code, fix in fixes.items() if fix} == {"SPN305": [size - 1]}


def test_fragments_in_order_are_fine_and_annotations_apart() -> None:
    assert places(article("abc def", ("X", 4, 7), ("Y", 0, 3), ("Z", 0, 2, 4, 6)), contract=PLAIN, codes="SPN308") == []


@pytest.mark.parametrize(
    ("covered", "after", "right"),
    [
        ("Rome.", "", False), ("Rome,", " x", False), (",Rome", "", False), ("...", "", False), ("OSCE)", "", False),
        ("(OSCE", "", False), ('"Rome', "", False), ('Rome"', "", False), ("\u201cRome", "", False), ("Rome\u2014", "", False),
        ("Rome;", "", False), ("**Rome", "", False), ("Rome!", " They", False),
        ('"These are,"', "", True), ("\u201cYes.\u201d", "", True), ("\u00abYes\u00bb", "", True), ("(OSCE)", "", True), ('"Big" Dave', "", True),
        ("Bank (OSCE)", "", True), ("a.m.", "", True), ("Acme Inc.", " They", True), ("U.S.", "", True), ("J.", "", True), ("Jan.", "", True),
        ("5%", "", True), ("$5", "", True), ("-5", "", True), ("#tag", "", True), ("@name", "", True), ("'90s", "", True),
        ("workers'", "", True), ("Yahoo!", " said", True), (".gov", "", True), ("C++", "", True), ("\u300e\u672c\u300f", "", True),
    ],
)  # fmt: skip
def test_punctuation_at_the_edges(covered, after, right) -> None:
    found = codes_of(f"{covered}{after}", 0, len(covered), "SPN315")
    assert (found == []) is right


def test_punctuation_is_no_matter_in_structure() -> None:
    span = [{"start": 0, "end": 3, "text": "Yes"}, {"start": 3, "end": 4, "text": "."}]
    layers = {
        "tokens": [{"id": "K1", "spans": span[1:]}],
        "sentences": [{"id": "S1", "spans": [{"start": 0, "end": 4, "text": "Yes."}]}],
    }
    assert places(article("Yes.", **layers), contract=PLAIN, codes="SPN315") == []


@pytest.mark.parametrize(
    ("outer", "inner", "how"),
    [
        (((0, 3), (8, 9)), ((4, 6),), (None, False)),
        (((0, 3), (8, 9)), ((1, 2),), ("nested", False)),
        (((0, 3), (8, 9)), ((0, 3), (8, 9)), ("equal", False)),
        (((0, 9),), ((0, 3), (8, 9)), ("nested", False)),
        (((0, 3), (8, 9)), ((0, 9),), ("nested", True)),
        (((0, 3), (8, 9)), ((2, 5),), ("crossing", False)),
    ],
    ids=["gap", "in-fragment", "equal", "around", "inside", "crossing"],
)
def test_relation_of_fragments(outer, inner, how) -> None:
    assert relation(outer, inner) == how


def limits(*overlap: dict[str, object]):
    labels = [{"name": "BIG"}, {"name": "SUB", "parent": "BIG"}, {"name": "ORG"}, {"name": "LOC"}]
    return under(parse_inventory({"inventory": "1.0", "entity": labels, "overlap": list(overlap)}, "test"))


@pytest.mark.parametrize(
    ("overlap", "entities", "codes"),
    [
        ([], [("ORG", 0, 7), ("LOC", 4, 7)], ["SPN312"]),
        ([{"how": ["nested"], "inner": ["LOC"], "outer": ["ORG"]}], [("ORG", 0, 7), ("LOC", 4, 7)], []),
        ([{"how": ["nested"], "inner": ["LOC"], "outer": ["ORG"]}], [("LOC", 0, 7), ("ORG", 4, 7)], ["SPN312"]),
        ([{"how": ["nested"], "inner": ["BIG"]}], [("ORG", 0, 7), ("SUB", 4, 7)], []),
        ([{"how": ["nested"]}], [("ORG", 0, 7), ("ORG", 0, 3)], []),
        ([], [("ORG", 0, 7), ("LOC", 0, 7)], ["SPN311"]),
        ([], [("ORG", 0, 7), ("ORG", 0, 7)], []),
        ([{"how": ["equal"], "inner": ["LOC"], "outer": ["ORG"]}], [("LOC", 0, 7), ("ORG", 0, 7)], []),
        ([], [("ORG", 0, 7), ("LOC", 4, 11)], ["SPN313"]),
        ([{"how": ["crossing"], "inner": ["LOC"], "outer": ["ORG"]}], [("ORG", 0, 7), ("LOC", 4, 11)], []),
        ([], [("ORG", 0, 3, 8, 11), ("LOC", 4, 7)], []),
        ([], [("ORG", 0, 3, 8, 11), ("LOC", 0, 3)], ["SPN312"]),
        ([], [("ORG", 0, 3, 8, 11), ("LOC", 2, 7)], ["SPN313"]),
        ([], [("ORG", 0, 3), ("LOC", 3, 7)], []),
        ([], [("ORG", 0, 11), ("LOC", 0, 3), ("LOC", 4, 7), ("BIG", 5, 9)], ["SPN312", "SPN312", "SPN312", "SPN313"]),
    ],
    ids=["nested", "licensed", "other-way", "child-label", "any", "equal", "equal-same-label", "equal-licensed", "crossing",
         "crossing-licensed", "gap", "in-fragment", "crosses-fragment", "touching", "several"],
)  # fmt: skip
def test_overlaps(overlap, entities, codes) -> None:
    found = places(article("abc def ghi", *entities), contract=limits(*overlap), codes="SPN311 SPN312 SPN313")
    assert sorted(code for code, _ in found) == codes


def test_overlaps_hold_within_one_provenance_and_one_article() -> None:
    made = article("abc def ghi", ("ORG", 0, 7), ("LOC", 4, 11))
    made["entities"][0]["prov"], made["entities"][1]["prov"] = "A1", "A2"
    apart = [article("abc def ghi", ("ORG", 0, 7)), article("abc def ghi", ("LOC", 4, 11))]
    assert places(made, *apart, contract=limits(), codes="SPN311 SPN312 SPN313") == []


def test_no_limits_where_the_inventory_has_none() -> None:
    made = article("abc def ghi", ("ORG", 0, 7), ("LOC", 4, 11), ("ORG", 4, 11))
    assert places(made, contract=PLAIN, codes="SPN311 SPN312 SPN313") == []


@pytest.mark.parametrize(
    ("second", "twice"),
    [
        ({}, True), ({"type": "LOC"}, False), ({"prov": "A2"}, False), ({"attributes": [{"name": "a"}]}, False),
        ({"spans": [{"start": 0, "end": 2, "text": "ab"}, {"start": 4, "end": 7, "text": "def"}]}, False),
    ],
    ids=["same", "label", "annotator", "attributes", "fragments"],
)  # fmt: skip
def test_duplicates(second, twice) -> None:
    made = article("abc def", ("ORG", 0, 3, 4, 7), ("ORG", 0, 3, 4, 7))
    made["entities"][1].update(second)
    assert places(made, contract=PLAIN, codes="SPN310") == ([("SPN310", "/entities/1")] if twice else [])


def test_a_third_duplicate_counts() -> None:
    made = article("abc def", ("ORG", 4, 7), ("ORG", 0, 3), ("ORG", 4, 7), ("ORG", 4, 7))
    assert places(made, contract=PLAIN, codes="SPN310") == [("SPN310", "/entities/2"), ("SPN310", "/entities/3")]


@pytest.mark.parametrize(
    ("start", "end", "text", "crossing"),
    [(2, 7, "A b. C d.", True), (0, 4, "A b. C d.", False), (0, 9, "A b. C d.", True), (0, 9, '"A. C d."', False)],
    ids=["across", "inside", "all", "quoted"],
)
def test_sentence_edges(start, end, text, crossing) -> None:
    halves = [
        {"id": "S1", "spans": [{"start": 0, "end": 4, "text": text[:4]}]},
        {"id": "S2", "spans": [{"start": 5, "end": 9, "text": text[5:]}]},
    ]
    found = places(article(text, ("X", start, end), sentences=halves), contract=PLAIN, codes="SPN314")
    assert (found == [("SPN314", "/entities/0")]) is crossing


def test_spans_that_do_not_fit_are_left_to_their_own_rules() -> None:
    made = article("abc def", ("ORG", 0, 3), ("ORG", 0, 3))
    made["entities"][1]["spans"][0].update(start=5, end=2)
    made["entities"].append({"id": "T3", "type": "ORG", "spans": [{"start": -4, "end": -1, "text": "def"}]})
    made["entities"].append({"id": "T4", "type": "ORG", "spans": [{"start": 4, "end": 9, "text": "def"}]})
    assert places(made, contract=PLAIN) == [
        ("SPN302", "/entities/1/spans/0"), ("SPN301", "/entities/2/spans/0/start"), ("SPN301", "/entities/3/spans/0/end"),
    ]  # fmt: skip
