"""A corpus to Parquet views, as a directory or as a release: one pass that validates, one that writes."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool import __version__
from corpus_tool.atomic import write_directory
from corpus_tool.cards import front_matter
from corpus_tool.contract import Contract
from corpus_tool.corpus import Options, Setup
from corpus_tool.dividing import divided
from corpus_tool.errors import SettingsError
from corpus_tool.execute import available_cores
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.importing import check_any, set_up_any
from corpus_tool.index import CorpusIndex
from corpus_tool.inventory import LABELLED_KINDS, Inventory, Label
from corpus_tool.release.build import (
    NEVER_PUBLISHED,
    BuildRequest,
    DataRefusedError,
    Written,
    before_building,
    build,
    for_release,
)
from corpus_tool.release.card import Author, Card
from corpus_tool.release.index import versions_on_disk
from corpus_tool.release.licences import check_licence
from corpus_tool.release.locks import refuse_other_lock
from corpus_tool.release.manifest import MANIFEST, Annotator, Counts, InputFile, LeftOut, Rules
from corpus_tool.release.page import Agreed
from corpus_tool.release.planning import plan
from corpus_tool.release.sides import working_side
from corpus_tool.release.verify import verify
from corpus_tool.release.versions import check_name
from corpus_tool.rules import RELEASE, all_rules
from corpus_tool.shards import Product, Shard, Spiller, write_shards
from corpus_tool.summary import Summary
from corpus_tool.views import RAW, View, views
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.reports import Report


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export or build: nothing was written where `refused`."""

    path: Path
    report: Report
    refused: bool
    shards: tuple[Shard, ...] = ()
    views: tuple[str, ...] = ()
    counts: Counts = field(default_factory=Counts)
    left_out: LeftOut = field(default_factory=LeftOut)
    inferred: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        rows: dict[str, dict[str, int]] = {}
        for shard in self.shards:
            rows.setdefault(shard.view, {})[shard.split] = shard.rows
        return {
            "output": str(self.path) if not self.refused else None,
            "views": rows,
            "without_rows": [name for name in self.views if name not in rows],
            "articles": dict(self.counts.articles),
            "layers": {split: dict(layers) for split, layers in self.counts.layers.items()},
            "left_out": {"gold": dict(self.left_out.gold), "tags": dict(self.left_out.tags)},
            "inferred": {kind: dict(labels) for kind, labels in self.inferred.items()},
            "findings": [finding.as_json() for finding in self.report.findings],
            "summary": self.report.summary.as_json(),
        }

    def lines(self) -> Iterator[str]:
        """The summary for people."""
        if self.refused:
            yield "nothing was written: the corpus has errors"
            return
        for kind, labels in self.inferred.items():
            shown = ", ".join(f"{name} {number:,}" for name, number in labels)
            yield f"no inventory was given; {kind} labels of the data, sorted: {shown}"
        by_view: dict[str, list[Shard]] = {}
        for shard in self.shards:
            by_view.setdefault(shard.view, []).append(shard)
        for name, shards in by_view.items():
            yield f"{name:14} {', '.join(f'{shard.split} {shard.rows:,}' for shard in shards)}"
        if missing := [name for name in self.views if name not in by_view]:
            yield f"without rows, so not written: {', '.join(missing)}"
        for what, counts in (
            ("not gold, in articles_raw only", self.left_out.gold),
            ("not tagged", self.left_out.tags),
        ):
            if counts:
                yield f"{what}: {', '.join(f'{name} {number:,}' for name, number in counts.items())}"
        yield f"written to {self.path}"


def export(
    sources: Sequence[str], output: Path, *, only: Sequence[str] = (), options: Options | None = None
) -> Exported:
    """Validate articles and write their views to a new directory; nothing is written where one has an error.

    Raises SettingsError where `output` is not empty or the contract has no Arrow schema, DataRefusedError where there
    is not one row, StoreError where the disk refuses.
    """
    options = options or Options()
    setup, source_format = set_up_any(sources, options)
    chosen = chosen_views(setup.contract, only)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise SettingsError("is not an empty directory", str(output))
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        report = check_any(setup, source_format, options, Spiller(setup.contract, Path(folder), chosen))
        if is_refused(report):
            return Exported(output, report, refused=True)
        contract, inferred = with_inventory(setup.contract, report.index)
        final = chosen_views(contract, only)

        def write(target: Path) -> Written:
            written = _write(report, contract, final, target, options)
            if not written.shards:
                raise DataRefusedError("there is not one row to write")
            (target / "README.md").write_text(_readme(setup, contract, written), encoding="utf-8", newline="\n")
            return written

        written = write_directory(output, write)
    return _exported(output, report, written, inferred)


def build_release(
    sources: Sequence[str], releases: Path, *, name: str | None, version: str | None, options: Options | None = None
) -> Exported:
    """Validate articles and publish them as a version of a release; nothing is written where one has an error.

    Raises SettingsError for a name or version that cannot be, ReleaseExistsError, StoreError where the disk refuses.
    """
    options = options or Options()
    setup, source_format = set_up_any(sources, options)
    setup = replace(setup, checker=for_release(setup.checker))
    name = name or setup.config.about.get("name")
    if not name:
        raise SettingsError("a release needs a name: --name, or `name` in corpus.toml")
    check_name(name)
    home = releases / name
    before_building(home, version)
    card = card_of(setup)
    chosen = chosen_views(setup.contract, ())
    division = divided(setup, source_format, options, releases / name)
    setup = division.setup if division else setup
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        report = check_any(setup, source_format, options, Spiller(setup.contract, Path(folder), chosen))
        if division:
            division.tell(report)
        if is_refused(report) or any(finding.code == NEVER_PUBLISHED for finding in report.findings):
            return Exported(home, report, refused=True)
        contract, inferred = with_inventory(setup.contract, report.index)
        working = working_side(report.products, contract, chosen_views(contract, ()), card, name)
        planned = plan(home, working, setup.config.version_policy)
        request = BuildRequest(
            releases=releases, name=name, version=planned.version(version), plan=planned,
            contract=contract, inputs=_inputs(setup),
            rules=Rules(__version__, setup.config.select, setup.config.ignore), report=_report(setup, report),
            errors=report.summary.by_severity[Severity.ERROR.label], card=card,
            locked=division.fresh if division else (),
        )  # fmt: skip
        written: list[Written] = []

        def write(target: Path) -> Written:
            if division:
                refuse_other_lock(request.home, division.lock)
            written.append(_write(report, contract, chosen_views(contract, ()), target, options))
            return written[0]

        built = build(request, write)
    return _exported(built.path, report, written[0], inferred)


def verify_release(directory: Path, level: str) -> tuple[tuple[Finding, ...], Summary]:
    """The findings of a release, with their counts; SettingsError where there is no directory, or one of versions."""
    if not directory.is_dir():
        raise SettingsError("no such directory", str(directory))
    if not (directory / MANIFEST).exists() and (versions := versions_on_disk(directory)):
        raise SettingsError(f"holds versions and is none: name one, as {directory / versions[-1]}", str(directory))
    findings = verify(directory, level)
    summary = Summary()
    for finding in findings:
        summary.count(finding)
    return findings, summary


def is_refused(report: Report) -> bool:
    """Whether nothing may be made of what was checked."""
    return bool(report.summary.refused or report.summary.by_severity[Severity.ERROR.label])


def chosen_views(contract: Contract, only: Sequence[str]) -> tuple[View, ...]:
    """The views of a contract, or those of them that were named; SettingsError for a name that is none."""
    every = views(contract)
    for name in only:
        if name not in [view.name for view in every]:
            raise SettingsError(f"no view '{name}'{did_you_mean(name, [view.name for view in every])}")
    return tuple(view for view in every if not only or view.name in only)


def with_inventory(contract: Contract, index: CorpusIndex) -> tuple[Contract, dict[str, list[tuple[str, int]]]]:
    """The contract with labels for every label field, inferred from the data where the inventory names none."""
    open_kinds = {
        layer.kind
        for layer in contract.layers
        for field in layer.item.walk()
        if field.is_label and field.labels is None
    }
    if not open_kinds:
        return contract, {}
    counts: Counter[tuple[str, str]] = Counter()
    for (_, _, kind, label), number in index.labels.items():
        counts[kind, label] += number
    names = {kind: labels for kind, labels in index.label_names().items() if kind in open_kinds}
    known = contract.inventory or Inventory()
    labels = {kind: known.of(kind) or tuple(map(Label, names.get(kind, ()))) for kind in LABELLED_KINDS}
    inventory = replace(known, labels={kind: found for kind, found in labels.items() if found})
    inferred = {kind: [(name, counts[kind, name]) for name in found] for kind, found in sorted(names.items())}
    return contract.relabelled(inventory), inferred


def _write(report: Report, contract: Contract, chosen: tuple[View, ...], target: Path, options: Options) -> Written:
    products: list[Product] = report.products
    shards = write_shards(products, contract, chosen, target, options.jobs or available_cores())
    gold: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for product in products:
        gold.update(product.left_out)
        tags.update(product.untagged)
    left_out = LeftOut(dict(sorted(gold.items())), dict(sorted(tags.items())))
    return Written(shards, chosen, _counts(report.index), left_out, _agreed(report.index))


def _agreed(index: CorpusIndex) -> tuple[Agreed, ...]:
    """By layer and label, how many annotations were compared and how far annotators agree on them."""
    found = index.agreement
    return tuple((*label, number, found.f1(label)) for label, number in sorted(found.compared.items()))


def _counts(index: CorpusIndex) -> Counts:
    articles: Counter[str] = Counter(entry.split for entry in index.entries)
    layers: dict[str, dict[str, int]] = {}
    for (split, layer), number in sorted(index.layers.items()):
        layers.setdefault(split, {})[layer] = number
    labels: dict[str, dict[str, dict[str, int]]] = {}
    for (split, layer, _, label), number in sorted(index.labels.items()):
        labels.setdefault(split, {}).setdefault(layer, {})[label] = number
    annotators = tuple(Annotator(*agent, number) for agent, number in sorted(index.agents.items()))
    return Counts(dict(sorted(articles.items())), layers, labels, annotators)


def _exported(path: Path, report: Report, written: Written, inferred: Mapping[str, Any]) -> Exported:
    # Everything is gold where nothing was left out: then `articles_raw` is no view of its own.
    names = tuple(view.name for view in written.views if view.name != RAW or written.left_out.gold)
    return Exported(path, report, False, written.shards, names, written.counts, written.left_out, inferred)


def _readme(setup: Setup, contract: Contract, written: Written) -> str:
    about = setup.config.about
    digest = hashlib.sha256("\n".join(shard.sha256 for shard in written.shards).encode()).hexdigest()
    extra = {key: about[name] for key, name in (("pretty_name", "title"), ("license", "licence")) if name in about}
    head = front_matter(written.shards, written.views, contract, version=None, digest=digest, extra=extra)
    rows = "".join(f"| {shard.view} | {shard.split} | {shard.rows:,} |\n" for shard in written.shards)
    return (
        f"{head}\n# {about.get('title', 'Exported corpus')}\n\n"
        f"Parquet views of an annotated corpus, written by corpus_tool {__version__}. "
        f"Offsets are Unicode code points, half-open.\n\n| view | split | rows |\n|---|---|---:|\n{rows}"
    )


def _inputs(setup: Setup) -> tuple[InputFile, ...]:
    """Digests of the source files, named relative to the corpus."""
    top = setup.config.path.parent.resolve() if setup.config.path else Path.cwd()
    found = []
    for file in setup.found.files:
        if file.path is not None:
            with file.path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                found.append(InputFile(_relative(file.path, top), stream.tell(), digest))
    return tuple(found)


def _relative(path: Path, top: Path) -> str:
    """A path below the corpus; the bare name of a file elsewhere, so that a release names no machine."""
    full = path.resolve()
    return full.relative_to(top).as_posix() if full.is_relative_to(top) else full.name


def _report(setup: Setup, report: Report) -> dict[str, Any]:
    top = setup.config.path.parent.resolve() if setup.config.path else Path.cwd()
    findings = [_placed(finding, top).as_json() for finding in report.findings]
    known = (*all_rules().values(), *setup.checker.own)
    checked = [rule.code for rule in known if rule.code in setup.checker.codes and rule.on != RELEASE]
    return {"findings": findings, "summary": report.summary.as_json(), "rules": checked}


def _placed(finding: Finding, top: Path) -> Finding:
    location: Location = replace(finding.location, path=_relative(Path(finding.location.path), top))
    return replace(finding, location=location)


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
        **text, licence=licence, languages=_strings(about, "languages"), authors=authors, tags=_strings(about, "tags")
    )


def _strings(about: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values: Iterable[str] = about.get(name, ())
    return tuple(values)
