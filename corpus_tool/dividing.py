"""The splits of a release: a first look at all articles, so that the second can check them where they will be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_tool.corpus import Options, Setup
from corpus_tool.errors import SettingsError
from corpus_tool.findings import Finding, Location
from corpus_tool.importing import check_any
from corpus_tool.index import Entry
from corpus_tool.placing import Placing
from corpus_tool.release.index import versions_on_disk
from corpus_tool.release.manifest import MANIFEST
from corpus_tool.release.splits.assigning import Candidate, Division, divide, settle
from corpus_tool.release.splits.leaks import Leak, conflicts, leaks, leaks_against
from corpus_tool.release.splits.locks import Locked, whole_lock
from corpus_tool.release.splits.survey import Survey, released_candidates, strata_problem
from corpus_tool.reports import Report
from corpus_tool.rules import find_rule
from corpus_tool.split_settings import SplitSettings

_LEFT_OUT = "articles between splits"
BETWEEN = "between splits"


@dataclass(frozen=True)
class Divided:
    """A corpus whose articles have splits: the set-up that puts them there, the lines to lock, and what was found."""

    setup: Setup
    division: Division
    lock: Mapping[str, Locked]
    """The lock that the splits were made under."""
    fresh: tuple[Locked, ...]
    found: tuple[tuple[str, str, str], ...]
    """Codes, articles and messages."""
    entries: Mapping[str, Entry]

    def tell(self, report: Report) -> None:
        """Put what was found into the report of the run."""
        terms = self.setup.checker.terms
        for code, article, message in self.found:
            rule, entry = find_rule(code), self.entries[article]
            if code in terms.codes:
                location = Location(entry.path, entry.line, article=article)
                finding = terms.settled(Finding(code, rule.name, terms.severity(rule), location, message))
                report.findings.append(finding)
                report.summary.count(finding)
        report.excluded += [(article, BETWEEN, message) for code, article, message in self.found if code == "RLS908"]
        if self.division.bridges:
            report.summary.left_out[_LEFT_OUT] = len(self.division.bridges)


def divided(setup: Setup, source_format: str, options: Options, home: Path) -> Divided | None:
    """Give every article its split in the next release below `home`; None where the corpus has no `[splits]`.

    The sources are read once for it. Raises SettingsError where they can be read once only or the contract has no place
    for a split, ReleaseError where the lock or a release that is compared with is damaged.
    """
    settings = setup.config.splits
    if settings is None:
        return None
    _refuse(setup, settings)
    looking = replace(setup, checker=replace(setup.checker, codes=frozenset(), own=()))
    report = check_any(looking, source_format, replace(options, progress=None), Survey(setup.contract, settings))
    candidates: list[Candidate] = [one for product in report.products for one in product]
    lock = whole_lock(home, versions_on_disk(home))
    adopted = {} if lock else _adopted(home, settings)
    division = divide(candidates, lock or adopted, settings, home.name)
    placing = Placing(
        id=str(setup.contract.id),
        path=tuple(setup.contract.meanings["split"]),
        splits=dict(division.splits),
        without=frozenset(bridge.id for bridge in division.bridges),
    )
    return Divided(
        setup=replace(setup, checker=replace(setup.checker, placing=placing)),
        division=division,
        lock=lock,
        fresh=tuple(sorted([*adopted.values(), *division.fresh], key=lambda line: line.id)),
        found=tuple(_found(candidates, division, settings)),
        entries={entry.id: entry for entry in reversed(report.index.entries)},
    )


def _refuse(setup: Setup, settings: SplitSettings) -> None:
    place = f"{setup.config.path}.splits"
    if "split" not in setup.contract.meanings:
        raise SettingsError("the schema has no field that means the split (x-field: split)", place)
    problem = strata_problem(settings.strata, setup.contract)
    if problem is not None:
        raise SettingsError(problem, f"{place}.strata")
    for folder in settings.against:
        if not (folder / MANIFEST).is_file():
            raise SettingsError(f"{folder} is no release: name the directory of one version", f"{place}.against")
    if any(file.path is None for file in setup.found.files):
        raise SettingsError("articles are read twice, which standard input and pipes cannot be: name files", place)


def _adopted(home: Path, settings: SplitSettings) -> dict[str, Locked]:
    """The lock that a corpus would have whose last release was made without one."""
    versions = versions_on_disk(home)
    if not versions:
        return {}
    released = released_candidates(home / versions[-1], settings)
    return {one.id: settle(one, split, home.name) for split, one in released}


def _found(
    candidates: Iterable[Candidate], division: Division, settings: SplitSettings
) -> Iterator[tuple[str, str, str]]:
    articles, near = list(candidates), settings.near_duplicates
    for bridge in division.bridges:
        between = " and ".join(f"'{other}' in {split}" for split, other in sorted(bridge.between.items()))
        yield "RLS908", bridge.id, f"it, or an article it belongs to, is near {between}, so it is left out"
    for leak in leaks(articles, division.splits, near):
        yield "RLS909", leak.id, _told(leak, "")
    for folder in settings.against:
        for leak in leaks_against(articles, division.splits, released_candidates(folder, settings), near):
            yield "RLS909", leak.id, _told(leak, f" of {folder.parent.name} {folder.name}")
    for article, own in sorted(division.overruled.items()):
        yield "RLS910", article, f"the article says {own}, and the lock has it in {division.splits[article]}"
    for article, other, layers in conflicts(articles, division.splits):
        yield "RLS911", article, f"the text is that of article '{other}', and {', '.join(layers)} are not"


def _told(leak: Leak, where: str) -> str:
    return (
        f"{leak.what} that of article '{leak.other}'{where}, in split {leak.other_split} and this one in {leak.split}"
    )
