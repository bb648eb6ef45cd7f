"""Passages of an article as XHTML that carries all of its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from corpus_tool.formats import Article, Loss
from corpus_tool.formats.hypertext.vocabulary import PASSAGE

_ELEMENTS = {"headline": "h1", "subheading": "h2", "caption": "figcaption"}
_CLASSED = frozenset({"byline", "dateline", "credit", "related", "source"})
Passage = dict[str, Any]


@dataclass(slots=True)
class _Node:
    passage: Passage
    start: int
    end: int
    inner: list[_Node] = field(default_factory=list)


def write_xhtml(article: Article) -> tuple[str, list[Loss]]:
    """The body, and what of the passages it cannot carry."""
    text = article["text"]
    tops, losses = _nested(article)
    out, at = [], 0
    for node in tops:
        out += [_loose(text[at : node.start]), _block(text, node)]
        at = node.end
    return "<article>" + "".join([*out, _loose(text[at:])]) + "</article>", losses


def _nested(article: Article) -> tuple[list[_Node], list[Loss]]:
    tops: list[_Node] = []
    losses: list[Loss] = []
    around: list[_Node] = []
    taken: set[str] = set()

    def lose(what: str, passage: Passage) -> None:
        losses.append(Loss(what, 1, f"{article['id']}: {passage['id']}"))

    def position(passage: Passage) -> tuple[int, int]:
        return passage["spans"][0]["start"], -passage["spans"][0]["end"]

    for passage in sorted(article.get("passages") or (), key=position):
        one = passage["spans"][0]
        start, end = one["start"], one["end"]
        while around and around[-1].end <= start:
            around.pop()
        if len(passage["spans"]) > 1:
            lose("passages of several pieces", passage)
        elif around and around[-1].end < end:
            lose("passages that cross another", passage)
        elif not (words := article["text"][start:end].strip()):
            lose("passages without a character that shows", passage)
        else:
            if len(words) < end - start:
                lose("white space at the edge of passages", passage)
            if passage["id"] in taken or not _names(passage["id"]):
                lose("ids of passages that no attribute can hold", passage)
            taken.add(passage["id"])
            node = _Node(passage, start, end)
            (around[-1].inner if around else tops).append(node)
            around.append(node)
    return tops, losses


def _names(name: str) -> bool:
    return bool(name) and not any(character.isspace() or character in "\0\x1a" for character in name)


def _loose(text: str) -> str:
    return f'<div {PASSAGE}="none">{escape(text)}</div>' if text.strip() else ""


def _block(text: str, node: _Node) -> str:
    kind = node.passage["type"]
    made = _tagged(_ELEMENTS.get(kind, "p"), node, "".join(_content(text, node)))
    return f"<figure>{made}</figure>" if kind == "caption" else made


def _tagged(tag: str, node: _Node, content: str) -> str:
    kind, name = node.passage["type"], node.passage["id"]
    classed = f' class="{kind}"' if kind in _CLASSED else ""
    named = f' id="{escape(name)}"' if _names(name) else ""
    return f'<{tag}{named}{classed} {PASSAGE}="{escape(kind)}">{content}</{tag}>'


def _content(text: str, node: _Node) -> Iterator[str]:
    at = node.start
    for inner in node.inner:
        yield escape(text[at : inner.start])
        yield _tagged("span", inner, "".join(_content(text, inner)))
        at = inner.end
    yield escape(text[at : node.end])
