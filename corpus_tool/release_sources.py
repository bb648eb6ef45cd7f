"""Releases as sources: their articles as lines of JSON, each once, with every provenance, as they were published."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from corpus_tool.contract import Contract

CONTRACT, INVENTORY = "schema/contract.schema.json", "schema/inventory.json"
_MANIFEST, _SUMS = "manifest.json", "SHA256SUMS"
_VIEWS = ("articles_raw", "articles")
"""The first that a release has holds what its sources held; `articles` is all there is where everything is gold."""
_ROWS = 256
_WRITTEN: list[TemporaryDirectory[str]] = []
"""Kept until the process ends, which removes them."""


def is_release(folder: Path) -> bool:
    """Whether a directory is one version of a release; what cannot be looked at is none."""
    return all(os.path.isfile(folder / name) for name in (_MANIFEST, _SUMS))  # noqa: PTH113 (raises nothing)


def release_lines(name: str) -> list[tuple[str, Path]]:
    """The files of articles of a release, by their names in it, each written out as JSONL; done once.

    Raises SourceError where a file is not as it was published or cannot be read, SettingsError where the texts are
    withheld.
    """
    return list(_written(str(Path(name).resolve()), (Path(name) / _SUMS).stat().st_mtime_ns))


@lru_cache(maxsize=64)
def _written(name: str, _changed: int) -> tuple[tuple[str, Path], ...]:
    from tempfile import TemporaryDirectory

    release = Path(name)
    listed = _listed(release)
    _refuse_withheld(release, listed)
    contract = _contract(release, listed)
    view = next((view for view in _VIEWS if any(path.startswith(f"{view}/") for path in listed)), None)
    scratch = TemporaryDirectory(prefix="corpus-tool-")
    _WRITTEN.append(scratch)
    made: list[tuple[str, Path]] = []
    for path in [path for path in listed if path.startswith(f"{view}/") and path.endswith(".parquet")]:
        target = Path(scratch.name) / f"{len(made)}.jsonl"
        _write(_checked(release, path, listed), contract, target)
        made.append((path, target))
    return tuple(made)


def _listed(release: Path) -> dict[str, str]:
    """The digests of the files of a release, by path, in order."""
    try:
        lines = (release / _SUMS).read_bytes().decode().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {release / _SUMS}: {error}") from error
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def _checked(release: Path, path: str, listed: dict[str, str]) -> Path:
    """A file of a release, once its digest has shown that it is what was published."""
    import hashlib

    try:
        with (release / path).open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"cannot read {release / path}: {error.strerror}") from error
    if found != listed.get(path):
        raise SourceError(f"{release / path} is not what was published: `release verify {release}` says what differs")
    return release / path


def _refuse_withheld(release: Path, listed: dict[str, str]) -> None:
    try:
        said: Any = json.loads(_checked(release, _MANIFEST, listed).read_bytes())
    except ValueError as error:
        raise SourceError(f"cannot read {release / _MANIFEST}: {error}") from error
    if said.get("withheld"):
        raise SettingsError("its texts are withheld: `release hydrate` puts yours back first", str(release))


def _contract(release: Path, listed: dict[str, str]) -> Contract:
    from corpus_tool.contract import load_contract

    return load_contract(_checked(release, CONTRACT, listed), None)


def _write(path: Path, contract: Contract, target: Path) -> None:
    from corpus_tool.canonical import dumps_line

    with target.open("wb") as file:
        for article in _articles(path, contract):
            file.write(dumps_line(article, contract))


def _articles(path: Path, contract: Contract) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from corpus_tool.class_numbers import named
    from corpus_tool.features import read_labels

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            labels = read_labels(file.schema_arrow)
            for batch in file.iter_batches(_ROWS):
                yield from named(pa.Table.from_batches([batch]), labels).cast(contract.arrow).to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceError(f"cannot read {path}: {error}") from error
