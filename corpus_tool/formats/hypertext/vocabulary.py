"""Which elements of HTML and NITF are blocks, which are not shown, and what a block of news is."""

from __future__ import annotations

import re

from corpus_tool.formats.hypertext.tree import Element

PASSAGE = "data-passage"
"""The attribute that names the type of a passage in what this tool writes; `none` is text of no passage."""
TYPES = frozenset(
    {"headline", "byline", "dateline", "caption", "credit", "paragraph", "subheading", "related", "source"}
)
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "nitf", "body.head", "body.content", "body.end",
    "hedline", "hl1", "hl2", "byline", "dateline", "distributor", "abstract", "block", "media", "media-caption",
    "media-producer", "tagline", "copyrite", "bibliography", "rights", "note",
})  # fmt: skip
CELLS = frozenset({"td", "th"})
UNSEEN = frozenset({
    "script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe", "object", "select",
    "option", "textarea", "button", "canvas", "audio", "video", "datalist", "map", "media-reference",
    "media-metadata", "media-object",
})  # fmt: skip
FURNITURE = frozenset({"nav", "footer", "form", "aside", "menu", "dialog"})
"""What stands around an article on a page."""
_TAGS = {
    "h1": "headline", "hl1": "headline",
    "h2": "subheading", "h3": "subheading", "h4": "subheading", "h5": "subheading", "h6": "subheading",
    "hl2": "subheading",
    "figcaption": "caption", "caption": "caption", "media-caption": "caption",
    "media-producer": "credit",
    "byline": "byline",
    "dateline": "dateline", "time": "dateline",
    "distributor": "source",
    "aside": "related",
}  # fmt: skip
_CLASSES = {
    "byline": "byline", "author": "byline", "authors": "byline", "dateline": "dateline", "pubdate": "dateline",
    "credit": "credit", "photocredit": "credit", "caption": "caption",
    "related": "related", "subheading": "subheading", "source": "source", "headline": "headline",
}  # fmt: skip
_ITEMPROPS = {
    "headline": "headline", "author": "byline", "datepublished": "dateline", "copyrightholder": "credit",
    "credittext": "credit",
}  # fmt: skip


def passage_type(element: Element, *, in_figure: bool) -> str | None:
    """What an element says its text is; None where it says nothing."""
    stated = element.attributes.get(PASSAGE)
    if stated is not None:
        return stated if stated in TYPES else "none"
    kind = _TAGS.get(element.tag) or _of_attributes(element)
    return "credit" if kind in {"byline", "source"} and in_figure else kind


def _of_attributes(element: Element) -> str | None:
    if element.tag == "body" or "itemscope" in element.attributes:
        return "byline" if element.attributes.get("itemprop") == "author" else None
    if "author" in element.attributes.get("rel", "").lower().split():
        return "byline"
    named = _ITEMPROPS.get(element.attributes.get("itemprop", "").lower())
    tokens = element.attributes.get("class", "").lower().split()
    # `article__byline`, `c-byline` and `byline` are one word with what a site puts around it.
    words = (re.split(r"__|--|-|_", token) for token in tokens)
    return named or next((_CLASSES[part[-1]] for part in words if part[-1] in _CLASSES), None)


def is_hidden(element: Element) -> bool:
    style = element.attributes.get("style", "").replace(" ", "").lower()
    return element.tag in UNSEEN or "hidden" in element.attributes or "display:none" in style
