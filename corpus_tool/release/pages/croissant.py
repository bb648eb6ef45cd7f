"""`croissant.json`: a release as Croissant 1.1 describes it, with the terms of its RAI vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool.features import Feature
from corpus_tool.release.pages.citing import nobody, orcid
from corpus_tool.release.pages.croissant_fields import file_set_id, record_sets
from corpus_tool.release.pages.licences import known

if TYPE_CHECKING:
    from corpus_tool.release.manifest import Annotator, Manifest
    from corpus_tool.release.pages.card import Author, Card

CROISSANT = "croissant.json"
_PARQUET = "application/x-parquet"
_TERMS = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty",
    "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField",
    "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator", "source",
    "subField", "transform",
)  # fmt: skip
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS},
}

Columns = Mapping[str, Sequence[Feature]]
"""The columns of each view."""


def croissant(card: Card, manifest: Manifest, columns: Columns) -> dict[str, Any]:
    """The description of a release; `columns` are those of its Parquet files, labels with their names."""
    title = card.title or manifest.name
    authors = [_author(author) for author in card.authors]
    values: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "alternateName": title,
        "description": (card.description or title).strip(),
        "license": (known(card.licence) or (None, card.licence or "LICENSE"))[1],
        "url": card.homepage,
        "creator": authors or [{"@type": "sc:Organization", "name": nobody(title)}],
        "datePublished": manifest.created[:10],
        "citeAs": (card.citation or f"{title}, version {manifest.version}").strip(),
        "inLanguage": list(card.languages),
        "keywords": list(card.tags),
        **responsible(card, manifest.counts.annotators),
        **structure(manifest, columns),
    }
    return {name: value for name, value in values.items() if value not in ("", [], None)}


def structure(manifest: Manifest, columns: Columns) -> dict[str, Any]:
    """What follows from the manifest and the columns alone: name, version, files, splits, labels and fields."""
    views = [(view.name, columns.get(view.name, ()), view.splits) for view in manifest.views]
    return {
        "name": manifest.name,
        "version": manifest.version,
        "distribution": _files(manifest),
        "recordSet": record_sets(views),
    }


def responsible(card: Card, annotators: Sequence[Annotator]) -> dict[str, Any]:
    """The RAI terms that a corpus answers; what it does not say is left out."""
    machines = [f"{who.agent} ({who.role}): {who.annotations} annotations" for who in annotators
                if who.agent_type != "human"]  # fmt: skip
    said: dict[str, Any] = {
        "rai:dataCollection": card.source,
        "rai:dataAnnotationProtocol": card.annotation,
        "rai:machineAnnotationTools": machines,
        "rai:dataUseCases": card.uses,
        "rai:dataLimitations": card.limits,
        "rai:dataBiases": card.biases,
        "rai:personalSensitiveInformation": card.personal,
        "rai:dataReleaseMaintenancePlan": "A version never changes; corrections are a new version, and CHANGELOG.md "
        "says what differs.",
    }
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def _files(manifest: Manifest) -> list[dict[str, Any]]:
    """Each file with its digest, and the set of those of each view, which is what fields are read from."""
    objects = [
        {
            "@type": "cr:FileObject",
            "@id": shard.path,
            "name": shard.path,
            "contentUrl": shard.path,
            "contentSize": f"{shard.bytes} B",
            "encodingFormat": _PARQUET,
            "sha256": shard.sha256,
        }
        for shard in manifest.shards
    ]
    sets = [
        {
            "@type": "cr:FileSet",
            "@id": file_set_id(view.name),
            "name": view.name,
            "encodingFormat": _PARQUET,
            "includes": f"{view.name}/*.parquet",
        }
        for view in manifest.views
    ]
    return [*objects, *sets]


def _author(author: Author) -> dict[str, Any]:
    address = orcid(author)
    return {
        "@type": "sc:Person",
        "name": author.name,
        **({"sameAs": address} if address else {}),
        **({"affiliation": {"@type": "sc:Organization", "name": author.affiliation}} if author.affiliation else {}),
    }
