"""IPTC ninjs 1.x to 3.1: news items in JSON to articles, and back as 3.1.

An item has no offsets: its text is a body, and the markup of a body says where passages are. It holds no annotations of
words, so that of those nothing is written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus_tool.decoding import decode
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Place, Source, Unit, partly
from corpus_tool.formats.file_writing import write_article
from corpus_tool.formats.first_object import members
from corpus_tool.formats.ninjs.reading import WRONG, read_item
from corpus_tool.formats.ninjs.writing import write_item
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.whole_files import read_whole
from corpus_tool.inventory import Inventory
from corpus_tool.positions import locate, place_of
from corpus_tool.refusals import BOM, Refusal
from corpus_tool.vocabulary import pointer as escaped

NEWSML = b"http://iptc.org/std/nar/2006-10-01/"
"""The namespace of NewsML-G2: a neighbour in XML, which is named and refused."""
_BOM = ("IO004", "file-has-no-byte-order-mark")
_SCHEMA = re.compile(r'"[^"]*ninjs-schema[^"]*"')
_STANDARD = re.compile(r'\{\s*"name"\s*:\s*"(?:[A-Za-z]*NINJS|ninjs)"')
_TEXT = re.compile(r"body_(?:text|x?html5?|nitf)|headline")
_TEXTS = re.compile(r'\[\s*\{\s*"(?:role|charcount|content|value)')


def looks_like(name: str, head: bytes) -> bool:
    """Whether it names the ninjs schema as its own, or has an item's uri, its version's time, and its texts.

    What stands within other properties is no sign: other formats have such metadata of an article there.
    """
    start = head.removeprefix(BOM).lstrip().decode(errors="replace")
    if not name.lower().endswith(".json") or start[:1] not in {"{", "["} or '"$defs"' in start:
        return False
    found = dict(members(start, 2 if start[0] == "[" else 1))
    uri = found.get("uri", "").startswith('"')
    if _STANDARD.match(found.get("standard", "")) or (uri and _SCHEMA.search(start)):
        return '"properties"' not in start
    texts = any(
        value.startswith('"') if _TEXT.fullmatch(name) else name in {"bodies", "headlines"} and _TEXTS.match(value)
        for name, value in found.items()
    )
    return uri and texts and not {"versioncreated", "versionCreated"}.isdisjoint(found)


def looks_like_newsml(head: bytes) -> bool:
    """Whether it is NewsML-G2."""
    return NEWSML in head and head.removeprefix(BOM).lstrip()[:1] == b"<"


ABOUT = About(
    title="IPTC ninjs 1.x, 2.x, 3.x (written: 3.1)",
    unit=Unit.MARKUP,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "passages": WHOLLY,
        "labels": WHOLLY,
        "empty": partly("labels"),
        "ids": partly("those of passages"),
    },
    looks_like=looks_like,
)


class NinjsImporter:
    """Reads `.json`: one item, or a list of items."""

    name = "ninjs"
    suffixes = (".json",)
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 - the protocol's
        """The articles of one file; SourceError where the file is gone."""
        data = read_whole(source)
        if isinstance(data, Finding):
            yield Imported(source.path, None, (data,))
            return
        if looks_like_newsml(data[:65536]):
            message = "this is NewsML-G2, which is not read: ask its sender for ninjs"
            at = Location(source.path, 1, 1, article=source.id)
            yield Imported(source.path, None, (Finding(*WRONG, Severity.ERROR, at, message),))
            return
        found: list[Finding] = []
        if data.startswith(BOM):
            data = data[len(BOM) :]
            found.append(Finding(*_BOM, Severity.WARNING, Location(source.path, 1, 1), "a byte order mark: read over"))
        value = decode(data)
        if isinstance(value, Refusal):
            line, column = place_of(data, value.offset or 0)
            where = Location(source.path, line, column, article=source.id)
            refusal = Finding(value.code, "", Severity.ERROR, where, value.message)
            yield Imported(source.path, None, (*found, refusal))
            return
        yield from _items(source, value, data, found)

    def inventory(self, paths: Sequence[Path]) -> None:  # noqa: ARG002 - the protocol's
        """Nothing: an item says what it is about, not what could be said."""
        return


def _items(source: Source, value: object, data: bytes, found: list[Finding]) -> Iterator[Imported]:
    extents = locate(data, _pointers(value, 4 if isinstance(value, list) else 3))

    def place(pointer: str) -> Place:
        extent = extents.get(pointer) or extents[""]
        return extent.line, extent.column

    if not isinstance(value, list):
        yield _with(found, read_item(value, source.path, source.id, "", place))
        return
    for number, item in enumerate(value):
        name = f"{source.id}-{number + 1:04}"
        yield _with(found if number == 0 else [], read_item(item, source.path, name, f"/{number}", place))


def _pointers(value: object, depth: int, at: str = "") -> Iterator[str]:
    """Pointers to everything down to a depth, in one list: the file is searched once."""
    yield at
    if depth and isinstance(value, dict):
        for name, inner in value.items():
            yield from _pointers(inner, depth - 1, f"{at}{escaped([name])}")
    elif depth and isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _pointers(inner, depth - 1, f"{at}/{number}")


def _with(found: list[Finding], imported: Imported) -> Imported:
    findings = (*found, *imported.findings)
    return Imported(imported.path, imported.article, findings, imported.places, imported.losses)


class NinjsExporter:
    """Writes one `.json` an article."""

    name = "ninjs"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:  # noqa: ARG002 - the protocol's
        """Write a folder of items; a file that is there is never replaced. StoreError where the disk refuses."""
        names = SafeNames(".json")
        lost: Counter[str] = Counter()
        examples: dict[str, str] = {}
        for article in articles:
            item, losses = write_item(article)
            refused = _write(item, output, article["id"], names)
            if refused is not None:
                yield refused
                continue
            for loss in losses:
                lost[loss.what] += loss.count
                examples.setdefault(loss.what, loss.example)
        for what, count in lost.items():
            yield Loss(what, count, examples[what])


def _write(item: dict[str, object], output: Path, name: str, names: SafeNames) -> Finding | None:
    content = json.dumps(item, ensure_ascii=False, indent=2) + "\n"
    return write_article(output, name, ".json", content, names)


IMPORTER = NinjsImporter()
EXPORTER = NinjsExporter()
