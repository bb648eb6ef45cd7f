"""Released articles made into the files of a release again: their gold is as it is, whatever is gold today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.shards import Product, Shard, Spiller, write_shards
from corpus_tool.views import ARTICLES, RAW, views

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.views import View


def write_again(
    batches: Mapping[str, Iterable[pa.RecordBatch]], contract: Contract, scratch: Path, output: Path, jobs: int = 1
) -> tuple[Shard, ...]:
    """Write every view of the articles of two views, `articles`, whose layers are gold, and `articles_raw`, if any.

    `scratch` is for the rows on their way. Raises what `write_shards` raises.
    """
    every = views(contract)
    gold, whole = batches[ARTICLES], batches.get(RAW, ())
    products = _spilled(gold, contract, scratch / "gold", [view for view in every if view.name != RAW])
    others = _spilled(whole, contract, scratch / "raw", [view for view in every if view.name == RAW])
    # A view of its own only where gold left something out: here the caller has decided that.
    products += [replace(one, block=one.block + len(products), left_out={RAW: 1}) for one in others]
    return write_shards(products, contract, every, output, jobs)


def _spilled(
    batches: Iterable[pa.RecordBatch], contract: Contract, folder: Path, wanted: Sequence[View]
) -> list[Product]:
    folder.mkdir(parents=True)
    gold = replace(contract, policy=replace(contract.policy, machine="all"))
    spill = Spiller(gold, folder, tuple(wanted))
    return [spill(batch, number) for number, batch in enumerate(batches)]
