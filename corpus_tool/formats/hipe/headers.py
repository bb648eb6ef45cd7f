"""Comments `# hipe2022:key = value` before a document, and the fields of the article they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus_tool.formats import Article
from corpus_tool.formats.conll import comments
from corpus_tool.formats.metadata import usable
from corpus_tool.formats.tally import Tally

COMMENT = re.compile(r"#\s*([^=\t]+?)\s*=\s*(.*)")
ID, LAYERS, APPLICABLE = "document_id", "layers", "applicable_columns"
OWN, NINJS = "hipe2022", "ninjs"
"""Whose keys stand before the colon: those of the format, and those of the metadata of articles (IPTC ninjs)."""
_FIELDS = {
    "language": "language", "date": "contentCreated", "author": "by", "license": "usageTerms",
    "original_license": "usageTerms", "split": "split", "publication_title": "infoSources", "newspaper": "infoSources",
}  # fmt: skip
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_id(key: str) -> bool:
    """Whether a key names the document: of 2020 without a colon, since then with one."""
    return key.rpartition(":")[2] == ID


def read(article: Article, key: str, value: str) -> bool:
    """Set the field that a key stands for; False where there is none, where it cannot hold that, or has been set."""
    space, _, name = key.rpartition(":")
    field = name if space == NINJS else _FIELDS.get(name)
    if field is None or not value:
        return False
    return comments.read(article, field, value)


def write(article: Article, columns: Sequence[str], layers: Sequence[str] | None, tally: Tally) -> Iterator[str]:
    """The comments of an article; `layers` are named where they are not what the columns show."""
    name = " ".join(article["id"].split("\n")).strip()
    if name != article["id"]:
        tally.add("ids: white space a comment cannot hold", article["id"])
    yield f"# {OWN}:{ID} = {name}"
    said = dict(_own(article))
    for key, value in said.items():
        yield f"# {OWN}:{key} = {value}"
    yield f"# {OWN}:{APPLICABLE} = {' '.join(columns)}"
    if layers is not None:
        yield f"# article:{LAYERS} = {' '.join(layers)}"
    but = ("language", "contentCreated") if "date" in said else ("language",)
    for key, value in comments.write(article, tally, but):
        yield f"# {NINJS}:{key} = {value}"


def _own(article: Article) -> Iterator[tuple[str, str]]:
    """What the format has keys of its own for."""
    metadata = article.get("metadata") or {}
    if _DATE.fullmatch(metadata.get("contentCreated") or "") and usable("contentCreated", metadata["contentCreated"]):
        yield "date", metadata["contentCreated"]
    if metadata.get("language"):
        yield "language", metadata["language"]
