"""The blocks of a Markdown or plain text, as stretches of it in code points."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus_tool.formats.article.dates import MONTH_WORD
from corpus_tool.formats.article.inline import unwrapped, width

Kind = Literal["text", "heading", "item", "quote", "block", "html"]

WRAPPED = 120
"""No writer breaks lines later than this: longer lines are paragraphs, unless one goes on in lower case."""

LONG = 4000
"""What is longer is prose, whatever it looks like: no pattern is tried on it."""

_SPACE = re.compile("[^\\S\\n]|[\\ufeff\\u200b\\u2060]")
_ORDINAL = re.compile(rf"(?m)^( {{0,3}}\d{{1,2}})\.(?= +{MONTH_WORD.pattern})", re.IGNORECASE)
_CLOSING = "\"'”»\u2019)*_"
_MARKERS = re.compile(r"(?: *>)* *")


@dataclass(frozen=True, slots=True)
class Piece:
    """One block without its markers; `joined` where no blank line parts it from the piece before it."""

    kind: Kind
    start: int
    end: int
    level: int = 0
    joined: bool = False


def shade(text: str, body: int) -> str:
    """The text as long as it is, but with what would mislead a Markdown parser as blanks.

    That is the front matter (up to `body`), every white space but the line feed, and the full stop of `17. März`,
    which would begin a numbered list.
    """
    lead = re.sub(r"[^\n]", " ", text[:body])
    return _ORDINAL.sub(r"\1 ", lead + _SPACE.sub(" ", text[body:]))


def pieces(shaded: str) -> list[Piece]:
    """Every block that holds text, innermost, in order."""
    lines = _line_ranges(shaded)
    covered = bytearray(len(lines))
    found = [piece for piece in _blocks(shaded, lines, covered) if piece.start < piece.end]
    found += _left_over(shaded, lines, covered)
    return sorted(found, key=lambda piece: piece.start)


def cut(shaded: str, piece: Piece, alone: Callable[[str], bool]) -> list[Piece]:
    """A paragraph as its lines, where they are too long to be wrapped; else cut around lines that stand alone."""
    if piece.kind != "text" or "\n" not in shaded[piece.start : piece.end]:
        return [piece]
    lines = [_trimmed(shaded, *span) for span in _line_ranges(shaded[: piece.end], piece.start)]
    rest = [span for span in lines if not alone(shaded[slice(*span)])]
    wrapped = any(shaded[start].islower() for start, _ in rest if start > lines[0][0])
    every = not wrapped and (
        any(_too_long(shaded[slice(*span)]) for span in lines) or _are_complete([shaded[slice(*span)] for span in rest])
    )
    runs: list[tuple[int, int]] = []
    open_run = False
    for number, (start, end) in enumerate(lines):
        # A bold line is a title above others, and a credit below them.
        single = every or alone(shaded[start:end]) or (number == 0 and _is_bold(shaded[start:end]))
        if open_run and not single:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
        open_run = not single
    return [Piece("text", start, end, joined=at > 0) for at, (start, end) in enumerate(runs)]


def _are_complete(lines: list[str]) -> bool:
    """Whether these lines end as sentences do, or are short: wrapped lines end so only by chance."""
    ended = [line.rstrip(_CLOSING).endswith((".", "!", "?", "…")) for line in lines]
    titles = [line for line, is_ended in zip(lines, ended, strict=True) if not is_ended]
    return sum(ended) >= max(3, len(titles)) and all(len(line) <= WRAPPED for line in titles)


def _is_bold(line: str) -> bool:
    return line.startswith("**") and unwrapped(line) != (0, len(line))


def _too_long(line: str) -> bool:
    return len(line) > WRAPPED and (len(line) > LONG or width(line) > WRAPPED)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Crawled text is indented for many reasons, and a link definition is text like any other.
    parser.disable(["code", "reference"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _line_ranges(text: str, start: int = 0) -> list[tuple[int, int]]:
    ends = [match.start() for match in re.finditer("\n", text[start:])]
    edges = [start - 1, *(start + end for end in ends), len(text)]
    return [(left + 1, right) for left, right in pairwise(edges)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _blocks(shaded: str, lines: list[tuple[int, int]], covered: bytearray) -> Iterator[Piece]:
    inside: list[Kind] = []
    tokens = _markdown().parse(shaded)
    for number, token in enumerate(tokens):
        if token.type in {"blockquote_open", "list_item_open"}:
            inside.append("quote" if token.type == "blockquote_open" else "item")
        elif token.type in {"blockquote_close", "list_item_close"}:
            inside.pop()
        elif token.map and token.type in {"heading_open", "paragraph_open", "fence", "html_block", "table_open", "hr"}:
            first, last = token.map
            covered[first:last] = b"\1" * (last - first)
            if token.type in {"heading_open", "paragraph_open"}:
                yield _leaf(shaded, lines, token, tokens[number + 1], inside[-1] if inside else "text")
            elif token.type != "hr":
                yield _verbatim(shaded, lines, token)


def _leaf(shaded: str, lines: list[tuple[int, int]], token: Token, inline: Token, container: Kind) -> Piece:
    assert token.map
    content = inline.content.split("\n")
    first, last = token.map[0], token.map[0] + len(content) - 1
    left, right = lines[first]
    line = shaded[left:right]
    head = content[0].strip()
    # A heading may end in number signs; the text of a paragraph reaches to the end of its line.
    column = line.find(head) if token.type == "heading_open" else line.rfind(head)
    start = left + max(column, 0)
    end = start + len(head) if token.type == "heading_open" and len(content) == 1 else lines[last][1]
    start, end = _trimmed(shaded, start, end)
    if token.type == "heading_open":
        return Piece("heading", start, end, level=int(token.tag[1:]))
    return Piece(container, start, end)


def _verbatim(shaded: str, lines: list[tuple[int, int]], token: Token) -> Piece:
    assert token.map
    first, last = token.map
    if token.type == "fence":
        first += 1
        closing = shaded[slice(*lines[last - 1])].strip(" >")
        last -= last > first and len(closing) >= len(token.markup) and not closing.strip(token.markup[0])
    if first >= last:
        return Piece("block", 0, 0)
    left = _MARKERS.match(shaded, lines[first][0], lines[first][1])
    start, end = _trimmed(shaded, left.end() if left else lines[first][0], lines[last - 1][1])
    return Piece("html" if token.type == "html_block" else "block", start, end)


def _left_over(shaded: str, lines: list[tuple[int, int]], covered: bytearray) -> Iterator[Piece]:
    """Paragraphs of what the parser gave up on: it stops at some depth of nesting."""
    run: tuple[int, int] | None = None
    for span, seen in zip(lines, covered, strict=True):
        start, end = _trimmed(shaded, *span)
        if seen or not any(character.isalnum() for character in shaded[start:end]):
            if run:
                yield Piece("text", *run)
            run = None
        else:
            run = (run[0] if run else start, end)
    if run:
        yield Piece("text", *run)
