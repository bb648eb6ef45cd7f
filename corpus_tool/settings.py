"""What a run is asked for: options of the caller, put over the settings of the corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_tool.config import Config, find_config, load_config
from corpus_tool.errors import SettingsError
from corpus_tool.paths import AnyPath
from corpus_tool.release_sources import CONTRACT, INVENTORY, is_release
from corpus_tool.versions import is_version

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What commands take: files that override `corpus.toml`, the rules that run, the number of processes.

    `baseline`, of findings that are known, is for `validate` alone.
    """

    config: AnyPath | None = None
    schema: AnyPath | None = None
    inventory: AnyPath | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    jobs: int | None = None
    progress: Progress | None = None
    target_version: str | None = None
    baseline: AnyPath | None = None
    mask: bool = False
    cache: bool = False
    """Whether what earlier runs found is used, and what this one finds is kept."""
    since: str | None = None
    """A commit: of what it had, nothing is reported."""
    source: str | None = None
    """The format of the sources; where it is None the files tell."""
    releases: AnyPath | None = None
    """Where the releases of the corpus lie that it is held against, instead of where its settings say."""
    fix: bool = False
    """Whether importers mend what contradicts its form, where that is safe, instead of refusing the article."""
    pseudonyms: AnyPath | None = None
    """The file of people and the names that a release knows them under."""


def _brought(sources: Iterable[str]) -> tuple[Path | None, Path | None]:
    """The schema and inventory that sources bring where they are one release."""
    named = list(sources)
    if len(named) != 1 or not is_release(folder := Path(named[0])):
        return None, None
    inventory = folder / INVENTORY
    return folder / CONTRACT, inventory if inventory.is_file() else None


def _path(named: AnyPath | None) -> Path | None:
    return Path(named) if named else None


def read_config(sources: Iterable[str], options: Options) -> Config:
    """The settings of the sources' corpus, with what the options say put over them.

    Raises SettingsError for a file that is not as its schema asks, and for a target version that is none.
    """
    version = options.target_version
    if version is not None and not is_version(version):
        raise SettingsError(f"'{version[:60]}' is no version: write it as 0.1", "--target-version")
    config = load_config(_path(options.config) or find_config(sources))
    schema, inventory = _brought(sources) if config.schema is None and config.extension is None else (None, None)
    return replace(
        config,
        schema=_path(options.schema) or config.schema or schema,
        inventory=_path(options.inventory) or config.inventory or inventory,
        select=options.select or config.select,
        ignore=(*config.ignore, *options.ignore),
        target_version=options.target_version or config.target_version,
        baseline=_path(options.baseline) or config.baseline,
        releases=_path(options.releases) or config.releases,
        release=replace(config.release, pseudonyms=_path(options.pseudonyms) or config.release.pseudonyms),
    )
