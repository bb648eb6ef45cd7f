"""Versions of a corpus: their numbers, order and status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from corpus_tool.errors import SettingsError
from corpus_tool.release.withdrawal.tombstones import Tombstone

INDEX, README = "index.json", "README.md"


Status = Literal["active", "deprecated", "yanked"]


_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One version in the index.

    `bytes` is the SHA-256 of its SHA256SUMS, `logical` the digest of all its rows, `parent` a version. `reason` and
    `since` say why and from when on the status holds; both are None of what was never anything but active. `scores` are
    those of the manifest by split, None where it has none. `withdrawn` are articles that the version holds no more.
    """

    version: str
    status: Status
    released: str
    bytes: str
    logical: str
    parent: str | None = None
    reason: str | None = None
    since: str | None = None
    scores: Mapping[str, Mapping[str, Any]] | None = None
    withdrawn: tuple[Tombstone, ...] = ()

    @property
    def number(self) -> tuple[int, int, int]:
        """The numbers of the version, by which versions are ordered."""
        return parse_version(self.version) or (0, 0, 0)


def parse_version(text: str) -> tuple[int, int, int] | None:
    """The numbers of `X.Y.Z`; None where it is no version."""
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def check_name(name: str) -> None:
    """Raise SettingsError where a corpus cannot be released under this name."""
    if not _NAME.fullmatch(name):
        raise SettingsError(f"not a name for a release: {name!r} (small letters, digits and '-', first no '-')")


def newest(entries: Iterable[Entry]) -> Entry | None:
    """The version that is the default: the newest active one, else the newest that is only deprecated."""
    ordered = in_order(entries)
    for status in ("active", "deprecated"):
        of_status = [entry for entry in ordered if entry.status == status]
        if of_status:
            return of_status[-1]
    return None


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.number))
