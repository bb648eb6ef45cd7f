"""Sentences and tokens for articles that come without, by rules of libraries.

Sentences are those of sentencex, tokens those of spaCy's rules: of the libraries that are kept, the best on the news of
GUM (`python -m benchmarks.segmentation`). A quotation of several sentences is one to sentencex.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from corpus_tool.errors import MissingExtraError
from corpus_tool.formats import Article
from corpus_tool.formats.made import span
from corpus_tool.formats.spacy.tokenising import by_rules, library
from corpus_tool.formats.token_ids import token_ids

Piece = tuple[int, int]
EXTRA = "segment"
LAYERS = ("sentences", "tokens")
_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_DEFAULT = "en"


def segment(article: Article) -> Article:
    """The article with sentences and tokens; a layer that it has stays as it is.

    What is added has provenance of type `rule`, with the library and its version, and complete coverage. The language
    is that of the metadata; English where there is none. Raises MissingExtraError where a library is not installed.
    """
    metadata = article.get("metadata") or {}
    language = metadata.get("language") or _DEFAULT
    made = dict(article)
    if article.get("sentences") is None:
        _add(made, "sentences", list(sentences(article, language)), *_sentencex())
    if article.get("tokens") is None:
        _add(made, "tokens", by_rules(article["text"], language, ()), *_spacy())
    return made


def sentences(article: Article, language: str) -> Iterator[Piece]:
    """Where the sentences of each paragraph stand, without the white space around them."""
    _sentencex()
    from sentencex import get_sentence_boundaries

    text = article["text"]
    for start, end in paragraphs(article):
        for found in get_sentence_boundaries(language.partition("-")[0].lower(), text[start:end]):
            piece = _stripped(text, start + found["start_index"], start + found["end_index"])
            if piece is not None:
                yield piece


def paragraphs(article: Article) -> Iterator[Piece]:
    """The stretches of text that no sentence leaves: between blank lines, and between ends of passages."""
    text = article["text"]
    cuts = {0, len(text)}
    cuts.update(match.end() for match in _BLANK.finditer(text))
    for passage in article.get("passages") or ():
        cuts.update(at for part in passage["spans"] for at in (part["start"], part["end"]))
    for start, end in pairwise(sorted(cuts)):
        piece = _stripped(text, start, end)
        if piece is not None:
            yield piece


def _stripped(text: str, start: int, end: int) -> Piece | None:
    words = text[start:end]
    bare = words.strip()
    if not bare:
        return None
    first = start + len(words) - len(words.lstrip())
    return first, first + len(bare)


def _add(article: Article, layer: str, pieces: list[Piece], name: str, version: str) -> None:
    records: list[dict[str, Any]] = list(article.get("provenance") or ())
    prov = name
    while any(one["id"] == prov for one in records):
        prov += "-rules"
    records.append(
        {"id": prov, "agent": name, "agent_type": "rule", "model_version": version, "tool": f"{name} {version}"}
    )
    ids = token_ids("S" if layer == "sentences" else "K", pieces)
    article[layer] = [
        {"id": one, "spans": [span(article["text"], *piece)], "prov": prov}
        for one, piece in zip(ids, pieces, strict=True)
    ]
    article["provenance"] = records
    article["coverage"] = [*(article.get("coverage") or ()), {"layer": layer, "prov": prov, "status": "complete"}]


def _sentencex() -> tuple[str, str]:
    from importlib.metadata import version

    try:
        importlib.import_module("sentencex")
    except ImportError as error:
        raise MissingExtraError("sentencex", EXTRA, "finding sentences") from error
    return "sentencex", version("sentencex")


def _spacy() -> tuple[str, str]:
    return "spacy", str(library().__version__)
