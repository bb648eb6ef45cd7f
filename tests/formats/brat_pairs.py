"""Pairs of brat files in memory and on disk, for the tests of the format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus_tool.findings import Finding
from corpus_tool.formats import Article, Imported, Loss, Source
from corpus_tool.formats.brat import EXPORTER, IMPORTER
from corpus_tool.formats.brat.conf import parse
from corpus_tool.inventory import Inventory

TEXT = "Mara Lind sold 20 boats.\r\nLind and 🚢 Ostrow Ltd agreed."
CONF = parse(
    "[entities]\nPER\nORG\n[relations]\nOwns\tArg1:PER, Arg2:ORG\n[events]\nSale\tSeller:PER\n", "annotation.conf"
)
LAYERS = {"entities", "relations", "events", "coreference", "notes"}

EVERYTHING = """\
T1\tPER 0 9\tMara Lind
T2\tSale 10 14\tsold
T3\tPER 26 30\tLind
T4\tORG 35 36;37 43\t🚢 Ostrow
R1\tOwns Arg1:T1 Arg2:T4
*\tEquiv T1 T3
E1\tSale:T2 Seller:T1 Seller2:T3
A1\tNegation E1
A2\tCertainty E1 very high
A3\tLegal R1
M4\tKnown T1
#1\tAnnotatorNotes T4\ttwo pieces,\tone tab
N1\tReference T4 Register:SE:55\tOstrow Limited
"""


def source(files: dict[str, bytes], path: str = "news/a.ann") -> Source:
    return Source(path, "news/a", lambda suffix: files.get(suffix or path[-4:]))


def read(ann: str | bytes, text: str = TEXT, inventory: Inventory | None = None) -> Imported:
    lines = ann if isinstance(ann, bytes) else ann.encode()
    (imported,) = IMPORTER.read(source({".ann": lines, ".txt": text.encode()}), inventory)
    return imported


def article(ann: str, text: str = TEXT, inventory: Inventory | None = None) -> dict[str, Any]:
    imported = read(ann, text, inventory)
    assert imported.article is not None
    return imported.article


def read_path(path: Path, inventory: Inventory | None = None) -> Imported:
    def sibling(suffix: str | None) -> bytes | None:
        file = path if suffix is None else path.with_suffix(suffix)
        return file.read_bytes() if file.is_file() else None

    (imported,) = IMPORTER.read(Source(str(path), path.stem, sibling), inventory)
    return imported


def write(
    articles: list[Article], folder: Path, inventory: Inventory | None = None
) -> tuple[dict[str, bytes], list[Loss | Finding]]:
    said = list(EXPORTER.write(articles, folder, inventory))
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}, said


def lines_of(made: Article, folder: Path) -> list[str]:
    files, _ = write([made], folder)
    ann = files[f"{made['id']}.ann"].decode()
    assert ann == "" or ann.endswith("\n")
    return ann.split("\n")[:-1]
