"""What came of an export or a build, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.contract import Contract
from corpus_tool.corpus import Options
from corpus_tool.execute import available_cores
from corpus_tool.index import CorpusIndex
from corpus_tool.release.build import (
    Written,
)
from corpus_tool.release.manifest import (
    Annotator,
    Counts,
    Excluded,
    LeftOut,
    by_reason,
    some,
)
from corpus_tool.release.pages.body import Agreed
from corpus_tool.shards import Product, Shard, write_shards
from corpus_tool.views import RAW, View

if TYPE_CHECKING:
    from corpus_tool.reports import Report


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export or build: nothing was written where `refused`."""

    path: Path
    report: Report
    refused: bool
    shards: tuple[Shard, ...] = ()
    views: tuple[str, ...] = ()
    counts: Counts = field(default_factory=Counts)
    left_out: LeftOut = field(default_factory=LeftOut)
    inferred: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        rows: dict[str, dict[str, int]] = {}
        for shard in self.shards:
            rows.setdefault(shard.view, {})[shard.split] = shard.rows
        return {
            "output": str(self.path) if not self.refused else None,
            "views": rows,
            "without_rows": [name for name in self.views if name not in rows],
            "articles": dict(self.counts.articles),
            "layers": {split: dict(layers) for split, layers in self.counts.layers.items()},
            "left_out": {
                "gold": dict(self.left_out.gold),
                "tags": dict(self.left_out.tags),
                "articles": [asdict(article) for article in self.left_out.articles],
                "reasons": {layer: dict(reasons) for layer, reasons in self.left_out.reasons.items()},
            },
            "inferred": {kind: dict(labels) for kind, labels in self.inferred.items()},
            "lost": [loss.as_json() for loss in self.report.lost],
            "mended": [mended.as_json() for mended in self.report.mended],
            "findings": [finding.as_json() for finding in self.report.findings],
            "summary": self.report.summary.as_json(),
        }

    def lines(self) -> Iterator[str]:
        """The summary for people."""
        for what, counted in (("mended", self.report.mended), ("lost", self.report.lost)):
            yield from (f"{what}: {one.count:,} {one.what} ({one.example})" for one in counted)
        if self.refused:
            yield "nothing was written: the corpus has errors"
            return
        for kind, labels in self.inferred.items():
            shown = ", ".join(f"{name} {number:,}" for name, number in labels)
            yield f"no inventory was given; {kind} labels of the data, sorted: {shown}"
        by_view: dict[str, list[Shard]] = {}
        for shard in self.shards:
            by_view.setdefault(shard.view, []).append(shard)
        for name, shards in by_view.items():
            yield f"{name:14} {', '.join(f'{shard.split} {shard.rows:,}' for shard in shards)}"
        if missing := [name for name in self.views if name not in by_view]:
            yield f"without rows, so not written: {', '.join(missing)}"
        yield from self._left_out_lines()
        yield f"written to {self.path}"

    def _left_out_lines(self) -> Iterator[str]:
        for what, counts in (
            ("not gold, in articles_raw only", self.left_out.gold),
            ("not tagged", self.left_out.tags),
        ):
            if counts:
                yield f"{what}: {', '.join(f'{name} {number:,}' for name, number in counts.items())}"
        for layer, reasons in self.left_out.reasons.items():
            yield f"{layer} that are not gold: {', '.join(f'{why} {number:,}' for why, number in reasons.items())}"
        for reason, articles in by_reason(self.left_out.articles).items():
            yield f"articles left out, {reason}: {len(articles):,} ({some(articles)})"


def _counts(index: CorpusIndex) -> Counts:
    articles: Counter[str] = Counter(entry.split for entry in index.entries)
    layers: dict[str, dict[str, int]] = {}
    for (split, layer), number in sorted(index.layers.items()):
        layers.setdefault(split, {})[layer] = number
    labels: dict[str, dict[str, dict[str, int]]] = {}
    for (split, layer, _, label), number in sorted(index.labels.items()):
        labels.setdefault(split, {}).setdefault(layer, {})[label] = number
    annotators = tuple(Annotator(*agent, number) for agent, number in sorted(index.agents.items()))
    return Counts(dict(sorted(articles.items())), layers, labels, annotators)


def _agreed(index: CorpusIndex) -> tuple[Agreed, ...]:
    """By layer and label, how many annotations were compared and how far annotators agree on them."""
    found = index.agreement
    return tuple((*label, number, found.f1(label)) for label, number in sorted(found.compared.items()))


def _reasons(products: Iterable[Product]) -> dict[str, dict[str, int]]:
    """By layer and reason, how many annotations are not gold."""
    counted: Counter[tuple[str, str]] = Counter()
    for product in products:
        counted.update(product.reasons)
    found: dict[str, dict[str, int]] = {}
    for (layer, reason), number in sorted(counted.items()):
        found.setdefault(layer, {})[reason] = number
    return found


def written_views(
    report: Report, contract: Contract, chosen: tuple[View, ...], target: Path, options: Options
) -> Written:
    """Write the views of what was checked, and count what is in them and what is not."""
    products: list[Product] = report.products
    shards = write_shards(products, contract, chosen, target, options.jobs or available_cores())
    gold: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for product in products:
        gold.update(product.left_out)
        tags.update(product.untagged)
    left_out = LeftOut(
        dict(sorted(gold.items())), dict(sorted(tags.items())),
        articles=tuple(Excluded(*one) for one in sorted(report.excluded)),
        reasons=_reasons(products),
        machine=contract.policy.machine,
    )  # fmt: skip
    return Written(shards, chosen, _counts(report.index), left_out, _agreed(report.index))


def exported(path: Path, report: Report, written: Written, inferred: Mapping[str, Any]) -> Exported:
    """The summary of what was written."""
    # Everything is gold where nothing was left out: then `articles_raw` is no view of its own.
    names = tuple(view.name for view in written.views if view.name != RAW or written.left_out.gold)
    return Exported(path, report, False, written.shards, names, written.counts, written.left_out, inferred)
