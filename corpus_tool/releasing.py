"""A corpus to an immutable release: validated, planned, built and published."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus_tool import __version__
from corpus_tool.admitting import admitted
from corpus_tool.corpus import Options, Setup
from corpus_tool.dividing import divided
from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.execute import available_cores
from corpus_tool.export import chosen_views, is_refused, with_inventory
from corpus_tool.exported import Exported, exported, written_views
from corpus_tool.findings import Finding, Severity
from corpus_tool.importing import check_any, set_up_any
from corpus_tool.origins import inputs, ordered, report_of
from corpus_tool.paths import AnyPath, Named, names_of
from corpus_tool.release.admission.label_order import in_released_order
from corpus_tool.release.build import (
    NEVER_PUBLISHED,
    BuildRequest,
    Written,
    before_building,
    build,
)
from corpus_tool.release.difference.planning import plan
from corpus_tool.release.difference.sides import working_side
from corpus_tool.release.index import read_release, versions_on_disk
from corpus_tool.release.manifest import (
    MANIFEST,
    Rules,
    created_now,
)
from corpus_tool.release.pages.card import Author, Card
from corpus_tool.release.pages.licences import check_licence
from corpus_tool.release.signatures.signing import load_key
from corpus_tool.release.splits.locks import refuse_other_lock
from corpus_tool.release.verification.naming import tell_names
from corpus_tool.release.verification.verify import verify
from corpus_tool.release.versions import check_name
from corpus_tool.release.withdrawal.tombstones import told
from corpus_tool.release.withdrawal.withdrawn import tell_withdrawn
from corpus_tool.release.withholding.writing import Full, refuse_unknown, write_veiled
from corpus_tool.shards import Spiller
from corpus_tool.summary import Summary


def build_release(  # noqa: PLR0913 (what is read, where it goes, and what is said of it)
    sources: Named,
    releases: AnyPath,
    *,
    name: str | None,
    version: str | None,
    options: Options | None = None,
    sign: AnyPath | None = None,
    created: str | None = None,
    withhold: Collection[str] = (),
) -> Exported:
    """Validate articles and publish them as a version of a release; nothing is written where one has an error.

    `sign` is a key to sign the release with: of OpenSSH, PEM or cosign. `created` is when it is said to be made, as in
    the manifest; where it is given, the rules that ask for the day are told that one. What `withhold` names
    (`text`) the release does not hold until it is hydrated, and no finding quotes.

    Raises SettingsError for a name, version or key that cannot be, ReleaseExistsError, StoreError where the disk
    refuses.
    """
    sources, releases, options = names_of(sources), Path(releases), options or Options()
    if withhold:
        refuse_unknown(withhold)
        options = replace(options, mask=True)
    setup, source_format = set_up_any(sources, options)
    setup = _as_of(ordered(setup), created)
    created = created or created_now()
    name = name or setup.config.about.get("name")
    if not name:
        raise SettingsError("a release needs a name: --name, or `name` in corpus.toml")
    check_name(name)
    home = releases / name
    before_building(home, version)
    signing = load_key(Path(sign)) if sign else None
    card = card_of(setup)
    chosen = chosen_views(setup.contract, ())
    admission = admitted(setup, source_format, options, created)
    setup = admission.setup
    division = divided(setup, source_format, options, releases / name)
    setup = division.setup if division else setup
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        report = check_any(setup, source_format, options, Spiller(setup.contract, Path(folder), chosen))
        if division:
            division.tell(report)
        tell_withdrawn(report, home)
        tell_names(report, setup.checker)
        if is_refused(report) or any(finding.code in NEVER_PUBLISHED for finding in report.findings):
            return Exported(home, report, refused=True)
        contract, inferred = with_inventory(setup.contract, report.index)
        contract = in_released_order(contract, home)
        working = working_side(report.products, contract, chosen_views(contract, ()), card, name)
        planned = plan(home, replace(working, withheld=bool(withhold)), setup.config.version_policy)
        request = BuildRequest(
            releases=releases, name=name, version=planned.version(version), plan=planned,
            contract=contract, inputs=inputs(setup),
            rules=Rules(__version__, setup.config.select, setup.config.ignore),
            report=report_of(setup, report, mask=options.mask),
            errors=report.summary.by_severity[Severity.ERROR.label], card=card,
            locked=division.fresh if division else (), signing=signing, created=created,
        )  # fmt: skip
        written: list[Written] = []

        def write(target: Path) -> Written:
            if division:
                refuse_other_lock(request.home, division.lock)
            chosen, whole = chosen_views(contract, ()), Path(folder) / "whole"
            made = written_views(report, contract, chosen, whole if withhold else target, options)
            if withhold:
                jobs = options.jobs or available_cores()
                veiled = write_veiled(report.products, contract, Full(whole, made.shards), target, jobs)
                made = replace(made, shards=veiled.shards, veiled=veiled)
            written.append(made)
            return made

        admission.keep()
        built = build(request, write)
    return exported(built.path, report, replace(written[0], shards=built.manifest.shards), inferred)


def _as_of(setup: Setup, created: str | None) -> Setup:
    """The set-up whose rules are told a day as today."""
    if created is None:
        return setup
    contract = setup.checker.contract
    today = date.fromisoformat(created[:10])
    return replace(
        setup,
        checker=replace(setup.checker, contract=replace(contract, policy=replace(contract.policy, today=today))),
    )


def verify_release(
    directory: AnyPath, level: str = "full", signers: Iterable[AnyPath] = ()
) -> tuple[tuple[Finding, ...], Summary]:
    """The findings of a release, with their counts; SettingsError where the directory is none of one version."""
    directory = Path(directory)
    refuse_other_folder(directory)
    findings = verify(directory, level, [Path(signer) for signer in signers])
    summary = Summary()
    with suppress(ReleaseError):  # which is among the findings
        summary.articles = sum(read_release(directory)[0].counts.articles.values())
    for finding in findings:
        summary.count(finding)
    return findings, summary


def withdrawn_from(directory: Path) -> str | None:
    """What to tell of articles that were withdrawn from a release; None of one that is damaged, or lost none."""
    with suppress(ReleaseError):
        return told(read_release(directory)[0].withdrawn)
    return None


def refuse_other_folder(directory: Path) -> None:
    """Raise SettingsError, with what to name instead, where there is no directory, or one of versions or of corpora."""
    if not directory.is_dir():
        raise SettingsError("no such directory", str(directory))
    if (directory / MANIFEST).exists():
        return
    versions = [directory / name for name in versions_on_disk(directory)]
    versions = versions or [home / name for home in sorted(directory.iterdir()) for name in versions_on_disk(home)]
    if versions:
        raise SettingsError(f"holds versions and is none: name one, as {versions[-1]}", str(directory))


def card_of(setup: Setup) -> Card:
    """What the settings of a corpus say for its card."""
    about = setup.config.about
    authors = tuple(Author(**author) for author in about.get("authors", ()))
    text = {name: about.get(name) for name in (
        "title", "description", "homepage", "source", "annotation", "limits", "citation", "uses", "misuses",
        "rationale", "producers", "personal", "biases", "recommendations", "contact",
    )}  # fmt: skip
    place = f"{setup.config.path}.licence"
    licence = check_licence(about["licence"], place) if "licence" in about else None
    return Card(
        **text, licence=licence, languages=_strings(about, "languages"), authors=authors, tags=_strings(about, "tags"),
        source_licences=tuple(setup.config.release.licences.items()),
    )  # fmt: skip


def _strings(about: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values: Iterable[str] = about.get(name, ())
    return tuple(values)
