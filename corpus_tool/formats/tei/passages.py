"""Which elements of a text are passages of news."""

from __future__ import annotations

from collections.abc import Sequence

from corpus_tool.formats.tei.names import PASSAGES
from corpus_tool.formats.tei.text_reading import Found

LOOSE = "text"
"""The type of an `ab` that is no passage: text between passages."""
_TYPES = {
    "p": "paragraph", "ab": "paragraph", "l": "paragraph", "item": "paragraph", "row": "paragraph", "u": "paragraph",
    "opener": "paragraph", "closer": "paragraph", "salute": "paragraph", "signed": "paragraph", "trailer": "paragraph",
    "postscript": "paragraph", "argument": "paragraph", "speaker": "paragraph", "stage": "paragraph",
    "byline": "byline", "docAuthor": "byline", "dateline": "dateline", "docDate": "dateline", "titlePart": "headline",
    "docTitle": "headline", "head": "headline",
}  # fmt: skip


def passage_types(found: Sequence[Found]) -> dict[int, str]:
    """For the elements that are passages, by number, their types; within a passage only typed segments are others."""
    types: dict[int, str] = {}
    headed = False
    for number, one in enumerate(found):
        if one.end == one.start:
            continue
        kind = one.node.get("type")
        if one.node.tag in {"seg", "ab", "head", "p"} and kind in PASSAGES:
            types[number] = str(kind)
        elif one.node.tag not in _TYPES or (one.node.tag == "ab" and kind == LOOSE) or _inside(one, found, types):
            continue
        else:
            types[number] = _type(one, headed=headed)
        headed = headed or types[number] == "headline"
    return types


def _inside(one: Found, found: Sequence[Found], types: dict[int, str]) -> bool:
    at = one.within
    while at is not None:
        if at in types:
            # A picture in a paragraph has a caption, which is no part of what the paragraph says.
            return not (one.figure and not found[at].figure)
        at = found[at].within
    return False


def _type(one: Found, *, headed: bool) -> str:
    kind = _TYPES[one.node.tag]
    if one.figure:
        return "credit" if kind == "byline" else "caption"
    if kind == "headline" and (headed or one.listed or one.node.get("type") == "sub"):
        return "subheading"
    return kind
