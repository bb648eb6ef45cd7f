"""Cuts between row groups depend on ids, so that what is inserted moves few of them."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.partitions import partitions

IDS = [f"article-{number:05d}" for number in range(5000)]


@given(count=st.integers(0, 300), most=st.integers(1, 100))
def test_every_article_is_in_one_partition_of_a_size_within_bounds(count: int, most: int) -> None:
    found = list(partitions(IDS[:count], most))
    assert [at for start, end in found for at in range(start, end)] == list(range(count))
    power = max(size for size in (1, 2, 4, 8, 16, 32, 64) if size <= most)
    sizes = [end - start for start, end in found]
    assert all(size <= power for size in sizes)
    assert all(size >= power // 4 for size in sizes[:-1])


def groups(ids: list[str], most: int = 100) -> set[tuple[str, ...]]:
    return {tuple(ids[start:end]) for start, end in partitions(ids, most)}


@pytest.mark.parametrize("seed", range(10))
def test_what_is_inserted_changes_the_partitions_around_it(seed: int) -> None:
    before = groups(IDS)
    place = Random(seed).randrange(5000)
    after = groups(sorted([*IDS, *(f"article-{place:05d}-{number}" for number in range(10))]))
    assert len(before) > 100
    assert 0 < len(after - before) <= 10


@pytest.mark.parametrize(("most", "others"), [(64, {65, 100, 127}), (4096, {5000, 8191})])
def test_a_little_more_or_less_room_changes_nothing(most: int, others: set[int]) -> None:
    assert {tuple(partitions(IDS, other)) for other in others} == {tuple(partitions(IDS, most))}
