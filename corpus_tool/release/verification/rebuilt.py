"""Whether a release that was built again is the one that was published: the same bytes, else the same content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tool.release.difference.changes import CHANGES
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import file_digest
from corpus_tool.release.signatures.attestation import UNLISTED
from corpus_tool.release.signatures.terms import SIGNER
from corpus_tool.shards import logical_digest

_NOT_COMPARED = UNLISTED | {SIGNER}
"""What follows from the other files, or from a key."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between a release and the same one built again.

    `differ`, `gone` and `new` are paths: those with other bytes, that were not made again, and that were not there.
    `logical` says whether the rows of all views are the same; `tools` are versions of what wrote the files, then and
    now, where they are others.
    """

    release: Path
    differ: tuple[str, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    logical: bool
    tools: Mapping[str, tuple[str | None, str | None]]

    @property
    def same(self) -> bool:
        return not (self.differ or self.gone or self.new)

    def as_json(self) -> dict[str, Any]:
        return {
            "release": str(self.release),
            "same": self.same,
            "logical": self.logical,
            "differ": list(self.differ),
            "gone": list(self.gone),
            "new": list(self.new),
            "tools": {name: {"then": then, "now": now} for name, (then, now) in self.tools.items()},
        }

    def lines(self) -> Iterator[str]:
        """The comparison for people."""
        if self.same:
            yield f"{self.release}: built again, the same bytes"
            return
        yield f"{self.release}: built again, other bytes; the rows are {'the same' if self.logical else 'others'}"
        for what, paths in (("differs", self.differ), ("not made again", self.gone), ("was not there", self.new)):
            yield from (f"  {what}: {path}" for path in paths)
        for name, (then, now) in self.tools.items():
            yield f"  {name} was {then or 'absent'}, and is {now or 'absent'}"


def compare_rebuilt(release: Path, again: Path) -> Comparison:
    """Compare two directories by what lies in them; ReleaseError where one is no release, StoreError where damaged."""
    first, second = _files(release), _files(again)
    differ = tuple(path for path in first if path in second and first[path] != second[path])
    gone = tuple(path for path in first if path not in second)
    new = tuple(path for path in second if path not in first)
    then, now = (read_release(folder)[0].tools for folder in (release, again))
    return Comparison(
        release,
        differ,
        gone,
        new,
        logical=not any(map(_is_content, (*gone, *new)))
        and all(logical_digest(release / path) == logical_digest(again / path) for path in differ if _is_content(path)),
        tools={
            name: (then.get(name), now.get(name))
            for name in sorted(then.keys() | now.keys())
            if then.get(name) != now.get(name)
        },
    )


def _is_content(path: str) -> bool:
    return path.endswith(".parquet") and not path.startswith(f"{CHANGES}/")


def _files(folder: Path) -> dict[str, str]:
    """The digests of all files, by path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    digests = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: file_digest(path) for name, path in digests.items() if name not in _NOT_COMPARED}
