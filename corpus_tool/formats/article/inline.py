"""Markdown inside a line: emphasis, links, images, URLs."""

from __future__ import annotations

import re
from dataclasses import dataclass

LINK = re.compile(
    r"!?\[([^\[\]]{0,1000})\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,2000})?(?:\s+\"[^\"]{0,500}\")?\)"
)
_LINK_REFERENCE = re.compile(r"\[([^\[\]]{1,1000})\]\[[^\[\]]{0,200}\]")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]{0,2000})>")
_STARS = re.compile(r"(?<!\\)\*{1,3}")
_SCORES = re.compile(r"(?<![\w\\])_{1,3}(?=\S)|(?<=[^\s\\])_{1,3}(?!\w)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'|]{1,2000}", re.IGNORECASE)
_IMAGE = re.compile(
    r"\[?!\[([^\[\]]{0,1000})\]\s?(?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,2000})?\)|\[[^\[\]]{0,200}\])"
    r"(?:\]\([^()\s]{0,2000}\))?"
)
_TARGET = re.compile(r"\]\([^()\s]{0,2000}\)?|\S{30,}")

_MARKS = ("***", "**", "__", "*", "_")


def plain(line: str) -> str:
    """The words a reader sees: links, emphasis and escapes of Markdown resolved, white space collapsed."""
    line = LINK.sub(r"\1", line)
    line = _LINK_REFERENCE.sub(r"\1", line)
    line = _AUTOLINK.sub(r"\1", line)
    line = _SCORES.sub("", _STARS.sub("", line))
    return " ".join(_ESCAPED.sub(r"\1", line).split())


def width(line: str) -> int:
    """How many code points of a line are its writer's words, not the targets of links."""
    return len(_TARGET.sub("", plain(line)))


def unwrapped(line: str) -> tuple[int, int]:
    """The inside of a line that is emphasised as a whole; else all of it."""
    for mark in _MARKS:
        size = len(mark)
        inner = line[size:-size]
        if line.startswith(mark) and line.endswith(mark) and inner.strip() and mark[0] not in inner:
            return size + len(inner) - len(inner.lstrip()), size + len(inner.rstrip())
    return 0, len(line)


def only_url(line: str) -> str | None:
    """The URL of a line that is nothing else: bare, in angle brackets, or a link that shows one."""
    start, end = unwrapped(line)
    body = line[start:end].strip()
    link = LINK.fullmatch(body)
    if link:
        return find_url(body) if URL.fullmatch(link[1].strip("<> ")) else None
    bare = body[1:-1] if body.startswith("<") and body.endswith(">") else body
    return bare if URL.fullmatch(bare) else None


def only_links(line: str) -> bool:
    """Whether a line is one link (or several) and nothing else but marks."""
    return bool(LINK.search(line)) and not re.search(r"\w", LINK.sub("", line)) and not image(line)


def find_url(line: str) -> str | None:
    """The first URL that a line leads to, a link's target before any other."""
    link = re.search(r"\]\(<?((?:https?://|www\.)[^\s<>]{1,2000}?)>?(?:\s+\"[^\"]*\")?\)(?!\))", line, re.IGNORECASE)
    if link:
        return link[1]
    match = _AUTOLINK.search(line)
    if match and URL.fullmatch(match[1]):
        return match[1]
    match = URL.search(line)
    if not match:
        return None
    url = match[0].rstrip(".,;:!?*_")
    return url[:-1] if url.endswith(")") and "(" not in url else url


@dataclass(frozen=True, slots=True)
class Image:
    """An image in Markdown: where its alternative text stands, and where the line goes on."""

    alt: tuple[int, int]
    end: int


def image(line: str) -> Image | None:
    """The image a line starts with."""
    match = _IMAGE.match(line)
    return Image(match.span(1), match.end()) if match else None


def emphasised_tail(line: str) -> tuple[int, int] | None:
    """Where the emphasised words stand that a line ends with, without their marks."""
    for mark in _MARKS:
        if not line.endswith(mark) or len(line) <= 2 * len(mark):
            continue
        opening = line.rfind(mark, 0, len(line) - len(mark))
        inner = line[opening + len(mark) : -len(mark)]
        if opening >= 0 and inner.strip() == inner and inner and mark[0] not in inner.strip(mark[0]):
            return opening + len(mark), len(line) - len(mark)
    return None
