"""What a release counts, without one of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from corpus_tool.flattening import read_tables
from corpus_tool.gold import judge
from corpus_tool.index import index_block
from corpus_tool.release.manifest import Annotator, Counts, LeftOut
from corpus_tool.tokens import token_rows
from corpus_tool.views import Block, views

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def fewer(counts: Counts, article: pa.RecordBatch, split: str, contract: Contract) -> Counts:
    """The counts of a release without an article, given with every provenance, that was in a split."""
    found = index_block(read_tables(article, contract), article, contract, [("", None)])
    layers = {layer: number for (_, layer), number in found.layers.items()}
    labels: dict[str, dict[str, int]] = {}
    for (_, layer, _, label), number in found.labels.items():
        labels.setdefault(layer, {})[label] = number
    own = {layer: _less(known, labels.get(layer, {})) for layer, known in counts.labels.get(split, {}).items()}
    articles = _less(counts.articles, {split: 1})
    return Counts(
        articles=articles,
        layers=_named(articles, {**counts.layers, split: _less(counts.layers.get(split, {}), layers)}),
        labels=_named(articles, {**counts.labels, split: {layer: known for layer, known in own.items() if known}}),
        annotators=tuple(_less_made(counts.annotators, found.agents)),
    )


def _named(articles: Mapping[str, int], values: Mapping[str, _Value]) -> dict[str, _Value]:
    """What is said by split, of those that still have articles."""
    return {split: value for split, value in values.items() if split in articles and value}


def _less_made(annotators: Iterable[Annotator], gone: Mapping[tuple[str, str, str], int]) -> Iterator[Annotator]:
    for one in annotators:
        number = one.annotations - gone.get((one.agent, one.agent_type, one.role), 0)
        if number > 0:
            yield replace(one, annotations=number)


def fewer_left_out(left_out: LeftOut, article: pa.RecordBatch, gold: pa.RecordBatch, contract: Contract) -> LeftOut:
    """What the gold views leave out, without an article; `gold` is the article as they hold it."""
    ruled = replace(contract, policy=replace(contract.policy, machine=left_out.machine))
    judged = judge(article, ruled)
    tags: Counter[str] = Counter()
    for view in views(contract):
        if view.kind == "token":
            tags.update(token_rows(Block(gold, contract), view)[1])
    reasons = {
        layer: _less(known, {why: judged.reasons.get((layer, why), 0) for why in known})
        for layer, known in left_out.reasons.items()
    }
    return replace(
        left_out, gold=_less(left_out.gold, judged.left_out), tags=_less(left_out.tags, tags), reasons=reasons
    )


def _less(known: Mapping[_Key, int], gone: Mapping[_Key, int]) -> dict[_Key, int]:
    """Counts without some; what comes to nothing is named no more, unless it was nothing before."""
    rest = {name: number - gone.get(name, 0) for name, number in known.items()}
    return {name: number for name, number in rest.items() if number > 0 or not known[name]}
