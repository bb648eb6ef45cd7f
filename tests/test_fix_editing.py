"""Edits of JSON texts: what is edited changes in the style of its neighbours, and no other byte does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.findings import ABSENT, Edit
from corpus_tool.fixing.editing import edited
from corpus_tool.fixing.members import members
from corpus_tool.fixing.values import holds, value_at
from corpus_tool.vocabulary import pointer, steps

PRETTY = '{\n  "a": 1,\n  "b": [\n    {\n      "x": "é",\n      "y": 2.50\n    },\n    {\n      "x": "z",\n      "y": 3\n    }\n  ],\n  "c": []\n}\n'
LINES = '{"id": "a",\n "list": [\n  {"id": "T1", "at": [1, 2]},\n  {"id": "T2", "at": [3, 4]},\n  {"id": "T3", "at": []}\n ],\n "end": null}'
COMPACT = '{"a":1,"b":[{"x":"é","y":2.50},{"x":"z","y":3}],"c":[]}'
SPACED = '{ "a" : 1 , "b" : [ 1 , 2 , 3 ] , "c" : { } }'
ESCAPED = r'{"a": "caf\u00E9 \/ \ud83d\ude00!", "b": ["\u00c9"]}'


def change(text: str, *edits: tuple[str, Any]) -> str:
    """Edits as (pointer, new): what is old is looked up."""
    value = json.loads(text)
    made = [Edit(at, value_at(value, steps(at)), new) for at, new in edits]
    assert all(holds(edit, value) for edit in made)
    return edited(text, value, made)


TABLE = {
    "pretty: a number": (PRETTY, [("/a", 12)], PRETTY.replace('"a": 1', '"a": 12')),
    "pretty: the spelling of other numbers stays": (PRETTY, [("/b/1/y", 4)], PRETTY.replace(": 3", ": 4")),
    "pretty: a string": (PRETTY, [("/b/0/x", "ö\n")], PRETTY.replace("é", r"ö\n")),
    "pretty: a null": (PRETTY, [("/a", None)], PRETTY.replace('"a": 1', '"a": null')),
    "pretty: the first property goes": (PRETTY, [("/a", ABSENT)], PRETTY.replace('"a": 1,\n  ', "")),
    "pretty: a property between goes": (PRETTY, [("/b", ABSENT)], '{\n  "a": 1,\n  "c": []\n}\n'),
    "pretty: the last property goes": (PRETTY, [("/c", ABSENT)], PRETTY.replace(',\n  "c": []', "")),
    "pretty: all go": (PRETTY, [("/a", ABSENT), ("/b", ABSENT), ("/c", ABSENT)], "{}\n"),
    "pretty: the first two go": (PRETTY, [("/a", ABSENT), ("/b", ABSENT)], '{\n  "c": []\n}\n'),
    "pretty: the last two go": (PRETTY, [("/b", ABSENT), ("/c", ABSENT)], '{\n  "a": 1\n}\n'),
    "pretty: one between stays": (PRETTY, [("/a", ABSENT), ("/c", ABSENT)], PRETTY.replace('"a": 1,\n  ', "").replace(',\n  "c": []', "")),
    "pretty: the only element of a list goes": ("[\n  1\n]", [("/0", ABSENT)], "[]"),
    "pretty: a property more": (PRETTY, [("/d", "ü")], PRETTY.replace('"c": []', '"c": [],\n  "d": "ü"')),
    "pretty: an object more": (PRETTY, [("/d", {"e": [1]})], PRETTY.replace('"c": []', '"c": [],\n  "d": {\n    "e": [\n      1\n    ]\n  }')),
    "pretty: an element more": (
        PRETTY, [("/b/-", {"y": 9, "x": "w"})],
        PRETTY.replace('"y": 3\n    }', '"y": 3\n    },\n    {\n      "x": "w",\n      "y": 9\n    }'),
    ),
    "pretty: into an empty list": (PRETTY, [("/c/-", 5)], PRETTY.replace("[]", "[\n    5\n  ]")),
    "pretty: one goes and one comes": (PRETTY, [("/c", ABSENT), ("/d", 1)], PRETTY.replace('"c": []', '"d": 1')),
    "pretty: all go and two come": ('{\n "a": 1\n}', [("/a", ABSENT), ("/b", 2), ("/c", 3)], '{\n "b": 2,\n "c": 3\n}'),
    "pretty: elements sorted": (
        PRETTY, [("/b", [{"x": "z", "y": 3}, {"x": "é", "y": 2.5}])],
        '{\n  "a": 1,\n  "b": [\n    {\n      "x": "z",\n      "y": 3\n    },\n    {\n      "x": "é",\n      "y": 2.50\n    }\n  ],\n  "c": []\n}\n',
    ),
    "pretty: elements merged": (
        PRETTY, [("/b", [{"y": 7, "x": "éz"}])],
        '{\n  "a": 1,\n  "b": [\n    {\n      "x": "éz",\n      "y": 7\n    }\n  ],\n  "c": []\n}\n',
    ),
    "pretty: a list emptied": (PRETTY, [("/b", [])], '{\n  "a": 1,\n  "b": [],\n  "c": []\n}\n'),
    "pretty with CRLF: a property more": (
        PRETTY.replace("\n", "\r\n"), [("/d", [1])], PRETTY.replace('"c": []', '"c": [],\n  "d": [\n    1\n  ]').replace("\n", "\r\n"),
    ),
    "pretty with CRLF: an element goes": (
        "[\r\n\t1,\r\n\t2,\r\n\t3\r\n]", [("/1", ABSENT)], "[\r\n\t1,\r\n\t3\r\n]"
    ),
    "tabs: into an empty object": ('{\n\t"a": {}\n}', [("/a/b", 1)], '{\n\t"a": {\n\t\t"b": 1\n\t}\n}'),
    "one a line: an element goes": (LINES, [("/list/1", ABSENT)], LINES.replace('  {"id": "T2", "at": [3, 4]},\n', "")),
    "one a line: an element more": (
        LINES, [("/list/-", {"id": "T4", "at": [7]})], LINES.replace('"at": []}', '"at": []},\n  {"id": "T4", "at": [7]}'),
    ),
    "one a line: a property more": (LINES, [("/list/0/b", {"c": [1, 2]})], LINES.replace("[1, 2]", '[1, 2], "b": {"c": [1, 2]}')),
    "one a line: into an empty list": (LINES, [("/list/2/at/-", 5), ("/list/2/at/-", 6)], LINES.replace("[]", "[5, 6]")),
    "one a line: a property goes": (LINES, [("/list/0/id", ABSENT)], LINES.replace('"id": "T1", ', "")),
    "compact: a property goes": (COMPACT, [("/b/0/x", ABSENT)], COMPACT.replace('"x":"é",', "")),
    "compact: a property more": (COMPACT, [("/d", [1, {"e": 2}])], COMPACT.replace("[]", '[],"d":[1,{"e":2}]')),
    "compact: a list": (COMPACT, [("/b", [{"x": "z", "y": 3}])], '{"a":1,"b":[{"x":"z","y":3}],"c":[]}'),
    "spaced: an element goes": (SPACED, [("/b/1", ABSENT)], SPACED.replace(" , 2", "")),
    "spaced: an element more": (SPACED, [("/b/-", 4)], SPACED.replace("3 ]", "3 , 4 ]")),
    "spaced: a property more": (SPACED, [("/d", 4)], SPACED.replace("{ } }", '{ } , "d" : 4 }')),
    "escapes: in the style of the file": (ESCAPED, [("/b/0", "Ü😀")], ESCAPED.replace(r"\u00c9", r"\u00dc\ud83d\ude00")),
    "escapes: those beside the change stay": (ESCAPED, [("/a", "café / 😀?")], ESCAPED.replace("!", "?")),
    "escapes: a character before them goes": (ESCAPED, [("/a", "afé / 😀!")], ESCAPED.replace('"caf', '"af')),
    "escapes: in capitals": (r'{"a":"\u00C9"}', [("/b", "é\\u00e9")], r'{"a":"\u00C9","b":"\u00E9\\u00e9"}'),
    "a key that needs escapes": ('{"a\\"/~\\n": 1, "b": 2}', [('/a"~1~0\n', 7), ("/é\t", 3)], '{"a\\"/~\\n": 7, "b": 2, "é\\t": 3}'),
    "a scalar becomes an object": ('{\n "a": 1\n}', [("/a", {"b": 2})], '{\n "a": {\n  "b": 2\n }\n}'),
    "the whole value": (" [1] \n", [("", [2, 3])], " [2,3] \n"),
    "line separators stay": ('{"a": "\u2028\u0085", "b": 1}', [("/b", 2)], '{"a": "\u2028\u0085", "b": 2}'),
}  # fmt: skip


@pytest.mark.parametrize(("before", "edits", "after"), TABLE.values(), ids=TABLE)
def test_styles(before: str, edits: list[tuple[str, Any]], after: str) -> None:
    assert change(before, *edits) == after


HOLDS = {
    "a value": ("/a", 1, 2, True),
    "an integer written as a number": ("/f", 1, 2, True),
    "another value": ("/a", 2, 3, False),
    "true is not one": ("/t", 1, 2, False),
    "one is not true": ("/a", True, False, False),
    "nulls count for nothing": ("/o", {"x": 1}, {}, True),
    "other properties count": ("/o", {"x": 1, "y": 2}, {}, False),
    "a property that is absent": ("/z", 1, 2, False),
    "adding": ("/z", ABSENT, 2, True),
    "adding what is there": ("/a", ABSENT, 2, False),
    "adding what is null": ("/n", ABSENT, 2, True),
    "null that is absent": ("/z", None, 2, True),
    "removing what is absent": ("/z", None, ABSENT, False),
    "removing a null": ("/n", None, ABSENT, True),
    "adding to a list": ("/l/-", ABSENT, 2, True),
    "adding behind a list": ("/l/2", ABSENT, 2, False),
    "adding to a string": ("/s/x", ABSENT, 2, False),
    "adding deeper than there is": ("/z/x", ABSENT, 2, False),
    "an element": ("/l/1", 6, ABSENT, True),
    "an element by another name": ("/l/01", 6, ABSENT, False),
    "an element by no number": ("/l/²", 6, ABSENT, False),
    "removing everything": ("", {"a": 1}, ABSENT, False),
}


@pytest.mark.parametrize(("at", "old", "new", "wanted"), HOLDS.values(), ids=HOLDS)
def test_an_edit_is_made_where_its_old_holds(at: str, old: Any, new: Any, wanted: bool) -> None:
    value = {"a": 1, "f": 1.0, "t": True, "o": {"x": 1, "y": None}, "n": None, "l": [5, 6], "s": "x"}
    assert holds(Edit(at, old, new), value) is wanted


STRINGS = st.text(st.sampled_from('aé😀\u0301"\\/\n\u2028\x7f\ufeff~'), max_size=4)
SCALARS = (
    st.none() | st.booleans() | st.integers(-9, 10**6) | st.floats(allow_nan=False, allow_infinity=False) | STRINGS
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4), max_leaves=20
)
DOCUMENTS = st.lists(VALUES, max_size=4) | st.dictionaries(STRINGS, VALUES, max_size=4)


def written(draw: st.DrawFn, value: Any) -> str:
    """A value in some style: one that a program has, or white space and spellings at random."""
    how = draw(st.sampled_from(["dumps", "wild"]))
    if how == "dumps":
        indent = draw(st.sampled_from([None, 1, 2, "\t"]))
        separators = draw(st.sampled_from([None, (",", ":"), (", ", ": ")]))
        text = json.dumps(value, indent=indent, ensure_ascii=draw(st.booleans()), separators=separators)
        return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return wild(draw, value)


def wild(draw: st.DrawFn, value: Any) -> str:
    def blank() -> str:
        return draw(st.sampled_from(["", "", " ", "\n", "\r\n\t", "\n  "]))

    if isinstance(value, list):
        return "[" + blank() + (blank() + "," + blank()).join(wild(draw, part) for part in value) + blank() + "]"
    if isinstance(value, dict):
        parts = [spelled(draw, key) + blank() + ":" + blank() + wild(draw, part) for key, part in value.items()]
        return "{" + blank() + (blank() + "," + blank()).join(parts) + blank() + "}"
    if isinstance(value, str):
        return spelled(draw, value)
    return json.dumps(value)


def spelled(draw: st.DrawFn, string: str) -> str:
    return "".join(['"', *(json.dumps(char, ensure_ascii=draw(st.booleans()))[1:-1] for char in string), '"'])


def paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for step, part in inner for found in paths(part, (*path, str(step))))]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, str, list[Edit]]:
    value = draw(DOCUMENTS)
    edits: list[Edit] = []
    for path in draw(st.lists(st.sampled_from(paths(value)), max_size=5, unique=True)):
        old = value_at(value, list(path))
        kinds = ["replace", *(["remove"] if path else []), *(["add"] if isinstance(old, list | dict) else [])]
        kind = draw(st.sampled_from(kinds))
        if kind == "add" and isinstance(old, dict):
            edit = Edit(
                pointer([*path, draw(STRINGS.filter(lambda key, old=old: key not in old))]), ABSENT, draw(VALUES)
            )
        elif kind == "add":
            edit = Edit(pointer([*path, "-"]), ABSENT, draw(VALUES))
        else:
            edit = Edit(pointer(path), old, ABSENT if kind == "remove" else draw(VALUES))
        if not any(inside(edit.pointer, other.pointer) or inside(other.pointer, edit.pointer) for other in edits):
            edits.append(edit)
    return value, written(draw, value), edits


def inside(one: str, other: str) -> bool:
    return one == other or one.startswith(other + "/")


def applied(value: Any, edits: dict[tuple[str, ...], Edit], path: tuple[str, ...] = ()) -> Any:
    """What edits make of a value, worked out on the value."""
    if path in edits and edits[path].old is not ABSENT:
        return edits[path].new
    added = [(at[-1], edit.new) for at, edit in edits.items() if edit.old is ABSENT and at[:-1] == path]
    if isinstance(value, list):
        parts = [applied(part, edits, (*path, str(number))) for number, part in enumerate(value)]
        return [part for part in parts if part is not ABSENT] + [new for _, new in added]
    if isinstance(value, dict):
        kept = {key: applied(part, edits, (*path, key)) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part is not ABSENT} | dict(added)
    return value


@given(cases())
def test_the_text_becomes_what_the_value_becomes(case: tuple[Any, str, list[Edit]]) -> None:
    value, text, edits = case
    made = edited(text, value, edits)
    wanted = applied(value, {tuple(steps(edit.pointer)): edit for edit in edits})
    assert json.dumps(json.loads(made)) == json.dumps(in_order(wanted, json.loads(made)))
    assert edits or made == text


def in_order(value: Any, like: Any) -> Any:
    """A value with its keys in the order of another: where a list is replaced, its elements keep the order of the old."""
    if isinstance(value, dict) and isinstance(like, dict) and value.keys() == like.keys():
        return {key: in_order(value[key], like[key]) for key in like}
    if isinstance(value, list) and isinstance(like, list) and len(value) == len(like):
        return [in_order(one, other) for one, other in zip(value, like, strict=True)]
    return value


@given(cases())
def test_no_other_byte_changes(case: tuple[Any, str, list[Edit]]) -> None:
    value, text, edits = case
    made = edited(text, value, edits)
    at = 0
    for kept in untouched(text, edits):
        at = made.find(kept, at)
        assert at >= 0, kept
        at += len(kept)
    if all(ABSENT not in (edit.old, edit.new) for edit in edits):
        gaps = between(text, edits)
        assert made.startswith(gaps[0])
        assert made.endswith(gaps[-1])


def start_of(text: str) -> int:
    return len(text) - len(text.lstrip())


def untouched(text: str, edits: list[Edit]) -> list[str]:
    """The source of every value that no edit is about, the largest, in order, with its key."""
    found: list[str] = []
    touched = [tuple(steps(edit.pointer)) for edit in edits]

    def walk(start: int, end: int, begin: int, path: tuple[str, ...]) -> None:
        if path in touched:
            return
        if not any(other[: len(path)] == path for other in touched):
            found.append(text[begin:end])
            return
        for member in members(text, start):
            walk(member.start, member.end, member.begin, (*path, member.key))

    walk(start_of(text), len(text.rstrip()), start_of(text), ())
    return found


def between(text: str, edits: list[Edit]) -> list[str]:
    """What stands before, between and behind the values of edits."""
    extents: list[tuple[int, int]] = []
    touched = [tuple(steps(edit.pointer)) for edit in edits]

    def walk(start: int, end: int, path: tuple[str, ...]) -> None:
        if path in touched:
            extents.append((start, end))
        elif text[start] in "[{":
            for member in members(text, start):
                walk(member.start, member.end, (*path, member.key))

    walk(start_of(text), len(text.rstrip()), ())
    edges = [0, *(edge for extent in extents for edge in extent), len(text)]
    return [text[low:high] for low, high in zip(edges[::2], edges[1::2], strict=True)]
