"""What the team says of its corpus, the front matter it becomes, and the change log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from corpus_tool.cards import to_yaml
from corpus_tool.release.manifest import Manifest
from corpus_tool.release.pages.licences import hub_name

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True, slots=True)
class Author:
    """Who answers for a corpus; `orcid` is the address or the bare number."""

    name: str
    orcid: str | None = None
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What the team says of its corpus; what it does not say, the card calls not stated.

    `licence` is what SPDX knows, or `LicenseRef-…` with `licence_text`, the text to carry. Text is Markdown.
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
    uses: str | None = None
    misuses: str | None = None
    rationale: str | None = None
    producers: str | None = None
    personal: str | None = None
    biases: str | None = None
    recommendations: str | None = None
    contact: str | None = None
    source_licences: tuple[tuple[str, str], ...] = ()


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
    values["license"] = hub_name(card.licence)
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


def changelog(manifest: Manifest) -> str:
    """The change log of a release: what it holds, and what it follows."""
    follows = f"Follows {manifest.parent.version}." if manifest.parent else "First release."
    counts = [f"- {name}: {number}" for name, number in holdings(manifest).items()]
    return "\n".join(
        ["# Changes", "", f"## {manifest.version} ({manifest.created[:10]})", "", follows, "", *counts, ""]
    )


def holdings(manifest: Manifest) -> dict[str, int]:
    """How many articles a release holds, and how many annotations of each layer."""
    totals = {"articles": sum(manifest.counts.articles.values())}
    for layers in manifest.counts.layers.values():
        for layer, number in layers.items():
            totals[layer] = totals.get(layer, 0) + number
    return dict(sorted(totals.items(), key=lambda held: (held[0] != "articles", held[0])))
