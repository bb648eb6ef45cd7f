"""REL, EVT: relations and events."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from tests.breaking import Article, breaks
from tests.breaking.places import add, annotations, by_id, choose, fresh
from tests.breaking.sample import inventory

ARGUED = ("relations", "events")


def _label(at: str, one: dict[str, Any]) -> Any:
    return inventory().label(at.split("/")[1].removesuffix("s"), one["type"])


def _declared(at: str, one: dict[str, Any]) -> list[tuple[str, dict[str, Any], Any]]:
    """The arguments of an annotation: pointer, argument, what the inventory says of its role."""
    roles = {role.role: role for role in _label(at, one).arguments}
    return [
        (f"{at}/arguments/{number}", each, roles.get(each["role"]) or roles[each["role"].rstrip("0123456789")])
        for number, each in enumerate(one.get("arguments", []))
    ]


def _all(article: Article) -> list[tuple[str, dict[str, Any], Any]]:
    return [found for at, one in annotations(article, *ARGUED) for found in _declared(at, one)]


@breaks("REL601")
def argument_of_another_label(pick: Random, article: Article) -> str | None:
    own = by_id(article)
    found = [
        (at, argument, entity["id"])
        for at, argument, role in _all(article)
        for entity in article["entities"]
        if role.types and entity["prov"] == own[argument["ref"]].get("prov") and entity["type"] not in role.types
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    chosen[1]["ref"] = chosen[2]
    one = article[chosen[0].split("/")[1]][int(chosen[0].split("/")[2])]
    return None if _swappable(chosen[0], one, own) else f"{chosen[0]}/ref"


def _swappable(at: str, one: dict[str, Any], own: dict[str, Any]) -> bool:
    """Whether two arguments would fit the other way round, so that the finding stands at the first of them."""
    return len(one["arguments"]) == 2 and _fits(at, one, own, (1, 0))


def _fits(at: str, one: dict[str, Any], own: dict[str, Any], order: tuple[int, ...]) -> bool:
    roles = [role for _, _, role in _declared("/".join(at.split("/")[:3]), one)]
    targets = [own[one["arguments"][number]["ref"]]["type"] for number in order]
    return all(not role.types or target in role.types for role, target in zip(roles, targets, strict=True))


@breaks("REL601")
def arguments_the_wrong_way_round(pick: Random, article: Article) -> str | None:
    own = by_id(article)
    found = [(at, one) for at, one in annotations(article, *ARGUED) if len(one.get("arguments", [])) == 2]
    found = [(at, one) for at, one in found if not _fits(at, one, own, (1, 0))]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, one = chosen
    first, second = one["arguments"]
    first["ref"], second["ref"] = second["ref"], first["ref"]
    roles = [role for _, _, role in _declared(at, one)]
    wrong = [
        number
        for number, role in enumerate(roles)
        if role.types and own[one["arguments"][number]["ref"]]["type"] not in role.types
    ]
    return f"{at}/arguments/{wrong[0]}/ref"


@breaks("REL601")
def unknown_role(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, _all(article))
    if chosen is None:
        return None
    at, argument, _ = chosen
    argument["role"] = pick.choice(["Agnet", argument["role"].upper(), "Theme", f"{argument['role']}-1"])
    return f"{at}/role"


@breaks("REL602")
def role_filled_twice(pick: Random, article: Article) -> str | None:
    own = by_id(article)
    found = [
        (at.rpartition("/")[0], argument, entity["id"])
        for at, argument, role in _all(article)
        for entity in article["entities"]
        if role.max == 1
        and entity["id"] != argument["ref"]
        and (entity["type"], entity["prov"]) == (own[argument["ref"]]["type"], own[argument["ref"]]["prov"])
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, argument, other = chosen
    arguments = article[at.split("/")[1]][int(at.split("/")[2])]["arguments"]
    arguments.append({"role": argument["role"], "ref": other})
    return f"{at}/{len(arguments) - 1}/ref"


@breaks("REL603")
def said_again(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, annotations(article, *ARGUED))
    if chosen is None:
        return None
    at, one = chosen
    again = {**copy.deepcopy(one), "id": fresh(article)}
    pick.shuffle(again.get("arguments", []))
    for attribute in again.get("attributes", []):
        attribute.pop("id", None)
    return add(article, at.split("/")[1], again)


@breaks("REL603")
def said_from_the_other_side(pick: Random, article: Article) -> str | None:
    prov = article["entities"][0]["prov"]
    names = [one["id"] for one in article["entities"] if one["prov"] == prov]
    if "relations" not in article:
        return None
    at = ""
    for ends in (two := pick.sample(names, 2), two[::-1]):
        arguments = [{"role": "Arg1", "ref": ends[0]}, {"role": "Arg2", "ref": ends[1]}]
        at = add(article, "relations", {"id": fresh(article), "type": "Beside", "arguments": arguments, "prov": prov})
    return at


@breaks("REL603")
def argument_twice(pick: Random, article: Article) -> str | None:
    found = [(at, one) for at, one in annotations(article, *ARGUED) if one.get("arguments")]
    several = [(at, one, each) for at, one in found for _, each, role in _declared(at, one) if role.max != 1]
    chosen = choose(pick, several)
    if chosen is None:
        return None
    at, one, argument = chosen
    one["arguments"].append(dict(argument))
    return f"{at}/arguments/{len(one['arguments']) - 1}/ref"


@breaks("REL610")
def argument_lost(pick: Random, article: Article) -> str | None:
    found = [
        (at, argument)
        for at, one in annotations(article, *ARGUED)
        for _, argument, role in _declared(at, one)
        if role.min == 1 and [each[2].role for each in _declared(at, one)].count(role.role) == 1
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, argument = chosen
    article[at.split("/")[1]][int(at.split("/")[2])]["arguments"].remove(argument)
    return str(at)


@breaks("EVT604")
def trigger_that_is_none(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, annotations(article, "events"))
    if chosen is None:
        return None
    at, one = chosen
    others = [each["id"] for each in article["entities"] if each["type"] != "TRIGGER" and each["prov"] == one["prov"]]
    one["trigger"] = pick.choice(others)
    return f"{at}/trigger"


@breaks("EVT604")
def no_trigger(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, annotations(article, "events"))
    if chosen is None:
        return None
    del chosen[1]["trigger"]
    return str(chosen[0])
