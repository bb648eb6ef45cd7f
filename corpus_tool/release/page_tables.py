"""What a dataset card shows of the manifest: how to load it, and tables of what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool.gold import DANGLING

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
    layers = sorted({layer for counts in manifest.counts.layers.values() for layer in counts})
    rows = [
        (split, number, *(manifest.counts.layers.get(split, {}).get(layer, 0) for layer in layers))
        for split, number in manifest.counts.articles.items()
    ]
    views: dict[tuple[str, str], int] = {}
    for shard in manifest.shards:
        views[shard.view, shard.split] = views.get((shard.view, shard.split), 0) + shard.rows
    sizes = [(view, split, number) for (view, split), number in views.items()]
    return f"{table(('split', 'articles', *layers), rows)}\n\n{table(('view', 'split', 'rows'), sizes)}"


def labels(counts: Counts, meant: Sequence[Meant]) -> str:
    """Every label of the inventory with what it means and how often it occurs, then those of open fields."""
    splits = list(counts.labels)
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
    explained = (
        "Gold of a layer are the annotations its adjudication names, else those of its only complete human annotator; "
        "where only one provenance exists and nothing else is said, that one."
    )
    rows = [(layer, number) for layer, number in manifest.left_out.gold.items() if number and layer != DANGLING]
    if not rows:
        return f"{explained} No annotation was left out."
    dangling = manifest.left_out.gold.get(DANGLING, 0)
    said = f"\n\n{dangling} references from gold name an annotation that was left out." if dangling else ""
    return f"{explained} Left out:\n\n{table(('layer', 'annotations left out'), rows)}{said}"


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
