"""A compact index of a whole corpus: what rules over all articles, splits and counts need of each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.flattening import explode_layer, read_column
from corpus_tool.tables import PROVENANCE_KIND

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

TRAIN = "train"
_RECORDS = (PROVENANCE_KIND, "coverage", "adjudication")
"""Kinds of layers that say how the work was done, and are no annotations of the text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article: its id, where it stands, its split, and a 16-byte digest of its text.

    Id and digest are empty where the schema lets an article go without.
    """

    id: str
    path: str
    line: int | None
    split: str
    digest: bytes


@dataclass(slots=True)
class CorpusIndex:
    """Entries of all articles in the order of the corpus, and counts of annotations.

    `layers` by (split, layer), `labels` by (split, layer, kind, label), `agents` by (agent, type, role).
    """

    entries: list[Entry] = field(default_factory=list)
    layers: Counter[tuple[str, str]] = field(default_factory=Counter)
    labels: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    agents: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, other: CorpusIndex) -> None:
        """Take in the index of a further block."""
        self.entries.extend(other.entries)
        self.layers.update(other.layers)
        self.labels.update(other.labels)
        self.agents.update(other.agents)

    def duplicates(self) -> Iterator[tuple[Entry, Entry]]:
        """Articles whose id an earlier one has, with the first of that id."""
        return _repeated(self.entries, "id")

    def same_text(self) -> Iterator[tuple[Entry, Entry]]:
        """Articles whose text an earlier one has, with the first of that text."""
        return _repeated(self.entries, "digest")

    def label_names(self) -> dict[str, list[str]]:
        """The labels that occur, sorted, by kind."""
        found: dict[str, set[str]] = {}
        for _, _, kind, label in self.labels:
            found.setdefault(kind, set()).add(label)
        return {kind: sorted(names) for kind, names in found.items()}


def _repeated(entries: Iterable[Entry], key: str) -> Iterator[tuple[Entry, Entry]]:
    first: dict[object, Entry] = {}
    for entry in entries:
        value = getattr(entry, key)
        if value and first.setdefault(value, entry) is not entry:
            yield entry, first[value]


def index_block(
    tables: Tables, batch: pa.RecordBatch, contract: Contract, places: list[tuple[str, int | None]]
) -> CorpusIndex:
    """The index of one block; `places` are file and line of each of its articles."""
    articles = tables.articles
    if "split" in articles.columns:
        articles = articles.with_columns(split=pl.col("split").fill_null(TRAIN))
    else:
        articles = articles.with_columns(split=pl.lit(TRAIN))
    entries = [
        Entry(name or "", path, line, split, b"" if text is None else hashlib.sha256(text.encode()).digest()[:16])
        for name, text, split, (path, line) in zip(
            articles["id"], articles["text"], articles["split"], places, strict=True
        )
    ]
    layer_of = {at: place.path[0] for at, place in enumerate(tables.places) if place.path}
    annotations = tables.annotations.with_columns(split=pl.lit(articles["split"]).gather(pl.col("article")))
    layers: Counter[tuple[str, str]] = Counter()
    for split, at, number in annotations.group_by("split", "at").len().iter_rows():
        layers[split, layer_of[at]] += number
    labels: Counter[tuple[str, str, str, str]] = Counter()
    labelled = annotations.filter(pl.col("label").is_not_null())
    for split, at, kind, label, number in labelled.group_by("split", "at", "kind", "label").len().iter_rows():
        labels[split, layer_of[at], kind, label] += number
    return CorpusIndex(entries, layers, labels, _agents(annotations, batch, contract))


def _agents(annotations: pl.DataFrame, batch: pa.RecordBatch, contract: Contract) -> Counter[tuple[str, str, str]]:
    """Annotations by who made them, as the provenance records of each article say."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for layer in contract.of_kind(PROVENANCE_KIND):
        if layer.id is None or "agent" not in layer.meanings:
            continue
        items, article = explode_layer(batch, layer.name)
        columns = {"article": pl.Series(article, dtype=pl.UInt32), "prov": read_column(items, layer.id)}
        for meaning in ("agent", "agent-type", "agent-role"):
            path = layer.meanings.get(meaning, ())
            columns[meaning] = read_column(items, path[0] if len(path) == 1 else None)
        records = pl.DataFrame(columns).unique(["article", "prov"], keep="first", maintain_order=True)
        made = annotations.filter(~pl.col("kind").is_in(_RECORDS)).group_by("article", "prov").len()
        made = made.join(records, on=["article", "prov"])
        grouped = made.group_by("agent", "agent-type", "agent-role").agg(pl.col("len").sum())
        for agent, kind, role, number in grouped.iter_rows():
            counted[agent or "", kind or "", role or ""] += number
    return counted
