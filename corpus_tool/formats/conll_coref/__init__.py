"""Coreference in brackets: CoNLL-2012, and the same with types and names of entities (GUM).

Clusters of one mention are entities that are in no chain. A name behind a cluster is a link to Wikipedia.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.conll.files import disk, encoded, refusal
from corpus_tool.formats.conll.troubles import ENCODING
from corpus_tool.formats.conll_coref.reading import Reading
from corpus_tool.formats.conll_coref.writing import write
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.findings import Finding
    from corpus_tool.inventory import Inventory

FILE = "articles.conll"
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*#\s?begin document\b")


def looks_like(_: str, head: bytes) -> bool:
    """Whether a line that begins a document stands first."""
    return _BEGIN.match(head) is not None


ABOUT = About(
    title="CoNLL coreference",
    unit=Unit.TOKENS,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "sentences": WHOLLY,
        "tokens": WHOLLY,
        "entities": WHOLLY,
        "overlaps": WHOLLY,
        "links": partly("one a mention, to wikipedia or wikidata"),
        "coreference": partly("chains of kind identity, of two mentions in one piece and more"),
        "coverage": partly("entities and coreference, complete, by one annotator"),
        "empty": partly("entities and coreference"),
        "ids": partly("of chains, where they are C and a number"),
    },
    looks_like=looks_like,
)


class ConllCorefImporter:
    """Reads documents of CoNLL coreference, as a stream."""

    name = "conll-coref"
    suffixes = (".conll", ".v4_gold_conll", ".v4_auto_conll", ".gold_conll", ".auto_conll")
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 (the protocol)
        """The documents of a file, each when it has been read to its end."""
        with source.stream() as stream:
            yield from Reading(source.path, source.id).read(stream)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:  # noqa: ARG002 (the protocol)
        """None: the format has no place for one."""
        return None


class ConllCorefExporter:
    """Writes all articles to one file in a folder."""

    name = "conll-coref"
    about = ABOUT

    def write(
        self,
        articles: Iterable[Article],
        output: Path,
        inventory: Inventory | None,  # noqa: ARG002 (the protocol)
    ) -> Iterator[Loss | Finding]:
        """Write the file, which is not there yet; StoreError where the disk refuses."""
        tally = Tally()
        with disk(output):
            output.mkdir(parents=True, exist_ok=True)
            stream = (output / FILE).open("xb")
        with stream:
            for article in articles:
                data = encoded(write(article, tally))
                if data is None:
                    yield refusal(ENCODING, output, article["id"], "its text is not one that UTF-8 can hold")
                    continue
                with disk(output):
                    stream.write(data + b"\n")
        yield from tally


IMPORTER = ConllCorefImporter()
EXPORTER = ConllCorefExporter()
