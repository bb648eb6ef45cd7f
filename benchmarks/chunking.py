"""What a store that keeps each chunk of bytes once has to take in anew when articles are added to a release.

    python -m benchmarks.chunking                 # 40,000 articles, 50 inserted

Chunks are cut by FastCDC at 64 KiB on average, as the store of the Hub cuts them; no store is asked.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
from fastcdc import fastcdc

from benchmarks.generate import articles, inventory
from corpus_tool.contract import Contract, load_contract
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.shards import Product, Spiller, write_shards
from corpus_tool.views import views

KIB = 1024
MEAN = 64 * KIB
"""Bytes of a chunk; the least has an eighth of that, the most has twice as many."""
BLOCK = 250
BOUND = 0.15
"""The share of the bytes that may be new where what is inserted stands together."""


@dataclass(frozen=True, slots=True)
class Share:
    """Bytes of a release, and how many of them an earlier one did not have."""

    bytes: int
    new: int

    @property
    def part(self) -> float:
        return self.new / self.bytes


def contract() -> Contract:
    return load_contract(None, parse_inventory(inventory(), "inventory.json"))


def spilled(source: Iterable[Mapping[str, Any]], contract: Contract, folder: Path) -> Iterator[Product]:
    """The rows of articles, in blocks, as a release is built from."""
    folder.mkdir(parents=True)
    spiller, left = Spiller(contract, folder, views(contract)), iter(source)
    number = 0
    while block := list(islice(left, BLOCK)):
        yield spiller(pa.RecordBatch.from_pylist(block, schema=contract.arrow), number)
        number += 1


def inserted(number: int, after: Iterable[int]) -> Iterator[dict[str, Any]]:
    """New articles whose ids sort behind those of these numbers; `number` is that of the first."""
    for fresh, (index, article) in zip(articles(10**6, start=number), enumerate(after), strict=False):
        place = f"{fresh['id'].rpartition('-')[0]}-{article:06d}"
        yield {**fresh, "id": f"{place}-{index:03d}"}


def share(before: Path, after: Path, mean: int = MEAN) -> Share:
    """How much of the Parquet files below `after` is in no chunk of those below `before`."""
    known = {digest for digest, _ in chunks(before, mean)}
    found = dict(chunks(after, mean))
    return Share(sum(found.values()), sum(size for digest, size in found.items() if digest not in known))


def chunks(folder: Path, mean: int) -> Iterator[tuple[bytes, int]]:
    """Digest and length of each chunk."""
    for path in sorted(folder.rglob("*.parquet")):
        data = path.read_bytes()
        for chunk in fastcdc(data, mean // 8, mean, 2 * mean):
            piece = data[chunk.offset : chunk.offset + chunk.length]
            yield hashlib.sha256(piece).digest(), len(piece)


def measure(count: int, more: int, folder: Path) -> dict[str, Share]:
    """The shares after inserting `more` articles into `count`: in one place, and each in a place of its own."""
    made = contract()
    base = list(spilled(articles(count), made, folder / "base"))
    write_shards(base, made, views(made), folder / "before", jobs=2)
    places = {
        "together": [count // 3] * more,
        "scattered": sorted(Random(1).sample(range(count), more)),
    }
    shares = {}
    for name, after in places.items():
        extra = list(spilled(inserted(count, after), made, folder / name))
        write_shards([*base, *extra], made, views(made), folder / f"after-{name}", jobs=2)
        shares[name] = share(folder / "before", folder / f"after-{name}")
    return shares


def main() -> None:
    """Print the shares; exit 1 where more is new than the bound allows."""
    parser = argparse.ArgumentParser(prog="benchmarks.chunking", description=main.__doc__)
    parser.add_argument("--articles", type=int, default=40_000)
    parser.add_argument("--inserted", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        shares = measure(options.articles, options.inserted, Path(name))
    for name, found in shares.items():
        print(
            f"{options.inserted} of {options.articles:,} articles inserted {name}: "
            f"{found.new / 2**20:.1f} of {found.bytes / 2**20:.1f} MiB are new ({found.part:.1%})"
        )
    if shares["together"].part >= BOUND:
        sys.exit(f"more than {BOUND:.0%}")


if __name__ == "__main__":
    main()
