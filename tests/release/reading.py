"""Whether `load_dataset` gives what the Parquet files of releases hold: every view, split and way to load.

For environments with any `datasets`, and without this tool: `main` reads a task from stdin (`corpora`: directories of
versions, each with the one that it should give; `scratch`) and writes what differs to stdout, both as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

EACH = "*"
Labels = dict[tuple[str, ...], list[str]]


@dataclass(slots=True)
class Seen:
    """What differs, how often `load_dataset` was asked, and how many columns of labels it gave."""

    cache: Path
    loads: int = 0
    labels: int = 0
    differences: list[str] = field(default_factory=list)

    def release(self, release: Path) -> None:
        """Each view of a release, by its absolute path and by a relative one; without a name, the articles."""
        os.chdir(release.parent)
        for view in sorted({path.parent.name for path in release.glob("*/*.parquet")}):
            for path in (str(release), f"./{release.name}"):
                self.both(path, view, release / view)
        self.both(str(release), None, release / "articles")

    def corpus(self, home: Path, newest: str) -> None:
        """The directory of all versions: the newest active one, and each by its name."""
        from datasets import get_dataset_config_names

        versions = sorted(path.name for path in home.iterdir() if path.is_dir() and path.name[0] != ".")
        names = sorted(get_dataset_config_names(str(home)))
        if names != versions:
            self.differences.append(f"{home.name}: the configurations are {names}, not {versions}")
        for name in (None, *versions):
            self.both(str(home), name, home / (name or newest) / "articles")

    def both(self, path: str, name: str | None, files: Path) -> None:
        """One configuration, at once and streaming, beside the files that it should be of."""
        for streaming in (False, True):
            self.loads += 1
            how = f"load_dataset({path!r}, {name!r}, streaming={streaming})"
            try:
                found = list(self.differing(path, name, files, streaming))
            except Exception as error:  # noqa: BLE001 - whatever a version of datasets raises is the difference
                found = [f"raises {type(error).__name__}: {str(error)[:300]}"]
            self.differences += [f"{how}: {words}" for words in found]

    def differing(self, path: str, name: str | None, files: Path, streaming: bool) -> Iterator[str]:
        from datasets import load_dataset

        splits = {file.name.partition("-")[0]: file for file in files.glob("*.parquet")}
        loaded: Any = load_dataset(path, name, cache_dir=str(self.cache), streaming=streaming)
        if set(loaded) != set(splits):
            yield f"the splits are {sorted(loaded)}, not {sorted(splits)}"
        for split in set(loaded) & set(splits):
            if list(loaded[split]) != pq.read_table(splits[split]).to_pylist():
                yield f"{split} has other rows than {splits[split].name}"
            wanted, found = file_labels(splits[split]), dict(loaded_labels(loaded[split].features))
            self.labels += len(found)
            if found != wanted:
                yield f"{split} has the labels {found}, not {wanted}"


def file_labels(file: Path) -> Labels:
    """The names of the labels of each column, by the metadata of the file."""
    features = json.loads(pq.read_schema(file).metadata[b"huggingface"])["info"]["features"]
    return dict(_declared(features, ()))


def _declared(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    if isinstance(node, list):
        yield from _declared(node[0], (*path, EACH))
    elif node.get("_type") == "ClassLabel":
        yield path, node["names"]
    elif not isinstance(node.get("_type"), str):
        for name, part in node.items():
            yield from _declared(part, (*path, name))


def loaded_labels(feature: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The names of the labels of each column, as numbers become names in `datasets`."""
    if isinstance(feature, dict):
        for name, part in feature.items():
            yield from loaded_labels(part, (*path, name))
    elif isinstance(feature, list):
        yield from loaded_labels(feature[0], (*path, EACH))
    elif hasattr(feature, "int2str"):
        yield path, feature.int2str(list(range(feature.num_classes)))
    elif hasattr(feature, "feature"):
        yield from loaded_labels(feature.feature, (*path, EACH))


def main() -> None:
    task = json.loads(sys.stdin.read())
    seen = Seen(Path())
    with redirect_stdout(sys.stderr):
        for number, (corpus, newest) in enumerate(task["corpora"].items()):
            home, seen.cache = Path(corpus), Path(task["scratch"]) / str(number)
            for manifest in sorted(home.glob("*/manifest.json")):
                seen.release(manifest.parent)
            seen.corpus(home, newest)
    json.dump({"differences": seen.differences, "loads": seen.loads, "labels": seen.labels}, sys.stdout)
