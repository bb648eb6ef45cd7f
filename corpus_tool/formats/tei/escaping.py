"""Characters of text and attributes as XML 1.0 writes them so that they come back."""

from __future__ import annotations

import re

_REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = {**_TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
_IN_TEXT = re.compile("[&<>\r]")
_IN_ATTRIBUTE = re.compile('[&<>\r"\t\n]')


def text_of(text: str) -> str:
    """Text between tags; characters that XML cannot hold become an empty `g` that names them."""
    made = _IN_TEXT.sub(lambda match: _TEXT[match[0]], text)
    return _REFUSED.sub(lambda match: f'<g type="U+{ord(match[0]):04X}"/>', made)


def attribute(value: str) -> str:
    """The value of an attribute."""
    return _IN_ATTRIBUTE.sub(lambda match: _ATTRIBUTE[match[0]], value)


def unwritable(value: str) -> str | None:
    """The first character that no attribute can hold."""
    match = _REFUSED.search(value)
    return match[0] if match else None
