"""Articles inserted into a release change few of its bytes; `make chunking` measures it at full size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.chunking import BOUND, inserted, share, spilled
from corpus_tool import shards
from corpus_tool.shards import Product, write_shards
from corpus_tool.views import views
from tests.release.sample import contract

COUNT, MORE = 4000, 5
CHUNK = 8 * 1024
"""An eighth of the usual, for files of an eighth of the usual row groups."""
CONTRACT = contract()


def made(pick: Random, key: str) -> dict[str, Any]:
    text = " ".join(f"{pick.getrandbits(40):x}" for _ in range(60))
    names = [{"id": f"T{at}", "kind": pick.choice(["PER", "NO"]), "von": at, "bis": at + 3} for at in range(5)]
    return {"key": key, "body": text, "names": names}


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Product], list[Product]]:
    """Those of a corpus, and those of what is inserted into it."""
    pick, folder = Random(5), tmp_path_factory.mktemp("spills")
    base = [made(pick, f"k-{number:06d}") for number in range(COUNT)]
    more = [made(pick, f"k-001234-{number}") for number in range(MORE)]
    return list(spilled(base, CONTRACT, folder / "base")), list(spilled(more, CONTRACT, folder / "more"))


def new_part(products: tuple[list[Product], list[Product]], folder: Path) -> float:
    base, more = products
    for name, some in (("before", base), ("after", [*base, *more])):
        write_shards(some, CONTRACT, views(CONTRACT), folder / name)
    return share(folder / "before", folder / "after", CHUNK).part


@pytest.fixture(autouse=True)
def small_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "PARTITION_BYTES", 2**17)
    monkeypatch.setattr(shards, "PARTITION_ARTICLES", 256)


def test_few_bytes_are_new(products: tuple[list[Product], list[Product]], tmp_path: Path) -> None:
    assert 0 < new_part(products, tmp_path) < BOUND


def test_most_bytes_are_new_where_row_groups_are_counted_off(
    products: tuple[list[Product], list[Product]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(ids: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
        return ((start, min(start + most, len(ids))) for start in range(0, len(ids), most))

    monkeypatch.setattr(shards, "partitions", counted)
    assert new_part(products, tmp_path) > 0.5


def test_inserted_articles_stand_behind_those_that_were_named() -> None:
    ids = [each["id"] for each in inserted(10, [3, 3, 7])]
    assert ids == ["bench-11-000003-000", "bench-11-000003-001", "bench-11-000007-002"]


def test_what_is_the_same_has_nothing_new(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.parquet").write_bytes(Random(1).randbytes(2**18))
    assert share(tmp_path / "one", tmp_path / "two").new == 0
    (tmp_path / "two" / "a.parquet").write_bytes(Random(2).randbytes(2**18))
    assert share(tmp_path / "one", tmp_path / "two").part == 1
