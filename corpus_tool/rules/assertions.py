"""COL805: what a corpus says of its own counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus_tool.index import Entry
from corpus_tool.rules import CORPUS, Remark, Skipped, rule

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.index import CorpusIndex


@rule("COL805", on=CORPUS, message="{detail}")
def corpus_is_as_asserted(index: CorpusIndex, contract: Contract) -> Iterator[Skipped | Remark]:
    """Every `[[assertions]]` of `corpus.toml` holds: so many rows of a table, over the corpus, answer a condition.

    It tells of what no single article shows: half of the annotations gone, a label that nobody uses any more. Mend the
    corpus, or the number where the change was meant. An assertion that compares the corpus with its last release is
    not checked while there is none.
    """
    for assertion in () if contract.problems else contract.policy.assertions:
        if assertion.unchecked:
            yield Skipped(1)
            continue
        problem = assertion.problem(index.asserted[assertion.number])
        if problem is not None:
            yield Remark(Entry("", assertion.path, assertion.line, "", b""), problem, "", assertion.severity)
