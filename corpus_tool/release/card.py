"""The pages of a release: its card, change log, citation and licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from corpus_tool.cards import to_yaml
from corpus_tool.gold import DANGLING
from corpus_tool.release.manifest import Counts, Manifest

LICENCES = {
    "cc0-1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"),
    "cc-by-4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/legalcode"),
    "cc-by-3.0": ("CC-BY-3.0", "https://creativecommons.org/licenses/by/3.0/legalcode"),
    "cc-by-sa-4.0": ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/legalcode"),
    "cc-by-sa-3.0": ("CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/legalcode"),
    "cc-by-nc-4.0": ("CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/legalcode"),
    "cc-by-nd-4.0": ("CC-BY-ND-4.0", "https://creativecommons.org/licenses/by-nd/4.0/legalcode"),
    "cc-by-nc-sa-4.0": ("CC-BY-NC-SA-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode"),
    "cc-by-nc-nd-4.0": ("CC-BY-NC-ND-4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode"),
    "odbl-1.0": ("ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "odc-by-1.0": ("ODC-By-1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "pddl-1.0": ("PDDL-1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
    "apache-2.0": ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "mit": ("MIT", "https://opensource.org/license/mit"),
}
"""Known licences by their name in small letters: the SPDX identifier, and where the text stands."""

_HUB_NAMES = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl"}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_NOT_SAID = "*Not stated.*"
_VERIFY = (
    "`corpus-tool release verify` or `sha256sum -c SHA256SUMS` says whether these files are those that were published."
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who answers for a corpus; `orcid` is the address or the bare number."""

    name: str
    orcid: str | None = None
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What the team says of its corpus; what it does not say, the card calls not stated.

    `licence` is an SPDX identifier, or a name of its own with `licence_text`, the text to carry.
    """

    title: str | None = None
    description: str | None = None
    licence: str | None = None
    licence_text: str | None = None
    languages: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    homepage: str | None = None
    source: str | None = None
    annotation: str | None = None
    limits: str | None = None
    citation: str | None = None
    tags: tuple[str, ...] = ()


def front_matter_of(data: bytes) -> dict[str, Any]:
    """The front matter of a README; raises ValueError where there is none that can be read."""
    found = re.match(r"---\n(.*?\n)---(\n|\Z)", data.decode(), re.DOTALL)
    if found is None:
        raise ValueError("has no front matter between lines of ---")
    try:
        value = yaml.safe_load(found[1])
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"its front matter is not valid YAML: {error}") from error
    if not isinstance(value, dict):
        raise ValueError("its front matter is no mapping")  # noqa: TRY004
    return value


def with_front_matter(values: Mapping[str, Any], body: str) -> bytes:
    """A README of front matter and body."""
    return f"---\n{to_yaml(values)}---\n\n{body}".encode()


def card_metadata(card: Card, manifest: Manifest) -> dict[str, Any]:
    """What the front matter says beside how to load the release."""
    values: dict[str, Any] = {"pretty_name": card.title or manifest.name}
    values["license"] = _hub_licence(card.licence)
    if values["license"] == "other":
        values["license_name"] = card.licence
        values["license_link"] = "LICENSE"
    if card.languages:
        values["language"] = list(card.languages)
    if any(view.name == "tokens" for view in manifest.views):
        values["task_categories"] = ["token-classification"]
    number = sum(manifest.counts.articles.values())
    values["size_categories"] = [next((name for limit, name in _SIZES if number < limit), "1M<n<10M")]
    if card.tags:
        values["tags"] = list(card.tags)
    return values


def _hub_licence(licence: str | None) -> str:
    if licence is None:
        return "unknown"
    name = licence.lower()
    return _HUB_NAMES.get(name, name) if name in LICENCES else "other"


def card_body(card: Card, manifest: Manifest, columns: Mapping[str, Sequence[tuple[str, str]]], checked: str) -> str:
    """The body of the card; `columns` are the names and types of each view, `checked` says what the release passed."""
    title = card.title or manifest.name
    sections = [
        (f"# {title} {manifest.version}", card.description or _NOT_SAID),
        ("## Loading", _loading(manifest)),
        ("## Views", _views(manifest, columns)),
        ("## Splits", _splits(manifest)),
        ("## Labels", _labels(manifest.counts)),
        ("## Who annotated", _annotators(manifest.counts, card.annotation)),
        ("## What is gold", _gold(manifest)),
        ("## Tags left out", _tags(manifest)),
        ("## Where the texts come from", card.source or _NOT_SAID),
        ("## Limits", card.limits or _NOT_SAID),
        ("## Licence", _licence_line(card)),
        ("## Citation", card.citation or "See `CITATION.cff`."),
        ("## Checks passed", f"{checked}\n\n{_VERIFY}"),
    ]
    return "\n\n".join(f"{heading}\n\n{text.strip()}" for heading, text in sections) + "\n"


def _loading(manifest: Manifest) -> str:
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


def _views(manifest: Manifest, columns: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    parts = []
    told: dict[str, str] = {}
    for view in manifest.views:
        rows = [(f"`{name}`", f"`{kind}`") for name, kind in columns.get(view.name, ())]
        same = told.setdefault(view.fingerprint, view.name)
        text = _table(("column", "type"), rows) if same == view.name else f"The columns of `{same}`."
        parts.append(f"### {view.name}\n\n{text}")
    return "\n\n".join(parts)


def _splits(manifest: Manifest) -> str:
    layers = sorted({layer for counts in manifest.counts.layers.values() for layer in counts})
    rows = [
        (split, number, *(manifest.counts.layers.get(split, {}).get(layer, 0) for layer in layers))
        for split, number in manifest.counts.articles.items()
    ]
    views: dict[tuple[str, str], int] = {}
    for shard in manifest.shards:
        views[shard.view, shard.split] = views.get((shard.view, shard.split), 0) + shard.rows
    sizes = [(view, split, number) for (view, split), number in views.items()]
    return f"{_table(('split', 'articles', *layers), rows)}\n\n{_table(('view', 'split', 'rows'), sizes)}"


def _labels(counts: Counts) -> str:
    splits = list(counts.labels)
    found = sorted({(layer, label) for layers in counts.labels.values() for layer in layers for label in layers[layer]})
    rows = [
        (layer, label, *(counts.labels[split].get(layer, {}).get(label, 0) for split in splits))
        for layer, label in found
    ]
    return _table(("layer", "label", *splits), rows) if rows else "None."


def _annotators(counts: Counts, said: str | None) -> str:
    rows = [(who.agent, who.agent_type, who.role, who.annotations) for who in counts.annotators]
    table = _table(("agent", "kind", "role", "annotations"), rows) if rows else "The data names nobody."
    return f"{said}\n\n{table}" if said else table


def _gold(manifest: Manifest) -> str:
    explained = (
        "Gold of a layer are the annotations its adjudication names, else those of its only complete human annotator; "
        "where only one provenance exists and nothing else is said, that one."
    )
    rows = [(layer, number) for layer, number in manifest.left_out.gold.items() if number and layer != DANGLING]
    if not rows:
        return f"{explained} No annotation was left out."
    dangling = manifest.left_out.gold.get(DANGLING, 0)
    said = f"\n\n{dangling} references from gold name an annotation that was left out." if dangling else ""
    return f"{explained} Left out:\n\n{_table(('layer', 'annotations left out'), rows)}{said}"


def _tags(manifest: Manifest) -> str:
    rows = [(reason, number) for reason, number in manifest.left_out.tags.items() if number]
    return _table(("reason", "left out"), rows) if rows else "None."


def _licence_line(card: Card) -> str:
    if card.licence is None:
        return _NOT_SAID
    known = LICENCES.get(card.licence.lower())
    return f"[{known[0]}]({known[1]}); see `LICENSE`." if known else f"{card.licence}; see `LICENSE`."


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [_row(head), "|" + "---|" * len(head), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[Any]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: Any) -> str:
    return " ".join(str(value).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def changelog(manifest: Manifest) -> str:
    """The change log of a release: what it holds, and what it follows."""
    follows = f"Follows {manifest.parent.version}." if manifest.parent else "First release."
    totals: dict[str, int] = {}
    for layers in manifest.counts.layers.values():
        for layer, number in layers.items():
            totals[layer] = totals.get(layer, 0) + number
    counts = [f"- articles: {sum(manifest.counts.articles.values())}", *(f"- {k}: {v}" for k, v in totals.items())]
    return "\n".join(
        ["# Changes", "", f"## {manifest.version} ({manifest.created[:10]})", "", follows, "", *counts, ""]
    )


def citation(card: Card, manifest: Manifest) -> str:
    """CITATION.cff; where no author is named, the corpus stands for whoever made it."""
    title = card.title or manifest.name
    values: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this corpus, please cite it as below.",
        "type": "dataset",
        "title": title,
        "version": manifest.version,
        "date-released": manifest.created[:10],
        "authors": [_author(author) for author in card.authors] or [{"name": f"Contributors of {title}"}],
    }
    if card.description:
        values["abstract"] = card.description
    if card.licence and card.licence.lower() in LICENCES:
        values["license"] = LICENCES[card.licence.lower()][0]
    if card.homepage:
        values["url"] = card.homepage
    return to_yaml(values)


def _author(author: Author) -> dict[str, str]:
    values = {"name": author.name}
    if author.orcid:
        values["orcid"] = author.orcid if author.orcid.startswith("https://") else f"https://orcid.org/{author.orcid}"
    if author.affiliation:
        values["affiliation"] = author.affiliation
    return values


def licence_text(card: Card, manifest: Manifest) -> str:
    """LICENSE: the configured text, else a notice with the address of a known licence, else that none is stated."""
    title = card.title or manifest.name
    if card.licence_text is not None:
        return card.licence_text if card.licence_text.endswith("\n") else f"{card.licence_text}\n"
    if card.licence is None:
        return f"No licence is stated for {title}. Nothing here permits its use: ask who published it.\n"
    known = LICENCES.get(card.licence.lower())
    if known is None:
        return f"{title} is published under: {card.licence}\nIts text was not given; ask who published it.\n"
    return f"{title} is licensed under {known[0]}.\nThe full text: {known[1]}\n"
