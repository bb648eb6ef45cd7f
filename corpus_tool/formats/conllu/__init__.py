"""CoNLL-U, with the entities and coreference of CorefUD in its last column."""

from __future__ import annotations

import re

from corpus_tool.formats import WHOLLY, About, Article, Unit, partly
from corpus_tool.formats.conllu.reading import read_articles
from corpus_tool.formats.conllu.writing import write_article
from corpus_tool.formats.line_formats import FileEachExporter, LineImporter
from corpus_tool.formats.tally import Tally

SUFFIX = ".conllu"
_ROW = re.compile(rb"[1-9][0-9]*(?:-[1-9][0-9]*)?\t[^\t\n]+(?:\t[^\t\n]+){4}\t(?:[0-9]+|_)(?:\t[^\t\n]+){3}\r?")
_COMMENT = re.compile(rb"#\s*(?:newdoc|newpar|sent_id|text|global\.Entity)\b")


def looks_like(name: str, head: bytes) -> bool:
    """Rows of ten columns, under comments that older formats of ten columns do not have, or in a file of that name."""
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").split(b"\n")
    comments = [line for line in lines if line.startswith(b"#")]
    rows = [line for line in lines if line.strip() and not line.startswith(b"#")]
    if not rows or not _ROW.fullmatch(rows[0]) or any(b"global.columns" in line for line in comments):
        return False
    named = name.lower().partition(SUFFIX)[1] == SUFFIX
    return named or any(_COMMENT.match(line) for line in comments)


ABOUT = About(
    title="CoNLL-U, with CorefUD entities",
    unit=Unit.TOKENS,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "passages": WHOLLY,
        "sentences": WHOLLY,
        "tokens": WHOLLY,
        "words": WHOLLY,
        "entities": WHOLLY,
        "fragments": WHOLLY,
        "overlaps": WHOLLY,
        "attributes": WHOLLY,
        "links": WHOLLY,
        "relations": WHOLLY,
        "events": WHOLLY,
        "coreference": WHOLLY,
        "labels": WHOLLY,
        "notes": WHOLLY,
        "confidence": WHOLLY,
        "provenance": partly("not of passages, sentences, tokens and words that several made"),
        "coverage": WHOLLY,
        "adjudication": WHOLLY,
        "empty": WHOLLY,
        "ids": partly("tokens and words are named by sentence and number"),
    },
    looks_like=looks_like,
)


def write(article: Article, tally: Tally) -> str:
    """The lines of an article."""
    return "".join(write_article(article, tally))


IMPORTER = LineImporter("conllu", (SUFFIX,), ABOUT, read_articles)
EXPORTER = FileEachExporter("conllu", SUFFIX, ABOUT, write)
