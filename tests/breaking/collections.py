"""COL: the corpus as a whole."""

from __future__ import annotations

import copy
import re
from random import Random

from tests.breaking import Article, breaks_corpus
from tests.breaking.places import referred

Place = tuple[str, str]


def _two(pick: Random, articles: list[Article]) -> tuple[Article, Article]:
    """Two articles, in the order of the corpus."""
    one, two = sorted(pick.sample(range(len(articles)), 2))
    return articles[one], articles[two]


@breaks_corpus("COL801")
def id_of_another(pick: Random, articles: list[Article]) -> Place:
    first, later = _two(pick, articles)
    later["id"] = first["id"]
    return later["id"], "/id"


def _again(pick: Random, articles: list[Article]) -> tuple[Article, Article]:
    one = pick.choice(articles)
    again = {**copy.deepcopy(one), "id": "again"}
    articles.insert(articles.index(one) + 1 + pick.randrange(len(articles) - articles.index(one)), again)
    return one, again


@breaks_corpus("COL802")
def article_twice(pick: Random, articles: list[Article]) -> Place:
    _, again = _again(pick, articles)
    again["split"] = pick.choice(["train", "test"])
    return "again", "/text"


@breaks_corpus("COL802")
def article_twice_but_for_a_word(pick: Random, articles: list[Article]) -> Place:
    _, again = _again(pick, articles)
    low, high = pick.choice([found.span() for found in re.finditer(r"\w{3,}", again["text"])])
    again["text"] = f"{again['text'][:low]}{'y' * (high - low)}{again['text'][high:]}"
    again["text_sha256"] = None
    for layer in (
        "passages",
        "sentences",
        "tokens",
        "words",
        "entities",
        "relations",
        "events",
        "quotations",
        "coreference",
        "notes",
    ):
        again.pop(layer, None)
    return "again", "/text"


@breaks_corpus("COL803")
def label_that_train_never_has(pick: Random, articles: list[Article]) -> Place:
    """All articles of a subject go to the test set."""
    subjects = sorted({one["labels"][0]["value"] for one in articles if one["split"] == "train"})
    subject = pick.choice(subjects)
    for one in articles:
        if one["labels"][0]["value"] == subject:
            one["split"] = "test"
    first = next(one for one in articles if one["split"] == "test" and one["labels"][0]["value"] == subject)
    return first["id"], "/labels/0/value"


@breaks_corpus("COL804")
def layer_lost(pick: Random, articles: list[Article]) -> Place:
    one = pick.choice([one for one in articles if one.get("relations")])
    layer = pick.choice(["relations", "labels", "passages"])
    if referred(one) & {each.get("id") for each in one[layer]}:
        layer = "labels"
    del one[layer]
    one["coverage"] = []
    return one["id"], ""


@breaks_corpus("COL805")
def people_lost(pick: Random, articles: list[Article]) -> Place:
    people = [entity for one in articles for entity in one["entities"] if entity["type"] == "PER"]
    pick.choice(people)["type"] = "ORG"
    return "", ""


@breaks_corpus("COL806")
def annotators_who_differ(pick: Random, articles: list[Article]) -> Place:
    """In one article a second person looked for all that the first has of a label, and saw nothing."""
    label, found = pick.choice(["MONEY", "TIME", "ROLE", "EVENT"]), []
    for one in articles:
        prov = one["entities"][0]["prov"]
        person = next(record for record in one["provenance"] if record["id"] == prov)
        own = [n for n, each in enumerate(one["entities"]) if (each["type"], each["prov"]) == (label, prov)]
        if own and person["agent_type"] == "human" and one["split"] == "train":
            found.append((one, person, own[0]))
    one, person, first = pick.choice(found)
    one["provenance"].append({**person, "id": "second", "agent": "annotator-03"})
    one["coverage"].append({"layer": "entities", "prov": "second", "status": "complete", "labels": [label]})
    return one["id"], f"/entities/{first}/type"
