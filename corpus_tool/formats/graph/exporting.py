"""Formats of JSON with one document an article: files in a folder, named by the ids of the articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import About, Article, Loss
from corpus_tool.formats.file_writing import disk, write_files
from corpus_tool.formats.graph.draft import NOT_UTF8
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

Write = Callable[[Article, Tally], Mapping[str, bytes]]
"""What an article becomes: suffixes and contents; what they cannot hold is counted."""


def as_document(value: object) -> bytes:
    """A document as it is written. Raises JSONEncodeError (a TypeError) for what JSON cannot hold."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"


@dataclass(frozen=True, slots=True)
class DocumentExporter:
    """Writes a document an article, and what belongs beside it."""

    name: str
    suffix: str
    about: About
    files: Write

    def write(
        self,
        articles: Iterable[Article],
        output: Path,
        inventory: Inventory | None,  # noqa: ARG002 (the protocol)
    ) -> Iterator[Loss | Finding]:
        """Write the folder; an article whose id names no place of its own in it is a Finding.

        Raises StoreError where the disk refuses.
        """
        losses, names = Tally(), SafeNames(self.suffix)
        with disk(output):
            output.mkdir(parents=True, exist_ok=True)
        for article in articles:
            try:
                contents = self.files(article, losses)
            except (TypeError, UnicodeEncodeError) as error:
                at = Location(str(output), article=article["id"])
                yield Finding(*NOT_UTF8, Severity.ERROR, at, f"not text that UTF-8 can hold: {error}")
                continue
            refused = write_files(output, article["id"], contents, names)
            if refused is not None:
                yield refused
        yield from losses
