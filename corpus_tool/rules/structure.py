"""COR: what annotations build together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.rules import TABLES, WARNING, Bad, Hit, rule
from corpus_tool.rules.extents import references_of
from corpus_tool.tables import ANNOTATIONS

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables


@rule(
    "COR605",
    on=TABLES,
    severity=WARNING,
    message="the chain mixes labels",
    bad=[
        Bad({"/coreference/0/mentions/-": "T2"}, "/coreference/0"),
    ],
)
def chain_has_one_label(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """All mentions of a coreference chain have the same label.

    A person is no place: one of the mentions has the wrong label, or belongs to another chain. Where labels tell how
    something is mentioned rather than what it is, turn the rule off.
    """
    named = references_of(tables, lambda kind: kind == "coreference")
    members = named.filter(pl.col("target_label").is_not_null() & _known_label(contract))
    if members.is_empty():
        return
    labels = members.unique(["row", "target"]).group_by("row").agg("target_label")
    mixed = labels.filter(pl.col("target_label").list.n_unique() > 1).sort("row")
    for row, named in mixed.iter_rows():
        counted = sorted(Counter(named).items(), key=lambda pair: (-pair[1], pair[0]))
        what = [f"{label} ({number})" for label, number in counted]
        message = f"the chain mixes {', '.join(what[:-1])} and {what[-1]}"
        yield Hit(ANNOTATIONS, tables.annotations.row(row, named=True), message)


def _known_label(contract: Contract) -> pl.Expr:
    """Whether the label is one of the contract's: one that is not has a finding of its own, and mixes nothing."""
    kind, label = pl.col("target_kind"), pl.col("target_label")
    closed = {layer.kind: layer.item[layer.label].labels for layer in contract.layers if layer.label}
    unknown = pl.lit(value=False)
    for name, labels in closed.items():
        if labels is not None:
            unknown |= (kind == name) & ~label.is_in(labels)
    return ~unknown
