"""PubAnnotation JSON: denotations, blocks, relations and attributes on a text, of one project or of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path

import orjson

from corpus_tool.disk import store_errors
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.graph.draft import MALFORMED, NOT_UTF8, refused
from corpus_tool.formats.graph.one_each import write_files
from corpus_tool.formats.graph.places import JsonFile
from corpus_tool.formats.json_values import read_value
from corpus_tool.formats.pubannotation.reading import read_document
from corpus_tool.formats.pubannotation.writing import write_document
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.tally import Tally
from corpus_tool.inventory import Inventory

_KEPT = (
    "id", "text", "passages", "sentences", "tokens", "words", "entities", "fragments", "overlaps", "attributes",
    "links", "relations", "events", "quotations", "coreference", "labels", "notes", "confidence", "ids",
)  # fmt: skip
_LINES = (".jsonl", ".ndjson")


def _looks_like(_: str, head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n[")[:1] == b"{"
    return start and b'"text"' in head and b'"denotations"' in head and b'"span"' in head and b'"obj"' in head


ABOUT = About(
    "PubAnnotation JSON",
    Unit.CODE_POINTS,
    dict.fromkeys(_KEPT, WHOLLY)
    | {
        "metadata": partly("the address of the source"),
        "provenance": partly("the name: whoever it was comes back as a human annotator"),
        "empty": partly("entities and relations"),
    },
    looks_like=_looks_like,
)


class PubAnnotationImporter:
    """Reads documents: one in a file, a list of them (divisions), or one a line."""

    name = "pubannotation"
    suffixes = (".json", *_LINES)
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """One article a document; lines are read one at a time."""
        if source.path.lower().removesuffix(".gz").removesuffix(".zst").endswith(_LINES):
            yield from _lines(source, inventory)
            return
        data = source.read(None) or b""
        value = read_value(data, source.path, source.id)
        if isinstance(value, Finding):
            yield Imported(source.path, None, (value,))
        elif not isinstance(value, list):
            yield read_document(value, "", source.path, source.id, inventory, JsonFile(data).places(""))
        else:
            if not value:
                yield refused(source.path, source.id, MALFORMED, "the list has no document in it")
            file = JsonFile(data)
            for number, document in enumerate(value):
                name = f"{source.id}-{number + 1:04}"
                yield read_document(document, f"/{number}", source.path, name, inventory, file.places(f"/{number}"))

    def inventory(self, _: Sequence[Path]) -> Inventory | None:
        """PubAnnotation has none."""
        return None


def _lines(source: Source, inventory: Inventory | None) -> Iterator[Imported]:
    numbers = count(1)
    with source.stream() as stream:
        for line, ended in enumerate(stream, 1):
            data = ended.rstrip(b"\r\n")
            if not data.strip():
                continue
            name = f"{source.id}-{next(numbers):04}"
            value = read_value(data, source.path, name, line)
            if isinstance(value, Finding):
                yield Imported(source.path, None, (value,))
            else:
                yield read_document(value, "", source.path, name, inventory, JsonFile(data, line).places(""))


class PubAnnotationExporter:
    """Writes `ID.json`, one an article."""

    name = "pubannotation"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, _: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the folder; an article whose id names no place of its own in it is a Finding.

        Raises StoreError where the disk refuses.
        """
        losses, names = Tally(), SafeNames(".json")
        with store_errors(output):
            output.mkdir(parents=True, exist_ok=True)
        for article in articles:
            try:
                content = orjson.dumps(write_document(article, losses), option=orjson.OPT_INDENT_2)
            except (orjson.JSONEncodeError, TypeError) as error:
                at = Location(str(output), article=article["id"])
                yield Finding(*NOT_UTF8, Severity.ERROR, at, f"not text that UTF-8 can hold: {error}")
                continue
            finding = write_files(output, article["id"], {".json": content + b"\n"}, names)
            if finding is not None:
                yield finding
        yield from losses


IMPORTER = PubAnnotationImporter()
EXPORTER = PubAnnotationExporter()
