"""Another text under the same annotations: offsets, surfaces and digest move, and nothing else does."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.contract import load_contract
from corpus_tool.findings import Edit, Fix, Replacement
from corpus_tool.fixing.choosing import mended
from corpus_tool.fixing.offsets import Moves

CONTRACT = load_contract(None, None)
LIGHTHOUSE = Path(__file__).parent.parent / "examples" / "lighthouse"


def span(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text[start:end]}


def article(text: str, *places: tuple[int, int]) -> dict[str, Any]:
    """An article with a span in two layers at each place, some of them fragments of one annotation."""
    spans = [span(text, start, end) for start, end in places]
    return {
        "id": "a", "text": text, "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "sentences": [{"id": f"S{number}", "spans": [one]} for number, one in enumerate(spans)],
        "entities": [{"id": "T1", "type": "X", "spans": spans}],
    }  # fmt: skip


def retold(value: dict[str, Any], *parts: Replacement, ascii_only: bool = True) -> dict[str, Any]:
    text = json.dumps(value, ensure_ascii=ascii_only)
    made, done = mended(text, value, [Fix("", text=parts, safety="unsafe")], CONTRACT)
    assert done == [0]
    found: dict[str, Any] = json.loads(made)
    return found


MOVES = {
    "before": ([(2, "\r\n", "\n")], (0, 2), (0, 2)),
    "behind": ([(2, "\r\n", "\n")], (4, 6), (3, 5)),
    "around": ([(2, "\r\n", "\n")], (0, 6), (0, 5)),
    "exactly": ([(2, "\r\n", "\n")], (2, 4), (2, 3)),
    "starts inside": ([(2, "\r\n", "\n")], (3, 6), (2, 5)),
    "ends inside": ([(2, "\r\n", "\n")], (0, 3), (0, 3)),
    "inside a longer piece": ([(2, "abcd", "xy")], (3, 5), (2, 4)),
    "what it covered is gone": ([(2, "abcd", "")], (3, 5), (2, 2)),
    "no width, inside": ([(2, "abcd", "xy")], (3, 3), (2, 2)),
    "no width, behind": ([(2, "abcd", "xy")], (6, 6), (4, 4)),
    "a mark at the start goes": ([(0, "\ufeff", "")], (0, 5), (0, 4)),
    "starts where something is inserted": ([(2, "", "xy")], (2, 4), (4, 6)),
    "ends where something is inserted": ([(2, "", "xy")], (0, 2), (0, 2)),
    "no width, where something is inserted": ([(2, "", "xy")], (2, 2), (4, 4)),
    "inserted inside": ([(2, "", "xy")], (1, 3), (1, 5)),
    "inserted before a piece": ([(2, "", "xy"), (2, "a", "b")], (2, 3), (4, 5)),
    "beyond the text": ([(2, "\r\n", "\n")], (90, 99), (89, 98)),
    "before the text": ([(2, "\r\n", "\n")], (-3, 1), (-3, 1)),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "place", "wanted"), MOVES.values(), ids=MOVES)
def test_where_offsets_go(parts: list[tuple[int, str, str]], place: tuple[int, int], wanted: tuple[int, int]) -> None:
    assert Moves([Replacement(*part) for part in parts]).span(*place) == wanted


def test_offsets_surfaces_and_digest_follow() -> None:
    text = "\ufeffCafe\u0301 😀\r\nRain"
    value = article(text, (1, 6), (7, 8), (10, 14), (0, 14))
    made = retold(value, Replacement(0, "\ufeff", ""), Replacement(4, "e\u0301", "é"), Replacement(8, "\r\n", "\n"))
    new = "Café 😀\nRain"
    assert made == article(new, (0, 4), (5, 6), (7, 11), (0, 11))


def test_what_was_wrong_before_is_left_as_it_is() -> None:
    value = article("a\r\nbcd", (3, 5)) | {"text_sha256": "0" * 64}
    value["entities"][0]["spans"][0]["text"] = "elsewhere"
    made = retold(value, Replacement(1, "\r\n", "\n"))
    assert made["text_sha256"] == "0" * 64
    assert made["entities"][0]["spans"] == [{"start": 2, "end": 4, "text": "elsewhere"}]


def test_spans_of_any_shape_are_known_to_the_contract() -> None:
    contract = load_contract(LIGHTHOUSE / "schema.json", None)
    value = json.loads((LIGHTHOUSE / "articles.jsonl").read_bytes().split(b"\n")[0])
    old = value[contract.text]
    cut = old.index(" ")
    fix = Fix("", text=(Replacement(0, "", "->"), Replacement(cut, " ", "   ")), safety="unsafe")
    made = json.loads(mended(json.dumps(value), value, [fix], contract)[0])
    assert made[contract.text] == "->" + old[:cut] + "  " + old[cut:]
    before, after = (list(spans_of(one, contract)) for one in (value, made))
    assert len(before) > 3
    for (start, end), (low, high) in zip(before, after, strict=True):
        if not start <= cut < end:
            assert made[contract.text][low:high] == old[start:end]


def spans_of(value: Any, contract: Any) -> Any:
    for layer in contract.layers:
        for place in layer.spans:
            for annotation in value.get(layer.name) or ():
                found = [annotation]
                for step in place.path:
                    found = [
                        inner
                        for one in found
                        for inner in (one if step == "*" else [one[step]] if one.get(step) else [])
                    ]
                yield from ((one[place.start], one[place.end]) for one in found)


def test_other_numbers_and_escapes_stay() -> None:
    value = article("é\r\nab", (3, 5), (0, 1))
    text = json.dumps(value, ensure_ascii=True, indent=1).replace('"start": 0', '"start": 0.0')
    made, done = mended(text, value, [Fix("", text=(Replacement(1, "\r\n", "\n"),))], CONTRACT)
    digests = [hashlib.sha256(part.encode()).hexdigest() for part in ("é\r\nab", "é\nab")]
    wanted = text.replace("\\r\\n", "\\n").replace(digests[0], digests[1])
    wanted = wanted.replace('"start": 3', '"start": 2').replace('"end": 5', '"end": 4')
    assert done == [0]
    assert made == wanted


REFUSED = {
    "another text": (Replacement(0, "b", "c"),),
    "behind the text": (Replacement(9, "b", "c"),),
    "inserted behind the text": (Replacement(3, "", "c"),),
    "before the text": (Replacement(-1, "b", "c"),),
    "overlapping": (Replacement(0, "ab", "c"), Replacement(1, "b", "c")),
    "two at one place": (Replacement(0, "", "c"), Replacement(0, "", "d")),
    "no character": (Replacement(0, "a", "\ud800"),),
}


@pytest.mark.parametrize("parts", REFUSED.values(), ids=REFUSED)
def test_a_fix_that_does_not_fit_is_not_made(parts: tuple[Replacement, ...]) -> None:
    value = article("ab", (0, 1))
    text = json.dumps(value)
    assert mended(text, value, [Fix("", text=parts)], CONTRACT) == (text, [])


def test_edits_come_before_texts() -> None:
    value = article("a\r\nb", (3, 4))
    text = json.dumps(value)
    fixes = [Fix("", text=(Replacement(1, "\r\n", "\n"),)), Fix("", (Edit("/entities/0/type", "X", "Y"),))]
    assert mended(text, value, fixes, CONTRACT) == (text.replace('"X"', '"Y"'), [1])


def test_of_fixes_at_one_place_the_first_is_made() -> None:
    value = article("ab", (0, 2))
    text = json.dumps(value)
    fixes = [
        Fix("", (Edit("/entities/0/spans/0/end", 2, 1), Edit("/entities/0/spans/0/text", "ab", "a"))),
        Fix("", (Edit("/entities/0/type", "X", "Y"), Edit("/entities/0/spans/0", span("ab", 0, 2), span("ab", 1, 2)))),
        Fix("", (Edit("/entities/0/type", "X", "Z"),)),
        Fix("", (Edit("/entities/0", value["entities"][0], {"id": "T2"}),)),
        Fix("again", (Edit("/entities/0/type", "X", "Z"),)),
    ]
    made, done = mended(text, value, fixes, CONTRACT)
    assert done == [0, 2, 4]
    assert json.loads(made)["entities"] == [{"id": "T1", "type": "Z", "spans": [span("ab", 0, 1)]}]


def test_all_edits_of_a_fix_are_made_or_none() -> None:
    value = article("ab", (0, 2))
    text = json.dumps(value)
    fixes = [Fix("", (Edit("/entities/0/type", "X", "Y"), Edit("/entities/0/id", "T9", "T8")))]
    assert mended(text, value, fixes, CONTRACT) == (text, [])
    fixes = [Fix("", (Edit("/entities/0/type", "X", "Y"), Edit("/entities/0", value["entities"][0], {})))]
    assert mended(text, value, fixes, CONTRACT) == (text, [])


def test_a_value_that_has_no_json_stands_in_nobodys_way() -> None:
    value = article("ab", (0, 2))
    text = json.dumps(value)
    fixes = [Fix("", (Edit("/id", "a", float("nan")),)), Fix("", (Edit("/entities/0/type", "X", "Y"),))]
    assert mended(text, value, fixes, CONTRACT) == (text.replace('"X"', '"Y"'), [1])


TEXTS = st.text(st.sampled_from("abe\u0301é😀\u200d👩🏽\r\n\u2028\ufeff "), min_size=1, max_size=25)


@st.composite
def stories(draw: st.DrawFn) -> tuple[dict[str, Any], tuple[Replacement, ...]]:
    text = draw(TEXTS)
    offsets = st.integers(0, len(text))
    places = draw(st.lists(st.tuples(offsets, offsets).map(lambda pair: tuple(sorted(pair))), min_size=1, max_size=6))
    edges = sorted(draw(st.lists(offsets, max_size=6, unique=True)))
    parts = [
        Replacement(low, text[low:high], draw(TEXTS | st.just("")))
        for low, high in zip(edges[::2], edges[1::2], strict=False)
    ]
    return article(text, *places), tuple(part for part in parts if part.old != part.new)  # type: ignore[arg-type]


@given(stories(), st.booleans())
def test_no_surface_moves(story: tuple[dict[str, Any], tuple[Replacement, ...]], ascii_only: bool) -> None:
    value, parts = story
    if not parts:
        return
    made = retold(copy.deepcopy(value), *parts, ascii_only=ascii_only)
    old, new = value["text"], made["text"]
    assert new == told(old, parts)
    assert made["text_sha256"] == hashlib.sha256(new.encode()).hexdigest()
    for before, after in zip(every_span(value), every_span(made), strict=True):
        assert after["text"] == new[after["start"] : after["end"]]
        assert 0 <= after["start"] <= after["end"] <= len(new)
        touched = [
            part for part in parts if part.start < before["end"] and before["start"] < part.start + len(part.old)
        ]
        if not touched:
            assert after["text"] == before["text"]
            assert (
                told(old[: before["start"]], [part for part in parts if part.start + len(part.old) <= before["start"]])
                == new[: after["start"]]
                or before["start"] == before["end"]
            )
        elif before["start"] < before["end"]:
            assert all(part.new in after["text"] for part in touched)


def told(text: str, parts: Any) -> str:
    for part in reversed(parts):
        text = text[: part.start] + part.new + text[part.start + len(part.old) :]
    return text


def every_span(value: dict[str, Any]) -> list[dict[str, Any]]:
    annotations = [*value["sentences"], *value["entities"]]
    return [one for annotation in annotations for one in annotation["spans"]]


@given(TEXTS)
def test_normalising_moves_every_character_with_its_offset(text: str) -> None:
    value = article(text, *((at, at + 1) for at in range(len(text))))
    parts = [Replacement(at, text[at : at + 2], "é") for at in range(len(text)) if text[at : at + 2] == "e\u0301"]
    if parts:
        made = retold(value, *parts)
        assert text.replace("e\u0301", "é") == made["text"]
        assert {one["text"] for one in every_span(made)} == set(made["text"])
