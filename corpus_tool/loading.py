"""Loading a release by name and range, as `datasets` has it, once it is shown to be what was published."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.findings import Severity
from corpus_tool.release.manifest import Manifest
from corpus_tool.release.resolving import Listed, resolve_release
from corpus_tool.vocabulary import did_you_mean

Level = Literal["quick", "full", "logical", "load"]

_SPLIT = re.compile(r"(\w+(?:\.\w+)*)(\[[^\]]*\])?")


class ReleaseWarning(UserWarning):
    """A version that is loaded is yanked or deprecated, or an article was withdrawn from it; the message says why."""


class DamagedReleaseError(ReleaseError):
    """A release is not what was published; the message names what differs first."""


class StaleCacheError(ReleaseError):
    """`datasets` gave other rows than those of the release; the message names the folder of its cache to delete."""


def load(  # noqa: PLR0913 (what load_dataset takes of this)
    spec: str,
    view: str | None = None,
    split: str | None = None,
    *,
    releases: str | Path = "releases",
    streaming: bool = False,
    verify: Level = "quick",
    cache_dir: str | Path | None = None,
) -> Any:
    """What `datasets.load_dataset` returns for `NAME@RANGE`: all splits of a view, or the one named.

    The newest active version in the range is taken; without a view the default of the release, its articles. `verify`
    is the level at which the release is checked first. The number of rows that come back is compared as well, and from
    `logical` on the rows themselves, where they are loaded at once and as whole splits.

    Warns with ReleaseWarning of a version that is yanked (only one named in full can be) or deprecated, and of one that
    an article was withdrawn from. Raises SettingsError where name, range, view or split are none, DamagedReleaseError,
    StaleCacheError, and ReleaseError where `datasets` cannot load it.
    """
    found = resolve_release(Path(releases), spec)
    if found.warning is not None:
        warnings.warn(found.warning, ReleaseWarning, stacklevel=2)
    if not found.here:
        raise ReleaseError(f"{found.spec} is in the index and not in {found.path.parent}: fetch it, or name another")
    manifest = _verified(found, verify)
    chosen = _view(manifest, view)
    _check_split(manifest, chosen, split)
    loaded = _loaded(found, chosen, split, streaming=streaming, cache_dir=cache_dir)
    if not streaming:
        whole = dict(loaded) if split is None else {split: loaded}
        _compare(found, manifest, chosen, whole, rows=verify in ("logical", "load"))
    return loaded


def _verified(found: Listed, level: Level) -> Manifest:
    from corpus_tool.release.index import read_release
    from corpus_tool.release.verification.verify import verify

    findings = [finding for finding in verify(found.path, level) if finding.severity is Severity.ERROR]
    if findings:
        first = findings[0]
        more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
        raise DamagedReleaseError(
            f"{found.spec} is not what was published: {first.location.path}: {first.message}{more}; restore it "
            f"(`corpus-tool release verify {found.path}` says all that differs)"
        )
    manifest, digest = read_release(found.path)
    if digest != found.entry.bytes:
        raise DamagedReleaseError(
            f"{found.spec} is not what was published: index.json holds another digest of it; restore it"
        )
    return manifest


def _view(manifest: Manifest, view: str | None) -> str:
    names = [known.name for known in manifest.views]
    if view is None:
        return "articles" if "articles" in names else names[0]
    if view not in names:
        raise SettingsError(
            f"{manifest.name} {manifest.version} has no view {view!r}{did_you_mean(view, names)} "
            f"(there are: {', '.join(names)})"
        )
    return view


def _check_split(manifest: Manifest, view: str, split: str | None) -> None:
    there = next(known.splits for known in manifest.views if known.name == view)
    for part in [] if split is None else split.split("+"):
        match = _SPLIT.fullmatch(part.strip())
        if match is None or match[1] not in {*there, "all"}:
            raise SettingsError(
                f"{manifest.name} {manifest.version} has no split {part!r} of {view} (there are: {', '.join(there)})"
            )


def _loaded(found: Listed, view: str, split: str | None, *, streaming: bool, cache_dir: str | Path | None) -> Any:
    from datasets import load_dataset

    try:
        return load_dataset(
            str(found.path.resolve()),
            view,
            split=split,
            streaming=streaming,
            cache_dir=None if cache_dir is None else str(cache_dir),
        )
    except Exception as error:
        raise ReleaseError(
            f"datasets cannot load {found.spec}: {type(error).__name__}: {str(error)[:300]} "
            f"(`corpus-tool release verify {found.path} --level load` says whether it is the release or this machine)"
        ) from error


def _compare(found: Listed, manifest: Manifest, view: str, loaded: Mapping[str, Any], *, rows: bool) -> None:
    """Raise StaleCacheError where a whole split is not the one of the release."""
    from corpus_tool.release.verification.cached import same_rows, tables_of
    from corpus_tool.release.verification.footers import read_footer

    for split, dataset in loaded.items():
        shards = [shard for shard in manifest.shards if (shard.view, shard.split) == (view, split)]
        if not shards:  # a part of a split, or several
            continue
        number = sum(shard.rows for shard in shards)
        if len(dataset) != number:
            raise _stale(found, dataset, f"{len(dataset)} rows of {split} and not {number}")
        if rows and not same_rows(tables_of(dataset), shards, read_footer(found.path / shards[0].path).labels):
            raise _stale(found, dataset, f"other rows of {split}")


def _stale(found: Listed, dataset: Any, what: str) -> StaleCacheError:
    folders = sorted({str(Path(file["filename"]).parent) for file in dataset.cache_files})
    return StaleCacheError(
        f"datasets gives {what} for {found.spec}: its cache holds those of other files that lay under the same name; "
        f"delete {', '.join(folders)} and load again"
    )
