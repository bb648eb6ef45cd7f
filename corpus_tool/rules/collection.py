"""COL: the corpus as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus_tool.rules import CORPUS, WARNING, Bad, rule

if TYPE_CHECKING:
    from corpus_tool.index import CorpusIndex, Entry


def _where(entry: Entry) -> str:
    return f"{entry.path}:{entry.line}" if entry.line else entry.path


@rule("COL801", on=CORPUS, message="{detail}", point="id", bad=[Bad(corpus=({"/text": "Another text."},), at="/id")])
def article_id_is_unique(index: CorpusIndex) -> Iterator[tuple[Entry, str]]:
    """No two articles of a corpus have the same id.

    A release, a split and a difference name articles by id. Rename one, or drop it if it is the same article twice.
    """
    for entry, first in index.duplicates():
        yield entry, f"the id '{entry.id}' is that of {_where(first)}"


@rule("COL802", on=CORPUS, severity=WARNING, message="{detail}", point="text", bad=[
    Bad(corpus=({"/id": "example-2"},), at="/text"),
])  # fmt: skip
def text_is_unique(index: CorpusIndex) -> Iterator[tuple[Entry, str]]:
    """No two articles have the same text.

    The same text in train and test makes a score look better than it is; with different annotations it is a
    contradiction. Drop one.
    """
    for entry, first in index.same_text():
        apart = f", in split {first.split} and this one in {entry.split}" if entry.split != first.split else ""
        yield entry, f"the text is that of article '{first.id}' at {_where(first)}{apart}"
