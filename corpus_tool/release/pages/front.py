"""The page of a corpus: its versions as configurations, so that load_dataset never merges them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus_tool.errors import ReleaseError
from corpus_tool.release.manifest import SUMS
from corpus_tool.release.pages.card import front_matter_of, with_front_matter
from corpus_tool.release.versions import README, Entry, newest
from corpus_tool.release.withdrawal.tombstones import told


def configuration(home: Path, entry: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
    """What README.md says of a version: its item in `configs`, and in `dataset_info`."""
    card = _front_matter(home / entry.version, entry)
    default = next((item for item in card["configs"] if item.get("default")), card["configs"][0])
    info = next(item for item in card["dataset_info"] if item["config_name"] == default["config_name"])
    files = [{"split": item["split"], "path": _below(entry.version, item["path"])} for item in default["data_files"]]
    configuration = {
        "config_name": entry.version,
        "version": entry.version,
        "description": default["description"],
        "data_files": files,
    }
    return configuration, {**info, "config_name": entry.version}


def _below(version: str, path: str | list[str]) -> str | list[str]:
    return f"{version}/{path}" if isinstance(path, str) else [f"{version}/{item}" for item in path]


def _front_matter(folder: Path, entry: Entry) -> Mapping[str, Any]:
    """The front matter of a release's card, once its digest has shown that it is the one that was published."""
    try:
        sums = (folder / SUMS).read_bytes()
        data = (folder / README).read_bytes()
    except OSError as error:
        raise ReleaseError(f"{folder} is damaged: {error.filename}: {error.strerror}") from error
    line = f"{hashlib.sha256(data).hexdigest()}  {README}\n".encode()
    if hashlib.sha256(sums).hexdigest() != entry.bytes or line not in sums:
        raise ReleaseError(f"{folder} is not what was published: restore it (`release verify` says what differs)")
    try:
        return front_matter_of(data)
    except ValueError as error:
        raise ReleaseError(f"{folder / README}: {error}") from error


def readme(
    name: str, listed: list[Entry], configurations: Mapping[str, tuple[dict[str, Any], dict[str, Any]]]
) -> bytes:
    """The page of a corpus, of the versions that are here, newest first; those that were yanked come last.

    Where all were, each is there twice, the second time as `X.Y.Z-yanked`: of a single configuration `datasets` makes
    the default, and nobody is to load what was yanked without naming it.
    """
    default = newest(listed)
    listed = sorted(listed, key=lambda entry: entry.status == "yanked")
    configs, infos = [], []
    for entry in listed:
        configuration, info = configurations[entry.version]
        configs.append({**configuration, "default": True} if entry == default else configuration)
        infos.append(info)
    if default is None:
        configs += [{**item, "config_name": f"{item['config_name']}-yanked"} for item in configs]
        infos += [{**item, "config_name": f"{item['config_name']}-yanked"} for item in infos]
    rows = [_row(entry) for entry in listed]
    body = [
        f"# {name}",
        "",
        "Every version is a configuration, and the newest active one is the default; a version never changes.",
        "What was yanked comes last, and loads only where it is named.",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        *([f'load_dataset("releases/{name}")  # the newest'] if default else []),
        f'load_dataset("releases/{name}/{listed[0].version}")  # one version; its card names its views',
        "```",
        "",
        "| version | released | status | since | reason |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]
    return with_front_matter({"configs": configs, "dataset_info": infos}, "\n".join(body))


def _row(entry: Entry) -> str:
    since = (entry.since or entry.released)[:10]
    reason = "; ".join(said for said in (entry.reason, told(entry.withdrawn)) if said)
    return f"| {entry.version} | {entry.released[:10]} | {entry.status} | {since} | {_cell(reason)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
