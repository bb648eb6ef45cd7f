"""Articles to files of a CAS, one or two an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import About, Article, Loss
from corpus_tool.formats.cas.beyond import beside, within
from corpus_tool.formats.cas.document_writing import UnwritableError, write_document
from corpus_tool.formats.cas.noted import MALFORMED, NOT_UTF8
from corpus_tool.formats.cas.structures import Cas
from corpus_tool.formats.file_writing import write_files
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers import from_article
from corpus_tool.inventory import Inventory

Files = Callable[[Cas], Mapping[str, bytes]]
"""What an article becomes: suffixes and contents."""


@dataclass(frozen=True, slots=True)
class CasExporter:
    """Writes one CAS an article into a folder, as one or several files that differ in their suffix."""

    name: str
    about: About
    files: Files
    suffix: str

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the folder; files that are there already are never replaced.

        An article whose id names no place of its own inside the folder, or that has characters no such file can hold,
        is a Finding and not written. Raises StoreError where the disk refuses.
        """
        del inventory
        lost, names = Tally(), SafeNames(self.suffix)
        for article in articles:
            finding = self._write(article, output, lost, names)
            if finding is not None:
                yield finding
        yield from lost

    def _write(self, article: Article, output: Path, lost: Tally, names: SafeNames) -> Finding | None:
        at = Location(str(output), article=article["id"])
        try:
            document = from_article(within(article), lost)
            files = self.files(write_document(document, beside(article)))
        except UnwritableError as error:
            return Finding(*MALFORMED, Severity.ERROR, at, str(error))
        except UnicodeEncodeError as error:
            return Finding(*NOT_UTF8, Severity.ERROR, at, f"not text that UTF-8 can hold: {error.reason}")
        return write_files(output, article["id"], files, names)
