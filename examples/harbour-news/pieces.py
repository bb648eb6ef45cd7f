"""What both scripts need: articles in and out, and the pieces of text that are read one at a time."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.canonical import dumps_pretty
from corpus_tool.contract import load_contract
from corpus_tool.inventory_files import load_inventory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus_tool.contract import Contract
    from corpus_tool.formats import Article

HERE = Path(__file__).parent
ARTICLES = HERE / "articles"
INVENTORY = HERE / "inventory.toml"

_PICTURE = "[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]*"
EMOJI = rf"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}(?:\u200d{_PICTURE})*"
"""An emoji with all that belongs to it, or a flag."""
_MARKUP = re.compile(r"\*\*|\]\([^)\n]*\)|[\[<>]")


@cache
def contract() -> Contract:
    """Compile the contract of this corpus."""
    return load_contract(None, load_inventory(INVENTORY))


def read(path: Path) -> Article:
    """Read an article as it was written."""
    article: Article = json.loads(path.read_bytes())
    return article


def write(article: Article) -> None:
    """Write `articles/<id>.json`, one annotation a line."""
    ARTICLES.mkdir(exist_ok=True)
    (ARTICLES / f"{article['id']}.json").write_bytes(dumps_pretty(article, contract()))


def span(text: str, start: int, end: int) -> dict[str, Any]:
    """Make a span of the text."""
    return {"start": start, "end": end, "text": text[start:end]}


def stretches(article: Article) -> Iterator[tuple[int, str]]:
    """Yield each passage as (start, text), Markdown's marks as spaces; a credit is part of its caption."""
    for passage in article["passages"]:
        if passage["type"] != "credit":
            whole = passage["spans"][0]
            yield whole["start"], _MARKUP.sub(lambda mark: " " * len(mark[0]), whole["text"])
