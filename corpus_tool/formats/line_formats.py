"""Formats of lines: read as a stream, and written as one file an article or as one of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from corpus_tool.findings import Finding
from corpus_tool.formats import About, Article, Imported, Loss, Source
from corpus_tool.formats.file_writing import disk, encoded, write_article
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

Read = Callable[[Source, BinaryIO], Iterator[Imported]]
"""The articles of a source by its bytes, each when it has been read to its end."""
Write = Callable[[Article, Tally], str]
"""The lines of an article; what they cannot hold is counted."""


@dataclass(frozen=True, slots=True)
class LineImporter:
    """Reads files of any size, one article at a time; such a format has no place for an inventory."""

    name: str
    suffixes: tuple[str, ...]
    about: About
    articles: Read

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 (the protocol)
        """The articles of a file, in its order."""
        with source.stream() as stream:
            yield from self.articles(source, stream)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:  # noqa: ARG002 (the protocol)
        """None: there is none."""
        return None


@dataclass(frozen=True, slots=True)
class FileEachExporter:
    """Writes one file an article into a folder, named by its id."""

    name: str
    suffix: str
    about: About
    lines: Write

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
        tally, names = Tally(), SafeNames(self.suffix)
        with disk(output):
            output.mkdir(parents=True, exist_ok=True)
        for article in articles:
            refused = write_article(output, article["id"], self.suffix, self.lines(article, tally), names)
            if refused is not None:
                yield refused
        yield from tally


@dataclass(frozen=True, slots=True)
class OneFileExporter:
    """Writes all articles to one file in a folder, under a `header`, with a blank line between them."""

    name: str
    file: str
    about: About
    lines: Write
    header: str = ""

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
            stream = (output / self.file).open("xb")
        with stream:
            with disk(output):
                stream.write(self.header.encode())
            begun = False
            for article in articles:
                data = encoded(self.lines(article, tally), article["id"], output)
                if isinstance(data, Finding):
                    yield data
                    continue
                with disk(output):
                    stream.write(b"\n" * begun + data)
                begun = True
        yield from tally
