"""Grace for articles that were released before a rule was there, and have not changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus_tool.canonical import dumps_line
from corpus_tool.versions import is_newer

if TYPE_CHECKING:
    from corpus_tool.contract import Contract


@dataclass(frozen=True, slots=True)
class Released:
    """An article as a release first held it: digest of its canonical form, version of the release and of its rules."""

    digest: bytes | None
    release: str
    rules: str


@dataclass(frozen=True, slots=True)
class Leniency:
    """What releases hold, by article id, and the day from which on newer rules hold for that as well."""

    until: date
    released: Mapping[str, Released]

    def __str__(self) -> str:
        return f"an error from {self.until.isoformat()} on: the rule is newer than the release of the article"

    def older(self, name: str | None, since: str, *, own: bool) -> Released | None:
        """The article as a release held it before a rule was there; None where none did.

        `since` is a version of this tool, and that of a team's `own` rule a version of the release.
        """
        found = self.released.get(name or "")
        return found if found is not None and is_newer(since, found.release if own else found.rules) else None


def article_digest(article: Any, contract: Contract) -> bytes | None:
    """What says whether an article is the same: 16 bytes of its canonical form; None where it has none."""
    import orjson

    try:
        return hashlib.sha256(dumps_line(article, contract)).digest()[:16]
    except (orjson.JSONEncodeError, AttributeError):  # of another shape than the contract's
        return None
