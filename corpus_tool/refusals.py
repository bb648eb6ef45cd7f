r"""Why bytes are not the JSON of an article, in words that say how to mend it.

Where the parser stopped is its own; what stands there is read from the text, since parsers name it differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_DEPTH = 512
BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]|-?[0-9][-+.0-9eE]*+', re.DOTALL)
"""A string (one that never ends too, so that looking for its end is not begun again and again), bracket or number."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_SURROGATE_BYTES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_NUMBER = re.compile(r"-?[0-9][-+.0-9eE]*+")
_NOT_FINITE = re.compile(r"[-+]?(?:nan|inf(?:inity)?)\b", re.IGNORECASE)
_FOREIGN = {
    "True": "JSON writes true", "False": "JSON writes false", "None": "JSON writes null",
    "undefined": "JSON knows null only", "//": "JSON has no comments", "/*": "JSON has no comments",
    "#": "JSON has no comments", "'": "strings stand in double quotes", "\u201c": "strings stand in straight quotes",
    "+": "a number has no plus sign",
}  # fmt: skip
_SPACE = " \t\r\n"
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why bytes are not an article's JSON: the code of the rule, what was wrong, and where (a byte offset)."""

    code: str
    message: str
    offset: int | None = None


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, where data begin so: with a byte order mark, or with the zero bytes of an ASCII character."""
    marked = next((name for mark, name in _WIDE_BOMS.items() if data.startswith(mark)), None)
    if marked is not None or len(data) < 4:
        return marked
    zeros = tuple(byte == 0 for byte in data[:4])
    if zeros in {(True, True, True, False), (False, True, True, True)}:
        return "UTF-32"
    return "UTF-16" if zeros in {(True, False, True, False), (False, True, False, True)} else None


def of_encoding(name: str) -> Refusal:
    """The refusal of data in another encoding."""
    return Refusal("IO001", f"the text is {name}: articles are UTF-8, save it so", 0)


def undecodable(data: bytes, at: int) -> Refusal:
    """The refusal of bytes that are no UTF-8 from an offset on."""
    half = _SURROGATE_BYTES.match(data, at)
    if half is not None:
        return Refusal("IO001", f"the bytes {half[0].hex(' ')} are a lone surrogate, which is no character", at)
    return Refusal("IO001", f"byte 0x{data[at]:02x} is not UTF-8: save the text as UTF-8", at)


def refused(text: str, message: str, at: int) -> Refusal:
    """Why a parser that stopped at a character, saying so, did not read a text that is UTF-8."""
    deep = _too_deep(text)
    if deep is not None:
        return deep_at(text, deep)
    half = _lone_surrogate(text) if "surrogate" in message else None
    if half is not None:
        shown = text[half : half + 6]
        return Refusal("IO001", f"{shown} is a lone surrogate, which is no character", bytes_before(text, half))
    if "infinity" in message:
        return number_beyond(text, at)
    at, words = _words(text, re.sub(r": line \d+ column \d+ \(char \d+\)$", "", message), at)
    return Refusal("IO002", words, bytes_before(text, at))


def deep_at(text: str, at: int) -> Refusal:
    """The refusal of the bracket that goes too deep."""
    return Refusal("IO012", f"nested more than {MAX_DEPTH} levels deep", bytes_before(text, at))


def number_beyond(text: str, at: int) -> Refusal:
    """The refusal of a number that its type cannot hold."""
    found = _NUMBER.match(text, at)
    number = found[0] if found else ""
    beyond = "does not fit 64 bits" if number.lstrip("-").isdecimal() else "is beyond what a 64-bit float holds"
    kind = "integer" if number.lstrip("-").isdecimal() else "number"
    words = f"the {kind} {_short(number, 24)} {beyond}: write it as a string"
    return Refusal("IO011", words, bytes_before(text, at))


def key_twice(text: str, at: int, key: str) -> Refusal:
    """The refusal of a key where it stands for the second time."""
    return Refusal("IO003", f"the key '{_short(key, 60)}' stands twice in one object", bytes_before(text, at))


def bytes_before(text: str, at: int) -> int:
    """The byte offset of a character: parsers count code points."""
    return len(text[:at].encode())


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[:width]}…"


def _words(text: str, message: str, at: int) -> tuple[int, str]:
    """What the parser stopped at, and where that begins."""
    begin = at - 1 if at and text[at - 1] in "+-" else at
    no_number = _NOT_FINITE.match(text, begin)
    if no_number is not None:
        return begin, f"{no_number[0]} is no number of JSON: write null, or leave the field out"
    return at, _at(text, message, at)


def _at(text: str, message: str, at: int) -> str:
    here = text[at : at + 1]
    if not here or not text.strip(_SPACE):
        return "the value is cut off: the text ends inside it" if text.strip(_SPACE) else "there is no value"
    if here == "\ufeff":
        return "a byte order mark stands inside the text, as where files were joined: delete it"
    if "control" in message:
        written = _ESCAPES.get(here, f"\\u{ord(here):04x}")
        return f"U+{ord(here):04X} stands raw in a string: write {written}"
    if "after document" in message:
        return _behind(text, at)
    foreign = next((mark for mark in _FOREIGN if text.startswith(mark, at)), None)
    return message if foreign is None else f"{foreign} is not JSON: {_FOREIGN[foreign]}"


def _behind(text: str, at: int) -> str:
    """What stands behind the one value that a line or a file has."""
    if text[at] == "\0":
        return "a NUL byte stands behind the value: delete it"
    if text[at] not in '{["-0123456789tfn':
        return f"{text[at]!r} stands behind the value, where nothing may"
    if text[len(text[:at].rstrip(_SPACE)) : at].strip(" \t") == "\r":
        return "a second value behind a carriage return: lines end with a line feed"
    return "a second value behind the first: a line of JSONL has one, and so has a .json file"


def _too_deep(text: str) -> int | None:
    depth = 0
    for token in TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return token.start()
        elif token[0] in "]}":
            depth -= 1
    return None


def _lone_surrogate(text: str) -> int | None:
    """Where the first escape stands that is half of a pair, without the other half beside it."""
    high: re.Match[str] | None = None
    for escape in _ESCAPE.finditer(text):
        code = int(escape[1], 16) if escape[1] else 0
        if 0xDC00 <= code < 0xE000 and high is not None and high.end() == escape.start():
            high = None
            continue
        if high is not None:
            return high.start()
        if 0xDC00 <= code < 0xE000:
            return escape.start()
        high = escape if 0xD800 <= code < 0xDC00 else None
    return None if high is None else high.start()
