"""A release that withholds text, with the texts put into it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.errors import ReleaseError
from corpus_tool.release.articles import read_batches
from corpus_tool.release.difference.changes import CHANGES
from corpus_tool.release.difference.scores import gold_digests
from corpus_tool.release.manifest import SUMS, Hydrated, Manifest, Score, digests_of, file_digest, write_sums
from corpus_tool.release.signatures.attestation import UNLISTED, attest
from corpus_tool.release.signatures.terms import SIGNER
from corpus_tool.release.verification.verify import errors, verify
from corpus_tool.release.withdrawal.repaging import repaged
from corpus_tool.release.withholding.copies import Copies
from corpus_tool.release.withholding.respilling import write_again
from corpus_tool.release.withholding.texts import TEXTS, Known
from corpus_tool.release.withholding.veiling import unveil
from corpus_tool.release.withholding.writing import changed
from corpus_tool.views import ARTICLES, RAW

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract


def _scores(known: Iterable[Score], gold: Mapping[str, str]) -> tuple[Score, ...]:
    """The scores of a release, and of splits of which nobody could tell them while there was no text."""
    found = {score.split: score for score in known}
    return tuple(found.get(split) or Score(split, digest) for split, digest in sorted(gold.items()))


@dataclass(frozen=True, slots=True)
class Whole:
    """A release with the texts to put into it."""

    release: Path
    manifest: Manifest
    contract: Contract
    known: Mapping[str, Known]
    copies: Copies

    def write(self, target: Path, scratch: Path, jobs: int) -> str:
        """Write everything, and show that it is what the manifest promises; the logical digest."""
        parts = [view.name for view in self.manifest.views if view.name in (ARTICLES, RAW)]
        shards = write_again({view: self._batches(view) for view in parts}, self.contract, scratch, target, jobs)
        proved = self._proved({(shard.view, shard.split): shard.logical for shard in shards})
        own = [shard for shard in self.manifest.shards if shard.view == CHANGES]
        shards = (*shards, *own)
        new = replace(
            self.manifest,
            shards=shards,
            digests=digests_of(shards),
            scores=_scores(self.manifest.scores, gold_digests(target, shards, self.contract)),
            withheld=None,
            hydrated=Hydrated(file_digest(self.release / SUMS), "rows" if proved else "texts"),
        )
        pages = repaged(self.release, self.manifest, new, self.contract)
        self._copy_others(target, {*pages, TEXTS, SIGNER, *(shard.path for shard in shards if shard not in own)})
        for path, data in pages.items():
            (target / path).write_bytes(data)
        names = (path for path in target.rglob("*") if path.is_file())
        digests = {path.relative_to(target).as_posix(): file_digest(path) for path in names}
        write_sums(target, digests)
        attest(target, new.name, new.version, digests, None)
        self._check(target)
        return new.digests.logical

    def _batches(self, view: str) -> Iterator[pa.RecordBatch]:
        """The articles of a view with their texts."""
        for shard in self.manifest.shards:
            if shard.view == view:
                for batch in read_batches(self.release / shard.path, self.contract):
                    yield changed(batch, lambda article: self._whole(article, view))

    def _whole(self, article: dict[str, object], view: str) -> dict[str, object]:
        known = self.known.get(str(article[str(self.contract.id)]))
        text = self.copies.text(known.id) if known else None
        if known is None or text is None:
            return article
        try:
            return unveil(article, text, known.raw if view == RAW else known.quoted, self.contract)
        except LookupError as error:
            raise ReleaseError(f"{self.release / TEXTS} is not of these articles: {known.id}: {error}") from error

    def _proved(self, found: Mapping[tuple[str, str], str]) -> bool:
        """Whether every row was compared by digest; raises ReleaseError where one differs."""
        assert self.manifest.withheld is not None
        wanted = {(one.view, one.split): one.logical for one in self.manifest.withheld.splits}
        for (view, split), digest in wanted.items():
            if found.get((view, split)) != digest:
                raise ReleaseError(
                    f"{self.release}: with its texts, {split} of {view} is not what manifest.json promises; it was "
                    "made by another version of the tool, or is damaged"
                )
        return wanted.keys() == found.keys()

    def _copy_others(self, target: Path, made: set[str]) -> None:
        """The files that stay as they are: contract, licence, the changes, and what else the release lists."""
        replaced = {shard.path for shard in self.manifest.shards if shard.view != CHANGES}
        for path in sorted(self.release.rglob("*")):
            name = path.relative_to(self.release).as_posix()
            if path.is_file() and name not in made | replaced | UNLISTED:
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target / name)

    def _check(self, target: Path) -> None:
        findings = errors(verify(target, "logical"))
        if findings:
            raise ReleaseError(f"what was made does not hold together: {findings[0].message}")
