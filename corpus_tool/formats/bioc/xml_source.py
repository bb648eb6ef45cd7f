"""Documents of BioC XML, one at a time; entities, external or declared, are refused, and no DTD is ever opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from corpus_tool.formats import whole_files
from corpus_tool.formats.bioc.elements import Broken, Element, Piece
from corpus_tool.formats.graph.draft import MALFORMED, NOT_UTF8

_CHUNK = 1 << 16
_DEEPEST = 50
_VERBATIM = frozenset({"text", "infon", "id", "offset", "source", "date", "key", "version"})
"""Elements that have text and nothing else."""


class _RefusedError(Exception):
    """The parser is to stop, and this is why."""


class _Builder:
    """Elements as the parser meets them; finished documents wait in `ready`."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = self.entity
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        # A reference to what an unread DTD may declare is passed over without this.
        self.parser.SkippedEntityHandler = self.skipped
        self.open: list[Element] = []
        self.pieces: list[list[str]] = []
        self.ready: list[Piece] = []

    @property
    def place(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def entity(self, name: str, *_: Any) -> None:
        raise _RefusedError(f"it declares the entity '{name[:60]}': entities are never expanded")

    def skipped(self, name: str, *_: Any) -> None:
        raise _RefusedError(f"the entity '{name[:60]}' is declared nowhere in the file")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.open and tag != "collection":
            raise _RefusedError(f"the outermost element is '{tag[:60]}', where BioC has 'collection'")
        if len(self.open) >= _DEEPEST:
            raise _RefusedError(f"elements nest more than {_DEEPEST} levels deep")
        made = Element(tag, self.place, attributes)
        if self.open:
            self.open[-1].children.append(made)
        self.open.append(made)
        self.pieces.append([])

    def end(self, tag: str) -> None:
        made = self.open.pop()
        text = "".join(self.pieces.pop())
        made.text = text if tag in _VERBATIM else text.strip()
        if tag == "document" and len(self.open) == 1:
            collection = self.open[0]
            collection.children.pop()
            self.ready.append(Piece(made, collection))

    def characters(self, text: str) -> None:
        if self.pieces:
            self.pieces[-1].append(text)


def read_xml(stream: BinaryIO) -> Iterator[Piece | Broken]:
    """The documents of a collection, and at the end what is wrong with the XML, if anything."""
    builder = _Builder()
    last, held = False, 0
    while not last:
        data = stream.read(_CHUNK)
        last = not data
        held += len(data)
        if held > whole_files.MAX_BYTES:
            message = f"a document of {whole_files.too_long(f'more than {held - len(data):,} bytes')}"
            yield Broken(whole_files.TOO_LONG, builder.place, message)
            return
        broken = _feed(builder, data, last=last)
        held = 0 if builder.ready else held
        yield from builder.ready
        builder.ready.clear()
        if broken is not None:
            yield broken
            return


def _feed(builder: _Builder, data: bytes, *, last: bool) -> Broken | None:
    try:
        builder.parser.Parse(data, last)
    except _RefusedError as error:
        return Broken(MALFORMED, builder.place, str(error))
    except expat.ExpatError as error:
        place = (error.lineno, error.offset + 1)
        if error.code in _OF_ENCODING and _undecodable(data):
            return Broken(NOT_UTF8, place, "the text is not UTF-8")
        return Broken(MALFORMED, place, f"not well-formed XML: {expat.ErrorString(error.code)}")
    except (LookupError, UnicodeError, ValueError) as error:
        return Broken(MALFORMED, builder.place, f"an encoding that cannot be read: {error}")
    return None


_OF_ENCODING = {expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]}


def _undecodable(data: bytes) -> bool:
    """Whether bytes are not UTF-8, but for a character cut off at either end."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return 3 < error.start < len(data) - 3 or len(data) < _CHUNK
    return False
