"""What texts are made of, units of offsets, and passages."""

from __future__ import annotations

import hashlib

import pytest

from tests.rules.tables import article, checked, places, under

PLAIN = under(None)


def found(text: str, codes: str) -> list[str]:
    return [message for _, _, message, _ in checked(article(text), contract=PLAIN, codes=codes)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\r\nb\r\n", "2 CRLF line ends, the first at character 1"),
        ("a\rb", "1 carriage return, the first at character 1"),
        ("a\nb\r\nc\rd", "2 carriage returns, the first at character 3"),
    ],
    ids=["crlf", "cr", "mixed"],
)
def test_carriage_returns(text, says) -> None:
    assert says in found(text, "IO005")[0]


@pytest.mark.parametrize("text", ["a\nb", "a\u2028b", "a\u0085b", ""], ids=["lf", "u2028", "nel", "none"])
def test_other_line_ends_are_no_carriage_returns(text) -> None:
    assert found(text, "IO005") == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("cafe\u0301", 3),
        ("\u212b", 0),
        ("a \u1112\u1161\u11ab", 2),
        ("q\u0323\u0307 q\u0307\u0323", 5),
        ("caf\u00e9 e\u0301", 5),
    ],
    ids=["accent", "angstrom", "jamo", "order", "second"],
)
def test_first_difference_from_normal_form_c(text, at) -> None:
    assert f"at character {at}, U+{ord(text[at]):04X}" in found(text, "TXT201")[0]


@pytest.mark.parametrize(
    "text",
    ["caf\u00e9", "\ud55c\uad6d", "q\u0323\u0307", "\ufb01"],
    ids=["composed", "hangul", "no-composite", "ligature"],
)
def test_normal_form_c_is_fine(text) -> None:
    assert found(text, "TXT201") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\ufeffab", "begins with a byte order mark"),
        ("a\ufeffb", "has U+FEFF ZERO WIDTH NO-BREAK SPACE at character 1"),
        ("a\x00b\x07", "has U+0000 control character at character 1, and 1 more"),
        ("a\x7f", "U+007F"),
        ("ab\u0085", "has U+0085 control character at character 2"),
        ("a\u200bb", "U+200B ZERO WIDTH SPACE"),
        ("a\u200db", "U+200D ZERO WIDTH JOINER"),
        ("a\u200cb", "U+200C ZERO WIDTH NON-JOINER"),
        ("a\u202eb", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("a\u2066b", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("a\u2060b", "U+2060 WORD JOINER"),
        ("a\ufffdb", "U+FFFD REPLACEMENT CHARACTER"),
        ("a\U000e0041b", "U+E0041"),
        ("\U0001f469\u200d b", "U+200D ZERO WIDTH JOINER at character 1"),
        ("\u0645\u200c b", "U+200C ZERO WIDTH NON-JOINER at character 1"),
    ],
)
def test_unseen_characters(text, says) -> None:
    assert says in found(text, "TXT202")[0]


@pytest.mark.parametrize(
    "text",
    [
        "tab\tand\nlines\r\n",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "\U0001f9d1\U0001f3fd\u200d\U0001f680",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\u0e01\u200b\u0e02",
        "\u2018a\u2019 \u2014 \u00ad\u00a0\u2028",
    ],
    ids=["white-space", "family", "rainbow", "astronaut", "england", "persian", "devanagari", "thai", "punctuation"],
)
def test_characters_that_belong(text) -> None:
    assert found(text, "TXT202") == []


def test_each_article_of_a_block_is_named() -> None:
    block = [article("fine"), article("a\u200bb"), article("caf\u00e9"), article("a\x00")]
    for number, one in enumerate(block):
        one["id"] = str(number)
    assert [message[:30] for _, _, message, _ in checked(*block, contract=PLAIN, codes="TXT202")] == [
        "the text has U+200B ZERO WIDTH", "the text has U+0000 control ch",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0"], ids=["none", "white", "no-break"])
def test_empty_text(text) -> None:
    assert places(article(text), contract=PLAIN, codes="TXT203") == [("TXT203", "")]


def misread(text: str, unit: str, *names: str) -> dict[str, object]:
    """An article whose entities have offsets in another unit."""
    made = article(text, *(("PER", text.index(name), text.index(name) + len(name)) for name in names))
    for entity in made["entities"]:
        for span in entity["spans"]:
            for side in ("start", "end"):
                span[side] = len(text[: span[side]].encode(unit)) // (2 if unit == "utf-16-le" else 1)
    return made


@pytest.mark.parametrize(
    ("unit", "text", "named"),
    [
        ("utf-16-le", "\U0001f60a Rome met \U0001f60a Anna there", "UTF-16 code units"),
        ("utf-8", "Caf\u00e9 Rome met Anna \u2013 there", "UTF-8 bytes"),
    ],
    ids=["utf16", "utf8"],
)
def test_offsets_in_another_unit_are_one_finding_with_a_fix(unit, text, named) -> None:
    made = misread(text, unit, "Rome", "Anna")
    (finding,) = checked(made, contract=PLAIN, codes="TXT204 SPN304 SPN305 SPN307")
    code, at, message, fix = finding
    assert (code, at) == ("TXT204", "")
    assert named in message
    for edit in fix.edits:
        _, _, entity, _, span, side = edit.pointer.split("/")
        place = made["entities"][int(entity)]["spans"][int(span)]
        assert place[side] == edit.old
        place[side] = edit.new
    assert checked(made, contract=PLAIN) == []


def test_offsets_in_grapheme_clusters() -> None:
    text = "cafe\u0301 \U0001f469\u200d\U0001f467 Rome"
    made = article(text)
    made["entities"] = [{"id": "T1", "type": "LOC", "spans": [{"start": 7, "end": 11, "text": "Rome"}]}]
    (finding,) = checked(made, contract=PLAIN, codes="TXT204 SPN304")
    assert "grapheme clusters" in finding[2]
    assert {edit.new for edit in finding[3].edits} == {text.index("Rome"), len(text)}


def test_one_surface_that_no_unit_explains_leaves_all_to_spn304() -> None:
    made = misread("\U0001f60a Rome met \U0001f60a Anna there", "utf-16-le", "Rome", "Anna")
    made["entities"][1]["spans"][0]["text"] = "Hanna"
    assert places(made, contract=PLAIN, codes="TXT204 SPN304") == [
        ("SPN304", "/entities/0/spans/0/text"), ("SPN304", "/entities/1/spans/0/text"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["plain", "caf\u00e9 \U0001f60a", ""], ids=["ascii", "wide", "empty"])
def test_digest_of_the_text(text) -> None:
    right = article(text, text_sha256=hashlib.sha256(text.encode()).hexdigest())
    wrong = article(text, text_sha256=hashlib.sha256(text.encode() + b".").hexdigest())
    assert places(right, wrong, contract=PLAIN, codes="TXT205") == [("TXT205", "")]


def tiled(text: str, *passages: tuple[int, int]) -> dict[str, object]:
    made = [
        {"id": f"P{number}", "type": "paragraph", "spans": [{"start": low, "end": high, "text": text[low:high]}]}
        for number, (low, high) in enumerate(passages)
    ]
    return article(text, passages=made)


@pytest.mark.parametrize(
    ("text", "passages", "at"),
    [
        ("One two", [(0, 3)], ["'two' at character 4"]),
        ("One two", [(4, 7)], ["'One' at character 0"]),
        ("\u00e9 \U0001f60a ab cd", [(0, 3)], ["'ab cd' at character 4"]),
        ("a b c d", [(0, 1), (4, 5)], ["'b' at character 2 lies in no passage, and so does text at 1 more places"]),
        ("---\ntitle: x\n---\nbody rest", [(17, 21)], ["'rest' at character 22"]),
        ("---\nno end\nbody", [(11, 15)], ["'---\\nno end' at character 0"]),
        ("One\n\n[two](x.png)\n", [(0, 3)], ["'[two](x.png)' at character 5"]),
    ],
    ids=["end", "start", "wide", "several", "front-matter", "open-front-matter", "link"],
)
def test_text_outside_passages(text, passages, at) -> None:
    messages = [message for _, _, message, _ in checked(tiled(text, *passages), contract=PLAIN, codes="TXT206")]
    assert len(messages) == len(at)
    assert all(part in message for part, message in zip(at, messages, strict=True))


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("One\n\ntwo\n", [(0, 3), (5, 8)]),
        ("One two", [(0, 7), (4, 7)]),
        ("One two", [(4, 7), (0, 7), (0, 3)]),
        ("---\ntitle: x\n---\n\nbody\n", [(18, 22)]),
        ("\ufeff---\ntitle: x\n---\n\nbody\n", [(19, 23)]),
        ("## One\n\n- two\n\n1. three\n\n<br/>\n", [(3, 6), (10, 13), (18, 23)]),
        ('One\n\n![a [b] c](x_(1).png "d")\n\n![](y.png)\n\n![e][f]\n', [(0, 3)]),
        ("One\n\n[![two](x.png)](https://example.org/y)\n", [(0, 3), (8, 11)]),
        ("One\n\n```python\ntwo\n```\n", [(0, 3), (15, 18)]),
        ("One two", []),
    ],
    ids=[
        "gaps",
        "nested",
        "unsorted",
        "front-matter",
        "front-matter-behind-a-mark",
        "markup",
        "images",
        "linked-image",
        "code",
        "none",
    ],
)
def test_passages_that_tile(text, passages) -> None:
    assert places(tiled(text, *passages), contract=PLAIN, codes="TXT206") == []


def test_passages_that_cross() -> None:
    assert places(tiled("One two three", (0, 7), (4, 13)), contract=PLAIN, codes="TXT206") == [
        ("TXT206", "/passages/1")
    ]


@pytest.mark.parametrize(
    "text", ["a <b>c</b>", "<P class='x'>", "a &amp; b", "&#8217;", "&#x2019;", "<!-- c -->", "x<br/>y"]
)
def test_html(text) -> None:
    assert places(article(text), contract=PLAIN, codes="TXT207") == [("TXT207", "")]


@pytest.mark.parametrize(
    "text",
    ["<https://a.example/b?c=1&d=2>", "<mailto:a@b.example>", "a < b > c", "R&D; AT&T", "<3", "i<j and k>l", "<foo>"],
)
def test_what_only_looks_like_html(text) -> None:
    assert places(article(text), contract=PLAIN, codes="TXT207") == []
