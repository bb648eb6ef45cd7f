"""The flat tables, against walks over the articles themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import covering
from corpus_tool.columns import to_batch
from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, load_contract
from corpus_tool.covering import MOST_COVERED, with_text
from corpus_tool.flattening import read_tables
from corpus_tool.nested import explode
from corpus_tool.vocabulary import steps
from tests.shapes import TEXTS, values

CONTRACT = load_contract(None, None)
ARTICLES = values(CONTRACT.root)
PROFILE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def at(article: Any, pointer: str) -> Any:
    for step in steps(pointer):
        article = article[int(step)] if isinstance(article, list) else article[step]
    return article


def items(articles: list[dict[str, Any]]) -> Iterator[tuple[int, str, int, dict[str, Any]]]:
    for row, article in enumerate(articles):
        for layer in CONTRACT.layers:
            for number, item in enumerate(article.get(layer.name) or ()):
                yield row, layer.name, number, item


def references(articles: list[dict[str, Any]]) -> Iterator[tuple[int, str, str | None, str]]:
    """Every reference of the packaged schema, field by field: article, pointer, role, ref."""
    for row, layer, number, item in items(articles):
        here = f"/{layer}/{number}"
        for name in ("prov", "trigger", "speaker", "representative", "ref", "head", "token"):
            if isinstance(item.get(name), str):
                yield row, f"{here}/{name}", None, item[name]
        for name in ("cue", "mentions", "derived_from"):
            yield from ((row, f"{here}/{name}/{n}", None, ref) for n, ref in enumerate(item.get(name) or ()))
        for n, argument in enumerate(item.get("arguments") or ()):
            yield row, f"{here}/arguments/{n}/ref", argument["role"], argument["ref"]
        for n, dep in enumerate(item.get("deps") or ()):
            if dep.get("head") is not None:
                yield row, f"{here}/deps/{n}/head", None, dep["head"]


def check(articles: list[dict[str, Any]], batch: pa.RecordBatch) -> None:
    tables = read_tables(batch, CONTRACT)
    places = {name: [(row["article"], tables.pointer(row)) for row in tables[name].iter_rows(named=True)]
              for name in ("articles", "annotations", "spans", "references", "attributes")}  # fmt: skip
    assert places["articles"] == [(row, "") for row in range(len(articles))]
    assert places["annotations"] == [
        (row, f"/{layer.name}/{number}") for layer in CONTRACT.layers for row, name, number, _ in items(articles) if name == layer.name
    ]  # fmt: skip
    for row in tables.annotations.iter_rows(named=True):
        item = at(articles[row["article"]], tables.pointer(row))
        assert row["id"] == item.get("id")
        assert row["prov"] == item.get("prov")
        assert row["axis"] == item.get("axis")
    assert sorted(places["spans"]) == sorted(
        (row, f"/{layer}/{number}/spans/{n}")
        for row, layer, number, item in items(articles)
        for n in range(len(item.get("spans", ())))
    )
    for row in tables.spans.iter_rows(named=True):
        article = articles[row["article"]]
        span = at(article, tables.pointer(row))
        assert (row["start"], row["end"], row["surface"]) == (span["start"], span["end"], span["text"])
        assert at(article, tables.pointer(row, "end")) == row["end"]
        check_text(row, article["text"])
    assert sorted(
        (row["article"], tables.pointer(row), row["role"] or "", row["ref"])
        for row in tables.references.iter_rows(named=True)
    ) == sorted((row, pointer, role or "", ref) for row, pointer, role, ref in references(articles))
    for row in tables.attributes.iter_rows(named=True):
        attribute = at(articles[row["article"]], tables.pointer(row))
        assert (row["name"], row["value"]) == (attribute["name"], attribute.get("value"))
        assert at(articles[row["article"]], tables.pointer(row, "name")) == row["name"]
    assert len(tables.attributes) == sum(len(item.get("attributes") or ()) for *_, item in items(articles))
    for name in ("spans", "references", "attributes"):
        owners = tables.annotations[tables[name]["row"].to_list()]
        assert owners["id"].to_list() == tables[name]["id"].to_list()
        assert owners["article"].to_list() == tables[name]["article"].to_list()


def check_text(row: dict[str, Any], text: str) -> None:
    start, end = row["start"], row["end"]
    assert row["chars"] == len(text)
    if 0 <= start <= end <= len(text):
        assert (row["covered"], row["before"], row["after"]) == (
            text[start:end],
            text[max(start - 1, 0) : start],
            text[end : end + 1],
        )
    else:
        assert (row["covered"], row["before"], row["after"]) == (None, None, None)


@PROFILE
@given(st.lists(ARTICLES, max_size=3), st.integers(0, 3))
def test_every_row_leads_to_what_it_states(articles: list[dict[str, Any]], cut: int) -> None:
    batch = to_batch(articles, CONTRACT)
    check(articles, batch)
    check(articles[cut:], batch.slice(cut))
    check(articles[:cut], batch.slice(0, cut))


OWN = Contract(compile_schema({
    "type": "object",
    "properties": {
        "text": {"type": ["string", "null"], "x-text": True}, "id": {"type": ["string", "null"], "x-id": True},
        "marks": {"type": "array", "x-layer": "entity", "items": {
            "type": ["object", "null"], "x-span": {"start": "von", "end": "bis"},
            "properties": {"von": {"type": ["integer", "null"]}, "bis": {"type": ["integer", "null"]},
                           "id": {"type": ["string", "null"], "x-id": True, "x-arrow": "large_string"},
                           "tag": {"type": ["string", "null"], "x-label": True, "x-arrow": "large_string"}},
        }},
    },
}, None, None, "own"))  # fmt: skip
LARGEST = 2**63 - 1
OFFSETS = st.integers(-3, 9) | st.sampled_from([LARGEST, LARGEST - 1, -LARGEST - 1, -LARGEST, 2**62, -(2**62)])


@given(st.lists(st.tuples(TEXTS, st.lists(st.tuples(OFFSETS, OFFSETS), max_size=6)), max_size=4))
def test_what_a_span_covers(drawn: list[tuple[str, list[tuple[int, int]]]]) -> None:
    articles = [
        {"id": "a", "text": text, "marks": [{"von": start, "bis": end} for start, end in spans]}
        for text, spans in drawn
    ]
    tables = read_tables(to_batch(articles, OWN), OWN)
    rows = list(tables.spans.iter_rows(named=True))
    assert [(row["start"], row["end"]) for row in rows] == [span for _, spans in drawn for span in spans]
    for row in rows:
        check_text(row, drawn[row["article"]][0])
        assert tables.pointer(row, "start") == f"/marks/{row['i']}/von"


@pytest.mark.parametrize("length", [0, 1, 2, 253, 254, 255, 256, 257, 600])
@pytest.mark.parametrize("place", [0, 1, 255, 256, 257, 3000, 4400])
def test_what_a_span_of_a_long_text_covers(place: int, length: int) -> None:
    text = ("é😊x" * 1700)[: 5000 + place]
    short = {"id": "b", "text": "é" * 9, "marks": [{"von": 9, "bis": 9}]}
    articles = [short, {"id": "a", "text": text, "marks": [{"von": place, "bis": place + length}]}, short]
    for row in read_tables(to_batch(articles, OWN), OWN).spans.iter_rows(named=True):
        check_text(row, articles[row["article"]]["text"])


@given(TEXTS, st.lists(st.tuples(OFFSETS, OFFSETS), max_size=6), st.integers(0, 40))
def test_what_spans_cover_is_bounded(text: str, drawn: list[tuple[int, int]], more: int) -> None:
    text = text + "é😊" * 200 + "x" * more
    spans = [(start, min(end, 9) + len(text) - 9 if end > 0 else end) for start, end in drawn]
    surfaces = [text[:128] if number % 3 == 0 else text[max(start, 0) : end] if number % 3 == 1 else None
                for number, (start, end) in enumerate(spans)]  # fmt: skip
    frame = pl.DataFrame(
        {
            "article": [0] * len(spans),
            "start": [a for a, _ in spans],
            "end": [b for _, b in spans],
            "surface": surfaces,
        },
        schema={"article": pl.UInt32, "start": pl.Int64, "end": pl.Int64, "surface": pl.String},
    )
    articles = pl.DataFrame({"text": [text], "chars": [len(text)]}).with_columns(pl.col("chars").cast(pl.Int64))
    full = with_text(frame, articles, 10**9)
    # Four times the text is always allowed, so that layers upon layers of ordinary articles stay whole.
    many = pl.concat([frame] * 40)
    cut = with_text(many, articles, 1)
    assert cut.columns == full.columns
    for row, whole in zip(cut.iter_rows(named=True), pl.concat([full] * 40).iter_rows(named=True), strict=True):
        assert (row["before"], row["after"], row["surface"]) == (whole["before"], whole["after"], whole["surface"])
        assert (row["covered"] == row["surface"]) == (whole["covered"] == whole["surface"])
        if row["covered"] != whole["covered"]:
            assert 128 <= len(row["covered"]) < len(whole["covered"])
            assert row["covered"][:64] == whole["covered"][:64]
            assert row["covered"][-64:] == whole["covered"][-64:]


def test_long_spans_of_a_long_text_do_not_copy_it(monkeypatch: pytest.MonkeyPatch) -> None:
    number, text = 1_000, "word é" * 100_000
    starts = [300 * at for at in range(number)]
    ends = [start + (290 if at % 2 else 5) for at, start in enumerate(starts)]
    spans = pl.DataFrame(
        {"article": pl.Series([0] * number, dtype=pl.UInt32), "start": starts, "end": ends, "surface": [""] * number}
    )
    windows: list[int] = []
    in_pieces = covering._in_pieces

    def watched(*asked: Any) -> pl.DataFrame:
        placed = in_pieces(*asked)
        windows.extend(placed["window"].str.len_chars())
        return placed

    monkeypatch.setattr(covering, "_in_pieces", watched)
    made = with_text(spans, pl.DataFrame({"text": [text], "chars": [len(text)]}))
    assert len(windows) == number
    assert max(windows) < 1_000
    assert made["covered"].to_list() == [text[start:end] for start, end in zip(starts, ends, strict=True)]


def test_a_small_article_of_long_spans_stays_small() -> None:
    number, text = 20_000, "x" * 120_000
    spans = pl.DataFrame({
        "article": pl.Series([0] * number, dtype=pl.UInt32), "start": range(number), "end": [len(text)] * number,
        "surface": ["", None] * (number // 2),
    })  # fmt: skip
    made = with_text(spans, pl.DataFrame({"text": [text], "chars": [len(text)]}))
    assert made["covered"].null_count() == 0
    assert made["covered"].str.len_chars().sum() <= 2 * MOST_COVERED
    assert made["covered"].str.len_chars().min() >= 128


def test_what_is_missing_is_null() -> None:
    mark = {"von": 0, "bis": None, "id": "x", "tag": "y"}
    tables = read_tables(
        to_batch([{"text": None, "marks": [None, mark]}, {"text": "é", "marks": [{"von": 0, "bis": 1}]}], OWN), OWN
    )
    assert tables.articles["chars"].to_list() == [None, 1]
    rows = list(tables.spans.iter_rows(named=True))
    assert [(row["article"], row["i"], row["covered"], row["id"], row["label"]) for row in rows if row["start"] is not None] == [
        (0, 1, None, "x", "y"), (1, 0, "é", None, None),
    ]  # fmt: skip


def test_references_find_the_first_of_their_name_in_their_namespace() -> None:
    article = {
        "id": "a", "text": "ab",
        "entities": [{"id": i, "type": "X", "spans": [{"start": 0, "end": 1, "text": "a"}], "prov": "T1"} for i in ("T1", "T2", "T2")],
        "relations": [{"id": "R1", "type": "r", "arguments": [{"role": "x", "ref": "T2"}, {"role": "y", "ref": "R1"}, {"role": "z", "ref": "no"}]}],
        "provenance": [{"id": "T1", "agent": "me", "agent_type": "human"}],
    }  # fmt: skip
    frame = read_tables(to_batch([article, {"id": "b", "text": ""}], CONTRACT), CONTRACT).references
    found = [
        (row["field"], row["role"], row["ref"], row["target"], row["target_kind"], row["licensed"])
        for row in frame.iter_rows(named=True)
    ]
    assert sorted(found, key=str) == sorted([
        *[("prov", None, "T1", 4, "provenance", True)] * 3, ("arguments", "x", "T2", 1, "entity", True),
        ("arguments", "y", "R1", 3, "relation", False), ("arguments", "z", "no", None, None, None),
    ], key=str)  # fmt: skip


def test_nothing_at_all() -> None:
    for articles in ([], [{"id": "a", "text": ""}]):
        tables = read_tables(to_batch(articles, CONTRACT), CONTRACT)
        assert [len(tables[name]) for name in ("articles", "annotations", "spans", "references", "attributes")] == [
            len(articles),
            0,
            0,
            0,
            0,
        ]
        assert {"covered", "before", "after"} <= set(tables.spans.columns)
        assert {"target", "licensed"} <= set(tables.references.columns)


NESTED = pa.list_(pa.struct([("a", pa.list_(pa.struct([("b", pa.int64())])))]))
ROWS = st.none() | st.lists(
    st.none()
    | st.fixed_dictionaries(
        {"a": st.none() | st.lists(st.none() | st.fixed_dictionaries({"b": st.none() | st.integers(0, 9)}), max_size=3)}
    ),
    max_size=3,
)


def walked(rows: list[Any]) -> list[tuple[int, int, int, Any]]:
    return [
        (row, i, j, inner["b"] if inner else None)
        for row, outer in enumerate(rows)
        for i, item in enumerate(outer or ())
        for j, inner in enumerate((item or {}).get("a") or ())
    ]


@given(st.lists(ROWS, max_size=5), st.integers(0, 5), st.integers(0, 5))
def test_explode_is_a_walk(rows: list[Any], start: int, length: int) -> None:
    array = pa.array(rows, NESTED).slice(start, length)
    found, indices = explode(array, ("*", "a", "*", "b"))
    assert [(*map(int, at), value) for *at, value in zip(*indices, found.to_pylist(), strict=True)] == walked(
        rows[start : start + length]
    )


def test_explode_ignores_what_lies_under_nulls() -> None:
    """A null may have values beneath it, which are nobody's."""
    inner = pa.StructArray.from_arrays([pa.array([1, 2, 3])], names=["b"], mask=pa.array([False, True, False]))
    array = pa.ListArray.from_arrays(pa.array([0, 1, 3]), inner, mask=pa.array([True, False]))
    found, indices = explode(array, ("*", "b"))
    assert found.to_pylist() == [None, 3]
    assert [index.tolist() for index in indices] == [[1, 1], [0, 1]]


@pytest.mark.parametrize("layer", [layer.name for layer in CONTRACT.layers])
def test_every_layer_has_a_kind(layer: str) -> None:
    [found] = [each for each in CONTRACT.layers if each.name == layer]
    assert found.kind
    assert found.item.type == "object"
