"""BioC: collections of documents with stand-off annotations and relations, in XML and in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from corpus_tool.disk import store_errors
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Place, Source, Unit
from corpus_tool.formats.bioc import output as written
from corpus_tool.formats.bioc.elements import Broken, Element
from corpus_tool.formats.bioc.json_source import documents
from corpus_tool.formats.bioc.reading import read_document
from corpus_tool.formats.bioc.writing import write_document
from corpus_tool.formats.bioc.xml_source import read_xml
from corpus_tool.formats.fidelity import ASPECTS
from corpus_tool.formats.graph.draft import MALFORMED, NOT_UTF8, At, refused
from corpus_tool.formats.graph.places import JsonFile
from corpus_tool.formats.json_values import read_value
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.whole_files import read_whole
from corpus_tool.inventory import Inventory

_FIDELITY = dict.fromkeys(ASPECTS, WHOLLY)


def _looks_like_xml(_: str, head: bytes) -> bool:
    return b"<collection" in head and (b"BioC.dtd" in head or (b"<passage" in head and b"<offset" in head))


def _looks_like_json(_: str, head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n[")[:1] == b"{" and all(
        name in head for name in (b'"documents"', b'"passages"', b'"infons"', b'"offset"')
    )


def _same(at: Mapping[str, At]) -> dict[str, Place]:
    return {pointer: place for pointer, place in at.items() if not isinstance(place, str)}


class BioCImporter:
    """Reads BioC XML: one article a document."""

    name = "bioc"
    suffixes = (".xml",)
    about = About("BioC XML", Unit.CODE_POINTS, _FIDELITY, looks_like=_looks_like_xml)

    def read(self, source: Source, _: Inventory | None) -> Iterator[Imported]:
        """The articles of a collection as they are read; a file that breaks off keeps those before the break."""
        number = 0
        with source.stream() as stream:
            for piece in read_xml(stream):
                if isinstance(piece, Broken):
                    yield refused(source.path, source.id, piece.rule, piece.message, piece.place)
                    return
                number += 1
                yield read_document(piece, source.path, f"{source.id}-{number:04}", _same)
        if not number:
            yield refused(source.path, source.id, MALFORMED, "the collection has no document")

    def inventory(self, _: Sequence[Path]) -> Inventory | None:
        """BioC has none."""
        return None


class BioCJsonImporter(BioCImporter):
    """Reads BioC JSON: one article a document."""

    name = "bioc-json"
    suffixes = (".json",)
    about = About("BioC JSON", Unit.CODE_POINTS, _FIDELITY, looks_like=_looks_like_json)

    def read(self, source: Source, _: Inventory | None) -> Iterator[Imported]:
        """The articles of a collection, a list of collections, or a document."""
        data = read_whole(source)
        value = data if isinstance(data, Finding) else read_value(data, source.path, source.id)
        if isinstance(data, Finding) or isinstance(value, Finding):
            yield Imported(source.path, None, (value,))
            return
        number, file = 0, JsonFile(data)
        for number, piece in enumerate(documents(value), 1):
            places = file.places(str(piece.document.at))
            yield read_document(piece, source.path, f"{source.id}-{number:04}", places)
        if not number:
            yield refused(source.path, source.id, MALFORMED, "not a collection of BioC: it has no 'documents'")


class BioCExporter:
    """Writes one collection, `articles.xml`."""

    name = "bioc"
    about = BioCImporter.about
    suffix = ".xml"

    def write(self, articles: Iterable[Article], output: Path, _: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the file as articles come; one with a character that XML has no way to write is a Finding.

        Raises StoreError where the disk refuses.
        """
        losses = Tally()
        with _opened(output, self.suffix) as stream:
            stream.write(self.head())
            between = b""
            for article in articles:
                made = self.document(write_document(article, losses), article, output)
                if isinstance(made, Finding):
                    yield made
                else:
                    stream.write(between + made)
                    between = self.between
            stream.write(self.foot())
        yield from losses

    between = b""

    def head(self) -> bytes:
        return written.XML_HEAD.encode()

    def foot(self) -> bytes:
        return written.XML_FOOT.encode()

    def document(self, element: Element, article: Article, output: Path) -> bytes | Finding:
        text = written.xml(element)
        found = written.not_in_xml(text)
        if found is not None:
            return _refusal(output, article, MALFORMED, f"XML has no way to write {found}: bioc-json has")
        return text.encode()


class BioCJsonExporter(BioCExporter):
    """Writes one collection, `articles.json`."""

    name = "bioc-json"
    about = BioCJsonImporter.about
    suffix = ".json"
    between = b",\n"

    def head(self) -> bytes:
        return written.JSON_HEAD.encode()

    def foot(self) -> bytes:
        return written.JSON_FOOT.encode()

    def document(self, element: Element, article: Article, output: Path) -> bytes | Finding:
        try:
            return written.as_json(element).encode()
        except UnicodeEncodeError as error:
            return _refusal(output, article, NOT_UTF8, f"not text that UTF-8 can hold: {error.reason}")


@contextmanager
def _opened(output: Path, suffix: str) -> Iterator[BinaryIO]:
    with store_errors(output):
        output.mkdir(parents=True, exist_ok=True)
        stream = (output / f"articles{suffix}").open("xb")
    with stream:
        yield stream


def _refusal(output: Path, article: Article, rule: tuple[str, str], message: str) -> Finding:
    return Finding(*rule, Severity.ERROR, Location(str(output), article=article["id"]), message)


IMPORTER = BioCImporter()
EXPORTER = BioCExporter()
JSON_IMPORTER = BioCJsonImporter()
JSON_EXPORTER = BioCJsonExporter()
