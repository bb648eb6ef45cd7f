"""WebAnno TSV 3.0 to 3.3, the format of WebAnno and INCEpTION, to articles, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Place, Source, Unit, partly
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.safe_names import RULE, SafeNames
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers import from_article, to_article
from corpus_tool.formats.webanno.lines import parse, split_lines
from corpus_tool.formats.webanno.reading import read_document
from corpus_tool.formats.webanno.text import rebuild
from corpus_tool.formats.webanno.writing import write_lines
from corpus_tool.inventory import Inventory

_TSV_3 = re.compile(rb"(?:\xef\xbb\xbf)?#FORMAT=WebAnno TSV [0-9]")
_TSV_2 = re.compile(rb"(?:\xef\xbb\xbf)? # [\w.]+(?: \| \w+)+")
_UTF8 = ("IO001", "text-is-utf8")


def _looks_like(_: str, head: bytes) -> bool:
    """Also where it is of a version that is refused: the refusal names it."""
    return _TSV_3.match(head) is not None or _TSV_2.match(head) is not None


ABOUT = About(
    title="WebAnno TSV 3, of WebAnno and INCEpTION",
    unit=Unit.UTF16,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "passages": WHOLLY,
        "sentences": WHOLLY,
        "tokens": WHOLLY,
        "words": partly("one word a token"),
        "entities": WHOLLY,
        "fragments": WHOLLY,
        "overlaps": WHOLLY,
        "attributes": WHOLLY,
        "links": WHOLLY,
        "relations": WHOLLY,
        "events": WHOLLY,
        "quotations": WHOLLY,
        "coreference": WHOLLY,
        "notes": WHOLLY,
        "confidence": WHOLLY,
        "empty": partly("but for labels of the article"),
        "ids": partly("those of sentences"),
    },
    looks_like=_looks_like,
)


class WebAnnoImporter:
    """Reads a file, which is one article."""

    name = "webanno"
    suffixes = (".tsv",)
    about = ABOUT

    def read(
        self,
        source: Source,
        inventory: Inventory | None,  # noqa: ARG002 (the protocol's)
    ) -> Iterator[Imported]:
        """The one article of the file; TSV 1 and 2, which have no offsets, are refused by name."""
        data = (source.read(None) or b"").removeprefix(b"\xef\xbb\xbf")
        noticed = Noticed(source.path, source.id)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
            at = Location(source.path, line, column, article=source.id)
            yield Imported(source.path, None, (Finding(*_UTF8, Severity.ERROR, at, "the text is not UTF-8"),))
            return
        parsed = parse(split_lines(text), noticed)
        made = None if parsed is None else rebuild(parsed, noticed)
        if parsed is None or made is None:
            yield Imported(source.path, None, tuple(noticed.findings))
            return
        read = read_document(source.id, parsed, made, noticed)
        built = to_article(read.document, self.name)
        places = {pointer: _place(name, read.places) for name, pointer in built.pointers.items()}
        losses = (*noticed.losses, *built.losses)
        yield Imported(source.path, built.article, tuple(noticed.findings), places, losses)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:  # noqa: ARG002 (the protocol's)
        """None: the header has layers and features, and no tag set."""
        return None


def _place(name: str, places: Mapping[str, Place]) -> Place:
    """Where an id begins; what was made for something else has its id with more behind it."""
    while name and name not in places:
        name = name.rpartition("#")[0]
    return places.get(name, (1, 1))


class WebAnnoExporter:
    """Writes one TSV 3.3 file an article into a folder."""

    name = "webanno"
    about = ABOUT

    def write(
        self,
        articles: Iterable[Article],
        output: Path,
        inventory: Inventory | None,  # noqa: ARG002 (the protocol's)
    ) -> Iterator[Loss | Finding]:
        """Write the folder; files that are there already are never replaced.

        An article whose id names no place of its own inside the folder is a Finding and not written. Raises StoreError
        where the disk refuses.
        """
        lost, names = Tally(), SafeNames(".tsv")
        for article in articles:
            try:
                output.mkdir(parents=True, exist_ok=True)
                finding = _write(output, article, names, lost)
            except OSError as error:
                raise StoreError(f"cannot write {error.filename or output}: {error.strerror}") from error
            if finding is not None:
                yield finding
        yield from lost


def _write(output: Path, article: Article, names: SafeNames, lost: Tally) -> Finding | None:
    name, path = article["id"], str(output)
    refused = names.refusal(name, path)
    if refused is not None:
        return refused
    lines = write_lines(from_article(article, lost), lost)
    try:
        content = "".join(f"{line}\n" for line in lines).encode()
    except UnicodeEncodeError as error:
        return _refusal(_UTF8, path, name, f"not text that UTF-8 can hold: {error.reason}")
    file = output / f"{name}.tsv"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            stream.write(content)
    except (FileExistsError, NotADirectoryError):
        return _refusal(RULE, path, name, "the id names a file that another article has, or that was there before")
    return None


def _refusal(rule: tuple[str, str], path: str, article: str, message: str) -> Finding:
    return Finding(*rule, Severity.ERROR, Location(path, article=article), message)


IMPORTER = WebAnnoImporter()
EXPORTER = WebAnnoExporter()
