"""REF: ids, and what refers to them."""

from __future__ import annotations

from random import Random

from tests.breaking import Article, breaks
from tests.breaking.places import (
    IDENTIFIED,
    add,
    add_entity,
    annotations,
    choose,
    free_words,
    fresh,
    references,
    referred,
)

ARGUED = ("relations", "events")


@breaks("REF401")
def id_of_another(pick: Random, article: Article) -> str:
    """The later of the two is one that nothing refers to, so that no reference changes its meaning."""
    named, every = referred(article), annotations(article, *IDENTIFIED)
    later = [number for number, (_, one) in enumerate(every) if number and one["id"] not in named]
    number = pick.choice(later)
    at, one = every[number]
    one["id"] = every[pick.randrange(number)][1]["id"]
    return f"{at}/id"


@breaks("REF401")
def maker_with_the_id_of_another(pick: Random, article: Article) -> str:
    record = dict(pick.choice(article["provenance"]))
    return add(article, "provenance", record) + "/id"


@breaks("REF401")
def attribute_with_the_id_of_another(pick: Random, article: Article) -> str | None:
    found = [
        (f"{at}/attributes/{number}/id", attribute)
        for at, one in annotations(article, "entities", "events")
        for number, attribute in enumerate(one.get("attributes", []))
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    chosen[1]["id"] = pick.choice(annotations(article, "passages", "tokens", "entities"))[1]["id"]
    return str(chosen[0])


@breaks("REF402")
def dangling(pick: Random, article: Article) -> str:
    by_layer: dict[str, list[tuple[str, object, object]]] = {}
    for found in references(article):
        field = found[0].rstrip("0123456789/").rpartition("/")[2]
        by_layer.setdefault(f"{found[0].split('/')[1]} {field}", []).append(found)
    at, holder, step = pick.choice(pick.choice(sorted(by_layer.items()))[1])
    holder[step] = pick.choice(["T999", "", "t1", "\u202e"])  # type: ignore[index]
    return at


@breaks("REF403")
def argument_of_another_kind(pick: Random, article: Article) -> str | None:
    found = [
        (f"{at}/arguments/{number}/ref", argument)
        for at, one in annotations(article, *ARGUED)
        for number, argument in enumerate(one.get("arguments", []))
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    chosen[1]["ref"] = pick.choice(annotations(article, "passages", "tokens", "quotations", "coreference"))[1]["id"]
    return str(chosen[0])


@breaks("REF403")
def word_of_no_token(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, annotations(article, "words"))
    if chosen is None:
        return None
    field = pick.choice(["token", "head"])
    chosen[1][field] = pick.choice(annotations(article, "sentences", "entities"))[1]["id"]
    return f"{chosen[0]}/{field}"


@breaks("REF404")
def of_another_annotator(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, [found for found in annotations(article, *ARGUED) if found[1].get("arguments")])
    if chosen is None:
        return None
    at, one = chosen
    add(article, "provenance", {**article["provenance"][1], "id": "other"})
    one["prov"] = "other"
    return f"{at}/arguments/{pick.randrange(len(one['arguments']))}/ref"


@breaks("REF405")
def head_of_itself(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, annotations(article, "words"))
    if chosen is None:
        return None
    chosen[1]["head"] = chosen[1]["id"]
    return f"{chosen[0]}/head"


@breaks("REF405")
def heads_in_a_circle(pick: Random, article: Article) -> str | None:
    """Some word's head becomes a word below it; it is said once, of the first word of the circle."""
    every = {one["id"]: (at, one) for at, one in annotations(article, "words")}
    with_head = [name for name, (_, one) in every.items() if one.get("head") and every[one["head"]][1].get("head")]
    if not with_head:
        return None
    circle = [pick.choice(with_head)]
    for _ in range(pick.choice([1, 1, 2, 5])):
        above = every[circle[-1]][1].get("head")
        if above is None or (len(circle) > 1 and every[above][1].get("head") is None):
            break
        circle.append(above)
    every[circle[-1]][1]["head"] = circle[0]
    order = list(every)
    return f"{every[min(circle, key=order.index)][0]}/head"


@breaks("REF405")
def event_in_itself(pick: Random, article: Article) -> str | None:
    found = [
        (f"{at}/arguments/{number}/ref", one, argument)
        for at, one in annotations(article, *ARGUED)
        for number, argument in enumerate(one.get("arguments", []))
    ]
    chosen = choose(pick, [one for one in found if one[0].startswith("/events")])
    if chosen is None:
        return None
    chosen[2]["ref"] = chosen[1]["id"]
    return str(chosen[0])


@breaks("REF405")
def part_of_its_own_part(pick: Random, article: Article) -> str | None:
    bound = {
        argument["ref"]
        for one in article.get("relations", [])
        if one["type"] == "PartOf"
        for argument in one["arguments"]
    }
    prov = article["entities"][0]["prov"]
    places = [one["id"] for one in article["entities"] if one["type"] in {"GPE", "LOC", "FAC"} and one["prov"] == prov]
    places = [name for name in places if name not in bound]
    if len(places) < 3:
        return None
    circle, at = pick.sample(places, pick.choice([2, 3])), ""
    for one, two in zip(circle, [*circle[1:], circle[0]], strict=True):
        ends = [{"role": "Arg1", "ref": one}, {"role": "Arg2", "ref": two}]
        at = add(article, "relations", {"id": fresh(article), "type": "PartOf", "arguments": ends, "prov": prov})
    return at


@breaks("REF405")
def derived_from_what_is_derived_from_it(pick: Random, article: Article) -> str:
    record, names, at = dict(article["provenance"][1]), ["one", "two", "three"][: pick.choice([2, 3])], ""
    for own, other in zip(names, [*names[1:], names[0]], strict=True):
        at = add(article, "provenance", {**record, "id": own, "derived_from": [other]})
    return f"{at}/derived_from/0"


@breaks("REF406")
def trigger_without_event(pick: Random, article: Article) -> str | None:
    if not article.get("events"):
        return None
    return add_entity(article, "TRIGGER", *pick.choice(free_words(article)))


@breaks("REF406")
def event_lost(pick: Random, article: Article) -> str | None:
    """Its trigger stays; one event has to, since an article without any is not looked at."""
    events = article.get("events", [])
    triggers = [one["trigger"] for one in events]
    alone = [one for one in events if triggers.count(one["trigger"]) == 1 and one["id"] not in referred(article)]
    if len(events) < 2 or not alone:
        return None
    event = pick.choice(alone)
    events.remove(event)
    return next(at for at, one in annotations(article, "entities") if one["id"] == event["trigger"])
