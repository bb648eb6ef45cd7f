"""Who made the annotations of a block of articles, and whose count for nothing where nobody else looked."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from corpus_tool.contract import Contract
from corpus_tool.layers import EACH
from corpus_tool.nested import descend, parents

TRAIN = "train"
JUDGED = ("entity", "relation", "event", "coreference", "quotation", "label")
"""Kinds of layers that take judgement; a tokenizer's tokens are as good as anybody's."""
_MACHINES = ("model", "rule")

Makers = Mapping[tuple[int, str], str]
"""By row of the article and id of its record: the type of the agent."""


def read_makers(batch: pa.RecordBatch, contract: Contract) -> dict[tuple[int, str], str]:
    """The type of the agent of every provenance record that states one."""
    out: dict[tuple[int, str], str] = {}
    for layer in contract.of_kind("provenance"):
        path = layer.meanings.get("agent-type")
        if layer.id is None or path is None:
            continue
        lists = batch.column(layer.name)
        items = lists.flatten()
        kinds, _ = descend(items, path)
        ids, _ = descend(items, (layer.id,))
        found = zip(parents(lists).tolist(), ids.to_pylist(), kinds.to_pylist(), strict=True)
        out.update({(row, own): kind for row, own, kind in found if kind is not None})
    return out


def barred_machines(batch: pa.RecordBatch, contract: Contract, makers: Makers) -> dict[int, set[str]]:
    """By row, the models and rules whose work alone is no gold there, by what the policy says of machines."""
    allowed = contract.policy.machine
    out: dict[int, set[str]] = {}
    machines = [own for own, kind in makers.items() if kind in _MACHINES] if allowed != "all" else []
    if not machines:
        return out
    splits = split_column(batch, contract).to_pylist() if allowed == TRAIN else None
    for row, prov in machines:
        if splits is None or splits[row] != TRAIN:
            out.setdefault(row, set()).add(prov)
    return out


def split_column(batch: pa.RecordBatch, contract: Contract) -> pa.Array:
    """The split of each article: train where it names none."""
    path = contract.meanings.get("split")
    if path is None or EACH in path:
        return pa.repeat(TRAIN, batch.num_rows)
    return descend(batch.to_struct_array(), path)[0].cast(pa.string()).fill_null(TRAIN)
