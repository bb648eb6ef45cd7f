"""Offsets that have slipped: one finding, and a fix that brings every surface back that is still in the text."""

from __future__ import annotations

import copy
import re
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import article, checked, under
from tests.rules.test_fixes import applied

PLAIN = under(None)
CODES = "TXT204 TXT208 SPN301 SPN302 SPN304"
TEXT = 'Mara Quill sailed at nine.\nShe came to Port Ellery.\n\n"The tide waits," she said.\nNobody was there.\nMara slept.'
ACCENTS = (
    "Zo\u00eb met Andr\u00e9 in K\u00f6ln. \u00c9lise Ros\u00e9 was late, and Andr\u00e9 left \u00c9lise in Li\u00e8ge."
)


def annotated(text: str, *, sentences: bool = True, words: bool = True) -> dict[str, Any]:
    """An article with its words, sentences, and spans that state no surface."""

    def layer(name: str, pattern: str) -> list[dict[str, Any]]:
        return [
            {"id": f"{name}{number}", "spans": [{"start": match.start(), "end": match.end(), "text": match.group()}]}
            for number, match in enumerate(re.finditer(pattern, text))
        ]

    made = article(text)
    made["tokens"] = layer("K", r"[\w\u0300-\u036f]+|[^\w\s]") if words else []
    made["sentences"] = layer("S", r"[^\n\r]+") if sentences else []
    return made


def edited(made: dict[str, Any], text: str) -> dict[str, Any]:
    return {**copy.deepcopy(made), "text": text}


def spans_of(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for layer in ("tokens", "sentences", "entities") for item in made[layer] for one in item["spans"]]


def unmatched(made: dict[str, Any]) -> list[str]:
    return [one["text"] for one in spans_of(made) if made["text"][one["start"] : one["end"]] != one["text"]]


@pytest.mark.parametrize(("before", "after", "says", "left"), [
    (TEXT, TEXT.replace("Port", "the Port"), "by +4 from 39 on; that explains all", 1),
    (TEXT, TEXT.replace("\n\n", "\n"), "by -1 from ", 0),
    (TEXT, "\ufeff" + TEXT, "by +1 from 0 on; that explains all", 0),
    ("\ufeff" + TEXT, TEXT, "by -1 from ", 2),
    (TEXT, TEXT.replace("sailed ", "").replace("Nobody", "But nobody"), "by -7 from 18 on, by ", 4),
    (TEXT, TEXT.replace("\n", "\r\n"), 'offsets count a line break as one character, where the text has two ("\\r\\n")', 0),
    (TEXT.replace("\n", "\r\n"), TEXT, "offsets count a line break as two characters", 0),
    (ACCENTS, unicodedata.normalize("NFD", ACCENTS), "offsets count the text in normal form C", 0),
    (unicodedata.normalize("NFD", ACCENTS), ACCENTS, "offsets count the text in normal form D", 0),
    (TEXT + "x" * 3, TEXT.replace("Quill", "Q" + "u" * 300 + "ill") + "x" * 3, "by +299 from ", 2),
], ids=["put in", "taken out", "mark added", "mark dropped", "several", "crlf", "lf", "nfd", "nfc", "far"])  # fmt: skip
def test_a_slip_is_one_finding_with_a_fix(before: str, after: str, says: str, left: int) -> None:
    made = edited(annotated(before), after)
    (finding,) = checked(made, contract=PLAIN, codes=CODES)
    code, at, message, fix = finding
    assert (code, at) == ("TXT208", "")
    assert says in message
    assert f"{len(unmatched(made)):,} surfaces that do not match" in message
    assert fix is not None
    assert fix.safety == ("safe" if "line break" in says else "unsafe")
    assert len(unmatched(applied(fix, made))) == left


def test_a_surface_that_holds_a_line_end_is_restated() -> None:
    made = annotated(TEXT)
    made["entities"] = [{"id": "T1", "type": "X", "spans": [{"start": 0, "end": 39, "text": TEXT[:39]}]}]
    made["text"] = TEXT.replace("\n", "\r\n")
    (finding,) = checked(made, contract=PLAIN, codes=CODES)
    assert finding[0] == "TXT208"
    assert finding[3] is not None
    assert finding[3].safety == "unsafe"
    assert unmatched(applied(finding[3], made)) == []


@pytest.mark.parametrize("code", ["SPN301", "SPN304"])
def test_every_line_end_of_a_few_names(code: str) -> None:
    """Names alone, each with a shift of its own, are explained by line ends."""
    made = annotated(TEXT, sentences=False, words=False)
    names = ["Mara", "Port", "tide", "Nobody", "slept"]
    made["entities"] = [
        {"id": name, "type": "X", "spans": [{"start": (at := TEXT.index(name)), "end": at + len(name), "text": name}]}
        for name in names
    ]
    found = checked(edited(made, TEXT.replace("\n", "\r\n")), contract=PLAIN, codes=f"TXT208 {code}")
    assert [one[0] for one in found] == ["TXT208"]


def test_spans_without_a_surface_move_along() -> None:
    made = annotated(TEXT)
    at = TEXT.index("tide")
    made["entities"] = [{"id": "T1", "type": "X", "spans": [{"start": at, "end": at + 4}]}]
    made["text"] = f"{TEXT[:26]} {TEXT[26:]}"
    (finding,) = checked(made, contract=PLAIN, codes=CODES)
    assert finding[3] is not None
    assert applied(finding[3], made)["entities"][0]["spans"] == [{"start": at + 1, "end": at + 5}]


def test_spans_beyond_the_end_are_a_consequence() -> None:
    made = edited(annotated(TEXT), TEXT[5:])
    (finding,) = checked(made, contract=PLAIN, codes=CODES)
    assert "by -5 from " in finding[2]


def one_wrong(made: dict[str, Any]) -> None:
    made["tokens"][3]["spans"][0]["start"] += 1
    made["tokens"][3]["spans"][0]["end"] += 1


def two_of_a_kind(made: dict[str, Any]) -> None:
    made["text"] = made["text"].replace("at nine", "at  nine")
    made["tokens"][0]["spans"][0]["text"] = "Maro"


def other_length(made: dict[str, Any]) -> None:
    made["text"] = made["text"].replace("at nine", "at  nine")
    made["tokens"][0]["spans"][0]["text"] = "Mar"


def other_words(made: dict[str, Any]) -> None:
    made["text"] = "Something else altogether, with none of these words."


def little(made: dict[str, Any]) -> None:
    made["tokens"], made["sentences"] = made["tokens"][:2], []
    made["text"] = " " + made["text"]


@pytest.mark.parametrize("break_", [one_wrong, two_of_a_kind, other_length, other_words, little])
def test_what_does_not_explain_every_surface_is_left_to_each(break_: Any) -> None:
    made = annotated(TEXT)
    break_(made)
    codes = {one[0] for one in checked(made, contract=PLAIN, codes=CODES)}
    assert "TXT208" not in codes
    assert "SPN304" in codes


EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 6), st.sampled_from(["", " ", "x", "\n", "\u00e9\U0001f600", "some words "])), min_size=1, max_size=4)  # fmt: skip
WORDS = st.lists(st.sampled_from(["Mara", "the", "a", "tide", "\U0001f600", "Zo\u00eb", "of", "harbour", "."]), min_size=20, max_size=80)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(WORDS, EDITS)
def test_what_survived_comes_back(words: list[str], edits: list[tuple[int, int, str]]) -> None:
    before = " ".join(words)
    made = annotated(before, sentences=False)
    text, touched = before, len(before) + 1
    for place, gone, new in edits:  # each before the one made last, so that places are those of the text before
        at = place % (touched or 1)
        rest = at + min(gone, max(touched - at - 1, 0))
        text, touched = text[:at] + new + text[rest:], at
    value = edited(made, text)
    found = checked(value, contract=PLAIN, codes=CODES)
    fixes = [fix for code, _, _, fix in found if code == "TXT208"]
    assert {code for code, *_ in found} <= ({"TXT208"} if fixes else {"SPN301", "SPN304", "TXT204"})
    if fixes:
        assert len(found) == 1
        assert fixes[0] is not None
        mended = applied(fixes[0], value)
        assert len(unmatched(mended)) < len(unmatched(value))
        places = [(one["start"], one["end"]) for one in spans_of(mended)]
        assert all(0 <= start <= end <= len(text) for start, end in places)
        assert [start for start, _ in places] == sorted(start for start, _ in places)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.sampled_from(["", "x", "yy ", "\n", "\U0001f600"]), st.integers(0, 5))
def test_one_edit_tears_no_more_than_what_holds_it(at: int, new: str, gone: int) -> None:
    made = annotated(TEXT)
    after = TEXT[:at] + new + TEXT[at + gone :]
    value = edited(made, after)
    found = checked(value, contract=PLAIN, codes=CODES)
    if [code for code, *_ in found] != ["TXT208"]:
        moved = [one for one in spans_of(made) if one["start"] >= at + gone]
        assert len(new) == min(gone, len(TEXT) - at) or len(moved) < 5
        return
    fix = found[0][3]
    assert fix is not None
    whole = [one for one in spans_of(made) if one["end"] <= at or one["start"] >= at + gone]
    back = spans_of(applied(fix, value))
    assert sum(after[one["start"] : one["end"]] == one["text"] for one in back) >= len(whole)


@pytest.mark.parametrize(("letters", "surface"), [("a", "b"), ("a", "a"), ("ab", "ba"), ("a" * 50 + "b", "b")], ids=["none", "all", "two", "few"])  # fmt: skip
def test_a_hostile_article_takes_no_time(letters: str, surface: str) -> None:
    size = 1_000_000
    text = (letters * size)[:size]
    made = article(text)
    starts = range(0, size - 50, size // 20_000)
    made["entities"] = [
        {"id": f"T{at}", "type": "X", "spans": [{"start": at, "end": at + len(surface), "text": surface}]}
        for at in starts
    ]
    made["entities"][0]["spans"][0]["text"] = "c" * len(surface)
    begun = time.process_time()
    without = checked(article(text), contract=PLAIN, codes="TXT208")
    checked(made, contract=PLAIN, codes="TXT208")
    assert without == []
    assert time.process_time() - begun < 5
