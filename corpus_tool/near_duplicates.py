"""Texts that are nearly the same: MinHash signatures of their word n-grams, and pairs of signatures that agree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOTS = 128
"""Numbers in a signature: similarity is measured to within about 0.04."""
WORDS = 5
"""Words in an n-gram."""
_SEED = 1
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MISSED = 1e-3
"""The probability that a pair just as similar as asked for is never compared."""
_COMPARED = 4
"""So many earlier texts of a group, among all that look the same in one band, is a text compared with."""
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = rf"[{_SPACELESS}]|[\p{{L}}\p{{M}}\p{{N}}--[{_SPACELESS}]]+"


def signatures(texts: pl.Series) -> list[bytes]:
    """The signature of each text, `SLOTS` 32-bit numbers; empty where a text has no word.

    Words are folded to lower case; a character is a word in scripts that put no space between words. The hash of a word
    is made here, so that it depends on neither machine nor version.
    """
    from rensa import RMinHash

    words = texts.fill_null("").str.to_lowercase().str.extract_all(_WORD)
    counts = words.list.len().to_numpy().astype(np.int64)
    flat = words.filter(words.list.len() > 0).explode()
    grams, ends = _grams(_hashes(flat), counts)
    offsets = np.concatenate(([0], ends)).astype(np.uint64)
    rows = RMinHash.digest_matrix_from_flat_token_hashes(grams, offsets, SLOTS, _SEED).to_rows()
    wordless = (counts == 0).tolist()
    return [b"" if none else np.array(row, dtype="<u4").tobytes() for row, none in zip(rows, wordless, strict=True)]


def _hashes(words: pl.Series) -> NDArray[np.uint64]:
    distinct = words.unique()
    digests = b"".join(hashlib.blake2b(word.encode(), digest_size=8).digest() for word in distinct)
    hashed = pl.DataFrame({"word": distinct, "hash": np.frombuffer(digests, dtype="<u8").astype(np.uint64)})
    found = words.to_frame("word").join(hashed, on="word", how="left", maintain_order="left")
    return found["hash"].to_numpy()


def _grams(words: NDArray[np.uint64], counts: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hashes of all n-grams, and where those of each text end; a shorter text is one n-gram."""
    ends = np.cumsum(counts)
    padded = np.concatenate((words, np.zeros(WORDS, np.uint64)))
    number = np.repeat(np.arange(len(counts)), counts)
    left = (ends[number] - np.arange(len(words))) if len(words) else np.empty(0, np.int64)
    grams = np.zeros(len(words), np.uint64)
    for step in range(WORDS):
        more = grams * _FACTOR + padded[step : step + len(words)]
        grams = np.where(left > step, more ^ (more >> np.uint64(29)), grams)
    kept = (left >= WORDS) | (left == counts[number])
    return grams[kept], np.cumsum(np.bincount(number[kept], minlength=len(counts)))


def near_pairs(
    signatures: Sequence[bytes], groups: Sequence[str], threshold: float
) -> Iterator[tuple[int, int, float]]:
    """For each text and group the earlier text of the group that is most like it, from the threshold on.

    Yields the number of the text, that of the earlier one, and their similarity: the share of equal slots, an estimate
    of the Jaccard similarity of their n-grams. Empty signatures are like nothing.
    """
    own = [at for at, signature in enumerate(signatures) if signature]
    if len(own) < 2:
        return
    matrix = matrix_of([signatures[at] for at in own])
    best: dict[tuple[int, str], tuple[float, int]] = {}
    candidates = _candidates(matrix, [groups[at] for at in own], threshold)
    for later, earlier in sorted(candidates):
        alike = float(np.mean(matrix[later] == matrix[earlier]))
        key = own[later], groups[own[earlier]]
        if alike >= threshold and alike > best.get(key, (0.0, 0))[0]:
            best[key] = alike, own[earlier]
    for (later, _), (alike, earlier) in sorted(best.items()):
        yield later, earlier, alike


def matrix_of(signatures: Sequence[bytes]) -> NDArray[np.uint32]:
    """Signatures, none of them empty, as rows of numbers."""
    return np.frombuffer(b"".join(signatures), dtype="<u4").reshape(-1, SLOTS)


def buckets(matrix: NDArray[np.uint32], threshold: float) -> Iterator[NDArray[np.int64]]:
    """The numbers of rows that agree in a whole band, two or more at a time; those that do in none are hardly alike."""
    for bucket, sizes in _bands(matrix, threshold):
        shared = np.flatnonzero(sizes[bucket] > 1)
        if len(shared):
            order = shared[np.argsort(bucket[shared], kind="stable")]
            yield from np.split(order, np.cumsum(sizes[sizes > 1])[:-1])


def _bands(matrix: NDArray[np.uint32], threshold: float) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """For each band the number of the bucket of each row, and the sizes of the buckets."""
    rows = _rows(threshold)
    for start in range(0, SLOTS, rows):
        band = np.ascontiguousarray(matrix[:, start : start + rows]).view(np.dtype((np.void, 4 * rows))).ravel()
        _, bucket, sizes = np.unique(band, return_inverse=True, return_counts=True)
        yield bucket, sizes


def _candidates(matrix: NDArray[np.uint32], groups: Sequence[str], threshold: float) -> set[tuple[int, int]]:
    """Pairs (later, earlier) whose signatures agree in a whole band."""
    found: set[tuple[int, int]] = set()
    for bucket, sizes in _bands(matrix, threshold):
        shared = np.flatnonzero(sizes[bucket] > 1)
        first: dict[int, dict[str, list[int]]] = {}
        for at in shared.tolist():
            seen = first.setdefault(int(bucket[at]), {})
            for members in seen.values():
                found.update((at, earlier) for earlier in members)
            members = seen.setdefault(groups[at], [])
            if len(members) < _COMPARED:
                members.append(at)
    return found


def _rows(threshold: float) -> int:
    """Slots in a band: as many as leave a pair at the threshold almost certain to agree in one of the bands."""
    fits = [rows for rows in (1, 2, 4, 8, 16, 32) if (1 - threshold**rows) ** (SLOTS // rows) <= _MISSED]
    return max(fits, default=1)
