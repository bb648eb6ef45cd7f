"""Findings that a corpus has said do not count: in some files, or because they are known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Suppression

if TYPE_CHECKING:
    from corpus_tool.config import Config
    from corpus_tool.findings import Finding


@dataclass(frozen=True)
class Suppressions:
    """What does not count: `entries` are patterns, codes and reason of each `[[ignore]]`, `known` are fingerprints.

    Patterns are those of `.gitignore`, relative to `root`, the folder of the `corpus.toml`.
    """

    root: Path
    entries: tuple[tuple[tuple[str, ...], frozenset[str], str], ...] = ()
    known: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.entries or self.known)

    def of(self, finding: Finding) -> Suppression | None:
        """Why a finding does not count; None where it does."""
        for number, (_, codes, reason) in enumerate(self.entries):
            if finding.code in codes and number in self._matching(finding.location.path):
                return Suppression("path", reason)
        return Suppression("baseline", "known") if finding.fingerprint in self.known else None

    def _matching(self, path: str) -> frozenset[int]:
        if path not in self._seen:
            inside = os.path.relpath(os.path.realpath(path), os.path.realpath(self.root))
            self._seen[path] = frozenset(n for n, spec in enumerate(self._specs) if spec.match_file(inside))
        return self._seen[path]

    @cached_property
    def _seen(self) -> dict[str, frozenset[int]]:
        return {}

    @cached_property
    def _specs(self) -> list[Any]:
        from pathspec import GitIgnoreSpec

        return [GitIgnoreSpec.from_lines(patterns) for patterns, _, _ in self.entries]

    def __getstate__(self) -> dict[str, object]:
        """Without what is worked out: each process does so for itself."""
        return {"root": self.root, "entries": self.entries, "known": self.known}


NOTHING_LEFT_OUT = Suppressions(Path())


def read_suppressions(config: Config, expand: Callable[[Iterable[str]], frozenset[str]]) -> Suppressions:
    """What a corpus leaves out by path; `expand` turns names of rules into codes."""
    root = config.path.parent if config.path else Path()
    for one in config.ignores:
        _check_patterns(one.paths, config.path)
    return Suppressions(root, tuple((one.paths, expand(one.rules), one.reason) for one in config.ignores))


def _check_patterns(patterns: Iterable[str], place: Path | None) -> None:
    """SettingsError where `.gitignore` would not take a pattern."""
    from pathspec import GitIgnoreSpec

    for pattern in patterns:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except ValueError as error:
            raise SettingsError(f"'{pattern[:60]}' is no pattern of .gitignore", f"{place}.ignore") from error
