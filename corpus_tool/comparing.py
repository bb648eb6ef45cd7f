"""A corpus held against its releases: what differs, and which version comes next."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from corpus_tool.dividing import divided
from corpus_tool.errors import SettingsError
from corpus_tool.export import card_of, chosen_views, is_refused, with_inventory
from corpus_tool.importing import check_any, set_up_any
from corpus_tool.release.build import DataRefusedError, for_release
from corpus_tool.release.changes import Difference
from corpus_tool.release.differences import difference
from corpus_tool.release.manifest import MANIFEST
from corpus_tool.release.planning import Plan, plan
from corpus_tool.release.sides import Side, released_side, working_side
from corpus_tool.release.versions import check_name, parse_version
from corpus_tool.settings import Options, read_config
from corpus_tool.shards import Spiller


def plan_release(sources: Sequence[str], releases: Path, *, name: str | None, options: Options | None = None) -> Plan:
    """Which version a release of these sources would be, and why; nothing is written.

    Raises DataRefusedError where the data has errors, ReleaseError where the newest release is damaged.
    """
    options = options or Options()
    config = read_config(sources, options)
    name = name or config.about.get("name")
    if not name:
        raise SettingsError("a release needs a name: --name, or `name` in corpus.toml")
    with _checked(sources, releases, name, options) as side:
        return plan(releases / name, side, config.version_policy)


def compare(old: str, new: str, releases: Path, options: Options | None = None) -> Difference:
    """The difference of two releases, or of a release and a corpus.

    Either is a directory of one version, NAME@VERSION below `releases`, or a source of articles. Raises SettingsError
    for what is none of these, DataRefusedError where articles have errors.
    """
    options = options or Options()
    with ExitStack() as stack:
        sides = [stack.enter_context(_side(text, (old, new), releases, options)) for text in (old, new)]
        return difference(*sides)


@contextmanager
def _side(text: str, both: tuple[str, str], releases: Path, options: Options) -> Iterator[Side]:
    folder = _release(text, releases)
    if folder is not None:
        yield released_side(folder)
        return
    other = next((found for each in both if (found := _release(each, releases)) is not None), None)
    name = read_config([text], options).about.get("name") or (other.parent.name if other else "corpus")
    with _checked([text], releases if other is None else other.parent.parent, name, options) as side:
        yield side


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


@contextmanager
def _checked(sources: Sequence[str], releases: Path, name: str, options: Options) -> Iterator[Side]:
    """The corpus as a release of it would hold it."""
    check_name(name)
    setup, source_format = set_up_any(sources, options)
    setup = replace(setup, checker=for_release(setup.checker))
    division = divided(setup, source_format, options, releases / name)
    setup = division.setup if division else setup
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        spiller = Spiller(setup.contract, Path(folder), chosen_views(setup.contract, ()))
        report = check_any(setup, source_format, options, spiller)
        if is_refused(report):
            raise DataRefusedError(f"{sources[0]} has errors, so it is not compared: `corpus-tool validate` shows them")
        contract, _ = with_inventory(setup.contract, report.index)
        yield working_side(report.products, contract, chosen_views(contract, ()), card_of(setup), name)
