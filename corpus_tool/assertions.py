"""What a corpus says of its own counts: `[[assertions]]` of `corpus.toml`, counted block by block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Severity

if TYPE_CHECKING:
    from corpus_tool.conditions import Columns
    from corpus_tool.config import Config
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

MAX_ASSERTIONS = 200
LAST = "as in the last release"
_INTERVAL = re.compile(r"([0-9]{1,15})?\.\.([0-9]{1,15})?")
Released = Callable[[], "tuple[Contract, Iterable[Tables]] | None"]
"""Contract and tables of the last release; None where there is none."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """So many rows answer a condition: at least `least`, at most `most` (None: no limit).

    `unchecked` says why it cannot be looked at; `path` and `line` are its place in `corpus.toml`.
    """

    number: int
    name: str
    table: str
    path: str
    line: int | None = None
    condition: bytes = field(default=b"", repr=False)
    least: int | None = None
    most: int | None = None
    severity: Severity | None = None
    message: str | None = None
    unchecked: str = ""

    def problem(self, found: int) -> str | None:
        """What is wrong with a count; None where it is as it should be."""
        if (self.least is None or found >= self.least) and (self.most is None or found <= self.most):
            return None
        return f"{self.message or self.name}: {found:,} found, {self.expected} expected"

    @property
    def expected(self) -> str:
        if self.least == self.most:
            return f"{self.least:,}"
        if self.least is None:
            return f"at most {self.most:,}"
        return f"at least {self.least:,}" if self.most is None else f"{self.least:,} to {self.most:,}"


def assertions(config: Config, contract: Contract, released: Released = lambda: None) -> tuple[Assertion, ...]:
    """The assertions that a `corpus.toml` states; SettingsError with the place where one is not admitted.

    `released` is asked only where one compares the corpus with its last release.
    """
    if not config.assertions:
        return ()
    from corpus_tool.conditions import columns_of

    if len(config.assertions) > MAX_ASSERTIONS:
        problem = f"{len(config.assertions)} assertions, where {MAX_ASSERTIONS} are the most"
        raise SettingsError(problem, f"{config.path}.assertions")
    columns = {} if contract.problems else columns_of(contract)
    lines = _lines(config)
    made = []
    for number, said in enumerate(config.assertions):
        place = f"{config.path}.assertions[{number}]"
        least, most = _limits(said["count"], f"{place}.count")
        one = _read(number, said, contract, columns, place)
        made.append(replace(one, path=str(config.path), line=lines.get(number), least=least, most=most))
    last = [one for one in made if config.assertions[one.number]["count"] == LAST]
    if not last or contract.problems:
        return tuple(made)
    compared = _compared(last, config, released())
    return tuple(compared.get(one.number, one) for one in made)


def count(tables: Tables, stated: Iterable[Assertion]) -> Counter[int]:
    """The rows of a block that answer each assertion, by its number; null is no answer."""
    return Counter({one.number: _answers(tables, one) for one in stated})


def _answers(tables: Tables, one: Assertion) -> int:
    from corpus_tool.conditions import restored

    frame = tables.layered(one.table)
    return frame.filter(restored(one.condition)).height if one.condition else frame.height


def _read(
    number: int, said: Mapping[str, Any], contract: Contract, columns: Mapping[str, Columns], place: str
) -> Assertion:
    from corpus_tool.conditions import read_condition, read_scope, stored

    where = said.get("where")
    name = said.get("name") or f"{said['on']}{f' where {where}' if where else ''}"[:200]
    scope = read_scope(said["on"], contract, f"{place}.on")
    condition = scope.holds()
    if where is not None and columns:
        asked = read_condition(where, columns[scope.table], f"{place}.where", name[:40])
        condition = asked if condition is None else condition & asked
    severity = Severity[said["severity"].upper()] if "severity" in said else None
    message = said["message"][:500] if "message" in said else None
    data = b"" if condition is None else stored(condition)
    return Assertion(number, name, scope.table, "", None, data, severity=severity, message=message)


def _limits(said: int | str, place: str) -> tuple[int | None, int | None]:
    if isinstance(said, int):
        return said, said
    if said == LAST:
        return None, None
    found = _INTERVAL.fullmatch(said)
    if found is None or said == "..":
        raise SettingsError(f"'{said[:40]}' is no count: a number, '10..', '..5', '10..20' or '{LAST}'", place)
    least, most = (None if part is None else int(part) for part in found.groups())
    if least is not None and most is not None and least > most:
        raise SettingsError(f"'{said}' has no number in it", place)
    return least, most


def _compared(
    last: list[Assertion], config: Config, released: tuple[Contract, Iterable[Tables]] | None
) -> dict[int, Assertion]:
    """The assertions with the counts of the last release, by number."""
    if released is None:
        reason = "no release" if config.releases else "corpus.toml names no releases"
        return {one.number: replace(one, unchecked=reason) for one in last}
    from corpus_tool.conditions import columns_of

    contract, blocks = released
    columns = columns_of(contract)
    asked: dict[int, Assertion] = {}
    unchecked: dict[int, Assertion] = {}
    for one in last:
        try:
            asked[one.number] = _read(one.number, config.assertions[one.number], contract, columns, "the last release")
        except SettingsError as error:
            unchecked[one.number] = replace(one, unchecked=error.message)
    total: Counter[int] = Counter()
    for tables in blocks if asked else ():
        total.update(count(tables, asked.values()))
    exact = {one.number: replace(one, least=total[one.number], most=total[one.number]) for one in last}
    return exact | unchecked


def _lines(config: Config) -> dict[int, int]:
    """The lines of the `[[assertions]]` headers, by number: what reads TOML keeps no places."""
    try:
        text = config.path.read_text("utf-8") if config.path else ""
    except (OSError, ValueError):
        return {}
    heads = [at for at, line in enumerate(text.split("\n"), 1) if re.match(r"\s*\[\[\s*assertions\s*\]\]", line)]
    return dict(enumerate(heads)) if len(heads) == len(config.assertions) else {}
