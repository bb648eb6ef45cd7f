"""Markup as tags and text, in one pass over it: each character is looked at a bounded number of times.

`html.parser` of the standard library takes minutes for a few hundred kilobytes that were made to hurt it. What it and
browsers do with broken markup is done here too: a tag, comment or quotation mark that never ends takes what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_OPEN = re.compile(r"<(?=[A-Za-z/!?])")
_NAME = re.compile(r"[A-Za-z][^\s/>\0]*+")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?:([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|(?!["'])([^\s>]*+)|(["'])))?+)?+"""
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?+")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title")
}
_ESCAPED = frozenset({"textarea", "title"})
"""Elements that hold no tags, but character references."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag, at an offset of the markup; `empty` is a start tag that ends in a slash."""

    name: str
    at: int
    attributes: dict[str, str] = field(default_factory=dict)
    ends: bool = False
    empty: bool = False


def tokens(markup: str) -> Iterator[Tag | str]:
    """Tags and the text between them, character references resolved; comments and declarations are left out."""
    at = 0
    while (match := _OPEN.search(markup, at)) is not None:
        if match.start() > at:
            yield _plain(markup[at : match.start()])
        start, after = match.start(), markup[match.end()]
        if after in "!?":
            text, at = _declaration(markup, start)
            if text:
                yield text
            continue
        tag, at = _tag(markup, start)
        if isinstance(tag, str):
            yield tag
        elif tag is not None:
            yield tag
            if tag.name in _RAW and not tag.ends and not tag.empty:
                text, at = _raw(markup, tag.name, at)
                yield text
    if at < len(markup):
        yield _plain(markup[at:])


def _plain(text: str) -> str:
    return _REFERENCE.sub(lambda match: unescape(match[0]), text) if "&" in text else text


def _declaration(markup: str, start: int) -> tuple[str, int]:
    """The text of a CDATA section, nothing of any other declaration, and where it ends."""
    if markup.startswith("<!--", start):
        return "", _behind(markup, "-->", start + 4)
    if markup.startswith("<![CDATA[", start):
        end = _behind(markup, "]]>", start + 9)
        return markup[start + 9 : end].removesuffix("]]>"), end
    return "", _behind(markup, ">", start)


def _behind(markup: str, mark: str, start: int) -> int:
    at = markup.find(mark, start)
    return len(markup) if at < 0 else at + len(mark)


def _tag(markup: str, start: int) -> tuple[Tag | str | None, int]:
    """The tag at an offset and where it ends; text where there is none, nothing where it does not end."""
    ends = markup[start + 1] == "/"
    named = _NAME.match(markup, start + 2 if ends else start + 1)
    if named is None:
        # `</>` and its like are comments to a browser.
        return None, _behind(markup, ">", start)
    name = named[0].lower()
    if ends:
        end = _behind(markup, ">", named.end())
        return Tag(name, start, ends=True), end
    attributes: dict[str, str] = {}
    at = named.end()
    while True:
        match = _ATTRIBUTE.match(markup, at)
        assert match is not None
        at = match.end()
        if match[5]:
            return None, len(markup)  # a quotation mark that never ends
        if match[1] is None:
            break
        value = next((part for part in match.group(2, 3, 4) if part is not None), "")
        attributes.setdefault(match[1].lower(), _plain(value))
    if at >= len(markup):
        return None, at
    return Tag(name, start, attributes, empty=markup[at - 1] == "/"), at + 1


def _raw(markup: str, name: str, at: int) -> tuple[str, int]:
    """The text of an element that holds no tags."""
    closing = _RAW[name].search(markup, at)
    end = len(markup) if closing is None else closing.start()
    text = markup[at:end]
    return (_plain(text) if name in _ESCAPED else text), end
