"""How a JSON text is written: its line ends, indentation, separators, and whether it escapes characters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

_TOKENS = 100_000
_ALL = 10_000
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:][ \t\r\n]*', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u[0-9a-f]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Style:
    """`levels` is how many levels of brackets, from the outermost, are written over several lines."""

    newline: str = "\n"
    indent: str = "  "
    comma: str = ","
    colon: str = ":"
    levels: int = 0


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Whether characters beyond ASCII are written as escapes, and those in capitals."""

    escapes: bool = False
    capitals: bool = False

    def literal(self, string: str) -> str:
        """A string as JSON, without its quotes. Raises ValueError where a part of it is no character."""
        string.encode()
        made = json.dumps(string, ensure_ascii=self.escapes)[1:-1]
        return _ESCAPED.sub(_capital, made) if self.capitals else made


def _capital(escape: re.Match[str]) -> str:
    return rf"\u{escape[0][2:].upper()}" if len(escape[0]) == 6 else escape[0]


def alphabet_of(text: str) -> Alphabet:
    """What a JSON text does with characters beyond ASCII; one that has none writes them as they are."""
    codes = [escape[1] for escape in _ESCAPE.finditer(text) if escape[1]]
    escapes = text.isascii() and any(int(code, 16) > 127 for code in codes)
    letters = "".join(codes)
    return Alphabet(escapes, letters != letters.lower() and letters == letters.upper())


def style_of(text: str) -> Style:
    """The style of a JSON text, as its first lines have it."""
    commas: list[str] = []
    colons: list[str] = []
    indents: list[str] = []
    depth = levels = 0
    inline = False
    for token in islice(_TOKEN.finditer(text), _TOKENS):
        mark, blank = token[0][0], token[0][1:]
        if mark == '"':
            continue
        if mark == ":":
            colons = colons or [blank]
        elif mark == "," and "\n" not in blank:
            commas = commas or [blank]
        elif mark in "[{":
            depth += 1
            if text[token.end() : token.end() + 1] in ("]", "}"):
                continue
            inline = inline or "\n" not in blank
            if "\n" in blank:
                levels = max(levels, depth)
                if depth == 1:
                    indents = [blank.rpartition("\n")[2]]
        elif mark in "]}":
            depth -= 1
    colon = colons[0] if colons else ""
    newline = "\r\n" if "\r\n" in text else "\n"
    comma = commas[0] if commas else colon
    levels = levels if inline or not levels else _ALL
    return Style(newline, indents[0] if indents else "  ", "," + comma, ":" + colon, levels)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes new values in the style of the text they go into."""

    style: Style
    alphabet: Alphabet

    def value(self, value: Any, margin: str | None, depth: int) -> str:
        """A value that stands at a depth of brackets; `margin` is the white space its line begins with.

        Without a margin it is written on one line. Raises ValueError where it has no JSON.
        """
        if isinstance(value, str):
            return f'"{self.alphabet.literal(value)}"'
        if isinstance(value, Mapping):
            inner = [(self.key(name), part) for name, part in value.items()]
            return self._container("{}", inner, margin, depth)
        if isinstance(value, list | tuple):
            return self._container("[]", [("", part) for part in value], margin, depth)
        return json.dumps(value, allow_nan=False)

    def key(self, name: str) -> str:
        return f'"{self.alphabet.literal(name)}"{self.style.colon}'

    def _container(self, brackets: str, inner: list[tuple[str, Any]], margin: str | None, depth: int) -> str:
        if margin is None or depth >= self.style.levels or not inner:
            parts = [key + self.value(part, None, depth + 1) for key, part in inner]
            return brackets[0] + self.style.comma.join(parts) + brackets[1]
        deeper = margin + self.style.indent
        lead = self.style.newline + deeper
        parts = [key + self.value(part, deeper, depth + 1) for key, part in inner]
        return f"{brackets[0]}{lead}{f',{lead}'.join(parts)}{self.style.newline}{margin}{brackets[1]}"
