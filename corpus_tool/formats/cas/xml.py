"""XML without a document type, to elements that know where they stand.

Expat of the standard library: it takes attributes of any length (a whole text stands in one) and says where it is.
A DOCTYPE ends the reading before any entity of it could be expanded or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from corpus_tool.formats import Place
from corpus_tool.formats.cas.noted import NOT_UTF8, UnreadableError
from corpus_tool.positions import place_of

DEEPEST = 64
_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")
_ELEVEN = re.compile(rb"""(version\s*=\s*["']1\.)1""")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_STAND_INS = (0xF700, 0xE100, 0x10FF00)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Element:
    """An element: its name as namespace and local name, its attributes likewise, its text, where it stands (bytes)."""

    space: str
    name: str
    attributes: dict[str, str]
    offset: int
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def child(self, name: str) -> Element | None:
        return next((each for each in self.children if each.name == name), None)

    def said(self, name: str) -> str | None:
        """The text of a child, without the space around it; None where there is none."""
        found = self.child(name)
        return (found.text.strip() or None) if found else None


def parse(data: bytes) -> Element:
    """The root element. Raises UnreadableError."""
    _check_encoding(data)
    return _Reading(*_as_one_zero(data)).run()


def _check_encoding(data: bytes) -> None:
    declaration = _DECLARATION.match(data)
    named = _ENCODING.search(declaration[0]) if declaration else None
    if data.startswith(_WIDE) or (named and named[1].lower() not in {b"utf-8", b"utf8"}):
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("the file is not UTF-8", place_of(data, error.start), NOT_UTF8) from error


def _as_one_zero(data: bytes) -> tuple[bytes, dict[int, int]]:
    """XML 1.1 as 1.0, and what stands in for the control characters that only 1.1 knows."""
    declaration = _DECLARATION.match(data)
    if declaration is None or not _ELEVEN.search(declaration[0]):
        return data, {}
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("XML 1.1 in another encoding than UTF-8 is not read") from error
    first = next((base for base in _STAND_INS if not any(chr(base + code) in text for code in range(32))), None)
    if first is None:
        return data, {}

    def stand_in(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else int(match[2])
        return chr(first + code) if 0 < code < 32 and code not in {9, 10, 13} else match[0]

    head, _, rest = text.partition("?>")
    rest = re.sub("\r\x85|\x85|\u2028", "\n", _REFERENCE.sub(stand_in, rest))
    whole = f"{head.replace('1.1', '1.0')}?>{rest}".encode()
    return whole, {first + code: code for code in range(32)}


class _Reading:
    def __init__(self, data: bytes, meant: dict[int, int]) -> None:
        self.data, self.meant = data, meant
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def run(self) -> Element:
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError as error:
            place = (error.lineno, error.offset + 1)
            raise UnreadableError(f"not well-formed XML: {expat.ErrorString(error.code)}", place) from error
        except (LookupError, ValueError) as error:
            raise UnreadableError(f"not XML that can be read: {error}") from error
        assert self.root is not None
        return self.root

    def _doctype(self, *_: object) -> None:
        message = "the file has a DOCTYPE: a CAS has none, and what it could expand to is never read"
        raise UnreadableError(message, (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST:
            message = f"elements nest more than {DEEPEST} levels deep"
            raise UnreadableError(message, (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1))
        if self.meant:
            attributes = {key: value.translate(self.meant) for key, value in attributes.items()}
        space, _, local = name.rpartition(" ")
        element = Element(space, local, attributes, self.parser.CurrentByteIndex)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        if self.open:
            self.open[-1].pieces.append(text.translate(self.meant) if self.meant else text)


def places(data: bytes, offsets: Iterable[int]) -> Iterator[tuple[int, Place]]:
    """Line and column of byte offsets, in their order."""
    line, begin, at, column = 1, 0, 0, 1
    for offset in sorted(offsets):
        newlines = data.count(b"\n", at, offset)
        if newlines:
            line += newlines
            begin = data.rfind(b"\n", at, offset) + 1
            column, at = 1, begin
        column += len(data[at:offset].decode(errors="replace"))
        at = offset
        yield offset, (line, column)
