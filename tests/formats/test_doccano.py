"""doccano: records of every dialect to articles, and articles to records that doccano imports."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.errors import SettingsError, StoreError
from corpus_tool.findings import Finding
from corpus_tool.formats import Imported, Loss, Source
from corpus_tool.formats.doccano import EXPORTER, IMPORTER, looks_like
from corpus_tool.inventory import Inventory
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, samples, there_and_back, written
from tests.generated import Shape, inventory

TEXT = "Mara Quill sailed to Port Ellis."
BY_NOBODY = {"id": "A1", "agent": "unknown", "agent_type": "human", "role": "annotator", "tool": "doccano"}


def imports(
    *records: Any, names: Any = None, labels: Inventory | None = None, path: str = "boats.jsonl"
) -> list[Imported]:
    lines = [one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in records]
    files = {None: b"\n".join(lines), ".labels.json": None if names is None else json.dumps(names).encode()}
    return list(IMPORTER.read(Source(path, "boats", files.get), labels))


def codes(found: list[Imported]) -> list[str]:
    return [one.code for each in found for one in each.findings]


def losses(found: list[Imported]) -> dict[str, int]:
    return {loss.what: loss.count for each in found for loss in each.losses}


def shown(article: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["type"], one["spans"][0]["text"]) for one in article.get("entities", [])]


SPANS = [("PER", "Mara Quill"), ("LOC", "Port Ellis")]
DIALECTS = {
    "tuples under label": {"label": [[0, 10, "PER"], [21, 31, "LOC"]]},
    "tuples under labels": {"labels": [[0, 10, "PER"], [21, 31, "LOC"]]},
    "tuples under entities": {"entities": [[0, 10, "PER"], [21, 31, "LOC"]]},
    "objects under entities": {"entities": [
        {"id": 4, "start_offset": 0, "end_offset": 10, "label": "PER"},
        {"id": 5, "start_offset": 21, "end_offset": 31, "label": "LOC"},
    ]},
    "numbers under annotations": {"annotations": [
        {"label": 1, "start_offset": 0, "end_offset": 10, "user": 1},
        {"label": 2, "start_offset": 21, "end_offset": 31, "user": 1},
    ]},
}  # fmt: skip


@pytest.mark.parametrize("record", DIALECTS.values(), ids=DIALECTS)
def test_every_dialect_brings_the_same_entities(record: dict[str, Any]) -> None:
    (one,) = imports({"text": TEXT, **record}, names=[{"id": 1, "text": "PER"}, {"id": 2, "text": "LOC"}])
    assert one.findings == ()
    assert one.article["id"] == "boats-1"
    assert shown(one.article) == SPANS
    assert "coverage" not in one.article


def test_what_no_file_says_is_by_nobody_known() -> None:
    (one,) = imports({"text": TEXT, "label": [[0, 10, "PER"]]})
    assert one.article["provenance"] == [BY_NOBODY]
    assert one.article["entities"][0]["prov"] == "A1"


def test_relations_join_spans_by_number_and_chains_are_put_together() -> None:
    spans = [{"id": n, "start_offset": n, "end_offset": n + 1, "label": "X"} for n in range(4)]
    pairs = [(0, 1, "Near"), (1, 2, "identity"), (3, 2, "identity")]
    relations = [{"id": n, "from_id": a, "to_id": b, "type": kind} for n, (a, b, kind) in enumerate(pairs)]
    (one,) = imports({"text": TEXT, "entities": spans, "relations": relations}, labels=inventory())
    assert one.article["relations"] == [
        {"id": "R0", "type": "Near", "prov": "A1",
         "arguments": [{"role": "Arg1", "ref": "T0"}, {"role": "Arg2", "ref": "T1"}]}
    ]  # fmt: skip
    assert [chain["mentions"] for chain in one.article["coreference"]] == [["T1", "T2", "T3"]]
    (bare,) = imports({"text": TEXT, "entities": spans, "relations": relations})
    assert [relation["type"] for relation in bare.article["relations"]] == ["Near", "identity", "identity"]


def test_categories_are_labels_on_the_axis_of_the_inventory() -> None:
    (one,) = imports({"text": TEXT, "cats": ["sea", "new"], "entities": []}, labels=inventory())
    assert [(label["axis"], label["value"]) for label in one.article["labels"]] == [
        ("subject", "sea"),
        ("label", "new"),
    ]
    assert one.article["entities"] == []


CATEGORIES = {
    "a list": {"label": ["calm", "dry"]},
    "one": {"label": "calm"},
    "numbers": {"label": [1]},
    "objects": {"annotations": [{"label": 1, "user": 2}]},
}


@pytest.mark.parametrize("record", CATEGORIES.values(), ids=CATEGORIES)
def test_labels_of_the_whole_text(record: dict[str, Any]) -> None:
    (one,) = imports({"text": TEXT, **record}, names=[{"id": 1, "text": "calm"}])
    assert (one.article["labels"][0]["axis"], one.article["labels"][0]["value"]) == ("label", "calm")
    assert "entities" not in one.article


def test_texts_that_were_asked_for_are_notes() -> None:
    found = imports({"text": "Good day.", "label": ["Guten Tag."]}, {"text": "Yes.", "label": ["Ja!"]})
    assert [note["text"] for one in found for note in one.article["notes"]] == ["Guten Tag.", "Ja!"]
    assert codes(found) == ["IO020"]


def test_numbers_without_names_stay_numbers_and_are_told_once() -> None:
    found = imports(*[{"text": TEXT, "annotations": [{"label": 3, "start_offset": 0, "end_offset": 4}]}] * 2)
    assert [shown(one.article) for one in found] == [[("3", "Mara")]] * 2
    assert codes(found) == ["IO020"]
    assert "boats.labels.json" in found[0].findings[0].message


def test_users_of_one_record_and_of_neighbouring_records() -> None:
    spans = [
        {"id": n, "start_offset": 0, "end_offset": 4, "label": "PER", "user": user}
        for n, user in enumerate([1, "mara"])
    ]
    (one,) = imports({"text": TEXT, "entities": spans})
    assert [(each["prov"], each["agent"]) for each in _makers(one)] == [("U1", "annotator-1"), ("U2", "mara")]
    same = [{"id": 7, "text": TEXT, "user": user, "label": [[0, 4, "PER"]]} for user in ("ann", "ben")]
    first, second = imports(*same, {"id": 8, "text": TEXT, "user": "ann", "label": []})
    assert [each["agent"] for each in _makers(first)] == ["ann", "ben"]
    assert (first.article["id"], second.article["id"]) == ("boats-7", "boats-8")


def _makers(one: Imported) -> list[dict[str, str]]:
    agents = {record["id"]: record["agent"] for record in one.article["provenance"]}
    return [{"prov": each["prov"], "agent": agents[each["prov"]]} for each in one.article["entities"]]


def test_an_approver_adjudicates() -> None:
    (one,) = imports({"text": TEXT, "labels": [[0, 4, "PER"]], "annotation_approver": "ann"})
    agents = {record["id"]: (record["agent"], record["role"]) for record in one.article["provenance"]}
    assert [(each["layer"], each["status"], agents[each["prov"]]) for each in one.article["adjudication"]] == [
        ("entities", "adjudicated", ("ann", "adjudicator"))
    ]


def test_comments_and_columns() -> None:
    found = imports({"id": "a", "text": TEXT, "label": [], "Comments": ["see", {"id": 1, "comment": "there"}],
                     "language": "en", "split": "train", "rank": 3, "meta": {"by": "Ann", "page": 4}})  # fmt: skip
    made = found[0].article
    assert [note["text"] for note in made["notes"]] == ["see", "there"]
    assert (made["id"], made["split"], made["metadata"]) == ("a", "train", {"language": "en", "by": "Ann"})
    assert losses(found) == {"columns of records: rank": 1, "columns of records: page": 1}


EMPTY = {
    "spans": ([{"label": [[0, 4, "PER"]]}, {"label": []}], "entities", []),
    "labels": ([{"label": ["calm"]}, {"label": []}], "labels", []),
    "nobody can tell": ([{"label": []}], "entities", ["IO020"]),
}


@pytest.mark.parametrize(("records", "layer", "expected"), EMPTY.values(), ids=EMPTY)
def test_an_empty_list_is_of_what_came_before(records: list[Any], layer: str, expected: list[str]) -> None:
    found = imports(*[{"text": TEXT, **record} for record in records])
    assert found[-1].article[layer] == []
    assert codes(found) == expected


UNITS = {
    "code points": ("👍🏽 Mara sailed", (3, 7), [], "Mara"),
    "grapheme clusters": ("👍🏽 Mara sailed", (2, 6), ["IO017"], "Mara"),
    "UTF-16": ("👍🏽 Mara sailed", (5, 9), ["IO017"], "Mara"),
    "odd in all": ("👍🏽👍🏽 Mara sailed", (1, 6), ["IO020"], None),
    "without spaces nothing tells": ("👍🏽漁船東京港", (2, 4), [], "漁船"),
}


@pytest.mark.parametrize(("text", "place", "expected", "words"), UNITS.values(), ids=UNITS)
def test_where_spans_stand_tells_the_unit(
    text: str, place: tuple[int, int], expected: list[str], words: str | None
) -> None:
    found = imports({"text": text, "label": [[*place, "PER"]]})
    assert codes(found) == expected
    if words is not None:
        assert shown(found[0].article) == [("PER", words)]


ODD = {
    "behind the end": ({"label": [[0, 99, "PER"]]}, "IO018"),
    "the wrong way round": ({"label": [[4, 0, "PER"]]}, "IO018"),
    "below nothing": ({"label": [[-4, 4, "PER"]]}, "IO018"),
    "no label": ({"label": [[0, 4, ""]]}, "IO019"),
    "numbers with a point": ({"label": [[0.5, 4, "PER"]]}, "IO019"),
    "a relation to nothing": ({"relations": [{"from_id": 1, "to_id": 2, "type": "Near"}]}, "REF402"),
    "a relation of no numbers": ({"relations": [{"from_id": "a", "to_id": None}]}, "IO019"),
    "no text": ({"text": None}, "IO019"),
    "pictures": ({"text": None, "filename": "cat.png", "bbox": []}, "IO019"),
}


@pytest.mark.parametrize(("record", "code"), ODD.values(), ids=ODD)
def test_what_is_odd_is_found_on_its_line(record: dict[str, Any], code: str) -> None:
    found = imports({"text": TEXT, "label": [[0, 4, "PER"]]}, {"text": TEXT, **record})
    assert [(one.code, one.location.line) for each in found for one in each.findings] == [(code, 2)]


FOREIGN = {
    "a table": (b"text,label\na,b\n", "CSV"),
    "columns": (b"JAPAN\tB-LOC\n", "conll"),
    "fastText": (b"__label__calm Mara\n", "fastText"),
    "words": (b"Mara Quill\n", "no JSON"),
    "UTF-16": ('{"text": "a"}'.encode("utf-16"), "UTF-16"),
}


@pytest.mark.parametrize(("data", "named"), FOREIGN.values(), ids=FOREIGN)
def test_other_exports_are_refused_by_name(data: bytes, named: str) -> None:
    (one,) = imports(data)
    assert one.article is None
    assert named in one.findings[0].message


LINES = {
    "blank lines": (b'\n \n{"text":"a"}\n\n{"text":"b"}\n', [3, 5]),
    "a byte order mark": (b'\xef\xbb\xbf{"text":"a"}', [1]),
    "CRLF": (b'{"text":"a"}\r\n{"text":"b"}\r\n', [1, 2]),
    "a separator of lines in a text": ('{"text":"a\u2028b"}\n{"text":"c"}'.encode(), [1, 2]),
    "one value over several lines": (b'{\n "text": "a"\n}\n', [1]),
    "a list": (b'[\n {"text":"a"},\n\n {"text":"b"}\n]', [2, 4]),
    "a list on a line": (b'[{"text":"a"},{"text":"b"}]', [1, 1]),
}


@pytest.mark.parametrize(("data", "lines"), LINES.values(), ids=LINES)
def test_records_stand_on_lines_or_in_lists(data: bytes, lines: list[int]) -> None:
    found = list(
        IMPORTER.read(Source("a.jsonl", "a", {None: data.replace(b'"text"', b'"label":["x"],"text"')}.get), None)
    )
    assert [one.places["/labels/0"][0] for one in found if one.article] == lines
    assert codes(found) == []


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_a_file_without_records_is_told(data: bytes) -> None:
    (one,) = IMPORTER.read(Source("a.jsonl", "a", {None: data}.get), None)
    assert (one.article, [(each.code, each.message) for each in one.findings]) == (
        None, [("IO019", "the file has no records")],
    )  # fmt: skip


def test_a_broken_line_leaves_the_others() -> None:
    found = imports({"text": "a"}, b'{"text": ', b"7", b'{"text":"\xff"}', {"text": "b"})
    assert [one.article and one.article["text"] for one in found] == ["a", None, None, None, "b"]
    assert [(one.findings[0].code, one.findings[0].location.line) for one in found[1:4]] == [
        ("IO002", 2), ("IO019", 3), ("IO001", 4),
    ]  # fmt: skip


class Endless:
    """So many records, each made when it is asked for."""

    def __init__(self, number: int) -> None:
        self.left, self.line = number, json.dumps({"text": TEXT * 300, "label": [[0, 4, "PER"]] * 20}).encode() + b"\n"

    def readline(self, _: int = -1) -> bytes:
        self.left -= 1
        return self.line if self.left >= 0 else b""


def test_memory_stays_flat() -> None:
    def peak(number: int) -> int:
        @contextmanager
        def opened() -> Iterator[BinaryIO]:
            yield Endless(number)  # type: ignore[misc]

        tracemalloc.start()
        try:
            assert sum(1 for _ in IMPORTER.read(Source("a.jsonl", "a", {}.get, opened), None)) == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(400) < peak(40) * 1.5 + 200_000


def test_labels_beside_are_an_inventory(tmp_path: Path) -> None:
    (tmp_path / "boats.jsonl").write_text("")
    assert IMPORTER.inventory([tmp_path / "boats.jsonl"]) is None
    (tmp_path / "label_config.json").write_text('[{"id": 1, "text": "PER"}, {"id": 2, "text": "LOC"}]')
    assert IMPORTER.inventory([tmp_path / "boats.jsonl"]).names("entity") == ("PER", "LOC")
    (tmp_path / "label_config.json").write_text("[")
    with pytest.raises(SettingsError, match="label_config"):
        IMPORTER.inventory([tmp_path / "boats.jsonl"])


@pytest.mark.parametrize("name", ["label_config.json", "boats/label_config.json", "boats.labels.json"])
def test_labels_among_the_exports_are_no_articles(name: str) -> None:
    assert imports([{"id": 1, "text": "PER"}], path=name) == []


EXPORTS, IMPORTS = "data_export/pipeline/examples", "data_import/tests/data"
REAL = {
    f"{EXPORTS}/sequence_labeling/example.jsonl": (3, {"entities": 4}, 0),
    f"{EXPORTS}/relation_extraction/example.jsonl": (1, {"entities": 4, "relations": 3}, 0),
    f"{EXPORTS}/intent_detection/example.jsonl": (2, {"entities": 3, "labels": 2}, 0),
    f"{EXPORTS}/text_classification/example.jsonl": (3, {"labels": 3}, 0),
    f"{EXPORTS}/text_classification/example.json": (3, {"labels": 3}, 0),
    f"{EXPORTS}/sequence_to_sequence/example.jsonl": (3, {"notes": 3}, 1),
    f"{EXPORTS}/bounding_box/example.jsonl": (0, {}, 1),
    f"{EXPORTS}/image_classification/example.jsonl": (0, {}, 3),
    f"{EXPORTS}/text_classification/example.csv": (0, {}, 1),
    f"{IMPORTS}/sequence_labeling/example.jsonl": (2, {"entities": 1}, 1),
    f"{IMPORTS}/sequence_labeling/example_overlapping.jsonl": (1, {"entities": 2}, 0),
    f"{IMPORTS}/sequence_labeling/example.conll": (0, {}, 1),
    f"{IMPORTS}/relation_extraction/example.jsonl": (1, {"entities": 4, "relations": 3}, 0),
    f"{IMPORTS}/intent/example.jsonl": (4, {"entities": 2, "labels": 2}, 1),
    f"{IMPORTS}/text_classification/example.jsonl": (3, {"labels": 3}, 0),
    f"{IMPORTS}/text_classification/example.json": (3, {"labels": 3}, 1),
    f"{IMPORTS}/seq2seq/example.jsonl": (2, {"labels": 1}, 2),
    f"{IMPORTS}/example.utf16.csv": (0, {}, 1),
}


@pytest.mark.parametrize(("name", "expected"), REAL.items(), ids=REAL)
def test_real_files(name: str, expected: tuple[int, dict[str, int], int]) -> None:
    found = list(read("doccano", corpora("doccano") / name))
    articles = [one.article for one in found if one.article is not None]
    layers = {
        layer: sum(len(one.get(layer, ())) for one in articles)
        for layer in ("entities", "relations", "labels", "notes")
    }
    assert (len(articles), {layer: number for layer, number in layers.items() if number}, len(codes(found))) == expected


NOTED = {"id": "noted", "text": TEXT, "notes": [{"id": "N1", "text": "of the whole"}]}


def test_the_declaration_is_what_round_trips_show() -> None:
    check_declared("doccano", articles=[*samples(), NOTED])


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_what_is_kept_comes_back(shape: Shape) -> None:
    check_kept("doccano", shape)


def test_entities_keep_numbers_and_users() -> None:
    before = {"id": "a", "text": TEXT, "entities": [
        {"id": "T3", "type": "PER", "spans": [{"start": 0, "end": 4, "text": "Mara"}], "prov": "X"},
        {"id": "T9", "type": "LOC", "spans": [{"start": 21, "end": 25, "text": "Port"}], "prov": "Y"},
    ], "provenance": [{"id": "X", "agent": "ann", "agent_type": "human"}, {"id": "Y", "agent": "ben", "agent_type": "human"}]}  # fmt: skip
    (after,) = there_and_back("doccano", [before])
    assert [(one["id"], one["prov"]) for one in after["entities"]] == [("T3", "U1"), ("T9", "U2")]
    assert [one["agent"] for one in after["provenance"]] == ["ann", "ben"]


def test_records_are_what_doccano_imports(tmp_path: Path) -> None:
    """As its import models ask: whole numbers as ids, a span that begins before it ends, labels that are not empty."""
    written("doccano", samples(), tmp_path, inventory())
    lines = (tmp_path / "articles.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert len(lines) == len(samples())
    for record in map(json.loads, lines):
        assert record["text"]
        numbers = [span["id"] for span in record.get("entities", [])]
        assert len(set(numbers)) == len(numbers)
        for span in record.get("entities", []):
            assert isinstance(span["id"], int)
            assert 0 <= span["start_offset"] < span["end_offset"] <= len(record["text"])
            assert span["label"]
        for pair in record.get("relations", []):
            assert {pair["from_id"], pair["to_id"]} <= set(numbers)
            assert pair["type"]
        assert all(isinstance(one, str) and one for one in record.get("cats", []))


def test_files_are_never_replaced(tmp_path: Path) -> None:
    assert list(EXPORTER.write([{"id": "a", "text": TEXT}], tmp_path, None)) == []
    with pytest.raises(StoreError):
        list(EXPORTER.write([{"id": "a", "text": TEXT}], tmp_path, None))


def test_text_that_utf8_cannot_hold_is_refused(tmp_path: Path) -> None:
    (said,) = EXPORTER.write([{"id": "a", "text": "\ud800"}], tmp_path, None)
    assert isinstance(said, Finding)
    assert (tmp_path / "articles.jsonl").read_bytes() == b""


LOST = {
    "relations": {"relations": [{"id": "R1", "type": "Near", "arguments": [{"role": "Arg1", "ref": "T1"}]}]},
    "a representative": {
        "coreference": [{"id": "C1", "type": "identity", "mentions": ["T1", "T2"], "representative": "T2"}]
    },
    "chains": {"coreference": []},
    "labels": {"labels": [{"axis": "port", "value": "sea"}]},
    "notes": {"notes": [{"id": "N1", "ref": "T1", "text": "so"}]},
    "makers of nothing": {"provenance": [{"id": "M1", "agent": "tagger", "agent_type": "model"}]},
}


@pytest.mark.parametrize("more", LOST.values(), ids=LOST)
def test_losses_are_counted(more: dict[str, Any], tmp_path: Path) -> None:
    entities = [{"id": f"T{n}", "type": "PER", "spans": [{"start": n, "end": 4, "text": "?"}]} for n in (1, 2)]
    (said,) = written("doccano", [{"id": "a", "text": TEXT, "entities": entities, **more}], tmp_path, inventory())
    assert (said.count, said.example[0]) == (1, "a")


def test_makers_are_kept_with_what_they_marked(tmp_path: Path) -> None:
    people = [{"id": name, "agent": name, "agent_type": kind} for name, kind in (("A1", "human"), ("M1", "model"))]
    entity = {"id": "T1", "type": "PER", "spans": [{"start": 0, "end": 4, "text": TEXT[:4]}], "prov": "M1"}
    made = [
        {"id": "a", "text": TEXT, "provenance": people},
        {"id": "b", "text": TEXT, "entities": [entity], "provenance": people},
    ]
    said = [(one.what, one.count) for one in written("doccano", made, tmp_path) if isinstance(one, Loss)]
    assert sorted(said) == [("models and rules that become people", 1), ("provenance of no span or relation", 3)]


LIKE = {
    "tuples": (b'{"text":"a","label":[[0,1,"X"]]}\n', True),
    "objects": (b'{"text":"a","entities":[{"id":1,"start_offset":0,"end_offset":1,"label":"X"}]}', True),
    "labels, as many formats have them": (b'{"text":"a","label":["X"]}\n', False),
    "an article": (b'{"id":"a","text":"a","entities":[{"id":"T1","type":"X","spans":[]}]}\n', False),
    "no text": (b'{"label":[[0,1,"X"]]}\n', False),
    "a line that goes on": (b'{"text":"' + b"a" * 70_000, False),
}


@pytest.mark.parametrize(("head", "expected"), LIKE.values(), ids=LIKE)
def test_files_are_known_by_certain_signs(head: bytes, *, expected: bool) -> None:
    assert looks_like("a.jsonl", head[:65_536]) is expected


VALID = json.dumps({
    "id": 3, "text": "👍🏽 Mara sailed", "entities": [{"id": 1, "label": "PER", "start_offset": 3, "end_offset": 7, "user": 2}],
    "relations": [{"id": 1, "from_id": 1, "to_id": 1, "type": "Near"}], "cats": ["calm"], "Comments": ["so"],
}, ensure_ascii=False).encode() * 2  # fmt: skip
PARTS = st.sampled_from(
    [b"null", b"7", b"[]", b"{}", b'"x"', b"-1", b"1e300", b"true", b"\n", b"[[]]", b"\xff", b"\x00"]
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(VALID)), st.integers(0, 12), PARTS | st.binary(max_size=6))
def test_damage_gives_articles_or_findings(at: int, gone: int, put: bytes) -> None:
    for one in imports(VALID[:at] + put + VALID[at + gone :]):
        assert one.article is not None or one.findings


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.floats(allow_nan=False) | st.sampled_from(["a", "PER", "Mara.", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "label", "start_offset", "end_offset", "user", "from_id", "to_id", "type", "comment"]),
        inner, max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip
KEYS = st.sampled_from([
    "id", "label", "labels", "entities", "annotations", "relations", "cats", "Comments", "meta", "user", "annotation_approver",
    "language", "split",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=3))
def test_any_json_gives_articles_or_findings(records: list[dict[str, Any]]) -> None:
    found = imports(*[{"text": TEXT, **record} for record in records])
    assert sum(one.article is not None for one in found) <= len(records)
    for one in found:
        assert one.article is not None or one.findings


def test_compressed_records_are_the_concern_of_who_opens_them() -> None:
    packed = gzip.compress(b'{"text": "a"}\n')

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        yield BytesIO(gzip.decompress(packed))

    (one,) = IMPORTER.read(Source("a.jsonl.gz", "a", {}.get, opened), None)
    assert one.article["text"] == "a"
