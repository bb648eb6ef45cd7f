"""Coverage and adjudication that contradict themselves."""

from __future__ import annotations

import pytest

from corpus_tool.rules.example import annotator, edited
from tests.rules.tables import places, under

PLAIN = under(None)


def found(layer: str, records: list[tuple[object, ...]], names: tuple[str, ...]) -> list[int]:
    made = [{"layer": "entities", **dict(zip(names, record, strict=True))} for record in records]
    article = edited({f"/{layer}": made, "/provenance/-": annotator("A2")})
    hits = places(article, contract=PLAIN, codes="PRV706")
    assert all(at.startswith(f"/{layer}/") for _, at in hits)
    return [int(at.rsplit("/", 1)[1]) for _, at in hits]


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        ([("A1", "complete", None), ("A2", "partial", None)], []),
        ([("A1", "complete", None), ("A1", "partial", None)], [1]),
        ([("A1", "complete", None), ("A1", "partial", ["PER"])], [1]),
        ([("A1", "partial", ["PER"]), ("A1", "complete", None)], [0]),
        ([("A1", "complete", ["PER"]), ("A1", "complete", ["LOC"]), ("A1", "partial", ["PER", "LOC"])], [2]),
        ([("A1", "partial", None), ("A1", "complete", ["PER"])], []),
        ([("A1", "complete", ["PER"]), ("A1", "partial", ["LOC"])], []),
        ([("A1", "complete", ["PER", "LOC"]), ("A1", "partial", ["LOC"])], [1]),
        ([("A1", "complete", ["PER", "LOC"]), ("A1", "complete", ["LOC", "PER"])], [1]),
        ([("A1", "complete", None), ("A1", "complete", []), ("A1", "complete", ["PER"])], [1]),
    ],
    ids=[
        "others",
        "both",
        "part-of-all",
        "part-first",
        "part-of-two",
        "all-but",
        "different",
        "part",
        "reordered",
        "all-twice",
    ],
)
def test_coverage(records, wrong) -> None:
    assert found("coverage", records, ("prov", "status", "labels")) == wrong


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        ([("A1", "adjudicated")], []),
        ([(None, "adjudicated")], [0]),
        ([("A1", "adjudicated"), ("A2", "adjudicated")], []),
        ([("A1", "adjudicated"), ("A1", "adjudicated")], [1]),
        ([("A1", "adjudicated"), ("A1", "pending")], [1]),
        ([(None, "disagreed"), ("A1", "adjudicated")], [1]),
        ([("A1", "adjudicated"), (None, "pending")], [1]),
        ([("A2", "withdrawn"), ("A1", "adjudicated")], []),
        ([("A2", "disagreed"), ("A1", "adjudicated")], []),
    ],
    ids=["one", "nobody", "two", "twice", "both", "then", "and-pending", "withdrawn", "of-others"],
)
def test_adjudication(records, wrong) -> None:
    assert found("adjudication", records, ("prov", "status")) == wrong


def test_layers_and_articles_are_apart() -> None:
    other = edited({"/coverage": [{"layer": "labels", "prov": "A1", "status": "partial"}], "/id": "other"})
    both = [{"layer": layer, "prov": "A1", "status": "complete"} for layer in ("entities", "labels")]
    assert places(edited({"/coverage": both}), other, contract=PLAIN, codes="PRV706") == []
