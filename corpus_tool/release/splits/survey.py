"""What of each article decides its split, read from a block of accepted articles or from a release."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.contract import Contract, load_contract
from corpus_tool.fields import Field
from corpus_tool.flattening import read_tables
from corpus_tool.gold import gold
from corpus_tool.near_duplicates import signatures
from corpus_tool.nested import descend
from corpus_tool.release.articles import read_batches
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import CONTRACT
from corpus_tool.release.splits.assigning import Candidate
from corpus_tool.split_settings import SplitSettings
from corpus_tool.tables import RECORD_KINDS
from corpus_tool.views import ARTICLES

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.tables import Tables

_DATES = ("date", "first-created", "version-created")


@dataclass(frozen=True, slots=True)
class Survey:
    """A sink for accepted articles: of each what decides its split. Articles without an id are left out."""

    contract: Contract
    settings: SplitSettings

    def __call__(self, batch: pa.RecordBatch, block: int) -> list[Candidate]:  # noqa: ARG002 (a sink is told the block)
        tables = read_tables(batch, self.contract)
        articles = tables.articles
        keys = _keys(articles, self.settings.group)
        strata = _strata(tables, batch, self.settings.strata, self.contract)
        days = articles.with_columns(_day(articles))["day"]
        splits = articles["split"] if "split" in articles.columns else [None] * len(articles)
        rows = zip(
            articles["id"], articles["text"], splits, signatures(articles["text"]), keys, strata, days,
            _label_digests(batch, self.contract), strict=True,
        )  # fmt: skip
        return [
            Candidate(id_, _sha256(text or ""), split or None, signature, own, stratum or "", day, labels)
            for id_, text, split, signature, own, stratum, day, labels in rows
            if id_
        ]


def released_candidates(folder: Path, settings: SplitSettings) -> Iterator[tuple[str, Candidate]]:
    """The articles of a release, each with the split it is in; ReleaseError where its files are damaged."""
    contract = load_contract(folder / CONTRACT, None)
    survey = Survey(contract, settings)
    for shard in read_release(folder)[0].shards:
        if shard.view == ARTICLES:
            for batch in read_batches(folder / shard.path, contract):
                yield from ((shard.split, one) for one in survey(batch, 0))


def strata_problem(strata: str | None, contract: Contract) -> str | None:
    """Why articles have no such strata; None where they may."""
    axes = any("axis" in layer.meanings for layer in contract.layers)
    if strata is None or strata in contract.meanings or axes or _path(strata, contract) is not None:
        return None
    return f"nothing of an article is called '{strata}': name a meaning of x-field, a field, or an axis of labels"


def _keys(articles: pl.DataFrame, meanings: tuple[str, ...]) -> list[tuple[str, ...]]:
    """For each article what it has in common with its group, as digests: the lock quotes nothing."""
    known = [meaning for meaning in meanings if meaning in articles.columns]
    rows = articles.select(pl.col(known).cast(pl.String)).iter_rows() if known else [()] * len(articles)
    return [
        tuple(f"{meaning}:{_sha256(value)[:16]}" for meaning, value in zip(known, row, strict=True) if value)
        for row in rows
    ]


def _strata(tables: Tables, batch: pa.RecordBatch, name: str | None, contract: Contract) -> list[str | None]:
    """The stratum of each article: a meaning, a field by its path (`metadata.genre`), else a label of that axis."""
    articles = tables.articles
    if name is None:
        return [None] * len(articles)
    if name in articles.columns:
        return articles[name].cast(pl.String).to_list()
    path = _path(name, contract)
    if path is not None:
        values, _ = descend(batch.to_struct_array(), path)
        return [None if value is None else str(value) for value in values.to_pylist()]
    labels = tables.annotations.filter(pl.col("axis") == name).group_by("article").agg(pl.col("label").min())
    found = dict(labels.iter_rows())
    return [found.get(number) for number in range(len(articles))]


def _path(name: str, contract: Contract) -> tuple[str, ...] | None:
    """The path of a field outside of lists, `metadata.genre`; None where it is none."""
    field: Field | None = contract.root
    for step in name.split("."):
        field = next((child for child in field.fields if child.name == step), None) if field else None
    return tuple(name.split(".")) if field and field.type not in {"array", "object", "any"} else None


def _day(articles: pl.DataFrame) -> pl.Expr:
    known = [pl.col(name).cast(pl.String).str.slice(0, 10) for name in _DATES if name in articles.columns]
    return pl.coalesce(known or [pl.lit(None, pl.String)]).alias("day")


def _label_digests(batch: pa.RecordBatch, contract: Contract) -> list[tuple[tuple[str, bytes], ...]]:
    """For each article a digest of the gold of each layer with labels: labels and offsets, in no order."""
    truth, _ = gold(batch, contract)
    tables = read_tables(truth, contract)
    spans = tables.spans.group_by("article", "row").agg(pl.struct("start", "end").sort())
    rows = tables.layered("annotations").filter(~pl.col("kind").is_in(RECORD_KINDS))
    rows = rows.filter(pl.col("label").is_not_null()).select("article", pl.col("row").cast(pl.Int64), "layer", "label")
    spans = spans.select(pl.col("row").cast(pl.Int64), pl.col("start").alias("spans"))
    said: dict[tuple[int, str], list[str]] = {}
    for article, _, layer, label, places in rows.join(spans, on="row", how="left").iter_rows():
        said.setdefault((article, layer), []).append(f"{label} {places}")
    there = {layer.name: truth.column(layer.name).is_valid().to_pylist() for layer in contract.layers if layer.label}
    return [
        tuple(
            (name, bytes.fromhex(_sha256("\n".join(sorted(said.get((number, name), ()))))[:32]))
            for name, valid in there.items()
            if valid[number]
        )
        for number in range(batch.num_rows)
    ]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
