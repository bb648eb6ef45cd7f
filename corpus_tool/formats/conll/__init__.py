"""Columns of words and tags (CoNLL-2003; IOB1, IOB2, IOBES) to articles, and back.

The first column is the word and the last one that holds tags is the tag; a comment `# global.columns = FORM POS NE`
says otherwise. Articles begin at `-DOCSTART-` or `# newdoc id = …`; a file without either is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.conll.columns import looks_like
from corpus_tool.formats.conll.files import disk, write_article
from corpus_tool.formats.conll.reading import Reading
from corpus_tool.formats.conll.writing import write
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.findings import Finding
    from corpus_tool.inventory import Inventory

ABOUT = About(
    title="IOB tags in columns, CoNLL-2003",
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
        "coverage": partly("entities, complete, by one annotator"),
        "empty": partly("entities"),
    },
    looks_like=looks_like,
)


class ConllImporter:
    """Reads columns of words and tags, as a stream."""

    name = "conll"
    suffixes = (".conll", ".iob", ".iob2", ".bio", ".txt", ".tsv")
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 (the protocol)
        """The articles of a file, each when it has been read to its end."""
        with source.stream() as stream:
            yield from Reading(source.path, source.id).read(stream)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:  # noqa: ARG002 (the protocol)
        """None: the format has no place for one."""
        return None


class ConllExporter:
    """Writes one file an article into a folder, in IOB2."""

    name = "conll"
    about = ABOUT

    def write(
        self,
        articles: Iterable[Article],
        output: Path,
        inventory: Inventory | None,  # noqa: ARG002 (the protocol)
    ) -> Iterator[Loss | Finding]:
        """Write the folder; files that are there already are never replaced.

        An article whose id names no place of its own inside the folder is a Finding and not written. Raises StoreError
        where the disk refuses.
        """
        tally, names = Tally(), SafeNames(".conll")
        with disk(output):
            output.mkdir(parents=True, exist_ok=True)
        for article in articles:
            refused = write_article(output, article["id"], ".conll", write(article, tally), names)
            if refused is not None:
                yield refused
        yield from tally


IMPORTER = ConllImporter()
EXPORTER = ConllExporter()
