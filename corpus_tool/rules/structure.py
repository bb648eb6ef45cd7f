"""COR: what annotations build together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.rules import TABLES, WARNING, Bad, Hit, rule
from corpus_tool.tables import ANNOTATIONS

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables


@rule("COR605", on=TABLES, severity=WARNING, message="the chain mixes labels", bad=[
    Bad({"/coreference/0/mentions/-": "T2"}, "/coreference/0"),
])  # fmt: skip
def chain_has_one_label(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001 - one shape of rule
    """All mentions of a coreference chain have the same label.

    A person is no place: one of the mentions has the wrong label, or belongs to another chain. Where labels tell how
    something is mentioned rather than what it is, turn the rule off.
    """
    members = tables.references.filter(
        (pl.col("kind") == "coreference") & pl.col("target_label").is_not_null() & (pl.col("target_kind") != "provenance")
    )
    if members.is_empty():
        return
    members = members.unique(["row", "target"], maintain_order=True)
    mixed = members.group_by("row").agg(pl.col("target_label").n_unique().alias("labels")).filter(pl.col("labels") > 1)
    for row in mixed["row"].sort().to_list():
        labels = members.filter(pl.col("row") == row)["target_label"].to_list()
        counted = sorted(((labels.count(label), label) for label in set(labels)), key=lambda pair: (-pair[0], pair[1]))
        what = [f"{label} ({number})" for number, label in counted]
        message = f"the chain mixes {', '.join(what[:-1])} and {what[-1]}"
        yield Hit(ANNOTATIONS, tables.annotations.row(row, named=True), message)
