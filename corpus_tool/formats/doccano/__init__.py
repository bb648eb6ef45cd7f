"""doccano: JSONL of its text projects to articles, and back.

A list that is there and empty counts as annotated and nothing found; doccano writes one also for texts that nobody has
seen, unless only approved documents are exported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from corpus_tool.decoding import decode
from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.doccano.dialects import said_in
from corpus_tool.formats.doccano.draft import start_reading
from corpus_tool.formats.doccano.label_names import inventory_beside, is_of_labels
from corpus_tool.formats.doccano.members import of_one_project, records_of_all
from corpus_tool.formats.doccano.reading import read_records
from corpus_tool.formats.doccano.records import MALFORMED, records_of
from corpus_tool.formats.doccano.writing import record_of
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

FILE = "articles.jsonl"
_UTF8 = ("IO001", "text-is-utf8")


def looks_like(name: str, head: bytes) -> bool:
    """Whether its first line is a record with spans, or a list of comments, as doccano writes them."""
    line, end, _ = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    if not end and len(head) >= 65_536:
        return False
    value = decode(line.strip()) if name.lower().endswith(".jsonl") and line.startswith(b"{") else None
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return False
    said = said_in(value)
    return (said.spans is not None or isinstance(value.get("Comments"), list)) and not said.unreadable


ABOUT = About(
    title="doccano JSONL",
    unit=Unit.CODE_POINTS,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "entities": WHOLLY,
        "overlaps": WHOLLY,
        "relations": partly("those between entities of one piece"),
        "coreference": partly("chains of entities of one piece, where the inventory names their label"),
        "labels": partly("once a text; the axis where the inventory names it"),
        "notes": partly("not what they are about"),
        "provenance": partly("who, of entities and relations; models come back as people"),
        "empty": partly("of entities, relations and labels"),
        "ids": partly("of entities and relations, where they are a letter and a number"),
    },
    looks_like=looks_like,
)


@dataclass(frozen=True, slots=True)
class DoccanoImporter:
    """Reads exports, a record at a time."""

    name: str = "doccano"
    suffixes: tuple[str, ...] = (".jsonl", ".json")
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The articles of one export, in its order; losses of all its records come with the last.

        A file of labels that lies among the exports is none. Files of the same texts by several members are one export,
        which the first of them stands for.
        """
        files = () if is_of_labels(source.path) else of_one_project(source) or (source,)
        if not files or source.path != files[0].path:
            return
        reading = start_reading(files, inventory)
        before: Imported | None = None
        for each in read_records(reading, records_of_all(files) if len(files) > 1 else records_of(source)):
            if before is not None:
                yield before
            before = each
        if before is None:
            at = Location(source.path, article=source.id)
            before = Imported(source.path, None, (Finding(*MALFORMED, Severity.ERROR, at, "the file has no records"),))
        yield replace(before, losses=reading.losses.taken())

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """The labels of the project, where `label_config.json` or `NAME.labels.json` lies beside."""
        return inventory_beside(list(paths))


@dataclass(frozen=True, slots=True)
class DoccanoExporter:
    """Writes all articles as records of `articles.jsonl`, in the dialect of projects with relations."""

    name: str = "doccano"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the file into the folder; StoreError where the disk refuses, or where it is there already."""
        losses = Tally()
        try:
            output.mkdir(parents=True, exist_ok=True)
            with (output / FILE).open("xb") as stream:
                for article in articles:
                    try:
                        line = orjson.dumps(record_of(article, inventory, losses))
                    except TypeError as error:
                        message = f"it has what JSON cannot hold: {error}"
                        at = Location(str(output), article=article["id"])
                        yield Finding(*_UTF8, Severity.ERROR, at, message)
                        continue
                    stream.write(line + b"\n")
        except OSError as error:
            raise StoreError(f"cannot write {error.filename or output}: {error.strerror}") from error
        yield from losses


IMPORTER = DoccanoImporter()
EXPORTER = DoccanoExporter()
