"""What a run is asked for: options of the caller, put over the settings of the corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_tool.config import Config, find_config, load_config
from corpus_tool.errors import SettingsError
from corpus_tool.versions import is_version

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What commands take: files that override `corpus.toml`, the rules that run, the number of processes.

    `baseline`, of findings that are known, is for `validate` alone.
    """

    config: Path | None = None
    schema: Path | None = None
    inventory: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    jobs: int | None = None
    progress: Progress | None = None
    target_version: str | None = None
    baseline: Path | None = None
    mask: bool = False
    cache: bool = False
    """Whether what earlier runs found is used, and what this one finds is kept."""
    since: str | None = None
    """A commit: of what it had, nothing is reported."""
    source: str | None = None
    """The format of the sources; where it is None the files tell."""


def read_config(sources: Iterable[str], options: Options) -> Config:
    """The settings of the sources' corpus, with what the options say put over them.

    Raises SettingsError for a file that is not as its schema asks, and for a target version that is none.
    """
    version = options.target_version
    if version is not None and not is_version(version):
        raise SettingsError(f"'{version[:60]}' is no version: write it as 0.1", "--target-version")
    config = load_config(options.config or find_config(sources))
    return replace(
        config,
        schema=options.schema or config.schema,
        inventory=options.inventory or config.inventory,
        select=options.select or config.select,
        ignore=(*config.ignore, *options.ignore),
        target_version=options.target_version or config.target_version,
        baseline=options.baseline or config.baseline,
    )
