"""Blocks of HTML inside Markdown: pictures, and what no reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(style|script)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_CAPTION = re.compile(r"<figcaption\b[^<>]{0,1000}>([^<>]{1,4000})</figcaption\s*>", re.IGNORECASE)
_IMAGE = re.compile(r"<(?:img|figure|picture)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,8000}>")


@dataclass(frozen=True, slots=True)
class Content:
    """What a block without prose holds: whether an image, and where its caption stands."""

    image: bool
    caption: tuple[int, int] | None = None


def figure(block: str) -> Content | None:
    """The content of a block that is a picture, a comment, a style or a script; None where it holds prose."""
    if not _UNSEEN.sub("", block).strip():
        return Content(image=False)
    caption = _CAPTION.search(block)
    if caption and caption[1].strip():
        text = caption[1]
        start = caption.start(1) + len(text) - len(text.lstrip())
        return Content(image=True, caption=(start, start + len(text.strip())))
    if re.search(r"\w", _TAG.sub("", block)):
        return None
    return Content(image=bool(_IMAGE.search(block)))
