"""Which releases' scores can be compared, split by split: those on the same texts with the same gold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from corpus_tool.digest import Digest
from corpus_tool.release.articles import read_batches, release_contract
from corpus_tool.release.difference.content import RECORDS
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import Score
from corpus_tool.views import ARTICLES

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.release.difference.changes import Difference
    from corpus_tool.shards import Shard

_Scores = Mapping[str, Score]


def gold_digests(folder: Path, shards: Iterable[Shard], contract: Contract) -> dict[str, str]:
    """By split the logical digest of ids, texts and gold annotations of the articles that a release holds.

    Records of provenance, coverage and adjudication are left out, and so are metadata: no score depends on them.
    Raises ReleaseError where a file is damaged.
    """
    digests: dict[str, Digest] = {}
    names = [name for name in (contract.id, contract.text) if name]
    names += [layer.name for layer in contract.layers if layer.kind not in RECORDS]
    for shard in shards:
        if shard.view == ARTICLES:
            digest = digests.setdefault(shard.split, Digest())
            for batch in read_batches(folder / shard.path, contract):
                digest.update(pa.Table.from_batches([batch]).select(names))
    return {split: digest.hexdigest() for split, digest in digests.items()}


def scores(gold: Mapping[str, str], home: Path, released: Iterable[str], found: Difference | None) -> tuple[Score, ...]:
    """What scores on each split of a new release compare with, of the versions below `home`, oldest first.

    The same digest says so; where ids are others, the difference to the last of them, `found`, which is by content.
    """
    earlier = {version: released_scores(home / version) for version in released}
    splits = {one.split: one for one in found.splits} if found else {}
    renumbered = found is not None and bool(found.renumbered.articles or found.renumbered.annotations)
    made = []
    for split, digest in sorted(gold.items()):
        same = {version for version, known in earlier.items() if split in known and known[split].gold == digest}
        if renumbered and split in splits and splits[split].comparable:
            same |= _last_and_its(split, earlier)
        touched = splits[split].gold if split in splits else None
        made.append(Score(split, digest, tuple(version for version in earlier if version in same), touched))
    return tuple(made)


def _last_and_its(split: str, earlier: Mapping[str, _Scores]) -> set[str]:
    """The last of the earlier versions, and those that it compares with."""
    last = next(reversed(list(earlier)), None)
    return {last, *earlier[last][split].compares} if last is not None and split in earlier[last] else set()


def released_scores(folder: Path) -> dict[str, Score]:
    """What a release says of its scores, by split; of one from before they were kept, its gold is read.

    Raises ReleaseError where its files are damaged.
    """
    manifest, _ = read_release(folder)
    if manifest.scores:
        return {score.split: score for score in manifest.scores}
    gold = gold_digests(folder, manifest.shards, release_contract(folder))
    return {split: Score(split, digest) for split, digest in gold.items()}
