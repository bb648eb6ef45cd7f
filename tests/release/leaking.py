"""What of the texts of a corpus any file of a release repeats."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


def runs(texts: Iterable[str], length: int) -> set[str]:
    """Every run of so many code points."""
    return {text[at : at + length] for text in texts for at in range(len(text) - length + 1)}


def strings(value: Any) -> Iterator[str]:
    """Every string in a value of JSON, keys of objects among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from strings(key)
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """What every file of a release says: Parquet decoded, JSON both as it stands and decoded."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            yield from ((name, text) for row in table.to_pylist() for text in strings(row))
            yield from ((name, value.decode()) for value in (table.schema.metadata or {}).values())
        data = path.read_bytes()
        yield name, data.decode("utf-8", "replace")
        if path.suffix == ".json":
            yield from ((name, text) for text in strings(json.loads(data)))
        elif path.suffix == ".jsonl":
            yield from ((name, text) for line in data.splitlines() for text in strings(json.loads(line)))


def leaked(folder: Path, texts: Iterable[str], length: int) -> set[tuple[str, str]]:
    """Each run of a text that a file repeats, with the file."""
    known = runs(texts, length)
    return {
        (name, said[at : at + length])
        for name, said in contents(folder)
        for at in range(len(said) - length + 1)
        if said[at : at + length] in known
    }
