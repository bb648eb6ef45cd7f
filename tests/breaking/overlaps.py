"""SPN310 to SPN314 and SPN316: spans that share characters with others."""

from __future__ import annotations

import copy
from itertools import pairwise
from random import Random

from tests.breaking import Article, breaks
from tests.breaking.places import (
    SPANNED,
    add,
    add_entity,
    annotations,
    choose,
    free_words,
    fresh,
    move,
    pieces,
    spans,
    words,
)
from tests.breaking.sample import nested_pairs

PLAIN = ("PER", "ORG", "GPE", "FAC", "DATE", "MONEY", "ROLE")
"""Labels that ask for nothing else: no attribute, no event."""


@breaks("SPN310")
def said_twice(pick: Random, article: Article) -> str:
    at, one = pick.choice(annotations(article, *SPANNED))
    return add(article, at.split("/")[1], {**copy.deepcopy(one), "id": fresh(article)})


@breaks("SPN311")
def another_label_for_the_same(pick: Random, article: Article) -> str:
    _, one = pick.choice(annotations(article, "entities"))
    label = pick.choice([name for name in PLAIN if name != one["type"]])
    return add(article, "entities", {"id": fresh(article), "type": label, "spans": one["spans"], "prov": one["prov"]})


@breaks("SPN312")
def unlicensed_nesting(pick: Random, article: Article) -> str | None:
    prov = article["entities"][0]["prov"]
    own = [one for one in article["entities"] if one["prov"] == prov]
    taken = {piece for one in own for piece in pieces(one)}
    inner = [word for word in words(article) if word not in taken]
    found = [
        (outer["type"], word)
        for outer in own
        for word in inner
        if len(outer["spans"]) == 1
        and outer["spans"][0]["start"] <= word[0]
        and word[1] <= outer["spans"][0]["end"]
        and any((label, outer["type"]) not in nested_pairs() for label in PLAIN)
    ]
    if not found:
        return None
    outer, word = pick.choice(found)
    label = pick.choice([label for label in PLAIN if (label, outer) not in nested_pairs()])
    return add_entity(article, label, *word)


@breaks("SPN313")
def crossing(pick: Random, article: Article) -> str | None:
    prov, every, found = article["entities"][0]["prov"], words(article), []
    after = dict(pairwise(every))
    for one in article["entities"]:
        span = one["spans"][-1]
        last = next((word for word in every if word[1] == span["end"] and word[0] > span["start"]), None)
        if one["prov"] == prov and len(one["spans"]) == 1 and last in after and after[last][0] == last[1] + 1:
            found.append((last[0], after[last][1]))
    edges = choose(pick, found)
    return edges and add_entity(article, pick.choice(PLAIN), *edges)


@breaks("SPN314")
def over_the_end_of_a_sentence(pick: Random, article: Article) -> str | None:
    free, every = set(free_words(article)), words(article)
    found = [
        (one[0], two[1])
        for one, two in pairwise(every)
        for _, _, span in spans(article, "sentences")
        if one in free and two in free and one[0] >= span["start"] and one[1] <= span["end"] <= two[0]
    ]
    edges = choose(pick, found)
    return edges and add_entity(article, pick.choice(PLAIN), *edges)


@breaks("SPN316")
def token_over_another(pick: Random, article: Article) -> str | None:
    tokens = article.get("tokens", [])
    found = [
        (number, one["spans"][0]["end"])
        for number, (one, two) in enumerate(pairwise(tokens), 1)
        if len(one["spans"]) == 1
        and len(word := one["spans"][0]["text"]) > 1
        and word.isalpha()
        and pieces(one)[0][1] <= pieces(two)[0][0]
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    number, end = chosen
    span = tokens[number]["spans"][0]
    move(article, span, end - 1, span["end"])
    return f"/tokens/{number}"


@breaks("SPN316")
def sentence_over_the_next(pick: Random, article: Article) -> str | None:
    sentences = article.get("sentences", [])
    number = choose(pick, list(range(1, len(sentences))))
    if number is None:
        return None
    span = sentences[number - 1]["spans"][0]
    move(article, span, span["start"], sentences[number]["spans"][-1]["end"])
    return f"/sentences/{number}"


@breaks("SPN316")
def out_of_the_order_of_the_text(pick: Random, article: Article) -> str | None:
    layer = pick.choice(["tokens", "sentences"])
    some = article.get(layer, [])
    if len(some) < 2:
        return None
    number = pick.randrange(1, len(some))
    some[number - 1], some[number] = some[number], some[number - 1]
    return f"/{layer}/{number}"
