"""Columns of words and tags (CoNLL-2003; IOB1, IOB2, IOBES) to articles, and back.

The first column is the word and the last one that holds tags is the tag; a comment `# global.columns = FORM POS NE`
says otherwise. Articles begin at `-DOCSTART-` or `# newdoc id = …`; a file without either is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from corpus_tool.formats import WHOLLY, About, Imported, Source, Unit, partly
from corpus_tool.formats.conll.columns import looks_like
from corpus_tool.formats.conll.reading import Reading
from corpus_tool.formats.conll.writing import write
from corpus_tool.formats.line_formats import FileEachExporter, LineImporter

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
        "words": partly("one a token, with lemma and tags of part of speech, without features and heads"),
        "entities": WHOLLY,
        "overlaps": WHOLLY,
        "coverage": partly("entities, complete, by one annotator"),
        "empty": partly("entities and words"),
    },
    looks_like=looks_like,
)


def read(source: Source, stream: BinaryIO) -> Iterator[Imported]:
    """The articles of a file."""
    return Reading(source.path, source.id, source.fix).read(stream)


IMPORTER = LineImporter("conll", (".conll", ".iob", ".iob2", ".bio", ".txt", ".tsv"), ABOUT, read)
EXPORTER = FileEachExporter("conll", ".conll", ABOUT, write)
