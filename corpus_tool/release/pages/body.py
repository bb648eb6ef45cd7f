"""The body of a dataset card, in the sections of the Hub's template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.release.pages.card import holdings
from corpus_tool.release.pages.citing import nobody, orcid
from corpus_tool.release.pages.licences import known
from corpus_tool.release.pages.tables import (
    Meant,
    annotators,
    excluded,
    gold,
    labels,
    loading,
    scores,
    splits,
    table,
    tags,
    views,
)

if TYPE_CHECKING:
    from corpus_tool.release.manifest import Manifest
    from corpus_tool.release.pages.card import Author, Card

Agreed = tuple[str, str, int, float]
"""Layer, label, annotations compared, and the F1 that annotators reach on them."""

NOT_SAID = "*Not stated.*"
_VERIFY = (
    "`corpus-tool release verify` or `sha256sum -c SHA256SUMS` says whether these files are those that were published."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tool knows beside the manifest.

    `columns` are the names and types of each view, `checked` says what the release passed, `labels` are those of the
    inventory.
    """

    columns: Mapping[str, Sequence[tuple[str, str]]]
    checked: str
    labels: Sequence[Meant] = ()
    agreement: Sequence[Agreed] = ()


def card_body(card: Card, manifest: Manifest, facts: Facts) -> str:
    """The body of the card."""
    title = card.title or manifest.name
    sections = [
        (f"# {title} {manifest.version}", counted(manifest)),
        ("## Dataset Details", ""),
        ("### Dataset Description", _details(card, title)),
        ("### Dataset Sources", f"Homepage: <{card.homepage}>" if card.homepage else None),
        ("## Uses", ""),
        ("### Direct Use", card.uses),
        ("### Out-of-Scope Use", card.misuses),
        ("## Dataset Structure", ""),
        ("### Loading", loading(manifest)),
        ("### Views", views(manifest, facts.columns)),
        ("### Splits", splits(manifest)),
        ("### Scores", scores(manifest)),
        ("### Labels", labels(manifest.counts, facts.labels)),
        *_creation(card, manifest, facts.agreement),
        ("## Bias, Risks, and Limitations", "\n\n".join(text for text in (card.biases, card.limits) if text) or None),
        ("### Recommendations", card.recommendations),
        ("## Licence", f"{_licence_line(card)}{_source_licences(card)}"),
        ("## Citation", card.citation or "See `CITATION.cff`."),
        ("## Checks passed", f"{facts.checked}\n\n{_VERIFY}"),
        ("## Dataset Card Authors", _people(card, title)),
        ("## Dataset Card Contact", card.contact or card.homepage),
    ]
    return "\n\n".join(f"{heading}\n\n{text.strip()}".strip() for heading, text in _said(sections)) + "\n"


def _said(sections: Iterable[tuple[str, str | None]]) -> Iterable[tuple[str, str]]:
    """Every section, with words for what the team did not say; a heading above others stands alone."""
    return ((heading, NOT_SAID if text is None else text) for heading, text in sections)


def _creation(card: Card, manifest: Manifest, agreement: Sequence[Agreed]) -> list[tuple[str, str | None]]:
    """Where texts and annotations come from."""
    return [
        ("## Dataset Creation", ""),
        ("### Curation Rationale", card.rationale),
        ("### Source Data", ""),
        ("#### Data Collection and Processing", card.source),
        ("#### Articles left out", excluded(manifest)),
        ("#### Who are the source data producers?", card.producers),
        ("### Annotations", ""),
        ("#### Annotation process", card.annotation),
        ("#### Who are the annotators?", annotators(manifest.counts)),
        ("#### Agreement", _agreement(agreement)),
        ("#### What is gold", gold(manifest)),
        ("#### Tags left out", tags(manifest)),
        ("#### Personal and Sensitive Information", card.personal),
    ]


def counted(manifest: Manifest) -> str:
    """One sentence of how much there is."""
    return ", ".join(f"{number:,} {name}" for name, number in holdings(manifest).items()) + "."


def _details(card: Card, title: str) -> str:
    lines = [
        f"- **Curated by:** {_people(card, title)}",
        f"- **Languages:** {', '.join(card.languages) or NOT_SAID}",
        f"- **Licence:** {_licence_line(card)}",
    ]
    return "\n".join([(card.description or NOT_SAID).strip(), "", *lines])


def _people(card: Card, title: str) -> str:
    return "; ".join(map(_person, card.authors)) or nobody(title)


def _person(author: Author) -> str:
    said = [f"<{address}>" for address in (orcid(author),) if address]
    said += [author.affiliation] if author.affiliation else []
    return f"{author.name} ({', '.join(said)})" if said else author.name


def _agreement(agreement: Sequence[Agreed]) -> str:
    if not agreement:
        return "Not measured."
    rows = [(layer, label, number, f"{f1:.3f}") for layer, label, number, f1 in agreement]
    said = (
        "Exact-match F1 over all pairs of people who annotated the same layer of the same article, each on their own:"
    )
    return f"{said}\n\n{table(('layer', 'label', 'compared', 'F1'), rows)}"


def _licence_line(card: Card) -> str:
    if card.licence is None:
        return NOT_SAID
    found = known(card.licence)
    return f"[{found[0]}]({found[1]}); see `LICENSE`." if found else f"{card.licence}; see `LICENSE`."


def _source_licences(card: Card) -> str:
    """The licences of the sources, where the corpus states some."""
    if not card.source_licences:
        return ""
    said = "Articles that state no licence bear that of their source:"
    return f"\n\n{said}\n\n{table(('source', 'licence'), card.source_licences)}"
