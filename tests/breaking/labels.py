"""LBL502 to LBL507: labels and attributes, against the inventory."""

from __future__ import annotations

from random import Random

from tests.breaking import Article, breaks
from tests.breaking.places import add, annotations, choose

SUBJECTS = ("politics", "economy", "labour", "justice", "accident", "environment", "culture", "sport", "people")


def _relabel(pick: Random, article: Article, old: tuple[str, ...], new: str) -> str | None:
    chosen = choose(pick, [(at, one) for at, one in annotations(article, "entities") if one["type"] in old])
    if chosen is None:
        return None
    chosen[1]["type"] = new
    return f"{chosen[0]}/type"


@breaks("LBL502")
def label_that_only_groups(pick: Random, article: Article) -> str | None:
    return _relabel(pick, article, ("GPE", "LOC", "FAC", "PER"), "PLACE")


@breaks("LBL503")
def label_of_old(pick: Random, article: Article) -> str | None:
    return _relabel(pick, article, ("ORG", "FAC", "EVENT", "DATE"), "SHIP")


def _attribute(
    pick: Random, article: Article, layer: str, attribute: dict[str, str], labels: tuple[str, ...] = ()
) -> str | None:
    found = [(at, one) for at, one in annotations(article, layer) if not labels or one["type"] in labels]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, one = chosen
    one["attributes"] = [*(one.get("attributes") or []), attribute]
    return f"{at}/attributes/{len(one['attributes']) - 1}"


@breaks("LBL504")
def unknown_attribute(pick: Random, article: Article) -> str | None:
    name = pick.choice(["Negatoin", "Polarity", "negation"])
    at = _attribute(pick, article, pick.choice(["entities", "relations", "events", "quotations"]), {"name": name})
    return at and f"{at}/name"


@breaks("LBL504")
def attribute_of_others(pick: Random, article: Article) -> str | None:
    at = _attribute(
        pick, article, "entities", {"name": pick.choice(["Approximate", "Negation"])}, ("PER", "ORG", "GPE")
    )
    return at and f"{at}/name"


@breaks("LBL504")
def value_that_is_none_of_them(pick: Random, article: Article) -> str | None:
    at = _attribute(pick, article, "events", {"name": "Modality", "value": pick.choice(["planned", "Certain", ""])})
    return at and f"{at}/value"


@breaks("LBL504")
def flag_with_a_value(pick: Random, article: Article) -> str | None:
    at = _attribute(pick, article, "events", {"name": "Negation", "value": pick.choice(["true", "no", ""])})
    return at and f"{at}/value"


@breaks("LBL504")
def attribute_without_its_value(pick: Random, article: Article) -> str | None:
    return _attribute(pick, article, "events", {"name": "Modality"})


@breaks("LBL505")
def attribute_forgotten(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, [found for found in annotations(article, "entities") if found[1]["type"] == "VESSEL"])
    if chosen is None:
        return None
    chosen[1]["attributes"] = [one for one in chosen[1]["attributes"] if one["name"] != "Afloat"]
    return str(chosen[0])


@breaks("LBL506")
def two_subjects(pick: Random, article: Article) -> str:
    value = pick.choice([name for name in SUBJECTS if name != article["labels"][0]["value"]])
    return add(article, "labels", {"axis": "subject", "value": value, "prov": article["labels"][0]["prov"]})


@breaks("LBL506")
def value_of_another_axis(pick: Random, article: Article) -> str:
    return add(
        article, "labels", {"axis": pick.choice(["tone", "mood"]), "value": pick.choice(SUBJECTS), "prov": "desk"}
    )


@breaks("LBL506")
def no_subject(pick: Random, article: Article) -> str:
    article["labels"] = [{"axis": "tone", "value": pick.choice(["calm", "rough"]), "prov": "desk"}]
    return ""


@breaks("LBL507")
def attribute_twice(pick: Random, article: Article) -> str | None:
    found = [found for found in annotations(article, "entities", "events") if found[1].get("attributes")]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, one = chosen
    again = dict(pick.choice(one["attributes"]))
    again.pop("id", None)
    one["attributes"].append(again)
    return f"{at}/attributes/{len(one['attributes']) - 1}"


@breaks("LBL507")
def attribute_with_two_values(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, [found for found in annotations(article, "entities") if found[1]["type"] == "VESSEL"])
    if chosen is None:
        return None
    at, one = chosen
    one["attributes"].append({"name": "Afloat", "value": "no"})
    return f"{at}/attributes/{len(one['attributes']) - 1}"


@breaks("LBL507")
def label_twice(pick: Random, article: Article) -> str:
    return add(article, "labels", dict(pick.choice(article["labels"])))
