"""Whether rows that `datasets` has are those of a release: its cache knows neither content nor place of the files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.class_numbers import named
from corpus_tool.digest import Digest
from corpus_tool.errors import CorpusError
from corpus_tool.features import Labels
from corpus_tool.shards import Shard

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 4096


def machine_cache(environment: Mapping[str, str]) -> Path:
    """Where `datasets` keeps what it loads unless it is told otherwise, by the rule of its own settings."""
    above = environment.get("XDG_CACHE_HOME", "~/.cache")
    home = environment.get("HF_HOME", os.path.join(above, "huggingface"))  # noqa: PTH118 (nothing above may be "")
    return Path(environment.get("HF_DATASETS_CACHE", Path(home).expanduser() / "datasets"))


def stale_entries(
    places: Iterable[tuple[Path, str]], shards: Mapping[Path, Shard], labels: Mapping[str, Labels], machine: Path,
    scratch: Path,
) -> Iterator[str]:  # fmt: skip
    """Which folders below `machine` hold rows that `load_dataset` takes for those of the release, and are not.

    `places` are the directories and configurations by which a release is loaded, `shards` its files by where they lie,
    `labels` those of each view. `scratch` is for what `datasets` writes meanwhile: below `machine` nothing changes.
    """
    for directory, configuration in places:
        folder, files = _entry(directory, configuration, machine, scratch)
        if not (folder / "dataset_info.json").is_file():
            continue
        for split, paths in files.items():
            wrong = _difference(folder, directory.name, split, [shards[path] for path in paths], labels)
            if wrong is not None:
                yield (
                    f"load_dataset('{directory}', '{configuration}') gives what an earlier directory of this name left "
                    f"in the cache, where {split} {wrong}: delete {folder}"
                )
                break


def _entry(directory: Path, configuration: str, machine: Path, scratch: Path) -> tuple[Path, dict[str, list[Path]]]:
    """The folder of the cache that a configuration is looked for in, and the files of its splits."""
    from datasets import load_dataset_builder

    builder: Any = load_dataset_builder(str(directory), configuration, cache_dir=str(scratch))
    below = Path(builder.cache_dir).relative_to(scratch)
    files = {str(split): [Path(path) for path in paths] for split, paths in builder.config.data_files.items()}
    return machine / below, files


def _difference(
    folder: Path, name: str, split: str, shards: Sequence[Shard], labels: Mapping[str, Labels]
) -> str | None:
    from datasets import Dataset

    files = sorted(path for path in folder.glob("*.arrow") if _is_of(path.stem, name, split))
    if not files:
        return "is not there"
    try:
        tables = chain.from_iterable(tables_of(Dataset.from_file(str(path))) for path in files)
        same = same_rows(tables, shards, labels[shards[0].view])
    except Exception as error:  # noqa: BLE001 - whatever a damaged file leads to is the difference
        return f"cannot be read ({type(error).__name__}: {str(error)[:200]})"
    return None if same else "has other rows than the release"


def _is_of(stem: str, name: str, split: str) -> bool:
    """Whether a file is `NAME-SPLIT.arrow`, or a part of it as `NAME-SPLIT-00000-of-00002.arrow`."""
    begin, _, rest = stem.partition(f"{name}-{split}")
    return not begin and (not rest or rest.startswith("-0"))


def tables_of(dataset: Any) -> Iterator[pa.Table]:
    """The rows of a `datasets.Dataset`, in pieces."""
    for table in dataset.with_format("arrow").iter(_BATCH):
        yield getattr(table, "table", table)


def same_rows(tables: Iterable[pa.Table], shards: Sequence[Shard], labels: Labels) -> bool:
    """Whether rows are those of these files, one after the other, by their logical digests."""
    wanted = iter(shards)
    digest, current = Digest(), next(wanted)
    for table in tables:
        rest = table
        while digest.rows + rest.num_rows > current.rows:
            head = current.rows - digest.rows
            following = next(wanted, None)
            if following is None or not _added(digest, rest.slice(0, head), labels, current.logical):
                return False
            rest, digest, current = rest.slice(head), Digest(), following
        if not _added(digest, rest, labels):
            return False
    return digest.hexdigest() == current.logical and next(wanted, None) is None


def _added(digest: Digest, table: pa.Table, labels: Labels, wanted: str | None = None) -> bool:
    """Add rows; False where they have a label without a name, or the digest is then not the one that is wanted."""
    try:
        digest.update(named(table.combine_chunks(), labels))
    except CorpusError:
        return False
    return wanted is None or digest.hexdigest() == wanted
