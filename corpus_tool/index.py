"""A compact index of a whole corpus: what rules over all articles, splits and counts need of each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from corpus_tool.agreement import Agreement, Label, measure_agreement
from corpus_tool.assertions import count
from corpus_tool.flattening import explode_layer, read_column
from corpus_tool.near_duplicates import near_pairs, signatures
from corpus_tool.tables import PROVENANCE_KIND, RECORD_KINDS

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

TRAIN = "train"
_Key = TypeVar("_Key")
_Place = TypeVar("_Place")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article: its id, where it stands, its split, a 16-byte digest of its text, and the signature of its words.

    Id and digest are empty where the schema lets an article go without, the signature where nobody asks for it.
    """

    id: str
    path: str
    line: int | None
    split: str
    digest: bytes
    signature: bytes = b""


Sight = tuple[Entry, str]
"""A place in an article: the article, and a JSON Pointer into it."""
LabelKey = tuple[str, str, str, str]


@dataclass(slots=True)
class CorpusIndex:
    """Entries of all articles in the order of the corpus, and counts of annotations.

    `layers` by (split, layer), `labels` by (split, layer, kind, label), `agents` by (agent, type, role); `seen` says
    where a label comes first. Only where the policy asks: `having` and `lacking` count articles by (split, layer) that
    have a layer, and that neither have it nor explain it, the first of which is in `gaps`; `agreement` is that of
    annotators, and `disputes` where they first differ. `asserted` are the counts that assertions ask for, by number.
    """

    entries: list[Entry] = field(default_factory=list)
    layers: Counter[tuple[str, str]] = field(default_factory=Counter)
    labels: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    agents: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    seen: dict[LabelKey, Sight] = field(default_factory=dict)
    having: Counter[tuple[str, str]] = field(default_factory=Counter)
    lacking: Counter[tuple[str, str]] = field(default_factory=Counter)
    gaps: dict[tuple[str, str], Entry] = field(default_factory=dict)
    agreement: Agreement = field(default_factory=Agreement)
    disputes: dict[Label, Sight] = field(default_factory=dict)
    asserted: Counter[int] = field(default_factory=Counter)

    def add(self, other: CorpusIndex) -> None:
        """Take in the index of a further block."""
        self.entries.extend(other.entries)
        self.layers.update(other.layers)
        self.labels.update(other.labels)
        self.agents.update(other.agents)
        self.asserted.update(other.asserted)
        _keep_first(self.seen, other.seen)
        self.having.update(other.having)
        self.lacking.update(other.lacking)
        _keep_first(self.gaps, other.gaps)
        self.agreement.add(other.agreement)
        _keep_first(self.disputes, other.disputes)

    def duplicates(self) -> Iterator[tuple[Entry, Entry]]:
        """Articles whose id an earlier one has, with the first of that id."""
        return _repeated(self.entries, "id")

    def same_text(self) -> Iterator[tuple[Entry, Entry]]:
        """Articles whose text an earlier one has, with the first of that text."""
        return _repeated(self.entries, "digest")

    def near_texts(self, threshold: float) -> Iterator[tuple[Entry, Entry, float]]:
        """Articles whose text is nearly that of an earlier one of a split, with the one most like it, and how much.

        Of articles with the same text only the first is compared.
        """
        copies = {id(entry) for entry, _ in self.same_text()}
        own = [entry for entry in self.entries if id(entry) not in copies]
        pairs = near_pairs([entry.signature for entry in own], [entry.split for entry in own], threshold)
        for later, earlier, alike in pairs:
            yield own[later], own[earlier], alike

    def label_names(self) -> dict[str, list[str]]:
        """The labels that occur, sorted, by kind."""
        found: dict[str, set[str]] = {}
        for _, _, kind, label in self.labels:
            found.setdefault(kind, set()).add(label)
        return {kind: sorted(names) for kind, names in found.items()}


def _keep_first(own: dict[_Key, _Place], further: Mapping[_Key, _Place]) -> None:
    for key, place in further.items():
        own.setdefault(key, place)


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
    asked = contract.policy.near_duplicates is not None
    signed = signatures(articles["text"]) if asked else [b""] * len(articles)
    entries = [
        Entry(name or "", path, line, split, b"" if text is None else hashlib.sha256(text.encode()).digest()[:16], own)
        for name, text, split, (path, line), own in zip(
            articles["id"], articles["text"], articles["split"], places, signed, strict=True
        )
    ]
    layer_of = {at: place.path[0] for at, place in enumerate(tables.places) if place.path}
    annotations = tables.annotations.with_columns(split=pl.lit(articles["split"]).gather(pl.col("article")))
    layers: Counter[tuple[str, str]] = Counter()
    for split, at, number in annotations.group_by("split", "at").len().iter_rows():
        layers[split, layer_of[at]] += number
    labels: Counter[LabelKey] = Counter()
    seen: dict[LabelKey, Sight] = {}
    labelled = annotations.filter(pl.col("label").is_not_null())
    grouped = labelled.group_by("split", "at", "kind", "label").agg(pl.len(), pl.col("article", "i").first())
    for split, at, kind, label, number, article, i in grouped.iter_rows():
        key = split, layer_of[at], kind, label
        labels[key] += number
        seen[key] = entries[article], tables.pointer({"at": at, "i": i, "j": -1, "k": -1}, "label")
    index = CorpusIndex(entries, layers, labels, _agents(annotations, batch, contract), seen)
    index.asserted = count(tables, contract.policy.assertions)
    if contract.policy.whole_layers:
        _presence(index, tables, batch, contract)
    if contract.policy.min_agreement is not None:
        index.agreement, disputes = measure_agreement(tables, batch, contract)
        for label, row in disputes.items():
            found = tables.annotations.row(row, named=True)
            index.disputes[label] = entries[found["article"]], tables.pointer(found, "label")
    return index


def _presence(index: CorpusIndex, tables: Tables, batch: pa.RecordBatch, contract: Contract) -> None:
    """Count which articles have which layers; one that lacks a layer and has coverage of others has explained it."""
    covered: dict[int, set[str]] = {}
    for article, layer in tables.records.filter(pl.col("kind") == "coverage").select("article", "layer").iter_rows():
        covered.setdefault(article, set()).add(layer)
    for layer in contract.layers:
        if layer.kind in (*RECORD_KINDS, "note"):
            continue
        there = batch.column(batch.schema.get_field_index(layer.name)).is_valid().to_pylist()
        for number, (entry, has) in enumerate(zip(index.entries, there, strict=True)):
            key = entry.split, layer.name
            if has:
                index.having[key] += 1
            elif layer.name in covered.get(number, {layer.name}):
                index.lacking[key] += 1
                index.gaps.setdefault(key, entry)


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
        made = annotations.filter(~pl.col("kind").is_in(RECORD_KINDS)).group_by("article", "prov").len()
        made = made.join(records, on=["article", "prov"])
        grouped = made.group_by("agent", "agent-type", "agent-role").agg(pl.col("len").sum())
        for agent, kind, role, number in grouped.iter_rows():
            counted[agent or "", kind or "", role or ""] += number
    return counted
