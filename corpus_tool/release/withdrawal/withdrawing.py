"""Taking an article out of every version of a corpus, because the law or its owner asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus_tool.disk import store_errors, sync_tree
from corpus_tool.errors import ReleaseError, SettingsError, StoreError
from corpus_tool.paths import AnyPath
from corpus_tool.release.articles import release_contract
from corpus_tool.release.index import read_release, versions_on_disk, write_index
from corpus_tool.release.manifest import Score, created_now
from corpus_tool.release.publish import locked
from corpus_tool.release.signatures.signing import SigningKey
from corpus_tool.release.statuses import worded
from corpus_tool.release.verification.verify import errors, verify
from corpus_tool.release.versions import check_name
from corpus_tool.release.withdrawal.dropping import holds
from corpus_tool.release.withdrawal.swapping import SWAPPING, begin, commit, finish
from corpus_tool.release.withdrawal.version_without import Without


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What came of it: the versions that held the article, and those of the index that are not here to be changed."""

    article: str
    versions: tuple[str, ...]
    absent: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def withdraw(releases: AnyPath, name: str, article: str, reason: str, sign: SigningKey | None = None) -> Withdrawn:
    """Take the rows of an article out of all versions of a corpus; a tombstone stays, and what the digests were.

    Versions keep their numbers. Killed at any point it leaves every version as it was or as it will be, and is finished
    by whatever writes next below the corpus; asked again it changes nothing. Signatures go, unless `sign` makes new
    ones.

    Raises SettingsError where no version ever held the article or there is no reason, ReleaseError where a version is
    damaged or would be left empty, StoreError where the disk refuses.
    """
    check_name(name)
    reason, home = worded(reason), Path(releases) / name
    if not home.is_dir():
        raise SettingsError("no such corpus: name one that is released", str(home))
    with locked(home):
        entries = write_index(home)
        present = versions_on_disk(home)
        holding = tuple(version for version in present if _holds(home / version, article))
        absent = tuple(entry.version for entry in entries if entry.version not in present)
        if not holding:
            gone = tuple(one.version for one in entries if any(stone.article == article for stone in one.withdrawn))
            if gone:  # a run that was killed, and finished as the lock was taken
                return Withdrawn(article, gone, absent)
            raise SettingsError(f"no version of {name} that is here holds article '{article}'")
        begin(home)
        said = {"article": article, "since": created_now(), "reason": reason, "versions": holding}
        golds: dict[str, dict[str, Score]] = {}
        for version in holding:
            _stage(home, version, said, golds, sign)
        commit(home, holding)
        finish(home)
    return Withdrawn(article, holding, absent)


def _holds(folder: Path, article: str) -> bool:
    """Whether a version has rows of an article; its files are shown to be what was published before they are read."""
    findings = errors(verify(folder, "full"))
    if findings:
        first = findings[0]
        raise ReleaseError(f"{folder} is not what was published: {first.location.path}: {first.message}; restore it")
    return holds(folder, read_release(folder)[0].shards, article, str(release_contract(folder).id))


def _stage(
    home: Path,
    version: str,
    said: Mapping[str, Any],
    golds: dict[str, dict[str, Score]],
    sign: SigningKey | None,
) -> None:
    """Write a version without the article beside those that are visible, and show that it holds together."""
    target = home / SWAPPING / version
    try:
        with store_errors(target):
            target.mkdir()
            Without(home / version, target, str(said["article"]), golds).write(said, sign)
            sync_tree(target)
        findings = errors(verify(target, "logical"))
    except SettingsError as error:
        raise StoreError(f"what lies on the disk is not what was written: {error}") from error
    if findings:
        raise ReleaseError(f"{home / version} without the article does not hold together: {findings[0].message}")
