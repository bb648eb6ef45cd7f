"""COR and QUO: coreference and quotations."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

from tests.breaking import Article, breaks
from tests.breaking.places import add_entity, annotations, by_id, choose, cover, spans, words


def _chain(pick: Random, article: Article) -> Any:
    return choose(pick, annotations(article, "coreference"))


@breaks("COR605")
def mention_of_another_label(pick: Random, article: Article) -> str | None:
    chosen, own = _chain(pick, article), by_id(article)
    if chosen is None:
        return None
    at, chain = chosen
    first = own[chain["mentions"][0]]
    bound = {name for one in article["coreference"] for name in one["mentions"]}
    others = [
        one["id"]
        for one in article["entities"]
        if one["type"] != first["type"]
        and one["prov"] == first["prov"]
        and one["id"] not in bound
        and not one.get("links")
    ]
    chain["mentions"].insert(pick.randrange(len(chain["mentions"]) + 1), pick.choice(others))
    return str(at)


@breaks("COR606")
def mention_of_two_chains(pick: Random, article: Article) -> str | None:
    chains = annotations(article, "coreference")
    if len(chains) < 2:
        return None
    (_, first), (at, later) = sorted(pick.sample(chains, 2), key=lambda found: int(found[0].split("/")[2]))
    where = pick.randrange(len(later["mentions"]) + 1)
    later["mentions"].insert(where, pick.choice(first["mentions"]))
    return f"{at}/mentions/{where}"


@breaks("COR607")
def mention_listed_twice(pick: Random, article: Article) -> str | None:
    chosen = _chain(pick, article)
    if chosen is None:
        return None
    at, chain = chosen
    chain["mentions"].append(pick.choice(chain["mentions"]))
    return f"{at}/mentions/{len(chain['mentions']) - 1}"


@breaks("COR607")
def stranger_for_all(pick: Random, article: Article) -> str | None:
    chosen, own = _chain(pick, article), by_id(article)
    if chosen is None:
        return None
    at, chain = chosen
    prov = own[chain["mentions"][0]]["prov"]
    others = [one["id"] for one in article["entities"] if one["id"] not in chain["mentions"] and one["prov"] == prov]
    chain["representative"] = pick.choice(others)
    return f"{at}/representative"


@breaks("COR607")
def mentions_that_cross(pick: Random, article: Article) -> str | None:
    every, own = words(article), by_id(article)
    after = dict(pairwise(every))
    found = []
    for at, chain in annotations(article, "coreference"):
        for mention in (own[name] for name in chain["mentions"]):
            span = mention["spans"][0]
            last = next((word for word in every if word[1] == span["end"] and word[0] > span["start"]), None)
            if (
                mention["type"] != "VESSEL"
                and len(mention["spans"]) == 1
                and last in after
                and after[last][0] == last[1] + 1
            ):
                found.append((at, chain, mention["type"], last[0], after[last][1]))
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, chain, label, start, end = chosen
    added = add_entity(article, label, start, end)
    chain["mentions"].append(by_id(article)[article["entities"][-1]["id"]]["id"])
    assert added
    return f"{at}/mentions/{len(chain['mentions']) - 1}"


@breaks("COR608")
def linked_to_two_things(pick: Random, article: Article) -> str | None:
    own = by_id(article)
    found = [
        (at, own[name], link["id"])
        for at, chain in annotations(article, "coreference")
        for name in chain["mentions"]
        for other in chain["mentions"]
        for link in own[other].get("links", [])
        if other != name and link["db"] == "HarbourKB"
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, entity, _ = chosen
    entity["links"] = [{"db": "HarbourKB", "id": "H999"}]
    return str(at)


@breaks("COR611")
def chain_of_one(pick: Random, article: Article) -> str | None:
    chosen = _chain(pick, article)
    if chosen is None:
        return None
    at, chain = chosen
    chain["mentions"] = pick.sample(chain["mentions"], pick.choice([0, 1, 1]))
    return str(at)


@breaks("QUO609")
def quoted_without_marks(pick: Random, article: Article) -> str | None:
    """A quotation of one fragment loses the mark at an edge, and a word."""
    found = []
    for at, quotation, span in spans(article, "quotations"):
        inside = [word for word in words(article) if span["start"] <= word[0] and word[1] <= span["end"]]
        if quotation["type"] == "direct" and len(quotation["spans"]) == 1 and len(inside) > 4:
            found += [(at, quotation, inside[2][0], span["end"]), (at, quotation, span["start"], inside[-3][1])]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, quotation, start, end = chosen
    quotation["spans"] = [cover(article, start, end)]
    return str(at)


@breaks("QUO609")
def speaker_within(pick: Random, article: Article) -> str | None:
    return _within(pick, article, "PER", "speaker")


@breaks("QUO609")
def cue_within(pick: Random, article: Article) -> str | None:
    return _within(pick, article, "CUE", "cue")


def _within(pick: Random, article: Article, label: str, field: str) -> str | None:
    found = [
        (at.partition("/spans")[0], quotation, word)
        for at, quotation, span in spans(article, "quotations")
        for word in words(article)
        if span["start"] < word[0] and word[1] < span["end"]
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, quotation, word = chosen
    add_entity(article, label, *word)
    name = article["entities"][-1]["id"]
    if field == "speaker":
        quotation["speaker"] = name
        return f"{at}/speaker"
    quotation["cue"] = [*(quotation.get("cue") or []), name]
    return f"{at}/cue/{len(quotation['cue']) - 1}"


@breaks("QUO609")
def cue_far_away(pick: Random, article: Article) -> str | None:
    sentences = [span for _, _, span in spans(article, "sentences")]
    chosen = choose(pick, annotations(article, "quotations"))
    if chosen is None:
        return None
    at, quotation = chosen
    low, high = quotation["spans"][0]["start"], quotation["spans"][-1]["end"]
    first = max(number for number, span in enumerate(sentences) if span["start"] <= low)
    last = max(number for number, span in enumerate(sentences) if span["start"] < high)
    far = [
        word
        for word in words(article)
        for number, span in enumerate(sentences)
        if span["start"] <= word[0] and word[1] <= span["end"] and (number < first - 2 or number > last + 2)
    ]
    if not far:
        return None
    add_entity(article, "CUE", *pick.choice(far))
    quotation["cue"] = [*(quotation.get("cue") or []), article["entities"][-1]["id"]]
    return f"{at}/cue/{len(quotation['cue']) - 1}"
