"""A corpus's own rules, without code: `[[rules]]` of `corpus.toml` as values like any other rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Severity
from corpus_tool.plugins import CODE
from corpus_tool.rules import Rule, all_rules, families
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from corpus_tool.conditions import Columns, Scope
    from corpus_tool.config import Config
    from corpus_tool.contract import Contract

MAX_RULES = 200
MAX_MESSAGE = 500
MAX_SHOWN = 80
"""Code points of a value that a message shows."""


@dataclass(frozen=True, slots=True)
class Must:
    """The check of a rule: what was written, and the condition it became (empty where the contract has no tables)."""

    text: str
    condition: bytes = field(default=b"", repr=False)

    def __call__(self, contract: Contract) -> pl.Expr | None:  # noqa: ARG002 (one shape of rule)
        from corpus_tool.conditions import restored

        return restored(self.condition) if self.condition else None


class Message(str):
    """A message whose values are cut: those of a hostile article may be of any length."""

    __slots__ = ()

    def format(self, *_: object, **row: Any) -> str:
        return super().format(**{name: _shown(value) for name, value in row.items()})


def team_rules(config: Config, contract: Contract) -> tuple[Rule, ...]:
    """The rules that a `corpus.toml` states; SettingsError with the place where one is not admitted."""
    if not config.rules:
        return ()
    from corpus_tool.conditions import columns_of

    if len(config.rules) > MAX_RULES:
        raise SettingsError(f"{len(config.rules)} rules, where {MAX_RULES} are the most", f"{config.path}.rules")
    columns = {} if contract.problems else columns_of(contract)
    rules: dict[str, Rule] = {}
    for number, said in enumerate(config.rules):
        place = f"{config.path}.rules[{number}]"
        code = said["code"]
        _check_code(code, rules, place)
        rules[code] = _read(said, contract, columns, place)
    _check_names(rules, f"{config.path}.rules")
    return tuple(rules.values())


def _read(said: Mapping[str, Any], contract: Contract, columns: Mapping[str, Columns], place: str) -> Rule:
    from corpus_tool.conditions import read_condition, read_scope

    code, must = said["code"], said["must"]
    scope = read_scope(said["on"], contract, f"{place}.on")
    condition = b""
    if columns:
        condition = _scoped(read_condition(must, columns[scope.table], f"{place}.must", code), scope)
        _check_message(said["message"], columns[scope.table], f"{place}.message", code)
    return Rule(
        code=code,
        name=said.get("name", code.lower()),
        on=scope.table,
        severity=Severity[said.get("severity", "error").upper()],
        since=said.get("since", ""),
        message=Message(said["message"]),
        doc="\n\n".join(filter(None, [said.get("description", ""), f"For every row of {said['on']}: {must}"])),
        check=Must(must, condition),
        origin="corpus.toml",
    )


def _scoped(must: pl.Expr, scope: Scope) -> bytes:
    """The condition for the rows of the scope; of the others nothing is asked, and null does not count there."""
    from corpus_tool.conditions import stored

    inside = scope.holds()
    return stored(must if inside is None else ~inside | must)


def _check_code(code: str, taken: Mapping[str, Rule], place: str) -> None:
    if not CODE.fullmatch(code):
        raise SettingsError(f"'{code[:20]}' is no code: three capitals and three digits", f"{place}.code")
    known = all_rules()
    if code[:3] in families():
        raise SettingsError(f"{code}: {code[:3]} is a family of corpus-tool's own; take another", f"{place}.code")
    if code in taken:
        raise SettingsError(f"{code} is there twice", f"{place}.code")
    if code in known:
        raise SettingsError(f"{code} is taken by {known[code].origin}", f"{place}.code")


def _check_names(rules: Mapping[str, Rule], place: str) -> None:
    taken = {rule.name: rule.code for rule in all_rules().values()}
    for rule in rules.values():
        if rule.name in taken:
            raise SettingsError(f"{rule.code}: the name '{rule.name}' is that of {taken[rule.name]}", place)
        taken[rule.name] = rule.code


def _check_message(message: str, columns: Columns, place: str, code: str) -> None:
    """In braces stand names of columns, and nothing that Python's format strings know besides."""
    from corpus_tool.conditions import usable

    if len(message) > MAX_MESSAGE:
        raise SettingsError(f"{code}: the message has {len(message):,} characters, {MAX_MESSAGE} are the most", place)
    for name in _fields(message, place, code):
        known = usable(columns)
        if name not in known:
            problem = f"'{{{name[:60]}}}' is no column{did_you_mean(name[:60], known)}"
            raise SettingsError(f"{code}: {problem} (write {{{{ and }}}} for braces)", place)


def _fields(message: str, place: str, code: str) -> Iterator[str]:
    try:
        for _, name, form, conversion in Formatter().parse(message):
            if name is not None:
                yield name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
    except ValueError as error:
        raise SettingsError(f"{code}: braces of the message do not match: {error}", place) from error


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
