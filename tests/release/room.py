"""Where a trap is tried, and how it is said what was seen there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

NAME = "trapped"
VIEWS = ("articles", "entities")
RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Room:
    """Where one side of a trap is tried: a folder and a cache of its own, and releases to copy."""

    folder: Path
    releases: Path

    def load(self, path: Path | str, *names: str, **options: Any) -> Any:
        from datasets import load_dataset

        return load_dataset(str(path), *names, cache_dir=str(self.folder / "cache"), **options)

    def copy(self, source: str, target: str) -> Path:
        """A copy of a release, or of all of a corpus, with the times of its files."""
        return shutil.copytree(self.releases / source, self.folder / target)

    def corpus(self, source: str = "new") -> Path:
        """The corpus with its versions, `old` or `new`."""
        return self.releases / source / NAME

    def release(self, version: str = "1.0.0", source: str = "new") -> Path:
        return self.corpus(source) / version


Side = Callable[[Room], str]


@dataclass(frozen=True, slots=True)
class Trap:
    """One of them: `naive` says what a layout as people write it gives, `ours` what a release gives.

    `expected` is what `naive` sees, by the first version of `datasets` that does so; RIGHT where it is no trap (any
    more). `ours` is RIGHT in all of them.
    """

    name: str
    naive: Side
    ours: Side
    expected: dict[str, str]

    def wanted(self, version: str) -> str:
        """What the naive layout is known to give in a version of `datasets`."""
        number = _number(version)
        return next(said for first, said in reversed(self.expected.items()) if _number(first) <= number)


TRAPS: list[Trap] = []


def trap(name: str, ours: Side, **expected: str) -> Callable[[Side], Side]:
    """Register the naive side; `since_4_0="…"` says what is seen from 4.0 on, `always="…"` from the first."""

    def register(naive: Side) -> Side:
        by_version = {
            key.removeprefix("since_").replace("_", ".").replace("always", "0"): said for key, said in expected.items()
        }
        TRAPS.append(Trap(name, naive, ours, by_version))
        return naive

    return register


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def attempt(call: Callable[[], str], *phrases: str) -> str:
    """What a call says; of an error, which of these phrases is in it or in one that caused it."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - whatever a version of datasets raises is what was seen
        told, cause = "", error
        while cause is not None:
            told += f"{type(cause).__name__}: {cause}\n"
            cause = cause.__cause__ or cause.__context__
        found = next((phrase for phrase in phrases if phrase in told), None)
        return f"fails: {found or told[:300]}"


def numbers(rows: Any) -> list[Any]:
    return [row["id"] for row in rows]


def seen(found: Any, right: Any, wrong: Any, name: str) -> str:
    """RIGHT, the name of what is known to be wrong, or what was found instead."""
    return RIGHT if found == right else name if found == wrong else repr(found)[:200]


def expect(found: Any, right: Any) -> str:
    return RIGHT if found == right else f"{found!r}, not {right!r}"[:300]


def files_of(release: Path, view: str = "articles") -> dict[str, Path]:
    """The Parquet file of each split."""
    return {path.name.split("-")[0]: path for path in sorted((release / view).glob("*.parquet"))}


def article_ids(release: Path, split: str = "train") -> list[str]:
    return list(pq.read_table(files_of(release)[split]).column("id").to_pylist())


def label_names(release: Path) -> list[str]:
    """The labels of the entity view, by the metadata of its file."""
    schema = pq.read_schema(files_of(release, "entities")["train"])
    found: list[str] = json.loads(schema.metadata[b"huggingface"])["info"]["features"]["type"]["names"]
    return found


def same_views(room: Room, release: Path) -> str:
    """Whether each view and split is what its file holds, at once and streaming."""
    for view in VIEWS:
        wanted = {split: pq.read_table(path).to_pylist() for split, path in files_of(release, view).items()}
        for streaming in (False, True):
            loaded = room.load(release, view, streaming=streaming)
            found = {split: list(loaded[split]) for split in loaded}
            if found != wanted:
                return f"{view}, streaming={streaming}: {list(found)} are not the rows of the files"
    return RIGHT
