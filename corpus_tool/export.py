"""A corpus to Parquet views in a directory: one pass that validates, one that writes."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool import __version__
from corpus_tool.atomic import write_directory
from corpus_tool.cards import front_matter
from corpus_tool.contract import Contract
from corpus_tool.corpus import Options, Setup
from corpus_tool.errors import SettingsError
from corpus_tool.findings import Severity
from corpus_tool.importing import check_any, set_up_any
from corpus_tool.index import CorpusIndex
from corpus_tool.inventory import LABELLED_KINDS, Inventory, Label
from corpus_tool.paths import AnyPath, Named, names_of
from corpus_tool.release.build import (
    DataRefusedError,
    Written,
)
from corpus_tool.shards import Spiller
from corpus_tool.views import View, views
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.reports import Report
from corpus_tool.exported import Exported, exported, written_views


def export(sources: Named, output: AnyPath, *, only: Sequence[str] = (), options: Options | None = None) -> Exported:
    """Validate articles and write their views to a new directory; nothing is written where one has an error.

    Raises SettingsError where `output` is not empty or the contract has no Arrow schema, DataRefusedError where there
    is not one row, StoreError where the disk refuses.
    """
    output, options = Path(output), options or Options()
    setup, source_format = set_up_any(names_of(sources), options)
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
            written = written_views(report, contract, final, target, options)
            if not written.shards:
                raise DataRefusedError("there is not one row to write")
            (target / "README.md").write_text(_readme(setup, contract, written), encoding="utf-8", newline="\n")
            return written

        written = write_directory(output, write)
    return exported(output, report, written, inferred)


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
