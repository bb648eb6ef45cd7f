"""CoNLL-U, with the entities and coreference of CorefUD in its last column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.conllu.reading import read_articles
from corpus_tool.formats.conllu.writing import write_article
from corpus_tool.formats.safe_names import RULE, SafeNames
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

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


class ConlluImporter:
    """Reads a file of any size, one article at a time: one at each `# newdoc`."""

    name = "conllu"
    suffixes = (SUFFIX,)
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 (one shape of importer)
        with source.stream() as stream:
            yield from read_articles(source, stream)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:  # noqa: ARG002 (one shape of importer)
        """None: the format has no list of labels."""
        return None


class ConlluExporter:
    """Writes one file an article, named by its id."""

    name = "conllu"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:  # noqa: ARG002 (one shape of exporter)
        """Write the folder; files that are there already are never replaced.

        An article whose id names no place of its own inside the folder is a Finding and not written. Raises StoreError
        where the disk refuses.
        """
        tally, names = Tally(), SafeNames(SUFFIX)
        with _disk(output):
            output.mkdir(parents=True, exist_ok=True)
        for article in articles:
            refused = names.refusal(article["id"], str(output))
            if refused is None:
                with _disk(output):
                    refused = _write(output, article, tally)
            if refused is not None:
                yield refused
        yield from tally


def _write(output: Path, article: Article, tally: Tally) -> Finding | None:
    at = Location(str(output), article=article["id"])
    try:
        content = "".join(write_article(article, tally)).encode()
    except UnicodeEncodeError as error:
        message = f"not text that UTF-8 can hold: {error.reason}"
        return Finding("IO001", "text-is-utf8", Severity.ERROR, at, message)
    file = output / (article["id"] + SUFFIX)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            stream.write(content)
    except (FileExistsError, NotADirectoryError):
        message = "the id names a file that another article has, or that was there before"
        return Finding(*RULE, Severity.ERROR, at, message)
    return None


@contextmanager
def _disk(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {error.filename or output}: {error.strerror}") from error


IMPORTER = ConlluImporter()
EXPORTER = ConlluExporter()
