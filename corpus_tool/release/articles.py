"""The articles that a release holds, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.class_numbers import named
from corpus_tool.contract import Contract, load_contract
from corpus_tool.errors import ReleaseError
from corpus_tool.features import read_labels
from corpus_tool.inventory_files import load_inventory
from corpus_tool.leniency import Released, article_digest
from corpus_tool.release.index import read_index, read_release, versions_on_disk
from corpus_tool.release.manifest import CONTRACT, INVENTORY
from corpus_tool.release.versions import newest
from corpus_tool.views import ARTICLES, RAW

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.tables import Tables

_ROWS = 256
"""Articles that are read at once."""


def last_release(home: Path | None) -> Path | None:
    """The folder of the newest release below a corpus's releases that is not yanked; None where there is none."""
    entry = newest(read_index(home)) if home is not None else None
    if home is None or entry is None or entry.version not in versions_on_disk(home):
        return None
    return home / entry.version


def released_tables(home: Path | None) -> tuple[Contract, Iterator[Tables]] | None:
    """Contract and articles, with every provenance, of the last release; None where there is none.

    Raises ReleaseError where its files are damaged.
    """
    folder = last_release(home)
    if folder is None:
        return None
    contract = load_contract(folder / CONTRACT, None)
    return contract, _tables(folder, contract)


def first_released(home: Path, contract: Contract) -> dict[str, Released]:
    """What releases hold, by article id: each article in its newest form, and the release that first held it so.

    Raises ReleaseError where a file is damaged.
    """
    found: dict[str, Released] = {}
    for version in versions_on_disk(home):
        manifest, _ = read_release(home / version)
        for batch in _batches(home / version, load_contract(home / version / CONTRACT, None)):
            for article in batch.to_pylist():
                name, digest = str(article.get(contract.id)), article_digest(article, contract)
                if name not in found or found[name].digest != digest:
                    found[name] = Released(digest, version, manifest.rules.version)
    return found


def oldest_rules(home: Path) -> str | None:
    """The version of the rules under which the oldest release was made; None where there is no release."""
    return next((read_release(home / version)[0].rules.version for version in versions_on_disk(home)), None)


def _tables(folder: Path, contract: Contract) -> Iterator[Tables]:
    from corpus_tool.flattening import read_tables

    return (read_tables(batch, contract) for batch in _batches(folder, contract))


def _batches(folder: Path, contract: Contract) -> Iterator[pa.RecordBatch]:
    """The articles with every provenance, labels as strings."""
    return (batch for _, batch in split_batches(folder, contract))


def release_contract(folder: Path) -> Contract:
    """The contract that a release carries, with its inventory."""
    place = folder / INVENTORY
    return Contract(load_contract(folder / CONTRACT, None).schema, load_inventory(place) if place.is_file() else None)


def split_batches(folder: Path, contract: Contract) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The articles with every provenance, labels as strings, each block with the split it is of.

    Raises ReleaseError where a file is damaged.
    """
    view = RAW if (folder / RAW).is_dir() else ARTICLES
    for path in sorted((folder / view).glob("*.parquet")):
        yield from ((path.name.partition("-")[0], batch) for batch in read_batches(path, contract))


def read_batches(path: Path, contract: Contract) -> Iterator[pa.RecordBatch]:
    """The articles of one Parquet file, labels as strings; ReleaseError where it is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            labels = read_labels(file.schema_arrow)
            for batch in file.iter_batches(_ROWS):
                table = named(pa.Table.from_batches([batch]), labels).cast(contract.arrow)
                yield from table.combine_chunks().to_batches()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ReleaseError(f"cannot read {path}: {error}") from error
