"""Releases without a character of text: annotations, offsets and digests, and what puts a reader's copies back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.release.difference.scores import gold_digests
from corpus_tool.release.manifest import Digests, RowDigest, Withheld, digests_of
from corpus_tool.release.withholding.respilling import write_again
from corpus_tool.release.withholding.texts import TEXTS, Known, known_text
from corpus_tool.release.withholding.veiling import unveil, veil
from corpus_tool.shards import is_all_gold, spilled
from corpus_tool.views import ARTICLES, RAW

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.shards import Product, Shard

TEXT = "text"


class QuotedError(ReleaseError):
    """A page of a release that is to hold no text quotes one."""

    exit_code = 1


Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Full:
    """The views with their text, and where they are; no part of what is released."""

    folder: Path
    shards: tuple[Shard, ...]


@dataclass(frozen=True, slots=True)
class Veiled:
    """The files of a release without text, `texts.jsonl`, and what is to be said of the rows that have it.

    `gold` is the digest of the gold of each split, `articles` reads ids and texts, for what must not quote them.
    """

    shards: tuple[Shard, ...]
    texts: bytes
    withheld: Withheld
    gold: Mapping[str, str]
    articles: Callable[[], Iterator[tuple[str, str]]]


def write_veiled(products: list[Product], contract: Contract, full: Full, output: Path, jobs: int) -> Veiled:
    """Write the views of spilled articles without text, where `full` is what they are with it.

    Raises what `write_shards` raises, ReleaseError at an article that could not be made whole again.
    """
    known: dict[str, Known] = {}

    def veiled(view: str) -> Iterator[pa.RecordBatch]:
        for _, batch in spilled(products, view):
            yield changed(batch, lambda article: _veil(article, contract, known, view))

    def articles() -> Iterator[tuple[str, str]]:
        for _, batch in spilled(products, ARTICLES):
            names, texts = (batch.column(str(name)).to_pylist() for name in (contract.id, contract.text))
            yield from ((str(name), text) for name, text in zip(names, texts, strict=True) if text is not None)

    parts = (ARTICLES,) if is_all_gold(products) else (ARTICLES, RAW)
    rows = full.folder / ".rows"
    made = write_again({view: veiled(view) for view in parts}, contract, rows, output, jobs)
    lines = b"".join(known[name].line() for name in sorted(known))
    gold = gold_digests(full.folder, full.shards, contract)
    return Veiled(made, lines, _withheld(digests_of(full.shards)), gold, articles)


def changed(batch: pa.RecordBatch, change: Change) -> pa.RecordBatch:
    """The articles of a batch as `change` makes them; what it leaves alone stays in the columns it stands in."""
    import pyarrow as pa

    before = batch.to_pylist()
    after = [change(article) for article in before]
    columns = [
        column
        if all(one[name] == other[name] for one, other in zip(before, after, strict=True))
        else pa.array([article[name] for article in after], column.type)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.record_batch(columns, schema=batch.schema)


def refuse_unknown(names: Iterable[str]) -> None:
    """Raise SettingsError at what cannot be withheld."""
    for name in names:
        if name != TEXT:
            raise SettingsError(f"cannot withhold '{name}': only {TEXT}")


def _withheld(full: Digests) -> Withheld:
    rows = tuple(RowDigest(split.view, split.split, split.logical) for split in full.splits)
    return Withheld((TEXT,), full.logical, rows)


def refuse_quotes(pages: Mapping[str, bytes], texts: Iterable[tuple[str, str]]) -> None:
    """Raise QuotedError where a page quotes an article: what the team wrote of its corpus, or a released change log.

    What counts is PAGE_QUOTE code points in a row; shorter ones prose shares with prose.
    """
    written = {path: data.decode(errors="replace") for path, data in pages.items() if path != TEXTS}
    seeds = {page[at : at + _SEED] for page in written.values() for at in range(len(page) - _SEED + 1)}
    for name, text in texts:
        for at in range(0, len(text) - _SEED + 1, _SEED):
            if text[at : at + _SEED] in seeds:
                _refuse_quote(written, name, text, at)


PAGE_QUOTE, _SEED = 40, 16


def _refuse_quote(written: Mapping[str, str], name: str, text: str, at: int) -> None:
    for path, page in written.items():
        for start in range(max(0, at - PAGE_QUOTE + _SEED), at + 1):
            piece = text[start : start + PAGE_QUOTE]
            if len(piece) == PAGE_QUOTE and piece in page:
                raise QuotedError(
                    f"{path} would quote {PAGE_QUOTE} characters of article '{name}' and more, from character "
                    f"{start:,} on, and the release is to hold none: take them out of what it is made of"
                )


def _veil(article: dict[str, Any], contract: Contract, known: dict[str, Known], view: str) -> dict[str, Any]:
    name, text = str(article[str(contract.id)]), article.get(str(contract.text))
    made, quoted = veil(article, contract)
    if text is None:
        return made
    if unveil(made, text, quoted, contract) != article:
        raise ReleaseError(f"article '{name}' could not be made whole again, so its text cannot be withheld")
    known[name] = replace(known[name], raw=quoted) if view == RAW else known_text(name, text, quoted)
    return made
