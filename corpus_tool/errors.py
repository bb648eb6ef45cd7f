"""Operations that failed. What is wrong with data is a Finding, never one of these."""

from __future__ import annotations

from typing import Any


class CorpusError(Exception):
    """An operation could not be done; `exit_code` is what the command line ends with."""

    exit_code = 3


class SettingsError(CorpusError):
    """A schema, inventory, configuration or option is wrong; `place` says where in which file."""

    exit_code = 2

    def __init__(self, message: str, place: str | None = None) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.message = message
        self.place = place

    def __reduce__(self) -> Any:
        """Made again of its two parts in another process: an exception would be of its one text."""
        return type(self), (self.message, self.place)


class NothingMatchedError(SettingsError):
    """No source matched what was named: an empty run is not a pass."""


class MissingExtraError(SettingsError):
    """An optional package is not installed; the message names the extra that brings it."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs {package}: pip install 'corpus-tool[{extra}]'")
        self.wanted = package, extra, purpose

    def __reduce__(self) -> Any:
        return type(self), self.wanted


class SourceError(CorpusError):
    """A source could not be read: permission, disk, a stream that broke."""


class StoreError(CorpusError):
    """A store or disk refused a write; nothing is left under its final name."""


class ReleaseError(CorpusError):
    """A release could not be built or published."""


class ReleaseExistsError(ReleaseError):
    """The version exists already; a release never changes."""

    exit_code = 2
