"""One article as one item of ninjs 3.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from corpus_tool.formats import Article, Loss
from corpus_tool.formats.hypertext.writing import write_xhtml
from corpus_tool.formats.ninjs.labels import write_labels
from corpus_tool.formats.ninjs.metadata import KEYWORD, OWN_URI, write_metadata
from corpus_tool.formats.ninjs.names import Item
from corpus_tool.formats.ninjs.reading import OWN_ID

STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}


def write_item(article: Article) -> tuple[Item, list[Loss]]:
    """The item: the text as plain body, and where there are passages as XHTML that marks them."""
    metadata = article.get("metadata") or {}
    losses: list[Loss] = []
    item: Item = {
        "uri": metadata.get("uri") or OWN_URI + quote(article["id"]),
        "standard": STANDARD,
        "type": "text",
        **write_metadata(metadata),
        "altIds": [{"role": OWN_ID, "value": article["id"]}],
        "bodies": [{"role": "text", "contentType": "text/plain", "value": article["text"]}],
    }
    if article.get("passages"):
        xhtml, lost = write_xhtml(article)
        item["bodies"].append({"role": "xhtml", "contentType": "text/html", "value": xhtml})
        losses += lost
    if article.get("labels") is not None:
        agents = {one["id"]: one["agent"] for one in article.get("provenance") or ()}
        concepts, problems = write_labels(article["labels"], agents)
        item |= concepts
        losses += [Loss(f"labels: {problem}", 1, article["id"]) for problem in problems]
    keywords = [{"name": word, "rel": KEYWORD} for word in metadata.get("keywords") or ()]
    if keywords:
        item["subjects"] = [*item.get("subjects", ()), *keywords]
    return item, [*losses, *_unread(article, item)]


def _unread(article: Article, item: Item) -> Iterator[Loss]:
    """What is in the item, but a reader would take for nothing or for something else."""
    empty: list[Any] = [name for name, value in (article.get("metadata") or {}).items() if value == ""]
    for name in empty:
        yield Loss("metadata that is an empty string", 1, f"{article['id']}: {name}")
    if not article["text"].strip():
        yield Loss("texts without a character that shows", 1, item["uri"])
