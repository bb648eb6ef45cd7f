"""Whether numbers and dates that a release states are those of its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import yaml

from corpus_tool.release.manifest import MANIFEST
from corpus_tool.release.pages.card import front_matter_of
from corpus_tool.release.pages.citing import CITATION
from corpus_tool.release.pages.croissant import CROISSANT
from corpus_tool.release.versions import README
from corpus_tool.views import ARTICLES

if TYPE_CHECKING:
    from corpus_tool.findings import Finding
    from corpus_tool.release.manifest import Manifest
    from corpus_tool.release.verification.evidence import Evidence

DIFFERENCE = "diff.json"


def misstated(seen: Evidence) -> Iterator[Finding]:
    """Where manifest, card, Croissant, citation or diff.json state numbers, dates or versions that are others."""
    manifest = seen.manifest
    if manifest is None:
        return
    yield from _counts(seen, manifest)
    wanted: tuple[tuple[str, Callable[[bytes], Any], Any, str], ...] = (
        (README, _sizes_of_card, _sizes(manifest), "the rows and bytes of its splits are"),
        (CROISSANT, lambda data: json.loads(data).get("datePublished"), manifest.created[:10], "its date is"),
        (CITATION, lambda data: str(yaml.safe_load(data)["date-released"]), manifest.created[:10], "its date is"),
        (DIFFERENCE, _versions, _steps(manifest), "the versions it is between are"),
    )
    for path, read, expected, what in wanted:
        if path not in seen.files or path not in seen.listed:
            continue
        try:
            found = read((seen.directory / path).read_bytes())
        except Exception as error:  # noqa: BLE001 - whatever a damaged page leads to is the finding
            yield seen.finding("RLS906", path, f"cannot be read: {str(error)[:200]}")
            continue
        if found != expected:
            yield seen.finding("RLS906", path, f"{what} not those of {MANIFEST}")


def _counts(seen: Evidence, manifest: Manifest) -> Iterator[Finding]:
    splits: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for shard in manifest.shards:
        known = splits.setdefault(shard.view, [])
        known += [shard.split] if shard.split not in known else []
        if shard.view == ARTICLES:
            rows[shard.split] = rows.get(shard.split, 0) + shard.rows
    if {view.name: sorted(view.splits) for view in manifest.views} != {name: sorted(of) for name, of in splits.items()}:
        yield seen.finding("RLS906", MANIFEST, "its views have other splits than its files")
    stated = {split: number for split, number in manifest.counts.articles.items() if number}
    if rows and rows != stated and not manifest.withdrawn:
        yield seen.finding("RLS906", MANIFEST, "it counts other articles than its files hold")


def _sizes(manifest: Manifest) -> dict[tuple[str, str], tuple[int, int]]:
    sizes: dict[tuple[str, str], tuple[int, int]] = {}
    for shard in manifest.shards:
        rows, size = sizes.get((shard.view, shard.split), (0, 0))
        sizes[shard.view, shard.split] = rows + shard.rows, size + shard.bytes
    return sizes


def _sizes_of_card(data: bytes) -> dict[tuple[str, str], tuple[int, int]]:
    infos = front_matter_of(data)["dataset_info"]
    return {
        (info["config_name"], split["name"]): (split["num_examples"], split["num_bytes"])
        for info in infos
        for split in info["splits"]
    }


def _versions(data: bytes) -> tuple[str, str]:
    value: Mapping[str, Any] = json.loads(data)
    return value["old"], value["new"]


def _steps(manifest: Manifest) -> tuple[str | None, str]:
    """The release that is followed, and this one."""
    parent = manifest.parent
    return f"{manifest.name} {parent.version}" if parent else None, f"{manifest.name} {manifest.version}"
