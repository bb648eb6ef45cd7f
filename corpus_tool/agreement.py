"""How far annotators of the same articles agree, by layer and label, in counts that add up over blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tool.flattening import explode_layer
from corpus_tool.nested import descend
from corpus_tool.tables import PROVENANCE_KIND

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

MEASURED = ("entity", "relation", "event", "quotation", "label")
"""Kinds whose annotations are compared; chains of coreference need a measure of their own."""
_ALONE = ("adjudicator", "corrector")
"""Roles of people who saw what others had done."""

Label = tuple[str, str]
"""Layer and label; the label is empty where annotations have none."""
Key = tuple[Any, ...]
"""Where an annotation stands, and what it says beside its label."""


@dataclass(slots=True)
class Agreement:
    """Annotations of pairs of annotators: `compared` counts those of both, `agreed` those that the other has, too."""

    compared: Counter[Label] = field(default_factory=Counter)
    agreed: Counter[Label] = field(default_factory=Counter)

    def add(self, other: Agreement) -> None:
        """Take in the counts of a further block."""
        self.compared.update(other.compared)
        self.agreed.update(other.agreed)

    def f1(self, label: Label) -> float:
        """The exact-match F1 over all pairs of annotators."""
        return self.agreed[label] / self.compared[label]


def measure_agreement(tables: Tables, batch: pa.RecordBatch, contract: Contract) -> tuple[Agreement, dict[Label, int]]:
    """Compare the work of people who covered the same layer of the same article, each on their own.

    Returns the counts, and by label the row of the first annotation that another annotator does not have.

    Who covered a layer says its coverage (complete, perhaps of some labels only); where an article has no coverage of
    the layer, those who annotated it. Annotations agree where label and all spans are the same, of layers without spans
    where what they refer to has the same spans in the same roles.
    """
    agreement, disputes = Agreement(), dict[Label, int]()
    covered = _covered(tables, batch, contract)
    if not covered:
        return agreement, disputes
    work = _work(tables, covered)
    for (article, layer), people in covered.items():
        for one, two in combinations(sorted(people), 2):
            mine, yours = work.get((article, layer, one), {}), work.get((article, layer, two), {})
            for own, other, scope in ((mine, yours, people[two]), (yours, mine, people[one])):
                for (label, key), row in own.items():
                    if scope is not None and label not in scope:
                        continue
                    agreement.compared[layer, label] += 1
                    if (label, key) in other:
                        agreement.agreed[layer, label] += 1
                    else:
                        disputes.setdefault((layer, label), row)
    return agreement, disputes


_Covered = dict[tuple[int, str], dict[str, frozenset[str] | None]]
"""By article and layer: the provenances of at least two people, and to which labels they kept (None: to all)."""


def _covered(tables: Tables, batch: pa.RecordBatch, contract: Contract) -> _Covered:
    names = {layer.name for layer in contract.layers if layer.kind in MEASURED and layer.provenance}
    people = {
        (article, own): agent or own
        for article, own, agent, role in tables.records.filter(
            (pl.col("kind") == PROVENANCE_KIND) & (pl.col("agent-type") == "human")
        ).select("article", "id", "agent", "agent-role").iter_rows()
        if own is not None and role not in _ALONE
    }  # fmt: skip
    found: dict[tuple[int, str], dict[str, frozenset[str] | None]] = {}
    said = set()
    for article, layer, prov, status, labels in _coverage(tables, batch, contract):
        said.add((article, layer))
        if status == "complete" and (article, prov) in people and layer in names:
            found.setdefault((article, layer), {})[prov] = frozenset(labels) if labels else None
    at = {number: place.path[0] for number, place in enumerate(tables.places) if len(place.path) == 2}
    made = tables.annotations.filter(pl.col("kind").is_in(MEASURED)).select("article", "at", "prov").unique()
    for article, number, prov in made.sort("article", "at", "prov").iter_rows():
        if (article, at[number]) not in said and (article, prov) in people:
            found.setdefault((article, at[number]), {})[prov] = None
    apart = {place: _by_person(people, place[0], provs) for place, provs in found.items()}
    return {place: provs for place, provs in apart.items() if len(provs) > 1}


def _by_person(
    people: Mapping[tuple[int, str], str], article: int, provs: Mapping[str, frozenset[str] | None]
) -> dict[str, frozenset[str] | None]:
    """One provenance of each person: nobody agrees with himself."""
    own = {people[article, prov]: prov for prov in sorted(provs, reverse=True)}
    return {prov: provs[prov] for prov in own.values()}


def _coverage(
    tables: Tables, batch: pa.RecordBatch, contract: Contract
) -> Iterator[tuple[int, str, str, str, list[str] | None]]:
    records = tables.records.filter(pl.col("kind") == "coverage")
    rows = records.select("article", "layer", "prov", "coverage-status").rows()
    labels: list[list[str] | None] = []
    for layer in contract.of_kind("coverage"):
        items, _ = explode_layer(batch, layer.name)
        path = layer.meanings.get("coverage-labels", ())
        labels += descend(items, path)[0].to_pylist() if len(path) == 1 else [None] * len(items)
    for row, kept in zip(rows, labels, strict=True):
        yield (*row, kept)


def _work(tables: Tables, covered: _Covered) -> Mapping[tuple[int, str, str], dict[tuple[str, Key], int]]:
    """By article, layer and provenance: the annotations as (label, key), with the row of each."""
    at = {number: place.path[0] for number, place in enumerate(tables.places) if len(place.path) == 2}
    articles = sorted({article for article, _ in covered})
    rows = tables.annotations.filter(pl.col("kind").is_in(MEASURED) & pl.col("article").is_in(articles))
    spans, targets = _spans(tables, articles), _targets(tables, articles)
    found: dict[tuple[int, str, str], dict[tuple[str, Key], int]] = {}
    for article, number, row, label, prov, axis in rows.select(
        "article", "at", "row", "label", "prov", "axis"
    ).iter_rows():
        place = article, at[number]
        if prov in covered.get(place, {}):
            own = spans.get(row)
            key: Key = (axis, own or _referred(row, targets, spans, ()))
            found.setdefault((*place, prov), {}).setdefault((label or "", key), row)
    return found


def _spans(tables: Tables, articles: list[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    rows = tables.spans.filter(pl.col("article").is_in(articles)).group_by("row").agg("start", "end")
    return {row: tuple(sorted(zip(starts, ends, strict=True))) for row, starts, ends in rows.iter_rows()}


def _targets(tables: Tables, articles: list[int]) -> dict[int, list[tuple[str, str, int]]]:
    rows = tables.references.filter(
        pl.col("article").is_in(articles)
        & pl.col("kind").is_in(["relation", "event"])
        & (pl.col("target_kind") != PROVENANCE_KIND)
    )
    found: dict[int, list[tuple[str, str, int]]] = {}
    for row, name, role, target in rows.select("row", "field", "role", "target").iter_rows():
        found.setdefault(row, []).append((name, role or "", target))
    return found


def _referred(
    row: int, targets: Mapping[int, list[tuple[str, str, int]]], spans: Mapping[int, Key], above: tuple[int, ...]
) -> Key:
    """What an annotation without spans refers to, by where that stands; a circle ends where it closes."""
    if row in above or len(above) > 8:
        return ()
    found = [
        (name, role, spans.get(target) or _referred(target, targets, spans, (*above, row)))
        for name, role, target in targets.get(row, ())
    ]
    return tuple(sorted(found, key=str))
