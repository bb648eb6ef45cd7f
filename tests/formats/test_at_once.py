"""What importers take at once is what they would take one by one: both are run on the same records."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.formats import Imported, Source, Unit
from corpus_tool.formats.asked_places import AskedPlaces, by_line
from corpus_tool.formats.doccano import dialects
from corpus_tool.formats.doccano.draft import Draft
from corpus_tool.formats.made import ContentIds
from corpus_tool.formats.pairs import arguments_of, arguments_of_all
from corpus_tool.formats.prodigy import reader
from corpus_tool.formats.pubannotation import items, tracks
from corpus_tool.formats.units import Offsets
from corpus_tool.inventory import Argument, Inventory, Label

TEXTS = ("Mara Quill sailed to Port Ellis.", "Mära 👩‍🚀 sailed to Port Ellis.", "")
INVENTORY = Inventory(
    labels={
        "relation": (Label("near", arguments=(Argument("from"), Argument("to"))), Label("same")),
        "coreference": (Label("chain"),),
    }
)
Records = st.SearchStrategy[list[dict[str, Any]]]


def mostly(usual: st.SearchStrategy[Any], *odd: Any) -> st.SearchStrategy[Any]:
    """Nearly always of the usual form, as records are: else nothing would be taken at once."""
    return st.integers(0, 24).flatmap(lambda number: st.sampled_from(odd) if number == 0 else usual)


OFFSETS = mostly(st.integers(0, 31), -1, 40, True, None, "3", 1.0)
LABELS = mostly(st.sampled_from(["PER", "LOC", "Sentence", "near", "chain"]), "", None, 7, True, ["PER"])
IDS = mostly(st.integers(1, 9), None, True, "4")
NAMES = mostly(st.sampled_from([f"T{number}" for number in range(1, 12)]), None, "", 4, "R1")
USERS = mostly(st.none(), "mara", 3, {"id": 4}, "")


def ordered(one: dict[str, Any], first: str, last: str) -> dict[str, Any]:
    """With its two ends in order, where they have one."""
    if type(one.get(first)) is int and type(one.get(last)) is int:
        one[first], one[last] = sorted((one[first], one[last]))
    return one


def objects(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(st.fixed_dictionaries(parts), None, {}, "PER", [0, 1], [0, 4, "PER"])


def listed(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(st.lists(part, max_size=6), None, {}, "PER", 3)


TRIPLES = mostly(st.tuples(st.integers(0, 15), st.integers(15, 31), LABELS).map(list), [0, 4], "PER", [9, 2, "PER"])
SPANS = objects(id=IDS, start_offset=OFFSETS, end_offset=OFFSETS, label=LABELS, user=USERS).map(
    lambda one: ordered(one, "start_offset", "end_offset") if isinstance(one, dict) else one
)
DOCCANO: Records = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 3), "text": st.sampled_from(TEXTS)},
        optional={
            "label": listed(TRIPLES),
            "entities": listed(SPANS),
            "relations": listed(objects(id=IDS, from_id=IDS, to_id=IDS, type=LABELS, user=USERS)),
            "user": USERS,
            "cats": listed(LABELS),
            "Comments": listed(st.just("well")),
        },
    ),
    min_size=1,
    max_size=4,
)
TOKENS = objects(text=mostly(st.none(), "Mara"), start=OFFSETS, end=OFFSETS, id=IDS, ws=st.booleans()).map(
    lambda one: ordered(one, "start", "end") if isinstance(one, dict) else one
)
MARKED = objects(start=OFFSETS, end=OFFSETS, label=LABELS, token_start=IDS, token_end=IDS).map(
    lambda one: ordered(one, "start", "end") if isinstance(one, dict) else one
)
PRODIGY: Records = st.lists(
    st.fixed_dictionaries(
        {"text": st.sampled_from(TEXTS), "answer": mostly(st.just("accept"), "reject", None)},
        optional={"tokens": listed(TOKENS), "spans": listed(MARKED), "_view_id": st.just("ner_manual")},
    ),
    min_size=1,
    max_size=4,
)
PLACES = objects(begin=OFFSETS, end=OFFSETS).map(
    lambda one: ordered(one, "begin", "end") if isinstance(one, dict) else one
)
DENOTATIONS = listed(objects(id=NAMES, span=PLACES, obj=LABELS, text=mostly(st.none(), "Mara", 3)))
LINKS = listed(objects(id=NAMES, subj=NAMES, pred=LABELS, obj=NAMES))
TRACK = {
    "denotations": DENOTATIONS, "relations": LINKS, "project": st.just("harbour"),
    "blocks": mostly(st.just([]), [{"id": "B1", "span": {"begin": 0, "end": 4}, "obj": "title"}]),
    "attributes": mostly(st.just([]), [{"subj": "T1", "pred": "sure", "obj": True}], [{"subj": "T2", "pred": "note", "obj": "so"}]),
}  # fmt: skip
PUBANNOTATION: Records = st.lists(
    st.fixed_dictionaries(
        {"text": st.sampled_from(TEXTS)},
        optional={**TRACK, "tracks": st.lists(st.fixed_dictionaries({}, optional=TRACK), max_size=2)},
    ),
    min_size=1,
    max_size=2,
)


def imports(name: str, records: list[dict[str, Any]], inventory: Inventory | None) -> list[Any]:
    data = b"\n".join(json.dumps(one).encode() for one in records)
    source = Source("a.jsonl", "a", lambda suffix: data if suffix is None else None)
    found = formats.importer(name).read(source, inventory)
    return [shown(one) for one in found]


def shown(one: Imported) -> Any:
    """All that an importer says of an article, its properties in their order."""
    return json.dumps(one.article), one.findings, dict(one.places), one.losses, one.path


def nothing_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(dialects, "_alike", lambda _: None)
    patch.setattr(dialects, "_are_pairs", lambda _: False)
    patch.setattr(Draft, "own_ids", one_by_one)
    patch.setattr(Offsets, "are_points", lambda *_: False)
    patch.setattr(reader, "_all_standing", lambda *_: None)
    patch.setattr(items, "_usual_marks", lambda *_: None)
    patch.setattr(tracks.Track, "_name_all", lambda *_: False)
    patch.setattr(tracks.Track, "plain", False)


def one_by_one(draft: Draft, letter: str, numbers: Any, contents: Any) -> list[str]:
    return [draft.own_id(letter, number, *content) for number, content in zip(numbers, contents, strict=True)]


@pytest.mark.parametrize("name", ["doccano", "prodigy", "pubannotation"])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), inventory=st.sampled_from([None, INVENTORY]))
def test_importers_take_at_once_what_they_take_one_by_one(
    name: str, data: st.DataObject, inventory: Inventory | None
) -> None:
    records = data.draw({"doccano": DOCCANO, "prodigy": PRODIGY, "pubannotation": PUBANNOTATION}[name])
    at_once = imports(name, records, inventory)
    with pytest.MonkeyPatch.context() as patch:
        nothing_at_once(patch)
        assert imports(name, records, inventory) == at_once


REGULAR: dict[str, dict[str, Any]] = {
    "doccano": {"id": 1, "text": TEXTS[0], "entities": [
        {"id": 4, "label": "PER", "start_offset": 0, "end_offset": 10},
        {"id": 5, "label": "LOC", "start_offset": 21, "end_offset": 31},
    ], "relations": [{"id": 1, "from_id": 4, "to_id": 5, "type": "near"}]},
    "prodigy": {"text": TEXTS[0], "tokens": [
        {"text": "Mara", "start": 0, "end": 4, "id": 0, "ws": True},
        {"text": "Quill", "start": 5, "end": 10, "id": 1, "ws": True},
    ], "answer": "accept"},
    "pubannotation": {"text": TEXTS[0], "denotations": [
        {"id": "T1", "span": {"begin": 0, "end": 10}, "obj": "PER"},
        {"id": "T2", "span": {"begin": 21, "end": 31}, "obj": "LOC"},
    ], "relations": [{"id": "R1", "subj": "T1", "pred": "near", "obj": "T2"}]},
}  # fmt: skip
T1 = {"id": "T1", "span": {"begin": 0, "end": 4}, "obj": "PER"}
NEAR = {"id": "R1", "subj": "T1", "pred": "near", "obj": "B1"}
ODD: list[tuple[str, dict[str, Any]]] = [
    ("pubannotation", {"denotations": [T1 | {"span": [{"begin": 0, "end": 4}, {"begin": 21, "end": 31}]}]}),
    ("pubannotation", {"denotations": [T1], "relations": [NEAR], "blocks": [T1 | {"id": "B1", "obj": "title"}]}),
    ("pubannotation", {"denotations": [T1, T1 | {"id": "T2", "span": {"begin": 0, "end": 99}}]}),
    ("pubannotation", {"denotations": [T1 | {"text": "Mora"}]}),
    ("doccano", {"id": 1, "label": [[0, 4, "PER"], [21, 99, "LOC"]]}),
    ("doccano", {"id": 1, "entities": [{"id": 1, "label": "PER", "start_offset": 0, "end_offset": 4, "user": "ada"}]}),
    ("prodigy", {"answer": "accept", "tokens": [{"start": 0, "end": 4}, {"start": 5, "end": 99}]}),
    ("prodigy", {"answer": "accept", "tokens": [{"start": 0, "end": 4, "text": "Mora"}]}),
]


@pytest.mark.parametrize(("name", "record"), ODD)
def test_an_odd_record_is_taken_with_care(name: str, record: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    records = [{"text": TEXTS[0], **record}]
    at_once = imports(name, records, INVENTORY)
    nothing_at_once(monkeypatch)
    assert imports(name, records, INVENTORY) == at_once


CAREFUL: dict[str, list[tuple[Any, str]]] = {
    "doccano": [(dialects, "_one_by_one"), (dialects, "_span"), (Draft, "own_id"), (Offsets, "to_points")],
    "prodigy": [(reader.Reader, "_standing"), (reader, "settle")],
    "pubannotation": [
        (items, "_marks"), (tracks.Track, "_name"), (tracks.Track, "_layer"), (tracks.Track, "_mark"),
        (tracks.Track, "_link"), (Offsets, "to_points"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", REGULAR)
def test_a_regular_record_is_taken_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = imports(name, [REGULAR[name]], None)

    def refused(*_: Any) -> Any:
        raise AssertionError("taken one by one")

    for owner, function in CAREFUL[name]:
        monkeypatch.setattr(owner, function, refused)
    assert imports(name, [REGULAR[name]], None) == expected


@given(
    before=st.lists(st.sampled_from("abc"), max_size=3),
    contents=st.lists(st.tuples(st.sampled_from(["PER", "LOC", "\ud800"]), st.integers(0, 2)), max_size=6),
)
def test_ids_made_at_once_are_those_made_one_by_one(before: list[str], contents: list[tuple[str, int]]) -> None:
    one, other = ContentIds(), ContentIds()
    for ids in (one, other):
        for content in before:
            ids.make("T", content)
    assert one.make_all("T", contents) == [other.make("T", *content) for content in contents]
    assert one.make("T", "PER", 1) == other.make("T", "PER", 1)


@pytest.mark.parametrize("inventory", [None, INVENTORY])
def test_arguments_of_many_pairs_are_those_of_each(inventory: Inventory | None) -> None:
    links = [("near", "T1", "T2"), ("far", "T2", "T1"), ("near", "T3", "T3")]
    assert arguments_of_all(links, inventory) == [arguments_of(*link, inventory) for link in links]


@given(
    text=st.sampled_from(TEXTS),
    unit=st.sampled_from([Unit.CODE_POINTS, Unit.UTF16, Unit.BYTES, Unit.GRAPHEMES]),
    ends=st.lists(st.tuples(st.integers(-1, 35), st.integers(-1, 35)), max_size=4),
)
def test_offsets_are_code_points_only_where_each_is(text: str, unit: Unit, ends: list[tuple[int, int]]) -> None:
    offsets = Offsets(text, unit)
    if offsets.are_points([first for first, _ in ends], [last for _, last in ends]):
        assert all(offsets.to_points(each) == each for pair in ends for each in pair)
        assert all(first <= last <= len(text) for first, last in ends)
    elif unit is Unit.CODE_POINTS and ends:
        assert not all(0 <= first <= last <= len(text) for first, last in ends)


def test_places_are_worked_out_once_somebody_asks() -> None:
    asked: list[int] = []

    def found() -> dict[str, tuple[int, int]]:
        asked.append(1)
        return by_line({"entities": [3, None, 4], "labels": []})

    places = AskedPlaces(found)
    assert not asked
    assert "/entities/1" not in places
    assert dict(places) == {"/entities/0": (3, 1), "/entities/2": (4, 1)}
    assert len(places) == 2
    assert asked == [1]
