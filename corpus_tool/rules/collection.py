"""COL: the corpus as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus_tool.index import TRAIN
from corpus_tool.rules import CORPUS, WARNING, Bad, Remark, rule
from corpus_tool.rules.example import TEXT, annotator, entity

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.index import CorpusIndex, Entry

Found = Iterator[Remark]
"""The article a finding is about, what is wrong, and where in the article, if not at the point of the rule."""


def _where(entry: Entry) -> str:
    return f"{entry.path}:{entry.line}" if entry.line else entry.path


def _file(entry: Entry) -> str:
    """The file without its folders: where a run was started from must not show in the report of a release."""
    return _where(replace(entry, path=entry.path.rpartition("/")[2]))


def _splits(entry: Entry, first: Entry) -> str:
    """A leak between splits, in words; empty where both are of one."""
    return f", in split {first.split} and this one in {entry.split}" if entry.split != first.split else ""


@rule("COL801", on=CORPUS, message="{detail}", point="id", bad=[Bad(corpus=({"/text": "Another text."},), at="/id")])
def article_id_is_unique(index: CorpusIndex, contract: Contract) -> Found:  # noqa: ARG001 - one shape of rule
    """No two articles of a corpus have the same id.

    A release, a split and a difference name articles by id. Rename one, or drop it if it is the same article twice.
    """
    for entry, first in index.duplicates():
        yield Remark(entry, f"the id '{entry.id}' is that of {_where(first)}")


@rule("COL802", on=CORPUS, severity=WARNING, message="{detail}", point="text", bad=[
    Bad(corpus=({"/id": "example-2"},), at="/text"),
    Bad(corpus=({"/id": "example-2", "/split": "test", "/text": f"{TEXT} Nobody left."},), at="/text"),
])  # fmt: skip
def text_is_unique(index: CorpusIndex, contract: Contract) -> Found:
    """No two articles have the same text; nor, where the corpus asks for it, nearly the same.

    The same text in train and test makes a score look better than it is; with different annotations it is a
    contradiction. Drop one. `[policy] near-duplicates = 0.8` also finds texts of whose sequences of five words four in
    five are shared (their Jaccard similarity, estimated from 128 minima: to within about 0.04). Each text is compared
    with the one most like it of every split, so that no leak hides behind a copy in its own.
    """
    for entry, first in index.same_text():
        yield Remark(entry, f"the text is that of article '{first.id}' at {_file(first)}{_splits(entry, first)}")
    threshold = contract.policy.near_duplicates
    if threshold is None:
        return
    for entry, first, alike in index.near_texts(threshold):
        apart = _splits(entry, first)
        yield Remark(entry, f"the text is about {alike:.2f} that of article '{first.id}' at {_file(first)}{apart}")


@rule("COL803", on=CORPUS, severity=WARNING, message="{detail}", needs=("SCH101", "SCH102"), bad=[
    Bad(corpus=({"/id": "example-2", "/text": "Tides.", "/split": "test", "/labels/0/value": "land"},),
        at="/labels/0/value"),
])  # fmt: skip
def label_can_be_learned(index: CorpusIndex, contract: Contract) -> Found:
    """Every label of the other splits occurs in train, and every label as often as the corpus asks.

    What a model never saw it cannot predict, so that label counts as an error however good the model is. Move articles
    to train, or take the label out. Layers that train does not have at all are left alone, since the split explains
    them, and so are labels that the inventory does not know.
    `[policy] min-label-count` asks for so many in train of every label that the inventory or the data has.
    """
    train = next((entry for entry in index.entries if entry.split == TRAIN), None)
    if train is None:
        return
    known = {(layer, label) for split, layer, _, label in index.labels if split == TRAIN}
    layers = {layer for layer, _ in known}
    closed = {layer.name: layer.item[layer.label].labels for layer in contract.layers if layer.label}
    for (split, layer, kind, label), number in sorted(index.labels.items()):
        if layer in layers and (layer, label) not in known and label in (closed[layer] or (label,)):
            entry, at = index.seen[split, layer, kind, label]
            yield Remark(entry, f"the {kind} label {label} occurs {_times(number)} in {split}, never in train", at)
    least = contract.policy.min_label_count
    if least is not None:
        yield from _rare(index, contract, train, least)


def _rare(index: CorpusIndex, contract: Contract, train: Entry, least: int) -> Found:
    """Labels of train, and of the inventory for layers that train has, that come too seldom."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for (split, layer, kind, label), number in index.labels.items():
        if split == TRAIN:
            counts[layer, kind, label] += number
    for own in contract.layers:
        labels = own.item[own.label].labels if own.label and (TRAIN, own.name) in index.layers else None
        for label in labels or ():
            known = None if contract.inventory is None else contract.inventory.label(own.kind, label)
            if known is None or not (known.abstract or known.deprecated):  # which nobody is to use
                counts[own.name, own.kind, label] += 0
    for (name, kind, label), number in sorted(counts.items()):
        if number < least:
            entry, at = index.seen.get((TRAIN, name, kind, label), (train, ""))
            yield Remark(entry, f"the {kind} label {label} occurs {_times(number)} in train, fewer than {least}", at)


def _times(number: int) -> str:
    return {0: "never", 1: "once"}.get(number, f"{number:,} times")


@rule("COL804", on=CORPUS, severity=WARNING, message="{detail}", needs=("SCH101", "SCH102"), bad=[
    Bad(drop=("/relations", "/coverage"), corpus=({"/id": "example-2", "/text": "Tides."},)),
])  # fmt: skip
def split_has_whole_layers(index: CorpusIndex, contract: Contract) -> Found:  # noqa: ARG001 - one shape of rule
    """All articles of a split have the same layers, where the corpus asks for it.

    A layer that is absent was not annotated; one that is `[]` was annotated, and nothing was found. A model that is
    told neither learns from unfinished work that there is nothing to find. Asked for by `[policy] whole-layers = true`.
    Write `[]` where somebody looked; where nobody did, say in `coverage` what was annotated, and the article is left
    alone. Notes, and what says how the work was done, need not be everywhere.
    """
    for (split, layer), number in sorted(index.lacking.items()):
        having = index.having[split, layer]
        if having:
            who = f"this article and {number - 1:,} more" if number > 1 else "one article"
            detail = (
                f"{who} of split {split} have no {layer}, and no coverage says why; "
                f"{having:,} of {having + number:,} have them"
            )
            yield Remark(index.gaps[split, layer], detail)


@rule("COL806", on=CORPUS, severity=WARNING, message="{detail}", bad=[
    Bad({"/provenance/-": annotator("A2"), "/entities/-": entity("CUE", 58, 62, prov="A2"),
         "/coverage/-": {"layer": "entities", "prov": "A2", "status": "complete", "labels": ["CUE", "PER"]}},
        "/entities/0/type"),
])  # fmt: skip
def annotators_agree(index: CorpusIndex, contract: Contract) -> Found:
    """People who annotated the same articles agree on every label as far as the corpus asks.

    What people do not agree on no model can learn, and no score can measure. Measured over every layer of every article
    that two or more people covered, each on their own: the pairwise F1 of exact matches, same label and same spans, of
    relations and events the same spans in the same roles. `[policy] min-agreement` is the least for each label. Look at
    where they differ, and make the guideline say what to do. Chains of coreference need another measure, and have none.
    """
    least = contract.policy.min_agreement
    if least is None:
        return
    for (layer, label), number in sorted(index.agreement.compared.items()):
        reached = index.agreement.f1((layer, label))
        if reached < least:
            entry, at = index.disputes[layer, label]
            what = f"{layer} {label}".rstrip()
            detail = (
                f"annotators agree on {what} to {reached:.2f} (pairwise F1 of exact matches, {number:,} annotations), "
                f"less than {least:g}; they differ here first"
            )
            yield Remark(entry, detail, at)
