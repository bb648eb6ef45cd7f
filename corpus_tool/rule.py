"""What a rule is, what it finds, and the examples it is shown and tested by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from corpus_tool.findings import Fix, Severity
from corpus_tool.tables import ANNOTATIONS, ARTICLES, ATTRIBUTES, REFERENCES, SPANS

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.index import Entry
    from corpus_tool.tables import Tables

BYTES, SCHEMA, TABLES, CORPUS, SOURCE, RELEASE = "bytes", "schema", "tables", "corpus", "source", "release"
ROWS = (ARTICLES, ANNOTATIONS, SPANS, REFERENCES, ATTRIBUTES)
MOST_PER_BLOCK = 1000
"""So many findings of a rule are kept of one block; all are counted."""

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, slots=True)
class Bad:
    """An example where the rule does not hold: the example article with values put at pointers (`drop` removed).

    `at` is the pointer the finding must have. `raw` is the whole file instead, for rules about bytes; `corpus` are
    further articles, each a mapping of values put into the example article, for rules about a corpus.
    """

    put: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    drop: tuple[str, ...] = ()
    raw: bytes | None = None
    corpus: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of a table that a rule found; the message is the rule's unless one is given.

    `span` is the piece of the text it is about (code points), where that is not what the row covers.
    """

    table: str
    row: dict[str, Any]
    message: str | None = None
    fix: Fix | None = None
    point: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule on the corpus says of an article, or of what `entry` stands for.

    `pointer` is where in it, the place the rule is about where None; `severity` that of the rule where None.
    """

    entry: Entry
    detail: str
    pointer: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """So many rows that a rule on `tables` could not look at, because what it needs does not hold there."""

    number: int


@dataclass(frozen=True, slots=True)
class Case:
    """A hit together with what a fix is made from: its block, the contract, and the article as it was read."""

    tables: Tables
    contract: Contract
    hit: Hit
    article: Any

    @property
    def row(self) -> dict[str, Any]:
        return self.hit.row


Mend = Callable[[Case], Fix | None]
Safety = Literal["safe", "unsafe"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `on` says what it is about. Rules on a table are functions of the contract that return the Polars expression which
    must hold for every row (null is a breach), or None where the corpus has nothing it applies to. Rules on `tables`
    take the tables of a block and the contract and yield Hits (and Skipped, for rows they could not look at); rules
    on `corpus` take the index and the contract and yield Remarks. Rules on bytes, schema, source and release are found
    where those are read; the function holds their documentation. `fix` is asked for each hit that is kept; `fixes`
    says how safe its fixes are, though some findings may have none.
    """

    code: str
    name: str
    on: str
    severity: Severity
    since: str
    message: str
    doc: str
    check: Callable[..., Any]
    point: str | None = None
    needs: tuple[str, ...] = ()
    fix: Mend | None = None
    fixes: tuple[Safety, ...] = ()
    bad: tuple[Bad, ...] = ()
    good: tuple[Mapping[str, Any], ...] = ()
    origin: str = ""
    """What the rule comes from: a plug-in and its version, or corpus.toml; empty for the tool's own."""
