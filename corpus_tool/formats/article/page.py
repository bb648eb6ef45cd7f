"""An HTML page as an article.

Its text is what a browser shows of the blocks of the article: white space collapsed as HTML has it, a line feed for
`br`, a blank line between two blocks; everything else of the page (menus, forms, footers, scripts) is no text. The
article is the `article` element with most words, else `main`, else what holds most of the page's paragraphs. No script
is run and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus_tool.formats.article import cues
from corpus_tool.formats.article.dates import dateline
from corpus_tool.formats.article.page_metadata import Said, article_body, said_of
from corpus_tool.formats.hypertext.blocks import Block, blocks
from corpus_tool.formats.hypertext.layout import Layout, lay_out
from corpus_tool.formats.hypertext.tree import Element, parse
from corpus_tool.formats.hypertext.vocabulary import FURNITURE, is_hidden

_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|comments?|disqus|promo|newsletter|subscri(?:be|ption)|advert(?:s|isement)?|ads?"
    r"|cookies?|breadcrumbs?|sidebar|popup|modal|paywall|toolbar|pagination|outbrain|taboola|sponsored|skip-link"
    r"|visually-hidden|sr-only|screen-reader-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BYLINE = 200
_HEAD = 6
"""How many blocks can be the head of an article, in which lines say who wrote it and when."""


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a page: its layout, what the page says of it, and how many pictures are left out."""

    layout: Layout
    said: Said
    shown: dict[str, str]
    pictures: int


def read_page(markup: str) -> Page:
    """The article of a page; its text is empty where none was found."""
    root = parse(markup)
    said = said_of(root)
    _prune(root)
    article = _article(root)
    found = blocks(article, furniture=False)
    if not any(block.type == "headline" for block in found):
        found = [*_headline(root, article), *found]
    if not found and (body := article_body(root)):
        found = [
            Block("paragraph", part.strip(), None, (1, 1)) for part in re.split(r"\n\s*\n|\r\n", body) if part.strip()
        ]
    found = list(_headed(found))
    pictures = sum(element.tag in {"img", "picture", "video", "iframe", "embed"} for element in article.elements())
    return Page(lay_out(found), said, _shown(found), pictures)


def _prune(root: Element) -> None:
    """Take out what stands beside an article, and what is not shown."""
    for element in root.elements():
        element.children = [
            child for child in element.children if isinstance(child, str) or not (_beside(child) or _unseen(child))
        ]


def _unseen(element: Element) -> bool:
    return element.tag not in {"script", "head", "title"} and is_hidden(element)


def _beside(element: Element) -> bool:
    if element.tag in {"html", "body", "article", "main", "head", "script", "meta", "link"}:
        return False
    named = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}"
    role = element.attributes.get("role", "").lower()
    return role in {"navigation", "complementary", "contentinfo", "search", "banner"} or bool(
        _BESIDE.search(named[:1000])
    )


def _article(root: Element) -> Element:
    elements = root.elements()
    for wanted in (_is_article, _is_main):
        found = [element for element in elements if wanted(element)]
        if found and _words(best := max(found, key=_words)) > 0:
            return best
    holders: dict[int, int] = {}
    for element in elements:
        if element.tag not in FURNITURE:
            prose = sum(_words(child) for child in element.children if isinstance(child, Element) and child.tag == "p")
            holders[id(element)] = prose
    best = max(elements, key=lambda element: holders.get(id(element), 0))
    return best if holders.get(id(best)) else root


def _is_article(element: Element) -> bool:
    return element.tag == "article" or element.attributes.get("itemprop", "").lower() == "articlebody"


def _is_main(element: Element) -> bool:
    return element.tag == "main" or element.attributes.get("role", "").lower() == "main"


def _words(element: Element) -> int:
    return len("".join(element.text().split())) if element.tag != "script" else 0


def _headline(root: Element, article: Element) -> Iterator[Block]:
    """The first `h1` of the page, where the article has none in it."""
    inside = {id(element) for element in article.elements()}
    for element in root.elements():
        if element.tag == "h1" and id(element) not in inside:
            yield from blocks(element)[:1]
            return


def _headed(found: Sequence[Block]) -> Iterator[Block]:
    """Lines above the prose that only their words make bylines and datelines."""
    prose = False
    for number, block in enumerate(found):
        short = block.type == "paragraph" and len(block.text) <= _BYLINE and "\n" not in block.text
        if short and not prose and number <= _HEAD and cues.byline(block.text):
            yield replace(block, type="byline")
        elif short and not prose and number <= _HEAD and dateline(block.text):
            yield replace(block, type="dateline")
        else:
            prose = prose or (block.type == "paragraph" and not short)
            yield block


def _shown(found: Sequence[Block]) -> dict[str, str]:
    said = {}
    for block in reversed(found):
        line = " ".join(block.text.split())
        if block.type == "headline":
            said["headline"] = line
        elif block.type == "byline":
            said["byline"] = cues.byline(line) or line
        elif block.type == "dateline" and len(line) <= _BYLINE and (dated := dateline(line)) and dated.iso:
            said["date"] = dated.iso
    return said
