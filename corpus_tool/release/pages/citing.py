"""How a release is cited: CITATION.cff, and `.zenodo.json` for who deposits it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus_tool.cards import to_yaml
from corpus_tool.release.pages.licences import LICENCES, known

if TYPE_CHECKING:
    from corpus_tool.release.manifest import Manifest
    from corpus_tool.release.pages.card import Author, Card

CITATION, ZENODO = "CITATION.cff", ".zenodo.json"
_ORCID = "https://orcid.org/"


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
        "authors": [_author(author) for author in card.authors] or [{"name": nobody(title)}],
    }
    if card.description:
        values["abstract"] = card.description.strip()
    if card.tags:
        values["keywords"] = list(dict.fromkeys(card.tags))
    licence = known(card.licence)
    # The schema of CFF lists the licences of its day; the address of any may stand there.
    if licence is not None:
        name, value = ("license", licence[0]) if licence[0].lower() in LICENCES else ("license-url", licence[1])
        values[name] = value
    if card.homepage:
        values["url"] = card.homepage
    return to_yaml(values)


def zenodo(card: Card, manifest: Manifest) -> dict[str, Any]:
    """`.zenodo.json`, as Zenodo's deposits have it: what a form would ask for, filled."""
    from markdown_it import MarkdownIt

    title = card.title or manifest.name
    values: dict[str, Any] = {
        "upload_type": "dataset",
        "title": title,
        "version": manifest.version,
        "publication_date": manifest.created[:10],
        "description": MarkdownIt("commonmark", {"html": False}).render(card.description or title).strip(),
        "creators": [_creator(author) for author in card.authors] or [{"name": nobody(title)}],
    }
    if card.tags:
        values["keywords"] = list(dict.fromkeys(card.tags))
    if card.licence is not None and card.licence.lower() in LICENCES:
        values["license"] = card.licence.lower()
    else:
        values["notes"] = f"Licence: {card.licence}; see LICENSE." if card.licence else "No licence is stated."
    return values


def nobody(title: str) -> str:
    """Who made a corpus that names nobody."""
    return f"Contributors of {title}"


def orcid(author: Author) -> str | None:
    """The address of an author's ORCID."""
    if not author.orcid:
        return None
    return author.orcid if author.orcid.startswith(_ORCID) else f"{_ORCID}{author.orcid}"


def _author(author: Author) -> dict[str, str]:
    """A person where the name is `Family, Given` or something only a person has is said; else any entity.

    The format knows no full name of a person: one that is not divided stands where the family name does.
    """
    family, comma, given = (part.strip() for part in author.name.partition(","))
    address = orcid(author)
    if not (comma and given) and not author.affiliation and not address:
        return {"name": author.name}
    values = {"family-names": family, "given-names": given} if comma and given else {"family-names": author.name}
    if author.affiliation:
        values["affiliation"] = author.affiliation
    if address:
        values["orcid"] = address
    return values


def _creator(author: Author) -> dict[str, str]:
    address = orcid(author)
    return {
        "name": author.name,
        **({"affiliation": author.affiliation} if author.affiliation else {}),
        **({"orcid": address.removeprefix(_ORCID)} if address else {}),
    }
