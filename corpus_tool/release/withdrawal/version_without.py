"""One version of a corpus without one of its articles, made beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from corpus_tool.errors import ReleaseError
from corpus_tool.release.articles import read_batches, release_contract
from corpus_tool.release.difference.scores import gold_digests
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import (
    SUMS,
    Manifest,
    Score,
    ViewInfo,
    Withheld,
    digests_of,
    write_sums,
)
from corpus_tool.release.signatures.attestation import attest
from corpus_tool.release.signatures.signing import SigningKey
from corpus_tool.release.signatures.terms import SIGNER
from corpus_tool.release.withdrawal.dropping import without
from corpus_tool.release.withdrawal.expunging import expunged
from corpus_tool.release.withdrawal.recounting import fewer, fewer_left_out
from corpus_tool.release.withdrawal.repaging import repaged
from corpus_tool.release.withdrawal.tombstones import Tombstone
from corpus_tool.release.withholding.texts import TEXTS, read_texts, text_digest
from corpus_tool.views import ARTICLES, RAW

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.shards import Shard


@dataclass(frozen=True, slots=True)
class Without:
    """A version, where it will lie without an article, and the scores of the versions before it, by split."""

    source: Path
    target: Path
    article: str
    golds: dict[str, dict[str, Score]]

    def write(self, said: Mapping[str, Any], sign: SigningKey | None) -> None:
        old, sums = read_release(self.source)
        contract = release_contract(self.source)
        kept = {shard.path: without(self.source, self.target, shard, self.article, str(contract.id))
                for shard in old.shards}  # fmt: skip
        shards = tuple(shard for shard in kept.values() if shard is not None)
        if not any(shard.view == ARTICLES for shard in shards):
            raise ReleaseError(f"{self.source} holds no other article: take the whole version away")
        split, gold, raw = _rows(self.source, old, self.article, contract)
        touched = {(shard.view, shard.split) for shard in old.shards if kept[shard.path] != shard}
        tombstone = Tombstone(
            split=split, sums=sums, logical=old.digests.logical, text_sha256=self._text_digest(gold, contract), **said
        )
        new = replace(
            old,
            shards=shards,
            views=_views(old, shards),
            counts=fewer(old.counts, raw, split, contract),
            left_out=fewer_left_out(old.left_out, raw, gold, contract),
            digests=digests_of(shards),
            scores=self._scores(old, shards, split, contract),
            withheld=_withheld(old.withheld, touched),
            withdrawn=(*old.withdrawn, tombstone),
        )
        self._pages(old, new, tombstone, contract, sign)

    def _text_digest(self, gold: pa.RecordBatch, contract: Contract) -> str | None:
        text = gold.column(str(contract.text))[0].as_py()
        if text is not None:
            return text_digest(text)
        known = read_texts(self.source) if (self.source / TEXTS).is_file() else {}
        return known[self.article].sha256 if self.article in known else None

    def _scores(self, old: Manifest, shards: tuple[Shard, ...], split: str, contract: Contract) -> tuple[Score, ...]:
        """What scores compare now: of the split that lost the article, with versions that lost it as well."""
        gold = {} if old.withheld else gold_digests(self.target, shards, contract)
        made = []
        for score in old.scores:
            if score.split == split:
                if split not in gold:  # nothing is left, or nobody can tell what its texts make of it
                    continue
                both = (version for version in score.compares if split in self.golds.get(version, {}))
                score = replace(score, gold=gold[split], compares=tuple(both))  # noqa: PLW2901
            made.append(score)
        self.golds[self.source.name] = {score.split: score for score in made}
        return tuple(made)

    def _pages(
        self, old: Manifest, new: Manifest, tombstone: Tombstone, contract: Contract, sign: SigningKey | None
    ) -> None:
        """Everything beside the views; the tombstone names the digests that files had before."""
        before = _listed(self.source)
        shards = {shard.path for shard in old.shards}
        pages = {
            path: expunged(path, (self.source / path).read_bytes(), self.article)
            for path in before
            if path not in shards and path != SIGNER
        }
        if sign is not None:
            pages[SIGNER] = sign.public
        for _ in range(2):  # the manifest names the old digests of the pages that name its own
            pages |= repaged(self.source, old, new, contract)
            digests = {shard.path: shard.sha256 for shard in new.shards}
            digests |= {path: hashlib.sha256(data).hexdigest() for path, data in pages.items()}
            files = {path: digest for path, digest in before.items() if digests.get(path) != digest}
            new = replace(new, withdrawn=(*old.withdrawn, replace(tombstone, files=files)))
        for path, data in pages.items():
            (self.target / path).parent.mkdir(parents=True, exist_ok=True)
            (self.target / path).write_bytes(data)
        write_sums(self.target, digests)
        attest(self.target, new.name, new.version, digests, sign)


def _listed(folder: Path) -> dict[str, str]:
    """The digests of SHA256SUMS, by path; what is listed has been compared with it."""
    lines = (folder / SUMS).read_text("utf-8").split("\n")[:-1]
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def _rows(
    folder: Path, manifest: Manifest, article: str, contract: Contract
) -> tuple[str, pa.RecordBatch, pa.RecordBatch]:
    """Of an article its split, its row of gold, and that with every provenance."""
    found: dict[str, pa.RecordBatch] = {}
    split = ""
    for shard in manifest.shards:
        for batch in read_batches(folder / shard.path, contract) if shard.view in (ARTICLES, RAW) else ():
            mine = batch.filter(pc.equal(batch.column(str(contract.id)), article))
            if mine.num_rows:
                found[shard.view], split = mine, shard.split
    if ARTICLES not in found:
        raise ReleaseError(f"{folder} holds annotations of article '{article}', and not the article")
    return split, found[ARTICLES], found.get(RAW, found[ARTICLES])


def _views(old: Manifest, shards: Iterable[Shard]) -> tuple[ViewInfo, ...]:
    """The views and splits that still have rows."""
    left = {(shard.view, shard.split) for shard in shards}
    views = (replace(view, splits=tuple(one for one in view.splits if (view.name, one) in left)) for view in old.views)
    return tuple(view for view in views if view.splits)


def _withheld(old: Withheld | None, touched: Collection[tuple[str, str]]) -> Withheld | None:
    """What is known of the rows with their text, now that it cannot be worked out any more."""
    if old is None:
        return None
    return replace(old, logical=None, splits=tuple(one for one in old.splits if (one.view, one.split) not in touched))
