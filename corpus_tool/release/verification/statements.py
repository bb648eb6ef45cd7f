"""Whether the pages for people and catalogues say what the manifest and the contract say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml

from corpus_tool.release.pages.card import front_matter_of
from corpus_tool.release.pages.citing import CITATION, ZENODO
from corpus_tool.release.pages.croissant import CROISSANT, structure
from corpus_tool.release.versions import README

if TYPE_CHECKING:
    from corpus_tool.features import Feature
    from corpus_tool.findings import Finding
    from corpus_tool.release.verification.evidence import Evidence

_PARSE: dict[str, Any] = {
    README: front_matter_of,
    CITATION: yaml.safe_load,
    ZENODO: json.loads,
    CROISSANT: json.loads,
}
_TITLE = {README: "pretty_name", CITATION: "title", ZENODO: "title", CROISSANT: "alternateName"}


def contradictions(seen: Evidence, columns: Mapping[str, Sequence[Feature]] | None) -> Iterator[Finding]:
    """Where a page names another title, version or content than the manifest and the card.

    `columns` are those of each view by the contract, None where it cannot be read. A page that SHA256SUMS does not
    list is none of an older release.
    """
    pages: dict[str, Mapping[str, Any]] = {}
    for path, parse in _PARSE.items():
        if path not in seen.files or path not in seen.listed:
            continue
        try:
            pages[path] = dict(parse((seen.directory / path).read_bytes()))
        except Exception as error:  # noqa: BLE001 - whatever a damaged page leads to is the finding
            yield seen.finding("RLS906", path, f"cannot be read: {str(error)[:200]}")
    if seen.manifest is None:
        return
    title = pages.get(README, {}).get("pretty_name")
    for path, page in pages.items():
        if README in pages and page.get(_TITLE[path]) != title:
            yield seen.finding("RLS906", path, f"names another title than {README}")
        if path != README and page.get("version") != seen.manifest.version:
            yield seen.finding("RLS906", path, "names another version than manifest.json")
    if CROISSANT in pages and columns is not None:
        said = json.loads(json.dumps(structure(seen.manifest, columns)))
        for part in (name for name in said if pages[CROISSANT].get(name) != said[name]):
            yield seen.finding("RLS906", CROISSANT, f"its '{part}' is not what manifest.json and the contract say")
