"""spaCy: DocBin (`.spacy`), and JSON as `Doc.to_json()` writes it.

Entities of one annotator that do not overlap are `doc.ents`; all of them the span group `sc` where some do. Entities of
others are groups such as `human:annotator-02/entities`; those of several pieces `fragments`, by the id of spans;
chains are `coref_clusters_1`, passages and quotations groups of that name. Relations are `doc._.rel` by the first
tokens of two entities; the inventory says which role is the head. Labels are `cats`, links `kb_id` (`ent_id` becomes
one), attributes and confidence `span._`; `doc._` has `id`, `split`, `layers`, the annotator, and metadata.
White space between tokens is tokens, as spaCy has it, and is none of the article's.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import orjson

from corpus_tool.disk import store_errors
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.article_ids import ArticleIds
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.docbin_reading import documents
from corpus_tool.formats.spacy.docbin_writing import add, new_vocab
from corpus_tool.formats.spacy.from_article import to_document
from corpus_tool.formats.spacy.json_files import Found, of_file, of_lines
from corpus_tool.formats.spacy.json_writing import to_json
from corpus_tool.formats.spacy.packed import NotADocBinError, unpacked
from corpus_tool.formats.spacy.to_article import to_article
from corpus_tool.formats.spacy.tokenising import library
from corpus_tool.formats.whole_files import read_whole
from corpus_tool.inventory import Inventory

FIDELITY = {
    "id": WHOLLY,
    "text": WHOLLY,
    "metadata": WHOLLY,
    "split": WHOLLY,
    "passages": WHOLLY,
    "sentences": WHOLLY,
    "tokens": WHOLLY,
    "words": partly("one a token; no empty nodes, no enhanced dependencies"),
    "entities": WHOLLY,
    "fragments": WHOLLY,
    "overlaps": WHOLLY,
    "attributes": partly("of entities; of several on the same words, those of the first"),
    "links": WHOLLY,
    "relations": partly("of the main annotator, between entities of doc.ents; roles by the inventory"),
    "quotations": partly("without speaker and cue"),
    "coreference": partly("mentions of one piece; the type is always identity"),
    "labels": partly("of the main annotator"),
    "confidence": partly("of entities; of several on the same words, that of the first"),
    "provenance": partly("who, and whether human, model or rule; of entities and chains"),
    "coverage": partly("of entities and labels, of the main annotator"),
    "empty": WHOLLY,
}
_TOKENS = re.compile(rb'"tokens":\s*\[\s*\{\s*"id":\s*0,\s*"start":\s*[0-9]+,\s*"end":')
_NO_TOKENS = re.compile(rb'"tokens":\s*\[\s*\]')


def _is_docbin(name: str, head: bytes) -> bool:  # noqa: ARG001 (the bytes are certain)
    """Whether a map with the first keys of a DocBin is packed there."""
    try:
        start = zlib.decompressobj().decompress(head, 64)
    except zlib.error:
        return False
    return b"\xa7version" in start and b"\xa5attrs" in start


def _is_json(name: str, head: bytes) -> bool:
    """Whether tokens stand there as spaCy numbers them, with a text before."""
    if not name.lower().endswith((".json", ".jsonl")):
        return False
    if b'"text":' not in head or b'"_input_hash"' in head:
        return False
    return _TOKENS.search(head) is not None or (_NO_TOKENS.search(head) is not None and b'"_":' in head)


def _imported(found: Iterable[Found], source: Source, inventory: Inventory | None) -> Iterator[Imported]:
    """Articles of documents; whether a file has one or several is known when the second comes."""
    ids = ArticleIds(source.id)
    waiting, several = None, False
    for one in found:
        if waiting is not None:
            several = True
            yield _article(waiting, ids, inventory, alone=False)
        waiting = one
    if waiting is not None:
        yield _article(waiting, ids, inventory, alone=not several)


def _article(found: Found, ids: ArticleIds, inventory: Inventory | None, *, alone: bool) -> Imported:
    document, noticed, line = found
    article = None
    if document is not None:
        name = noticed.article = ids.make(document.extensions.get("id"), document.text, alone=alone)
        article = to_article(name, document, noticed, inventory)
    places = {"": (line, 1)} if line else {}
    return Imported(noticed.path, article, tuple(noticed.findings), places, noticed.losses)


class DocBinImporter:
    """Reads a DocBin, one article a document."""

    name = "spacy"
    suffixes = (".spacy",)
    about = About("spaCy DocBin", Unit.TOKENS, FIDELITY, "spacy", _is_docbin)

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The articles of one file. Raises MissingExtraError without spaCy."""
        library()
        try:
            packed = unpacked(source.read(None) or b"")
        except NotADocBinError as error:
            noticed = Noticed(source.path)
            noticed.wrong(None, f"not a DocBin: {error}")
            yield Imported(source.path, None, tuple(noticed.findings))
            return
        found = ((document, noticed, None) for document, noticed in documents(packed, source.path))
        yield from _imported(found, source, inventory)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """None: a DocBin has no list of labels."""


class JsonImporter:
    """Reads JSON of spaCy, one article a document."""

    name = "spacy-json"
    suffixes = (".json", ".jsonl")
    about = About("spaCy JSON", Unit.CODE_POINTS, FIDELITY, "spacy", _is_json)

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The articles of one file; spaCy itself is needed only for pairs of spaCy 2 that go by token."""
        if source.path.lower().endswith(".json"):
            data = read_whole(source)
            if isinstance(data, Finding):
                yield Imported(source.path, None, (data,))
            else:
                yield from _imported(of_file(data, source.path), source, inventory)
            return
        with source.stream() as stream:
            yield from _imported(of_lines(stream, source.path), source, inventory)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """None: the documents have no list of labels."""


def _file_name(article: Article) -> str:
    """As spaCy's projects name their data: `train`, `dev`, `test`; `articles` where no split is given."""
    split = article.get("split")
    return {None: "articles", "validation": "dev"}.get(split, str(split))


def _refused(article: Article, output: Path, error: Exception) -> Finding:
    at = Location(str(output), article=article["id"])
    return Finding("IO001", "text-is-utf8", Severity.ERROR, at, f"not text that UTF-8 can hold: {error}"[:200])


class DocBinExporter:
    """Writes a DocBin a split."""

    name = "spacy"
    about = DocBinImporter.about

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the files. Raises MissingExtraError without spaCy, StoreError where the disk refuses."""
        library()
        from spacy.tokens import DocBin

        noticed, vocab = Noticed(str(output)), new_vocab()
        bins: dict[str, Any] = {}
        for article in articles:
            noticed.article = article["id"]
            try:
                document = to_document(article, inventory, noticed)
                docs = bins.setdefault(_file_name(article), DocBin(store_user_data=True))
                add(document, docs, vocab, noticed)
            except UnicodeEncodeError as error:
                yield _refused(article, output, error)
        with store_errors(output):
            output.mkdir(parents=True, exist_ok=True)
            for name, one in bins.items():
                with (output / f"{name}.spacy").open("xb") as stream:
                    stream.write(one.to_bytes())
        yield from noticed.losses


class JsonExporter:
    """Writes a file a split, one document a line."""

    name = "spacy-json"
    about = JsonImporter.about

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the files.

        Raises MissingExtraError without spaCy where articles have no tokens, StoreError where the disk refuses.
        """
        noticed = Noticed(str(output))
        with store_errors(output), ExitStack() as opened:
            output.mkdir(parents=True, exist_ok=True)
            files: dict[str, IO[bytes]] = {}
            for article in articles:
                noticed.article, name = article["id"], _file_name(article)
                try:
                    data = orjson.dumps(to_json(to_document(article, inventory, noticed), noticed))
                except (TypeError, UnicodeEncodeError) as error:
                    yield _refused(article, output, error)
                    continue
                if name not in files:
                    files[name] = opened.enter_context((output / f"{name}.jsonl").open("xb"))
                files[name].write(data + b"\n")
        yield from noticed.losses


IMPORTER, EXPORTER = DocBinImporter(), DocBinExporter()
JSON_IMPORTER, JSON_EXPORTER = JsonImporter(), JsonExporter()
