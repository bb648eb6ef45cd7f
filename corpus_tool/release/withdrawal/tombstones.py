"""What is left of an article that was withdrawn: its id, and that, when and why it was taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An article that a version held, and holds no more.

    `versions` are those it was taken out of. `text_sha256` is that of its text, None where the version withholds it
    and names none. `sums` and `logical` are the digests of the version before, `files` those of the files that differ
    since, by path; the index names no files.
    """

    article: str
    split: str
    since: str
    reason: str
    versions: tuple[str, ...]
    sums: str
    logical: str
    text_sha256: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in (None, {})}


def read_tombstones(values: Iterable[Mapping[str, Any]]) -> tuple[Tombstone, ...]:
    """Tombstones as JSON has them; raises TypeError where one is none."""
    made = tuple(Tombstone(**{**value, "versions": tuple(value["versions"])}) for value in values)
    for one in made:
        texts = (one.article, one.split, one.since, one.reason, one.sums, one.logical, *one.versions)
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(f"no tombstone: {one!r}")
    return made


def told(tombstones: Sequence[Tombstone]) -> str | None:
    """What whoever uses a version has to be told of what was withdrawn; None where nothing was."""
    if not tombstones:
        return None
    number = len(tombstones)
    reasons = "; ".join(dict.fromkeys(one.reason for one in tombstones))
    since = max(one.since for one in tombstones)[:10]
    return f"{number:,} article{'s' if number > 1 else ''} withdrawn, last on {since}: {reasons}"
