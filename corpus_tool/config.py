"""`corpus.toml`: what a corpus says of itself. Everything has a default, so none is needed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Severity
from corpus_tool.policy import NOTHING_ASKED, Policy, read_policy
from corpus_tool.release_settings import ReleaseSettings, read_release_settings
from corpus_tool.resources import read_toml
from corpus_tool.split_settings import SplitSettings, read_split_settings
from corpus_tool.vocabulary import explain, worst_error

NAME = "corpus.toml"


@dataclass(frozen=True, slots=True)
class PathIgnore:
    """Rules that do not count in the files that one of the globs means, and why."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Config:
    """A corpus's settings; `path` is None where no file was found. Paths are resolved against the file."""

    path: Path | None = None
    schema: Path | None = None
    extension: Path | None = None
    inventory: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    target_version: str | None = None
    baseline: Path | None = None
    releases: Path | None = None
    grace_until: date | None = None
    ignores: tuple[PathIgnore, ...] = ()
    policy: Policy = NOTHING_ASKED
    splits: SplitSettings | None = None
    version_policy: str = "default"
    """By which rules a difference asks for a version: default, strict, errata."""
    release: ReleaseSettings = field(default_factory=ReleaseSettings)
    rules: tuple[Mapping[str, Any], ...] = ()
    assertions: tuple[Mapping[str, Any], ...] = ()
    lift: tuple[Mapping[str, Any], ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    """What the card says: name, title, description, licence, ..."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Files the configuration names, which are no articles."""
        named = (self.path, self.schema, self.extension, self.inventory, self.baseline, self.release.pseudonyms)
        return tuple(path for path in named if path is not None)


_ABOUT = (
    "name", "title", "description", "licence", "languages", "homepage", "source", "annotation", "tags", "citation",
    "limits", "authors", "uses", "misuses", "rationale", "producers", "personal", "biases", "recommendations",
    "contact",
)  # fmt: skip


def find_config(sources: Iterable[str]) -> Path | None:
    """The nearest `corpus.toml` in the folder of the first source or above it."""
    first = next((source for source in sources if source != "-"), ".")
    start = Path(first)
    while any(mark in str(start) for mark in "*?["):
        start = start.parent
    start = Path(os.path.realpath(start))
    folders = [start, *start.parents] if os.path.isdir(start) else list(start.parents)  # noqa: PTH112 (raises nothing)
    return next((folder / NAME for folder in folders if os.path.isfile(folder / NAME)), None)  # noqa: PTH113 (the same)


def load_config(path: Path | None) -> Config:
    """Read a `corpus.toml`; SettingsError with the place where it is not what its schema asks for."""
    if path is None:
        return Config()
    value = read_toml(path, "configuration")
    _check(value, str(path))
    checks = value.get("validate", {})

    def resolved(name: str, among: Mapping[str, Any] = value) -> Path | None:
        if "\0" in among.get(name, ""):
            raise SettingsError(f"'{name}' has a null byte, which no path has", str(path))
        return path.parent / among[name] if name in among else None

    asked = value.get("release", {})
    release = read_release_settings(asked, resolved("pseudonyms", asked))
    return Config(
        path=path,
        schema=resolved("schema"),
        extension=resolved("extension"),
        inventory=resolved("inventory"),
        select=tuple(checks.get("select", ())),
        ignore=tuple(checks.get("ignore", ())),
        severity=Severity[checks["severity"].upper()] if "severity" in checks else None,
        severities={code: Severity[name.upper()] for code, name in value.get("severity", {}).items()},
        target_version=checks.get("target-version"),
        baseline=resolved("baseline", checks),
        releases=resolved("releases", checks),
        grace_until=_date(checks.get("grace-until"), f"{path}.validate['grace-until']"),
        ignores=tuple(
            PathIgnore(tuple(one["paths"]), tuple(one["rules"]), one["reason"]) for one in value.get("ignore", ())
        ),
        policy=replace(read_policy(value.get("policy", {})), machine=release.machine),
        version_policy=value.get("release", {}).get("policy", "default"),
        release=release,
        splits=read_split_settings(value["splits"], path.parent) if "splits" in value else None,
        rules=tuple(value.get("rules", ())),
        assertions=tuple(value.get("assertions", ())),
        lift=tuple(value.get("lift", ())),
        about={name: value[name] for name in _ABOUT if name in value},
    )


def _check(value: Any, place: str) -> None:
    error = worst_error("corpus-1", value)
    if error is not None:
        raise SettingsError(explain(error, "key"), f"{place}{error.json_path[1:]}")
    for name, asked in value.get("policy", {}).items():
        if asked != asked:  # noqa: PLR0124 (TOML has nan, which no bound of a schema keeps out)
            raise SettingsError("nan is no number to compare with", f"{place}.policy['{name}']")


def _date(text: str | None, place: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"'{text[:60]}' is no day: write it as 2027-06-01", place) from None
