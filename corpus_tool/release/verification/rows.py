"""Whether the rows of a release are what it says, and its descriptions of them agree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from corpus_tool.class_numbers import named
from corpus_tool.contract import Contract
from corpus_tool.digest import Digest
from corpus_tool.errors import CorpusError
from corpus_tool.features import Labels, describe, hf_features
from corpus_tool.findings import Finding
from corpus_tool.inventory_files import load_inventory
from corpus_tool.layers import Path_
from corpus_tool.nested import descend
from corpus_tool.release.difference.change_rows import CHANGES_VIEW
from corpus_tool.release.manifest import CONTRACT, FEATURES, INVENTORY, MANIFEST
from corpus_tool.release.pages.card import front_matter_of
from corpus_tool.release.verification.stated import misstated
from corpus_tool.release.verification.statements import contradictions
from corpus_tool.release.versions import README
from corpus_tool.shards import Shard
from corpus_tool.views import views

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.features import Feature
    from corpus_tool.release.manifest import Manifest
    from corpus_tool.release.verification.evidence import Evidence
    from corpus_tool.release.verification.footers import Footer


def disagreements(seen: Evidence) -> Iterator[Finding]:
    """Where card, `features.json`, manifest, contract and Parquet files describe the columns differently."""
    if seen.manifest is None:
        return
    said = {
        FEATURES: _read(seen, FEATURES, lambda data: dict(json.loads(data))),
        README: _read(seen, README, lambda data: _declared(front_matter_of(data))),
        CONTRACT: _read(seen, CONTRACT, lambda data: _promised(seen, data)),
    }
    yield from (value for value in said.values() if isinstance(value, Finding))
    for shard in seen.manifest.shards:
        footer = seen.footers.get(shard.path)
        if footer is None:
            continue
        for path, value in said.items():
            if isinstance(value, dict) and not _same(value.get(shard.view), footer.declared):
                yield seen.finding("RLS906", shard.path, f"its columns or labels are not those that {path} declares")
        if not _described(seen.manifest, shard, footer):
            yield seen.finding("RLS906", shard.path, "its columns or labels are not those that manifest.json declares")
    yield from _configurations(seen, seen.manifest)
    yield from _gold(seen, seen.manifest)
    yield from contradictions(seen, _columns(seen))
    yield from misstated(seen)


def _read(seen: Evidence, path: str, parse: Any) -> Any:
    """What a file says of the features of each view; a Finding where it cannot be read."""
    try:
        return parse(_bytes(seen, path))
    except Exception as error:  # noqa: BLE001 - whatever a damaged file leads to is the finding
        return seen.finding("RLS906", path, f"does not say what the columns are: {str(error)[:200]}")


def _bytes(seen: Evidence, path: str) -> bytes:
    """The bytes of a regular file: a pipe would be waited for, a device has no end."""
    if path not in seen.files:
        raise FileNotFoundError("is not there as a file")
    return (seen.directory / path).read_bytes()


def _declared(card: Mapping[str, Any]) -> dict[str, Any]:
    return {info["config_name"]: info["features"] for info in card["dataset_info"]}


def _columns(seen: Evidence) -> dict[str, tuple[Feature, ...]] | None:
    """The columns of each view by the contract; None where it cannot be read, which is a finding already."""
    try:
        found = (*views(_carried(seen, _bytes(seen, CONTRACT))), CHANGES_VIEW)
    except Exception:  # noqa: BLE001 - whatever a damaged contract leads to
        return None
    return {view.name: describe(view.schema, view.labels) for view in found}


def _carried(seen: Evidence, data: bytes) -> Contract:
    place = seen.directory / INVENTORY
    return Contract(json.loads(data), load_inventory(place) if INVENTORY in seen.files else None)


def _promised(seen: Evidence, data: bytes) -> dict[str, Any]:
    """The features of the views of the contract that a release carries."""
    contract = _carried(seen, data)
    if seen.manifest is not None and contract.digest != seen.manifest.contract:
        raise CorpusError("the digest of contract and inventory is not the one in manifest.json")
    return {view.name: hf_features(view.schema, view.labels) for view in (*views(contract), CHANGES_VIEW)}


def _gold(seen: Evidence, manifest: Manifest) -> Iterator[Finding]:
    """Whether the gold of each split is that by which scores are said to compare."""
    from corpus_tool.release.difference.scores import gold_digests

    if not manifest.scores or manifest.withheld or not all(seen.sound(shard.path) for shard in manifest.shards):
        return
    try:
        found = gold_digests(seen.directory, manifest.shards, _carried(seen, _bytes(seen, CONTRACT)))
    except Exception:  # noqa: BLE001 - whatever damaged files lead to is a finding of another kind already
        return
    if found != {score.split: score.gold for score in manifest.scores}:
        yield seen.finding("RLS906", MANIFEST, "the gold that its scores name is not that of the articles")


def _same(left: Any, right: Any) -> bool:
    """Equal as JSON: neither the order of keys nor that of reading counts."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _described(manifest: Manifest, shard: Shard, footer: Footer) -> bool:
    labels = {".".join(path): names for path, names in footer.labels.items()}
    view = next((view for view in manifest.views if view.name == shard.view), None)
    return view is not None and view.fingerprint == footer.fingerprint and view.labels == labels


def _configurations(seen: Evidence, manifest: Manifest) -> Iterator[Finding]:
    """Whether the card's configurations name the files of each view and split, the version and the digest."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for shard in manifest.shards:
        wanted.setdefault((shard.view, shard.split), []).append(shard.path)
    try:
        card = front_matter_of(_bytes(seen, README))
        found = {
            (item["config_name"], files["split"]): _paths(files["path"])
            for item in card["configs"]
            for files in item["data_files"]
        }
        marks = {(item["version"], item["description"]) for item in card["configs"]}
    except Exception as error:  # noqa: BLE001 - whatever a damaged card leads to is the finding
        yield seen.finding("RLS906", README, f"does not say which files belong to which view: {str(error)[:200]}")
        return
    if found != {key: sorted(paths) for key, paths in wanted.items()}:
        yield seen.finding("RLS906", README, "its configurations do not name the files of manifest.json")
    if marks != {(manifest.version, f"data-sha256:{manifest.digests.bytes}")}:
        yield seen.finding("RLS906", README, "its configurations name another version or digest than manifest.json")


def _paths(path: str | list[str]) -> list[str]:
    return [path] if isinstance(path, str) else sorted(path)


def wrong_rows(seen: Evidence) -> Iterator[Finding]:
    """Rows whose labels have no name, and files whose rows are not those that were published."""
    for shard in seen.manifest.shards if seen.manifest else ():
        if shard.path not in seen.footers:
            continue
        try:
            yield from _read_rows(seen, shard, seen.footers[shard.path])
        except Exception as error:  # noqa: BLE001 - damaged bytes make a Parquet reader raise anything
            yield seen.finding("IO007", shard.path, f"its rows cannot be read: {str(error)[:200]}")


def _read_rows(seen: Evidence, shard: Shard, footer: Footer) -> Iterator[Finding]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    digest = Digest()
    outside: dict[Path_, int] = {}
    with pq.ParquetFile(seen.directory / shard.path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(batch_size=4096):
            outside |= dict(_outside(batch, footer.labels))
            if not outside:
                digest.update(named(pa.Table.from_batches([batch]), footer.labels))
    for path, number in outside.items():
        known = len(footer.labels[path])
        yield seen.finding("RLS905", shard.path, f"{'.'.join(path)} holds {number}, and has labels 0 to {known - 1}")
    if not outside and digest.hexdigest() != shard.logical:
        yield seen.finding("IO007", shard.path, "its rows are not those whose logical digest manifest.json holds")


def _outside(batch: pa.RecordBatch, labels: Labels) -> Iterator[tuple[Path_, int]]:
    """By column of labels, a class number that has no name."""
    import pyarrow.compute as pc

    for path, names in labels.items():
        values, _ = descend(batch.column(path[0]), path[1:])
        ends: Any = pc.min_max(values).as_py()
        for end in ends.values():
            if end is not None and not 0 <= end < len(names):
                yield path, end
