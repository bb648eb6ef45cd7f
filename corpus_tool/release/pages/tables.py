"""What a dataset card shows of the manifest: how to load it, and tables of what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool.gold import DANGLING, EMPTY
from corpus_tool.release.manifest import by_reason, some
from corpus_tool.split_settings import split_order

if TYPE_CHECKING:
    from corpus_tool.release.manifest import Counts, Manifest

Meant = tuple[str, str, str | None]
"""Layer, label, and what the inventory says it means."""


def loading(manifest: Manifest) -> str:
    views = ", ".join(f"`{view.name}`" for view in manifest.views)
    name = manifest.views[min(1, len(manifest.views) - 1)].name
    return "\n".join([
        "```python",
        "from datasets import load_dataset",
        "",
        f'load_dataset("releases/{manifest.name}/{manifest.version}")',
        f'load_dataset("releases/{manifest.name}/{manifest.version}", "{name}", streaming=True)',
        "```",
        "",
        f"Views: {views}. Offsets count Unicode code points, from 0; the end is the first that is not in the span.",
    ])  # fmt: skip


def views(manifest: Manifest, columns: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    parts = []
    told: dict[str, str] = {}
    for view in manifest.views:
        rows = [(f"`{name}`", f"`{kind}`") for name, kind in columns.get(view.name, ())]
        same = told.setdefault(view.fingerprint, view.name)
        text = table(("column", "type"), rows) if same == view.name else f"The columns of `{same}`."
        parts.append(f"#### {view.name}\n\n{text}")
    return "\n\n".join(parts)


def splits(manifest: Manifest) -> str:
    """How many articles and annotations each split has, and how many rows each view has of it."""
    counts = manifest.counts
    layers = sorted({layer for found in counts.layers.values() for layer in found})
    names = _usual({*counts.articles, *(shard.split for shard in manifest.shards)})
    held = [
        (split, counts.articles.get(split, 0), *(counts.layers.get(split, {}).get(layer, 0) for layer in layers))
        for split in names
    ]
    rows = {(view.name, split): 0 for view in manifest.views for split in names}
    for shard in manifest.shards:
        rows[shard.view, shard.split] += shard.rows
    sizes = [(view.name, *(rows[view.name, split] for split in names)) for view in manifest.views]
    said = "Rows of each view; of a split without rows there is no file."
    return f"{table(('split', 'articles', *layers), held)}\n\n{said}\n\n{table(('view', *names), sizes)}"


def _usual(splits: Iterable[str]) -> list[str]:
    """Train, validation and test first, as the files of views are listed."""
    return sorted(splits, key=split_order)


def scores(manifest: Manifest) -> str:
    """With which earlier versions scores on each split compare."""
    if not manifest.scores:
        return "Nothing says which releases' scores compare."
    since = f"gold annotations that differ from {manifest.parent.version}" if manifest.parent else "gold changed"
    rows = [
        (score.split, ", ".join(score.compares) or "no earlier version", _number(score.touched), f"`{score.gold}`")
        for score in sorted(manifest.scores, key=lambda score: split_order(score.split))
    ]
    said = "Scores on a split compare between versions that have the same articles, texts and gold in it."
    return f"{said}\n\n{table(('split', 'scores compare with', since, 'digest of its gold'), rows)}"


def _number(value: int | None) -> str:
    return "first release" if value is None else f"{value:,}"


def labels(counts: Counts, meant: Sequence[Meant]) -> str:
    """Every label of the inventory with what it means and how often it occurs, then those of open fields."""
    splits = _usual(counts.labels)
    used = sorted({(layer, label) for layers in counts.labels.values() for layer in layers for label in layers[layer]})
    told = {(layer, label): description for layer, label, description in meant}
    rows = [
        (layer, label, *(counts.labels[split].get(layer, {}).get(label, 0) for split in splits),
         told.get((layer, label)) or "")
        for layer, label in dict.fromkeys([*told, *used])
    ]  # fmt: skip
    return table(("layer", "label", *splits, "meaning"), rows) if rows else "None."


def annotators(counts: Counts) -> str:
    rows = [(who.agent, who.agent_type, who.role, who.annotations) for who in counts.annotators]
    return table(("agent", "kind", "role", "annotations"), rows) if rows else "The data names nobody."


def gold(manifest: Manifest) -> str:
    left_out = manifest.left_out
    machine = {
        "all": "",
        "train": ", unless it is a machine's and the split is not train",
        "none": ", unless it is a machine's",
    }[left_out.machine]
    explained = (
        "Gold of a layer are the annotations its adjudication names, else those of its only complete human annotator; "
        f"where only one provenance exists and nothing else is said, that one{machine}."
    )
    counts = {layer: number for layer, number in left_out.gold.items() if number}
    notes = [
        f"{counts.pop(name)} {what}"
        for name, what in (
            (DANGLING, "references from gold name an annotation that was left out."),
            (EMPTY, "layers in which a machine alone looked, and found nothing, are given as not annotated."),
        )
        if name in counts
    ]
    said = "".join(f"\n\n{note}" for note in notes)
    if not counts:
        return f"{explained} No annotation was left out.{said}"
    rows = [
        (layer, reason, number)
        for layer, whole in counts.items()
        for reason, number in left_out.reasons.get(layer, {"": whole}).items()
    ]
    return f"{explained} Left out:\n\n{table(('layer', 'reason', 'annotations left out'), rows)}{said}"


def excluded(manifest: Manifest) -> str:
    rows = [(why, len(found), some(found)) for why, found in by_reason(manifest.left_out.articles).items()]
    return table(("reason", "articles left out", "which"), rows) if rows else "None."


def tags(manifest: Manifest) -> str:
    rows = [(reason, number) for reason, number in manifest.left_out.tags.items() if number]
    return table(("reason", "left out"), rows) if rows else "None."


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [_row(head), "|" + "---|" * len(head), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[Any]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: Any) -> str:
    return " ".join(str(value).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())
