"""Coreference in brackets: CoNLL-2012, and the same with types and names of entities (GUM).

Clusters of one mention are entities that are in no chain. A name behind a cluster is a link to Wikipedia. Of the other
columns of CoNLL-2012 the names are entities of their own, parts of speech and lemmas are of words; what stands in the
rest (trees, framesets, senses, speakers, arguments) is counted as lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus_tool.formats import WHOLLY, About, Imported, Source, Unit, partly
from corpus_tool.formats.conll_coref.reading import Reading
from corpus_tool.formats.conll_coref.writing import write
from corpus_tool.formats.line_formats import LineImporter, OneFileExporter

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


def read(source: Source, stream: BinaryIO) -> Iterator[Imported]:
    """The documents of a file."""
    return Reading(source.path, source.id).read(stream)


SUFFIXES = (".conll", ".v4_gold_conll", ".v4_auto_conll", ".gold_conll", ".auto_conll")
IMPORTER = LineImporter("conll-coref", SUFFIXES, ABOUT, read)
EXPORTER = OneFileExporter("conll-coref", FILE, ABOUT, write)
