"""What a corpus wants in its releases, and under which names: `[release]` of `corpus.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATUS, EMBARGO, LICENCE = "status", "embargo", "licence"


@dataclass(frozen=True, slots=True)
class ReleaseSettings:
    """What may be in a release.

    `exclude` are the reasons for which an article is left out; any other refuses the release. `allowed` are SPDX
    licences (None: any), `licences` those of sources. `pseudonyms` is the file of people and the names they are
    published under, `machine` as in `Policy`.
    """

    exclude: tuple[str, ...] = (STATUS, EMBARGO, LICENCE)
    allowed: tuple[str, ...] | None = None
    licences: Mapping[str, str] = field(default_factory=dict)
    machine: str = "none"
    pseudonyms: Path | None = None


def read_release_settings(value: Mapping[str, Any], pseudonyms: Path | None) -> ReleaseSettings:
    """The settings that a table `[release]` states; the schema has been kept. The path is resolved."""
    values: dict[str, Any] = {name: value[name] for name in ("licences", "machine") if name in value}
    if "exclude" in value:
        values["exclude"] = tuple(value["exclude"])
    if "allowed-licences" in value:
        values["allowed"] = tuple(value["allowed-licences"])
    return ReleaseSettings(**values, pseudonyms=pseudonyms)
