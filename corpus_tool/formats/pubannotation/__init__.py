"""PubAnnotation JSON: denotations, blocks, relations and attributes on a text, of one project or of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from corpus_tool.findings import Finding
from corpus_tool.formats import WHOLLY, About, Article, Imported, Source, Unit, partly
from corpus_tool.formats.first_object import members
from corpus_tool.formats.graph.draft import MALFORMED, refused
from corpus_tool.formats.graph.exporting import DocumentExporter, as_document
from corpus_tool.formats.graph.places import JsonFile
from corpus_tool.formats.json_values import read_value
from corpus_tool.formats.pubannotation.reading import read_document
from corpus_tool.formats.pubannotation.writing import write_document
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.whole_files import read_whole
from corpus_tool.inventory import Inventory

_KEPT = (
    "id", "text", "passages", "sentences", "tokens", "words", "entities", "fragments", "overlaps", "attributes",
    "links", "relations", "events", "quotations", "coreference", "labels", "notes", "confidence", "ids",
)  # fmt: skip
_LINES = (".jsonl", ".ndjson")
_SIGNS = frozenset({"denotations", "sourceid", "sourcedb"})


def _looks_like(_: str, head: bytes) -> bool:
    """Whether its first object is a text with what only documents of PubAnnotation have."""
    text = head.decode(errors="replace").removeprefix("\ufeff").lstrip()
    if text[:1] not in {"{", "["}:
        return False
    found = dict(members(text, 2 if text[0] == "[" else 1))
    return found.get("text", "").startswith('"') and not _SIGNS.isdisjoint(found)


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
        data = read_whole(source)
        value = data if isinstance(data, Finding) else read_value(data, source.path, source.id)
        if isinstance(data, Finding) or isinstance(value, Finding):
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
            if not data or data.isspace():
                continue
            name = f"{source.id}-{next(numbers):04}"
            value = read_value(data, source.path, name, line)
            if isinstance(value, Finding):
                yield Imported(source.path, None, (value,))
            else:
                yield read_document(value, "", source.path, name, inventory, JsonFile(data, line).places(""))


def _files(article: Article, losses: Tally) -> dict[str, bytes]:
    return {".json": as_document(write_document(article, losses))}


IMPORTER = PubAnnotationImporter()
EXPORTER = DocumentExporter("pubannotation", ".json", ABOUT, _files)
