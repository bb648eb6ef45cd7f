"""A corpus held against its releases: what differs, and which version comes next."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_tool.admitting import admitted
from corpus_tool.dividing import divided
from corpus_tool.errors import SettingsError
from corpus_tool.export import chosen_views, is_refused, with_inventory
from corpus_tool.findings import Finding
from corpus_tool.importing import check_any, set_up_any
from corpus_tool.paths import AnyPath, Named, names_of
from corpus_tool.release.admission.eligibility import LEFT_OUT
from corpus_tool.release.admission.label_order import in_released_order
from corpus_tool.release.build import DataRefusedError
from corpus_tool.release.difference.changes import Difference
from corpus_tool.release.difference.differing import difference
from corpus_tool.release.difference.planning import Plan, plan
from corpus_tool.release.difference.sides import Side, released_side, working_side
from corpus_tool.release.manifest import MANIFEST, created_now
from corpus_tool.release.verification.naming import tell_names
from corpus_tool.release.versions import check_name, parse_version
from corpus_tool.release.withdrawal.withdrawn import tell_withdrawn
from corpus_tool.releasing import card_of
from corpus_tool.settings import Options, read_config
from corpus_tool.shards import Spiller


def plan_release(
    sources: Named,
    releases: AnyPath,
    *,
    name: str | None,
    options: Options | None = None,
    withhold: Collection[str] = (),
) -> Plan:
    """Which version a release of these sources would be, and why; nothing is written.

    With the findings that only a release has: of splits that share something, and of articles that it leaves out.
    `withhold` is what the release will not hold, as `build_release` is told.

    Raises DataRefusedError where the data has errors, ReleaseError where the newest release is damaged.
    """
    sources, releases, options = names_of(sources), Path(releases), options or Options()
    config = read_config(sources, options)
    name = name or config.about.get("name")
    if not name:
        raise SettingsError("a release needs a name: --name, or `name` in corpus.toml")
    with _checked(sources, releases, name, options) as looked:
        side = replace(looked.side, withheld=bool(withhold))
        planned = plan(releases / name, side, config.version_policy)
    return replace(planned, findings=looked.findings)


def compare(old: AnyPath, new: AnyPath, releases: AnyPath, options: Options | None = None) -> Difference:
    """The difference of two releases, or of a release and a corpus.

    Either is a directory of one version, NAME@VERSION below `releases`, or a source of articles. Raises SettingsError
    for what is none of these, DataRefusedError where articles have errors.
    """
    options, both = options or Options(), (os.fspath(old), os.fspath(new))
    with ExitStack() as stack:
        sides = [stack.enter_context(_side(text, both, Path(releases), options)) for text in both]
        return difference(*sides)


@contextmanager
def _side(text: str, both: tuple[str, str], releases: Path, options: Options) -> Iterator[Side]:
    folder = _release(text, releases)
    if folder is not None:
        yield released_side(folder)
        return
    other = next((found for each in both if (found := _release(each, releases)) is not None), None)
    name = read_config([text], options).about.get("name") or (other.parent.name if other else "corpus")
    with _checked([text], releases if other is None else other.parent.parent, name, options) as looked:
        yield looked.side


def _release(text: str, releases: Path) -> Path | None:
    """The folder of a release that was named; None for anything else."""
    if (Path(text) / MANIFEST).is_file():
        return Path(text)
    name, at, version = text.rpartition("@")
    if not at or parse_version(version) is None or Path(text).exists():
        return None
    folder = releases / name / version
    if not folder.is_dir():
        raise SettingsError(f"there is no release {text} below {releases}")
    return folder


@dataclass(frozen=True, slots=True)
class _Looked:
    """A corpus as a release of it would hold it, and what only a release finds in it."""

    side: Side
    findings: tuple[Finding, ...]


@contextmanager
def _checked(sources: Sequence[str], releases: Path, name: str, options: Options) -> Iterator[_Looked]:
    """The corpus as a release of it would hold it."""
    check_name(name)
    setup, source_format = set_up_any(sources, options)
    setup = admitted(setup, source_format, options, created_now()).setup
    division = divided(setup, source_format, options, releases / name)
    setup = division.setup if division else setup
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        spiller = Spiller(setup.contract, Path(folder), chosen_views(setup.contract, ()))
        report = check_any(setup, source_format, options, spiller)
        if division:
            division.tell(report)
        tell_names(report, setup.checker)
        if is_refused(report):
            raise DataRefusedError(f"{sources[0]} has errors, so it is not compared: `corpus-tool validate` shows them")
        tell_withdrawn(report, releases / name)
        contract, _ = with_inventory(setup.contract, report.index)
        contract = in_released_order(contract, releases / name)
        side = working_side(report.products, contract, chosen_views(contract, ()), card_of(setup), name)
        yield _Looked(side, tuple(one for one in report.findings if one.code.startswith(("RLS", LEFT_OUT))))
