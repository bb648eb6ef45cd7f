"""MinHash signatures of texts, and the pairs that agree."""

from __future__ import annotations

import random
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.near_duplicates import SLOTS, WORDS, near_pairs, signatures

VOCABULARY = [f"w{number}" for number in range(2000)]


def signed(*texts: str | None) -> list[bytes]:
    return signatures(pl.Series(texts, dtype=pl.String))


def grams(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))}


def exact(one: str, two: str) -> float:
    return len(grams(one) & grams(two)) / len(grams(one) | grams(two))


def test_a_signature_is_the_same_in_every_process() -> None:
    text = "The tide waits for no one, and no one waits for the tide."
    code = "import sys, polars as pl; from corpus_tool.near_duplicates import signatures; print(signatures(pl.Series(sys.argv[1:]))[0].hex())"
    done = subprocess.run([sys.executable, "-c", code, text], check=True, capture_output=True, text=True)
    (one,) = signed(text)
    assert len(one) == 4 * SLOTS
    assert one.hex() == done.stdout.strip()


@pytest.mark.parametrize(
    "text", [None, "", " \n", "!? …", "🏮"], ids=["null", "empty", "blank", "punctuation", "emoji"]
)
def test_texts_without_words_have_none(text) -> None:
    assert signed(text, "a") == [b"", signed("a")[0]]
    assert list(near_pairs(signed(text, text), ["train", "train"], 0.1)) == []


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("One two", "one, TWO!", True),
        ("one two three four five six", "one two\n\nthree four five six", True),
        ("one two", "two one", False),
        ("e\u0301te\u0301", "e\u0301te\u0301 ", True),
        ("東京の港", "東京の港。", True),
        ("東京の港は静かだった", "静かだった港は東京の", False),
    ],
    ids=["case", "white-space", "order", "marks", "spaceless", "spaceless-order"],
)
def test_what_makes_texts_the_same(one, two, same) -> None:
    first, second = signed(one, two)
    assert (first == second) is same


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 400), st.integers(0, 60), st.integers(0, 2**32))
def test_similarity_is_near_the_exact_one(length: int, changes: int, seed: int) -> None:
    pick = random.Random(seed)
    words = pick.choices(VOCABULARY, k=length)
    other = list(words)
    for _ in range(changes):
        other[pick.randrange(length)] = pick.choice(VOCABULARY)
    one, two = " ".join(words), " ".join(other)
    found = list(near_pairs(signed(one, two), ["train", "test"], 0.01))
    alike = found[0][2] if found else 0.0
    assert abs(alike - exact(one, two)) < 0.2


def test_pairs_above_the_threshold_are_found() -> None:
    pick = random.Random(1)
    texts = [" ".join(pick.choices(VOCABULARY, k=200)) for _ in range(150)]
    copies = [text.replace(text.split()[100], "changed", 1) for text in texts]
    found = list(near_pairs(signed(*texts, *copies), ["train"] * 300, 0.8))
    assert {(later, earlier) for later, earlier, _ in found} >= {
        (150 + at, at) for at in range(150) if exact(texts[at], copies[at]) > 0.92
    }
    assert all(later - 150 == earlier for later, earlier, _ in found)


def test_many_of_one_kind_stay_cheap_and_are_all_found() -> None:
    base = VOCABULARY[:200]
    texts = [" ".join([*base[:at], "other", *base[at + 1 :]]) for at in range(200)] * 5
    found = list(near_pairs(signed(*texts), ["train", "test"] * 500, 0.8))
    assert {later for later, _, _ in found} == set(range(1, 1000))
    assert all(earlier < later for later, earlier, _ in found)
    assert len(found) <= 2 * 1000


@given(st.lists(st.text(st.sampled_from("ab é😀\u0301\u200d東\n"), max_size=30), max_size=6), st.integers(0, 6))
@settings(max_examples=50, deadline=None)
def test_blocks_do_not_matter(texts: list[str], cut: int) -> None:
    assert signed(*texts) == signed(*texts[:cut]) + signed(*texts[cut:])
