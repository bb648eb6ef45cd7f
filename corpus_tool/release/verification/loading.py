"""Loading a release as its users will: `datasets`, offline, with a cache of its own, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import Manifest
from corpus_tool.release.verification.cached import machine_cache, stale_entries
from corpus_tool.release.verification.footers import read_footer
from corpus_tool.release.versions import INDEX, README

_PROGRAM = "from corpus_tool.release.verification.loading import main; main()"
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}


def failures(directory: Path, manifest: Manifest) -> list[str]:
    """What `load_dataset` makes of every view and split, at once and streaming, where it is not what it should be.

    That is with a cache of its own; what this machine's cache holds of the release is compared with it besides.
    """
    wanted: dict[str, dict[str, int]] = {}
    for shard in manifest.shards:
        rows = wanted.setdefault(shard.view, {})
        rows[shard.split] = rows.get(shard.split, 0) + shard.rows
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as cache:
        machine = str(machine_cache(os.environ).absolute())
        task = json.dumps({"directory": str(directory.resolve()), "cache": cache, "wanted": wanted, "machine": machine})
        environment = {
            **os.environ,
            **_OFFLINE,
            "HF_HOME": cache,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _PROGRAM], input=task, capture_output=True, text=True, check=False, env=environment
        )
    try:
        found: list[str] = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().split("\n")[-1]
        return [f"load_dataset ended with {done.returncode}: {last[:300]}"]
    return found


def main() -> None:
    """Do the task on stdin; the failures go to stdout as JSON."""
    task = json.loads(sys.stdin.read())
    stdout, sys.stdout = sys.stdout, sys.stderr
    found = list(_failures(task["directory"], task["cache"], task["wanted"]))
    if not found:
        found = list(_stale(Path(task["directory"]), Path(task["cache"]), list(task["wanted"]), Path(task["machine"])))
    stdout.write(json.dumps(found))


def _failures(directory: str, cache: str, wanted: dict[str, dict[str, int]]) -> Iterator[str]:
    for view, rows in wanted.items():
        for streaming in (False, True):
            how = f"load_dataset(…, '{view}', streaming={streaming})"
            try:
                yield from (f"{how}: {what}" for what in _differences(directory, cache, view, rows, streaming))
            except Exception as error:  # noqa: BLE001 - whatever it raises is the finding
                yield f"{how} raises {type(error).__name__}: {str(error)[:300]}"


def _stale(directory: Path, scratch: Path, views: list[str], machine: Path) -> Iterator[str]:
    """What the cache of this machine holds under the names of the release and of its version in the corpus."""
    manifest, _ = read_release(directory)
    places = [(directory, view) for view in views]
    if (directory.parent / INDEX).is_file() and (directory.parent / README).is_file():
        places.append((directory.parent, manifest.version))
    shards = {directory / shard.path: shard for shard in manifest.shards}
    labels = {shard.view: read_footer(directory / shard.path).labels for shard in manifest.shards}
    try:
        yield from stale_entries(places, shards, labels, machine, scratch)
    except Exception as error:  # noqa: BLE001 - whatever it raises is the finding
        yield f"the cache {machine} cannot be compared: {type(error).__name__}: {str(error)[:300]}"


def _differences(directory: str, cache: str, view: str, rows: dict[str, int], streaming: bool) -> Iterator[str]:  # noqa: FBT001
    from datasets import load_dataset

    loaded: Any = load_dataset(directory, view, cache_dir=cache, streaming=streaming)
    if set(loaded) != set(rows):
        yield f"the splits are {sorted(loaded)}, not {sorted(rows)}"
    for split in set(loaded) & set(rows):
        number = _count(loaded[split]) if streaming else len(loaded[split])
        if number != rows[split]:
            yield f"{split} has {number} rows, not {rows[split]}"


def _count(stream: Iterable[Any]) -> int:
    return sum(1 for _ in stream)
