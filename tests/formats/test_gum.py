"""The same 24 articles in three formats: what each importer makes of them, side by side."""

from __future__ import annotations

import html
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corpus_tool.formats import Article
from corpus_tool.formats.pairs import joined
from tests.corpora import corpora
from tests.formats.round_trips import read

FOLDERS = {"conllu": "conllu", "conll-coref": "coref-conll", "webanno": "webanno-tsv"}


class Mention(NamedTuple):
    """The first and last word of a mention, counted from 0 over the article, and its type."""

    first: int
    last: int
    type: str


Clusters = frozenset[frozenset[Mention]]


class Seen(NamedTuple):
    words: list[str]
    mentions: Counter[Mention]
    clusters: Clusters


# Of one entity of all, the corpus itself has two minds: its CoNLL-U gives these two mentions an entity of their own
# (130, bridged from 46), the other encodings take them for mentions of entity 6.
MOVED = {"GUM_news_questionnaire": {Mention(632, 633, "abstract"), Mention(799, 803, "abstract")}}


@cache
def articles(name: str) -> dict[str, Article]:
    found = {}
    for one in read(name, corpora("gum-news") / FOLDERS[name]):
        assert one.article is not None
        assert one.findings == ()
        found[one.article["id"]] = one.article
    return found


def pieces(article: Article) -> list[tuple[str, int, int]]:
    """Each syntactic word with the piece of text that it is: the other two formats have them as tokens."""
    spans = {token["id"]: token["spans"][0] for token in article["tokens"]}
    if "words" not in article:
        return [(span["text"], span["start"], span["end"]) for span in spans.values()]
    found = []
    at: dict[str, int] = {}
    for word in article["words"]:
        if "token" in word:
            start = at.get(word["token"], spans[word["token"]]["start"])
            at[word["token"]] = start + len(word["form"])
            found.append((word["form"], start, at[word["token"]]))
    return found


def mentions_of(article: Article) -> dict[str, Mention]:
    words = pieces(article)
    first = {start: number for number, (_, start, _) in enumerate(words)}
    last = {end: number for number, (_, _, end) in enumerate(words)}
    found = {}
    for one in article["entities"]:
        assert len(one["spans"]) == 1
        span = one["spans"][0]
        found[one["id"]] = Mention(first[span["start"]], last[span["end"]], one["type"])
    return found


def groups(article: Article) -> list[list[str]]:
    """The ids of mentions of one entity: chains, or what the relations of GUM's WebAnno files tie together."""
    if "coreference" in article:
        return [chain["mentions"] for chain in article["coreference"]]
    ties = [one for one in article["relations"] if not one["type"].startswith("bridge")]
    return joined([(one["arguments"][0]["ref"], one["arguments"][1]["ref"]) for one in ties])


def seen(article: Article) -> Seen:
    mentions = mentions_of(article)
    chains = groups(article)
    alone = mentions.keys() - {name for names in chains for name in names}
    clusters = [*chains, *([name] for name in alone)]
    made = frozenset(frozenset(mentions[name] for name in names) for names in clusters)
    return Seen([form for form, _, _ in pieces(article)], Counter(mentions.values()), made)


_CHUNK = re.compile(r"\(([^()]*)(\)?)|([^()]+)\)")


def coreference_file(path: Path) -> Seen:
    """CoNLL coreference as read by nothing of the tool: brackets of type, number and name."""
    words: list[str] = []
    clusters: dict[str, set[Mention]] = {}
    mentions: Counter[Mention] = Counter()
    waiting: dict[str, list[int]] = {}
    for line in path.read_text().split("\n"):
        if not line or line.startswith("#"):
            continue
        _, form, cell = line.split("\t")
        words.append(form)
        for match in _CHUNK.finditer(cell) if cell != "_" else ():
            label = match[1] if match[3] is None else match[3]
            if match[3] is None:
                waiting.setdefault(label, []).append(len(words) - 1)
            if match[2] or match[3] is not None:
                kind, number = label.split("-")[:2]
                mention = Mention(waiting[label].pop(), len(words) - 1, kind)
                mentions[mention] += 1
                clusters.setdefault(number, set()).add(mention)
    assert not any(waiting.values())
    return Seen(words, mentions, frozenset(map(frozenset, clusters.values())))


def test_counts_are_those_of_the_corpus() -> None:
    made = articles("conllu")
    assert len(made) == 24
    totals: Counter[str] = Counter()
    for article in made.values():
        totals.update({layer: len(value) for layer, value in article.items() if isinstance(value, list)})
        totals["ranges"] += sum("-" in token["id"].rpartition(":")[2] for token in article["tokens"])
        totals["empty"] += sum("token" not in word for word in article["words"])
    assert totals["sentences"] == 765
    assert totals["words"] - totals["empty"] == 17182
    assert (totals["ranges"], totals["empty"]) == (201, 4)
    assert totals["entities"] == 5018


def without(clusters: Clusters, mentions: set[Mention]) -> Clusters:
    """The clusters as they are without some mentions."""
    return frozenset(left for cluster in clusters if (left := cluster - mentions))


def check_same(name: str, mine: Seen, theirs: Seen) -> None:
    """The same words, mentions and clusters, but for the one entity that the corpus itself has two minds about."""
    assert mine.words == theirs.words, name
    assert mine.mentions == theirs.mentions, name
    moved = MOVED.get(name, set())
    assert (mine.clusters == theirs.clusters) == (not moved), name
    assert without(mine.clusters, moved) == without(theirs.clusters, moved), name


def test_conllu_has_the_mentions_of_the_coreference_file() -> None:
    for name, article in articles("conllu").items():
        theirs = coreference_file(corpora("gum-news") / "coref-conll" / f"{name}.conll")
        check_same(name, seen(article), theirs)


@pytest.mark.parametrize("name", ["conll-coref", "webanno"])
def test_importers_agree(name: str) -> None:
    others = articles(name)
    assert others.keys() == articles("conllu").keys()
    for article_id, article in articles("conllu").items():
        other = others[article_id]
        check_same(article_id, seen(article), seen(other))
        # Neither of the two has the white space of the text: they part words by a space.
        assert "".join(article["text"].split()) == "".join(other["text"].split())


def bridges(article: Article, *, anaphor: str) -> Counter[tuple[Mention, Mention]]:
    """Anaphor and first mention of the antecedent's cluster, for each bridge and each split antecedent."""
    mentions = mentions_of(article)
    first = {mention: min(cluster) for cluster in seen(article).clusters for mention in cluster}
    found: Counter[tuple[Mention, Mention]] = Counter()
    for one in article["relations"]:
        if one["type"].startswith(("bridge", "bridging", "split")):
            (own,) = (part["ref"] for part in one["arguments"] if part["role"] == anaphor)
            for part in one["arguments"]:
                if part["role"] != anaphor:
                    found[mentions[own], first[mentions[part["ref"]]]] += 1
    return found


def test_webanno_has_the_same_bridges() -> None:
    others = articles("webanno")
    total = 0
    for name, article in articles("conllu").items():
        mine, theirs = bridges(article, anaphor="anaphor"), bridges(others[name], anaphor="Governor")
        assert mine == theirs, name
        total += mine.total()
    assert total == 262


def xml_attributes(text: str) -> dict[str, str]:
    head = text[: text.index(">")]
    return {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', head)}


def test_conllu_has_the_words_and_metadata_of_the_xml() -> None:
    for name, article in articles("conllu").items():
        text = (corpora("gum-news") / "xml" / f"{name}.xml").read_text()
        rows = [line for line in text.split("\n") if "\t" in line and not line.startswith("<")]
        assert [html.unescape(row.split("\t")[0]) for row in rows] == [form for form, _, _ in pieces(article)]
        assert len(re.findall("<s[ >]", text)) == len(article["sentences"])
        said = xml_attributes(text[text.index("<text ") :])
        metadata: dict[str, Any] = article["metadata"]
        assert metadata["headlines"] == [{"role": "main", "value": said["title"]}]
        assert (metadata["by"], metadata["uri"]) == (said["author"], said["sourceURL"])
        assert metadata["contentCreated"] == said["dateCreated"]
