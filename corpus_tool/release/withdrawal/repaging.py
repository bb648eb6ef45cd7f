"""The pages of a release whose rows became others without a new version: hydrated, or with an article withdrawn."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.cards import front_matter
from corpus_tool.errors import ReleaseError
from corpus_tool.features import describe
from corpus_tool.release.build import meant
from corpus_tool.release.difference.change_rows import CHANGES_VIEW
from corpus_tool.release.manifest import MANIFEST
from corpus_tool.release.pages import tables
from corpus_tool.release.pages.body import counted
from corpus_tool.release.pages.card import front_matter_of
from corpus_tool.release.pages.croissant import CROISSANT, structure
from corpus_tool.release.pages.notices import notice
from corpus_tool.release.versions import README
from corpus_tool.views import views

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.release.manifest import Manifest
    from corpus_tool.views import View

_LOADING = ("configs", "dataset_info")
_SECTIONS: tuple[Callable[[Manifest], str], ...] = (
    counted, tables.splits, tables.scores, tables.gold, tables.tags,
    lambda manifest: tables.annotators(manifest.counts),
)  # fmt: skip


def repaged(folder: Path, old: Manifest, new: Manifest, contract: Contract) -> dict[str, bytes]:
    """Card, Croissant and manifest of the release in `folder`, whose manifest was `old` and becomes `new`.

    What the team wrote stays as it is, and so does a section that an older version of the tool put in other words.
    Raises ReleaseError where a page cannot be read.
    """
    every = (*views(contract), CHANGES_VIEW)
    try:
        pages = {README: _card((folder / README).read_bytes(), old, new, contract, every)}
        if (folder / CROISSANT).is_file():
            pages[CROISSANT] = _croissant(json.loads((folder / CROISSANT).read_bytes()), new, every)
    except (OSError, ValueError) as error:
        raise ReleaseError(f"cannot read the pages of {folder}: {error}") from error
    return {**pages, MANIFEST: new.as_bytes()}


def sha256_of(pages: Mapping[str, bytes]) -> dict[str, str]:
    """The digests of pages, by path."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in pages.items()}


def _card(data: bytes, old: Manifest, new: Manifest, contract: Contract, every: tuple[View, ...]) -> bytes:
    extra = {name: value for name, value in front_matter_of(data).items() if name not in _LOADING}
    body = re.sub(r"\A---\n.*?\n---\n", "", data.decode(), count=1, flags=re.DOTALL)
    body = body.removesuffix(notice(old))
    named = meant(contract)
    pairs = [(section(old), section(new)) for section in _SECTIONS]
    pairs.append((tables.labels(old.counts, named), tables.labels(new.counts, named)))
    for was, now in pairs:
        if was != now:
            body = body.replace(was, now, 1)
    head = front_matter(new.shards, every, contract, version=new.version, digest=new.digests.bytes, extra=extra)
    return f"{head.rstrip()}\n\n{body.strip()}\n{notice(new)}".encode()


def _croissant(value: dict[str, Any], new: Manifest, every: tuple[View, ...]) -> bytes:
    columns = {view.name: describe(view.schema, view.labels) for view in every}
    return (json.dumps(value | structure(new, columns), ensure_ascii=False, indent=2) + "\n").encode()
