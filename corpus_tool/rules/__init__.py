"""The rules: what must hold beyond the schema, each in one place with its documentation and examples."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpus_tool import plugins
from corpus_tool.errors import SettingsError
from corpus_tool.rule import BYTES as BYTES
from corpus_tool.rule import CORPUS as CORPUS
from corpus_tool.rule import ERROR as ERROR
from corpus_tool.rule import INFO as INFO
from corpus_tool.rule import RELEASE as RELEASE
from corpus_tool.rule import ROWS as ROWS
from corpus_tool.rule import SCHEMA as SCHEMA
from corpus_tool.rule import SOURCE as SOURCE
from corpus_tool.rule import TABLES as TABLES
from corpus_tool.rule import WARNING as WARNING
from corpus_tool.rule import Bad as Bad
from corpus_tool.rule import Case as Case
from corpus_tool.rule import Hit as Hit
from corpus_tool.rule import Mend as Mend
from corpus_tool.rule import Remark as Remark
from corpus_tool.rule import Rule as Rule
from corpus_tool.rule import Safety as Safety
from corpus_tool.rule import Skipped as Skipped
from corpus_tool.tables import ANNOTATIONS as ANNOTATIONS
from corpus_tool.tables import ARTICLES as ARTICLES
from corpus_tool.tables import ATTRIBUTES as ATTRIBUTES
from corpus_tool.tables import REFERENCES as REFERENCES
from corpus_tool.tables import SPANS as SPANS
from corpus_tool.versions import is_newer
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.findings import Finding, Severity

FAMILIES = (
    "bytes", "schema", "text", "slips", "spans", "segments", "references", "labels", "doublings", "relations",
    "cardinality", "repeats", "triggers", "chains", "mentions", "quotations", "metadata", "provenance", "coverage",
    "personal", "collection", "assertions", "release",
)  # fmt: skip

_registry: dict[str, Rule] = {}


def rule(  # noqa: PLR0913 (each is a part of a rule)
    code: str, *, on: str, message: str, severity: Severity = ERROR, since: str = "", point: str | None = None,
    needs: tuple[str, ...] = (), fix: Mend | None = None, fixes: tuple[Safety, ...] = (),
    bad: Iterable[Bad] = (), good: Iterable[Mapping[str, Any]] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """Register a rule: the function's name becomes its name, the docstring its documentation.

    `message` is formatted with the columns of the row; `point` names the part of the row the finding points at;
    `needs` are rules on the same table without which a row is not checked; `since` is the version that brought it:
    where it is not said the tool's first, or of a plug-in the one installed.
    """

    def register(check: Callable[..., Any]) -> Callable[..., Any]:
        if code in _registry and _registry[code].check is not check:
            raise ValueError(f"{code} is taken by {_registry[code].name}")
        name = check.__name__.replace("_", "-")
        doc = inspect.getdoc(check) or ""
        first = since or plugins.first_version(check)
        _registry[code] = Rule(
            code, name, on, severity, first, message, doc, check, point, needs, fix, fixes, tuple(bad), tuple(good)
        )
        all_rules.cache_clear()
        return check

    return register


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by code, sorted: the tool's own, and those of plug-ins that are installed.

    Raises CorpusError where a plug-in cannot be loaded, or registers what it may not.
    """
    for family in FAMILIES:
        import_module(f"corpus_tool.rules.{family}")
    plugins.load()
    return dict(sorted(plugins.credited(_registry, families()).items()))


def families() -> frozenset[str]:
    """The beginnings of the tool's own codes, which nobody else may use."""
    own = [rule.code for rule in _registry.values() if plugins.is_built_in(rule)]
    return frozenset(code.rstrip("0123456789") for code in own)


def find_rule(code: str, own: Iterable[Rule] = ()) -> Rule:
    """The rule of that code or name; SettingsError with a suggestion where there is none.

    `own` are those of a corpus.
    """
    rules = {**all_rules(), **{rule.code: rule for rule in own}}
    found = rules.get(code.upper()) or next((rule for rule in rules.values() if rule.name == code), None)
    if found is None:
        known = [*rules, *(rule.name for rule in rules.values())]
        raise SettingsError(f"no rule '{code[:60]}'{did_you_mean(code.upper(), known) or did_you_mean(code, known)}")
    return found


def selected(
    select: Iterable[str], ignore: Iterable[str], target_version: str | None = None, own: tuple[Rule, ...] = ()
) -> frozenset[str]:
    """Codes of the rules that run: `select` and `ignore` are codes, names, or beginnings of codes (`SPN`).

    With a `target_version` only those that this version had; `own` rules of a corpus, and those of plug-ins, count
    versions of their own. Raises SettingsError where a rule is unknown, and where none is left.
    """
    chosen = codes_of(select, own) or frozenset([*all_rules(), *(rule.code for rule in own)])
    tools = [rule for rule in all_rules().values() if not rule.origin]
    later = {rule.code for rule in tools if target_version and is_newer(rule.since, target_version)}
    left = chosen - codes_of(ignore, own) - later
    if not left:
        raise SettingsError("no rule is left to run: what is selected is ignored, or newer than the target version")
    return left


def codes_of(patterns: Iterable[str], own: tuple[Rule, ...] = ()) -> frozenset[str]:
    """The codes that codes, names and beginnings of codes mean."""
    known = [*all_rules(), *(rule.code for rule in own)]
    codes: set[str] = set()
    for pattern in patterns:
        matches = {code for code in known if pattern and code.startswith(pattern.upper())}
        codes |= matches or {find_rule(pattern, own).code}
    return frozenset(codes)


def named(finding: Finding) -> Finding:
    """A finding of an importer or of a release, under the name that the registry has for its code."""
    return replace(finding, name=all_rules()[finding.code].name)
