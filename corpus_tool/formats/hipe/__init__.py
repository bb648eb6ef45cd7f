"""HIPE-2020 and HIPE-2022: tab-separated columns of coarse, fine, nested and linked mentions, many documents a file.

The label of an entity is that of NE-COARSE-LIT. What other columns say of the same tokens are attributes named by the
column (NE-FINE-LIT, NE-COARSE-METO, ...); mentions of other tokens (NE-NESTED, NE-FINE-COMP) are entities with an
attribute `column`. NIL is an attribute NEL-LIT, for it links to nothing; flags on all tokens of a mention (LED0.33) are
attributes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from corpus_tool.formats import WHOLLY, About, Imported, Source, Unit, partly
from corpus_tool.formats.hipe.cells import COLUMNS, LITERAL, TOKEN
from corpus_tool.formats.hipe.reading import Reading
from corpus_tool.formats.hipe.writing import write
from corpus_tool.formats.line_formats import LineImporter, OneFileExporter

FILE = "articles.tsv"


def looks_like(_: str, head: bytes) -> bool:
    """Whether the first line names columns of HIPE."""
    names = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r").split(b"\t")
    return names[0] == TOKEN.encode() and LITERAL.encode() in names


ABOUT = About(
    title="HIPE-2022 TSV",
    unit=Unit.TOKENS,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "sentences": WHOLLY,
        "tokens": WHOLLY,
        "entities": partly("all, and of several that overlap the longest, which may then be alone"),
        "overlaps": partly("one entity within another"),
        "attributes": partly("of entities that are not within another"),
        "links": partly("to wikidata, of entities that are not within another"),
        "coverage": partly("entities, complete, by one annotator"),
        "empty": partly("entities"),
    },
    looks_like=looks_like,
)


def read(source: Source, stream: BinaryIO) -> Iterator[Imported]:
    """The documents of a file."""
    return Reading(source.path, source.id, source.fix).read(stream)


IMPORTER = LineImporter("hipe", (".tsv",), ABOUT, read)
EXPORTER = OneFileExporter("hipe", FILE, ABOUT, write, header="\t".join(COLUMNS) + "\n")
