"""A corpus as one side of a difference: what a release holds, or what was checked and is not yet released."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.canonical import canonical
from corpus_tool.contract import Contract
from corpus_tool.errors import ReleaseError
from corpus_tool.release.articles import release_contract, split_batches
from corpus_tool.release.difference.changes import CHANGES, ContractChange
from corpus_tool.release.difference.likening import with_digests, without_texts
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import FEATURES
from corpus_tool.release.pages.card import Card, front_matter_of
from corpus_tool.release.pages.licences import hub_name
from corpus_tool.release.versions import README

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.shards import Product
    from corpus_tool.views import View

WORKING = "the working corpus"
Features = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared.

    `views` are the columns of each, as `features.json` has them; `about` is what the corpus says of itself; `read`
    gives the split and the canonical form of each article, and can be called again. `withheld` says whether it is
    released without text.
    """

    name: str
    contract: Contract
    views: Mapping[str, Features]
    about: Mapping[str, Any]
    read: Callable[[], Iterator[tuple[str, dict[str, Any]]]]
    withheld: bool = False


def released_side(folder: Path) -> Side:
    """What a release holds; ReleaseError where its files are damaged."""
    import json

    manifest, _ = read_release(folder)
    contract = release_contract(folder)
    contract = replace(contract, policy=replace(contract.policy, machine=manifest.left_out.machine))
    try:
        features = json.loads((folder / FEATURES).read_bytes())
        features.pop(CHANGES, None)  # what it says is of no state, but of the way from one to the next
        front = front_matter_of((folder / README).read_bytes())
    except (OSError, ValueError, AttributeError) as error:
        raise ReleaseError(f"cannot read {folder}: {error}") from error

    withheld = manifest.withheld is not None

    def read() -> Iterator[tuple[str, dict[str, Any]]]:
        found = _articles(split_batches(folder, contract), contract)
        return with_digests(found, folder, contract) if withheld else found

    return Side(f"{manifest.name} {manifest.version}", contract, features, _said(front), read, withheld)


def working_side(products: Iterable[Product], contract: Contract, views: Iterable[View], card: Card, name: str) -> Side:
    """What was checked and spilled, under the contract it will be released with."""
    from corpus_tool.features import hf_features
    from corpus_tool.shards import is_all_gold, spilled
    from corpus_tool.views import ARTICLES, RAW

    made = tuple(products)
    present = {spill.view for product in made for spill in product.spills} - ({RAW} if is_all_gold(made) else set())
    columns = {view.name: hf_features(view.schema, view.labels) for view in views if view.name in present}
    wanted = RAW if any(spill.view == RAW for product in made for spill in product.spills) else ARTICLES

    def read() -> Iterator[tuple[str, dict[str, Any]]]:
        return _articles(spilled(made, wanted), contract)

    return Side(WORKING, contract, columns, card_facts(card, name), read)


def alike(old: Side, new: Side) -> tuple[Side, Side]:
    """Both sides without text where one is released so; what is withheld has the digest of the text in its place."""
    if not (old.withheld or new.withheld):
        return old, new
    return _without_texts(old), _without_texts(new)


def _without_texts(side: Side) -> Side:
    if side.withheld and side.name != WORKING:  # a release that withholds text has digests in its place already
        return side
    return replace(side, read=lambda: without_texts(side.read(), side.contract))


def withheld_changes(old: Side, new: Side) -> tuple[ContractChange, ...]:
    """Whether text that was there is so no more, or the other way about."""
    if old.withheld == new.withheld:
        return ()
    return (ContractChange("text withheld" if new.withheld else "text given", str(old.contract.text)),)


def card_facts(card: Card, name: str) -> dict[str, Any]:
    """What the card's front matter will say of a corpus, where it says anything."""
    licence = hub_name(card.licence)
    return _stated({
        "title": card.title or name,
        "licence": {"unknown": None, "other": card.licence}.get(licence, licence),
        "languages": list(card.languages),
        "tags": list(card.tags),
    })  # fmt: skip


def _said(front: Mapping[str, Any]) -> dict[str, Any]:
    licence = front.get("license")
    return _stated({
        "title": front.get("pretty_name"),
        "licence": {"unknown": None, "other": front.get("license_name")}.get(str(licence), licence),
        "languages": front.get("language"),
        "tags": front.get("tags"),
    })  # fmt: skip


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _articles(
    batches: Iterable[tuple[str, pa.RecordBatch]], contract: Contract
) -> Iterator[tuple[str, dict[str, Any]]]:
    for split, batch in batches:
        for article in batch.to_pylist():
            yield split, canonical(article, contract)
