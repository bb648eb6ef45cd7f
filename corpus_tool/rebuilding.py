"""Building a published release again from its sources, to see that it is what they give."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus_tool.errors import ReleaseError
from corpus_tool.exported import Exported
from corpus_tool.paths import AnyPath, Named, names_of
from corpus_tool.release.index import read_index, read_release, versions_on_disk
from corpus_tool.release.manifest import SUMS, Manifest, canonical, file_digest
from corpus_tool.release.splits.locks import LOCK_FILE, lock_lines, read_lock
from corpus_tool.release.verification.rebuilt import Comparison, compare_rebuilt
from corpus_tool.release.versions import INDEX, parse_version
from corpus_tool.releasing import build_release, refuse_other_folder
from corpus_tool.settings import Options, read_config


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of building a release again; without a comparison where the sources are refused."""

    exported: Exported
    comparison: Comparison | None

    @property
    def same(self) -> bool:
        return self.comparison is not None and self.comparison.same


def check_release(sources: Named, folder: AnyPath, *, options: Options | None = None, **how: Any) -> Rebuilt:
    """Build the release in `folder` again and compare; nothing is written there, nor beside it.

    Name, version, time and what is withheld are those of the release, and what it follows is what lies beside it. `how`
    are the other arguments of `build_release`. Raises SettingsError where `folder` is no version, ReleaseError where it
    is damaged, or the one it follows is not there.
    """
    sources, folder, options = names_of(sources), Path(folder), options or Options()
    refuse_other_folder(folder)
    manifest, _ = read_release(folder)
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as scratch:
        home = _stand_in(folder, manifest, scratch)
        config = read_config(sources, options)
        if config.releases is not None and config.releases.resolve() == folder.resolve().parent:
            options = replace(options, releases=home)
        options = replace(options, pseudonyms=_copied(config.release.pseudonyms, Path(scratch)))
        exported = build_release(
            sources, home.parent, name=manifest.name, version=manifest.version, options=options,
            created=manifest.created, withhold=manifest.withheld.what if manifest.withheld else (), **how,
        )  # fmt: skip
        comparison = None if exported.refused else compare_rebuilt(folder, exported.path)
    return Rebuilt(exported, comparison)


def _copied(pseudonyms: Path | None, scratch: Path) -> Path | None:
    """A list of pseudonyms to add to, so that the one of the corpus stays as it is."""
    if pseudonyms is None or not pseudonyms.is_file():
        return pseudonyms
    return Path(shutil.copy(pseudonyms, scratch))


def _stand_in(folder: Path, manifest: Manifest, scratch: str) -> Path:
    """A home for the release as it was before it: the versions that were there, the index and the lock of splits."""
    beside = folder.resolve().parent
    number = parse_version(manifest.version) or (0, 0, 0)
    versions = versions_on_disk(beside)
    earlier = [version for version in versions if (parse_version(version) or number) < number]
    _refuse_without_parent(beside, manifest)
    home = Path(scratch) / "releases" / manifest.name
    home.mkdir(parents=True)
    for version in earlier:
        (home / version).symlink_to(beside / version, target_is_directory=True)
    known = [entry.version for entry in read_index(beside) if entry.number < number]
    if known:
        index = json.loads((beside / INDEX).read_bytes())
        kept = [entry for entry in index["versions"] if entry["version"] in known]
        (home / INDEX).write_bytes(canonical({**index, "versions": kept}))
    later = {id_ for version in versions if version not in earlier for id_ in read_lock(beside / version / LOCK_FILE)}
    lock = [line for id_, line in read_lock(beside / LOCK_FILE).items() if id_ not in later]
    if lock:
        (home / LOCK_FILE).write_bytes(lock_lines(lock))
    return home


def _refuse_without_parent(beside: Path, manifest: Manifest) -> None:
    parent = manifest.parent
    if parent is None:
        return
    sums = beside / parent.version / SUMS
    if not sums.is_file() or file_digest(sums) != parent.sha256:
        raise ReleaseError(
            f"{manifest.name} {manifest.version} follows {parent.version}, which is not in {beside} as it was then"
        )
