"""What of an article typed layers cannot hold, and types of our own do: words, mentions of chains, details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus_tool.formats import Article
from corpus_tool.formats.cas.details import details, put_back_details, without_details
from corpus_tool.formats.cas.mentions import chains, put_back_mentions, without_representatives
from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.structures import Cas, Value
from corpus_tool.formats.cas.words import Word, agree, for_dkpro, read_words
from corpus_tool.formats.typed_layers import Built


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the layers: words, what is said of chains by their ids, details."""

    words: Sequence[Word]
    chains: Mapping[str, Mapping[str, Value]]
    details: Sequence[Mapping[str, str]]


def beside(article: Article) -> Beside:
    """All of it."""
    return Beside(article.get("words") or (), chains(article), tuple(details(article)))


def within(article: Article) -> Article:
    """The article without it."""
    return for_dkpro(without_representatives(without_details(article)))


def put_back(built: Built, cas: Cas, noted: Noted) -> None:
    """Put it into the article that the typed layers made, unless these were changed since."""
    article, structures = built.article, cas.structures.values()
    words = read_words(cas, structures)
    if words is not None and agree(words, article):
        article["words"] = words
    elif words is not None:
        noted.ambiguous("POS, lemmas or tokens say otherwise than the words that stand beside them: the words are left")
    put_back_mentions(article, built.pointers, cas, structures)
    put_back_details(article, structures)
