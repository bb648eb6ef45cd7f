from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.excerpts import AROUND
from corpus_tool.findings import Excerpt
from corpus_tool.reporters.width import clusters, is_right_to_left, width
from corpus_tool.reporters.window import COLUMNS, LONGEST, Row, window
from tests.reporters.hostile import LEGACY, SEEN_OR_OBEYED


def around(before: str, covered: str, after: str) -> tuple[Row, ...]:
    return window(Excerpt(len(before), len(before) + len(covered), before, covered, after))


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0), ("Mara", 4), ("é", 1), ("e\u0301", 1), ("港町", 4), ("ｱ", 1), ("Ａ", 2), ("한", 2), ("\u1112\u1161\u11ab", 2), ("ไทย", 3), ("क्ष", 2),
        ("🌞", 2), ("👩‍👩‍👧", 2), ("🏳️‍🌈", 2), ("🇰🇿", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("👍🏽", 2), ("\\u200b", 6), ("…↵⇥␍", 4), ("ع", 1),
    ],
)  # fmt: skip
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("before", "covered", "after", "row", "marks"),
    [
        ("from ", "Port Ellery", ".", "from Port Ellery.", "     ^^^^^^^^^^^"),
        ("", "Mara", "", "Mara", "^^^^"),
        ("a ", "", "b", "a b", "  ^"),
        ("end", "", "", "end", "   ^"),
        ("", "", "", "", "^"),
        ("a\n\n", "b\r\nc", "\td", "a↵↵b␍↵c⇥d", "   ^^^^"),
        ("港町に", "着いた", "。", "港町に着いた。", "      ^^^^^^"),
        ("👩‍👩‍👧 ", "x", " 🇰🇿", "👩‍👩‍👧 x 🇰🇿", "   ^"),
        ("x", "👩‍👩‍👧🌞", "y", "x👩‍👩‍👧🌞y", " ^^^^"),
        ("cafe\u0301 ", "Noe\u0308l", "", "cafe\u0301 Noe\u0308l", "     ^^^^"),
        ("caf", "e", "\u0301 x", "cafe\u0301 x", "   ^"),
        ("👩", "\u200d👧", "x", "👩‍👧x", "^^"),
        ("\u0301a ", "b", "", "◌\u0301a b", "   ^"),
        ("a\u200b", "b\u200b", "c", "a\\u200bb\\u200bc", "       ^^^^^^^"),
        ("\x1b[31m", "red", "\u202e", "\\u001b[31mred\\u202e", "          ^^^"),
        ("##", "[error]x", "", "##\\u005berror]x", "  ^^^^^^^^^^^^^"),
        ("a #", "#[x]", "", "a ##\\u005bx]", "   ^^^^^^^^^"),
        ("a  ", "  ", "  ", "a", "   ^^"),
        ("x\ud800", "y", "\udcff", "x\\ud800y\\udcff", "       ^"),
    ],
    ids=[
        "letters", "all", "no width", "at the end", "nothing", "breaks", "wide", "emoji before", "emoji", "combining", "cuts a mark", "cuts an emoji",
        "a mark alone", "zero width", "escapes", "command", "command across", "spaces", "surrogates",
    ],
)  # fmt: skip
def test_marks_stand_under_the_span(before: str, covered: str, after: str, row: str, marks: str) -> None:
    assert around(before, covered, after) == (Row(row, marks),)


@pytest.mark.parametrize(
    ("before", "covered", "after", "rows"),
    [
        ("وصلت إلى ", "الميناء", " x", (Row("وصلت إلى"), Row("الميناء", "^^^^^^^"), Row(" x"))),
        ("", "שלום", "", (Row("שלום", "^^^^"),)),
        ("אב", "", "ג", (Row("אב"), Row("", "^"), Row("ג"))),
        ("ب", "Mara", "", (Row("ب"), Row("Mara", "^^^^"))),
    ],
)
def test_right_to_left_text_has_the_span_on_its_own_line(before: str, covered: str, after: str, rows: tuple[Row, ...]) -> None:  # fmt: skip
    assert around(before, covered, after) == rows


def test_what_is_too_wide_is_cut_where_the_span_is_not() -> None:
    (row,) = around("港" * 32, "Mara", "町" * 32)
    assert width(row.text) <= COLUMNS
    assert row.text.startswith("…港")
    assert row.text.endswith("町…")
    assert row.text[row.text.index("Mara") :].startswith("Mara町")
    assert len(row.marks) - 4 == width(row.text[: row.text.index("Mara")])


def test_a_span_that_is_too_wide_shows_how_it_begins_and_ends() -> None:
    (row,) = around("x", "一" + "港" * 78 + "二", "y")
    assert row.text.startswith("x一港")
    assert "…" in row.text
    assert row.text.endswith("港二y")
    assert LONGEST - 3 <= row.marks.count("^") <= LONGEST


def test_what_goes_on_is_marked() -> None:
    assert window(Excerpt(12, 16, "from ", "Mara", " to")) == (Row("…from Mara to", "      ^^^^"),)
    (row,) = around("", "Mara", "b" * AROUND)
    assert row.text == "Mara" + "b" * (AROUND - 1) + "…"
    (row,) = around("", "Mara", "b" * (AROUND - 1))
    assert row.text == "Mara" + "b" * (AROUND - 1)


def test_room_that_one_side_does_not_need_goes_to_the_other() -> None:
    (row,) = around("", "Mara", "b" * 80)
    assert row.text == "Mara" + "b" * 79 + "…"


@settings(deadline=None)
@given(*[st.text(max_size=40)] * 3)
def test_of_any_text(before: str, covered: str, after: str) -> None:
    rows = around(before, covered, after)
    (marked,) = [row for row in rows if row.marks]
    shown = "\n".join(row.text for row in rows)
    assert SEEN_OR_OBEYED.findall(shown) == []
    assert LEGACY.findall(shown) == []
    assert set(marked.marks.strip()) == {"^"}
    assert len(rows) == 1 or is_right_to_left(before + covered + after)
    assert all(width(row.text) <= COLUMNS + 12 for row in rows)  # one cluster may be wide by itself


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_clusters_are_all_of_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text
