"""Building a release: the views and everything that says what they are, staged, verified, published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.cards import front_matter
from corpus_tool.contract import Contract
from corpus_tool.errors import ReleaseError, SettingsError, StoreError
from corpus_tool.findings import Severity
from corpus_tool.release.admission.eligibility import LEFT_OUT
from corpus_tool.release.difference.change_rows import CHANGES_VIEW, write_changes
from corpus_tool.release.difference.pages import change_log, difference_json
from corpus_tool.release.difference.planning import Plan
from corpus_tool.release.difference.scores import gold_digests, scores
from corpus_tool.release.index import read_index, versions_on_disk
from corpus_tool.release.manifest import (
    CONTRACT,
    FEATURES,
    INVENTORY,
    MANIFEST,
    SUMS,
    Counts,
    InputFile,
    LeftOut,
    Manifest,
    Parent,
    Rules,
    ViewInfo,
    created_now,
    digests_of,
    file_digest,
    tool_versions,
    write_sums,
)
from corpus_tool.release.pages.body import Agreed, Facts, card_body
from corpus_tool.release.pages.card import Card, card_metadata, changelog, holdings
from corpus_tool.release.pages.citing import CITATION, ZENODO, citation, zenodo
from corpus_tool.release.pages.croissant import CROISSANT, croissant
from corpus_tool.release.pages.licences import licence_text
from corpus_tool.release.pages.notices import notice
from corpus_tool.release.pages.tables import Meant
from corpus_tool.release.publish import publish, refresh_index, refuse_version
from corpus_tool.release.signatures.attestation import attest
from corpus_tool.release.signatures.signing import SigningKey
from corpus_tool.release.signatures.terms import SIGNER
from corpus_tool.release.splits.locks import LOCK_FILE, Locked, lock_lines
from corpus_tool.release.verification.footers import Footer, read_footer
from corpus_tool.release.verification.verify import verify
from corpus_tool.release.versions import README, check_name
from corpus_tool.release.withholding.texts import TEXTS
from corpus_tool.release.withholding.writing import Veiled, refuse_quotes
from corpus_tool.shards import Shard
from corpus_tool.views import View

if TYPE_CHECKING:
    from corpus_tool.validate import Checker


CHANGELOG, DIFFERENCE = "CHANGELOG.md", "diff.json"
NEVER_PUBLISHED = frozenset({"MET702", "MET704", "PRV707"})
"""The rules whose findings keep a corpus from being released, whatever its settings say."""


class DataRefusedError(ReleaseError):
    """The data has errors, so nothing was made of it."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build: `errors` counts the findings of that severity in `report`, `version` None means a first 1.0.0."""

    releases: Path
    name: str
    version: str | None
    contract: Contract
    inputs: tuple[InputFile, ...]
    rules: Rules
    report: Mapping[str, Any]
    errors: int
    card: Card = field(default_factory=Card)
    parent: Parent | None = None
    locked: tuple[Locked, ...] = ()
    """What the release adds to the lock of splits."""
    plan: Plan | None = None
    """What it changes of the release before it."""
    created: str | None = None
    """When it is said to have been made, where that is not now."""
    signing: SigningKey | None = None
    """What signs the statement over its files."""

    @property
    def home(self) -> Path:
        """Where the versions of this corpus lie."""
        return self.releases / self.name


@dataclass(frozen=True, slots=True)
class Written:
    """What the caller wrote into the staging directory: the shards, the views they are of, and the counts."""

    shards: tuple[Shard, ...]
    views: tuple[View, ...]
    counts: Counts
    left_out: LeftOut = field(default_factory=LeftOut)
    agreement: tuple[Agreed, ...] = ()
    veiled: Veiled | None = None
    """What is to be said where the views were written without text."""


@dataclass(frozen=True, slots=True)
class Built:
    """A release that is published; `sha256` is that of its SHA256SUMS."""

    path: Path
    manifest: Manifest
    sha256: str


def for_release(checker: Checker) -> Checker:
    """The checker of a release: what may not be published is an error, and is ignored nowhere."""
    ignored = checker.suppressions
    entries = tuple((paths, codes - NEVER_PUBLISHED, reason) for paths, codes, reason in ignored.entries)
    return replace(
        checker,
        codes=checker.codes | NEVER_PUBLISHED | {LEFT_OUT},
        severities={**checker.severities, **dict.fromkeys(NEVER_PUBLISHED, Severity.ERROR)},
        suppressions=replace(ignored, entries=entries),
    )


def check_version(home: Path, version: str | None) -> str:
    """The version to build below `home` (`releases/<name>`), asked before any work; mends an index that is behind.

    Raises SettingsError for a name or version that cannot be, ReleaseExistsError, and what `refresh_index` raises.
    """
    check_name(home.name)
    released = versions_on_disk(home)
    if released:
        refresh_index(home)
        if version is None:
            raise SettingsError(f"{home.name} is at {released[-1]}: name the next version")
    version = version or "1.0.0"
    refuse_version(home, version)
    return version


def before_building(home: Path, version: str | None) -> None:
    """Refuse before any work what cannot be built below `home`; without a version that is found out later."""
    if version is not None:
        check_version(home, version)
    elif versions_on_disk(home):
        refresh_index(home)


def build(request: BuildRequest, write_views: Callable[[Path], Written]) -> Built:
    """Build and publish one version: `write_views` puts the Parquet files of all views into the directory it is given.

    Raises what `check_version` raises, DataRefusedError, StoreError where the disk refuses or gives back other bytes
    than were written, and whatever `write_views` raises; then nothing is published.
    """
    check_name(request.name)
    version = check_version(request.home, request.version)
    if request.errors:
        raise DataRefusedError(f"the data has {request.errors} errors, so nothing is released")

    def write(folder: Path) -> tuple[Manifest, str]:
        written = write_views(folder)
        if not written.shards:
            raise DataRefusedError("there is not one row to release")
        return _complete(folder, request, version, written)

    manifest, digest = publish(request.home, version, write, _check)
    return Built(request.home / version, manifest, digest)


def _check(folder: Path, made: tuple[Manifest, str]) -> None:
    """Digests were taken before the bytes went to the disk, so that a write that lied is seen."""
    if file_digest(folder / SUMS) != made[1]:
        raise StoreError(f"what lies on the disk is not what was written: {SUMS}")
    findings = verify(folder, "logical")
    if findings:
        first = findings[0]
        raise StoreError(f"what lies on the disk is not what was written: {first.location.path}: {first.message}")


def _complete(folder: Path, request: BuildRequest, version: str, written: Written) -> tuple[Manifest, str]:
    """Everything beside the views; SHA256SUMS last."""
    released = versions_on_disk(request.home)
    if request.plan is not None and request.plan.parent != (released[-1] if released else None):
        raise ReleaseError(f"{request.name} {released[-1]} was published meanwhile: build again")
    found = request.plan.difference if request.plan else None
    veiled = written.veiled
    gold = veiled.gold if veiled else gold_digests(folder, written.shards, request.contract)
    if found is not None and (made := write_changes(found, folder)):
        written = replace(written, shards=(*written.shards, *made), views=(*written.views, CHANGES_VIEW))
    footers = _footers(folder, written.shards)
    manifest = Manifest(
        name=request.name,
        version=version,
        created=request.created or created_now(),
        tools=tool_versions(),
        contract=request.contract.digest,
        rules=request.rules,
        inputs=tuple(sorted(request.inputs, key=lambda item: item.path)),
        parent=request.parent or _newest(request.home),
        views=tuple(_view(name, footer, written.shards) for name, footer in footers.items()),
        shards=written.shards,
        counts=written.counts,
        left_out=written.left_out,
        digests=digests_of(written.shards),
        scores=scores(gold, request.home, released, found),
        withheld=veiled.withheld if veiled else None,
    )
    digests = {shard.path: shard.sha256 for shard in written.shards}
    pages = _pages(request, manifest, written, footers)
    if veiled:
        pages[TEXTS] = veiled.texts
        refuse_quotes(pages, veiled.articles())
    for path, data in pages.items():
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        digests[path] = hashlib.sha256(data).hexdigest()
    digest = write_sums(folder, digests)
    attest(folder, manifest.name, version, digests, request.signing)
    return manifest, digest


def _newest(home: Path) -> Parent | None:
    """The release that a new one follows: the newest, whatever its status."""
    entries = read_index(home)
    return Parent(entries[-1].version, entries[-1].bytes) if entries else None


def _footers(folder: Path, shards: tuple[Shard, ...]) -> dict[str, Footer]:
    """The footer of the first file of each view."""
    first: dict[str, Shard] = {}
    for shard in shards:
        first.setdefault(shard.view, shard)
    return {view: _footer(folder / shard.path) for view, shard in first.items()}


def _footer(path: Path) -> Footer:
    try:
        return read_footer(path)
    except (OSError, ValueError) as error:
        raise StoreError(f"{path.name} cannot be read back: {error}") from error


def _view(name: str, footer: Footer, shards: tuple[Shard, ...]) -> ViewInfo:
    splits = dict.fromkeys(shard.split for shard in shards if shard.view == name)
    labels = {".".join(path): names for path, names in footer.labels.items()}
    return ViewInfo(name, footer.fingerprint, tuple(splits), labels)


def _pages(
    request: BuildRequest, manifest: Manifest, written: Written, footers: Mapping[str, Footer]
) -> dict[str, bytes]:
    card = request.card
    head = front_matter(
        written.shards,
        written.views,
        request.contract,
        version=manifest.version,
        digest=manifest.digests.bytes,
        extra=card_metadata(card, manifest),
    )
    words = {view: footer.columns for view, footer in footers.items()}
    facts = Facts(words, _checked(request), meant(request.contract), written.agreement)
    body = card_body(card, manifest, facts) + notice(manifest)
    columns = {view: footer.features for view, footer in footers.items()}
    pages = {
        README: f"{head.rstrip()}\n\n{body}".encode(),
        **_changes(request, manifest),
        CITATION: citation(card, manifest).encode(),
        ZENODO: _in_order(zenodo(card, manifest)),
        CROISSANT: _in_order(croissant(card, manifest, columns)),
        "LICENSE": licence_text(card.title or manifest.name, card.licence, card.licence_text).encode(),
        CONTRACT: _in_order(request.contract.schema),
        FEATURES: _in_order({view: footer.declared for view, footer in footers.items()}),
        "validation-report.json": _in_order(request.report),
        MANIFEST: manifest.as_bytes(),
    }
    if request.signing is not None:
        pages[SIGNER] = request.signing.public
    if request.locked:
        pages[LOCK_FILE] = lock_lines(request.locked)
    if request.contract.inventory is not None:
        pages[INVENTORY] = _in_order(request.contract.inventory.as_json())
    return pages


def meant(contract: Contract) -> tuple[Meant, ...]:
    """The labels of each layer, as the inventory has them."""
    inventory = contract.inventory
    if inventory is None:
        return ()
    return tuple(
        (layer.name, name, label.description if (label := inventory.label(layer.kind, name)) else None)
        for layer in contract.layers
        for name in inventory.names(layer.kind)
    )


def _changes(request: BuildRequest, manifest: Manifest) -> dict[str, bytes]:
    """What the release changes, for people and for programs; diff.json where there was one before it."""
    plan = request.plan
    if plan is None:
        return {CHANGELOG: changelog(manifest).encode()}
    before = request.home / (plan.parent or "") / CHANGELOG
    said = before.read_text("utf-8") if plan.parent and before.is_file() else None
    log = change_log(manifest.version, manifest.created[:10], plan, holdings(manifest), said)
    pages = {CHANGELOG: log.encode()}
    if plan.difference is not None:
        told = replace(plan.difference, new=f"{manifest.name} {manifest.version}")
        pages[DIFFERENCE] = _in_order(difference_json(told, plan))
    return pages


def _checked(request: BuildRequest) -> str:
    rules = request.rules
    chosen = f"selected: {', '.join(rules.select)}" if rules.select else "all that are on by default"
    ignored = f"; ignored: {', '.join(rules.ignore)}" if rules.ignore else ""
    return (
        f"The data passed its contract (`{CONTRACT}`, SHA-256 of contract and inventory `{request.contract.digest}`) "
        f"and the rules of version {rules.version} ({chosen}{ignored}) without an error; "
        "`validation-report.json` holds what else was found."
    )


def _in_order(value: Any) -> bytes:
    """JSON whose keys stand as they came: of a schema, the order of properties is that of columns."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
