"""The sample corpus, under a contract that asks more of it than its own, so that every rule has something to look at."""

from __future__ import annotations

import copy
import json
import marshal
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus_tool.assertions import assertions
from corpus_tool.config import Config
from corpus_tool.contract import Contract, base_schema, load_contract
from corpus_tool.inventory import Inventory
from corpus_tool.inventory_files import load_inventory, parse_inventory
from corpus_tool.policy import Policy
from tests.breaking import Article
from tests.breaking.places import pieces

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "harbour-news"
AFLOAT = {"name": "Afloat", "value": "yes"}


@cache
def _lines() -> tuple[bytes, ...]:
    found = [json.loads(path.read_bytes()) for path in sorted((EXAMPLE / "articles").glob("*.json"))]
    for article in found:
        for entity in article["entities"]:
            if entity["type"] == "VESSEL":
                entity["attributes"] = [*entity.get("attributes", []), dict(AFLOAT)]
    first, second = found[:2]
    ends = [{"role": role, "ref": first["entities"][at]["id"]} for role, at in (("Arg1", 0), ("Arg2", 1))]
    first["relations"].append({"id": "R99", "type": "Beside", "arguments": ends, "prov": "brat"})
    first["labels"].append({"axis": "tone", "value": "calm", "prov": "desk"})
    second["labels"].append({"axis": "tone", "value": "rough", "prov": "desk"})
    return tuple(marshal.dumps(article) for article in found)


def articles() -> list[Article]:
    """The articles of the sample corpus, with a little more for the contract's sake; new ones at every call."""
    return [marshal.loads(line) for line in _lines()]


def light_articles() -> list[Article]:
    """The same without tokens and words, which are most of an article."""
    found = articles()
    for one in found:
        one["coverage"] = [each for each in one["coverage"] if each["layer"] not in {"tokens", "words"}]
        for layer in ("tokens", "words"):
            one.pop(layer, None)
    return found


def article(number: int) -> Article:
    found: Article = marshal.loads(_lines()[number % len(_lines())])
    return found


@cache
def nested_pairs() -> frozenset[tuple[str, str]]:
    """The labels that lie in one another in the corpus: inner and outer."""
    found = set()
    for one in articles():
        by = [(entity["prov"], entity["type"], pieces(entity)) for entity in one["entities"]]
        found |= {
            (inner[1], outer[1])
            for inner, outer in permutations(by, 2)
            if inner[0] == outer[0] and all(any(a <= c and d <= b for a, b in outer[2]) for c, d in inner[2])
        }
    return frozenset(found)


@cache
def inventory() -> Inventory:
    """That of the sample corpus, with an abstract and a deprecated label, a symmetric relation, and strict nesting."""
    value = load_inventory(EXAMPLE / "inventory.toml").as_json()
    for label in value["entity"]:
        if label["name"] in {"GPE", "LOC"}:
            label["parent"] = "PLACE"
    value["entity"] += [{"name": "PLACE", "abstract": True}]
    value["entity"] += [{"name": "SHIP", "deprecated": True, "replaced_by": "VESSEL"}]
    value["relation"] += [{"name": "Beside", "symmetric": True, "arguments": [{"role": "Arg1"}, {"role": "Arg2"}]}]
    value["attribute"] += [{"name": "Afloat", "types": ["VESSEL"], "values": ["yes", "no"], "required": True}]
    value["axis"] += [{"name": "tone", "values": ["calm", "rough"]}]
    value["overlap"] = [{"how": ["nested"], "inner": [a], "outer": [b]} for a, b in sorted(nested_pairs())]
    return parse_inventory(value, "the inventory of the sample corpus")


def _schema() -> dict[str, Any]:
    """The packaged schema, without what it asks where a rule asks the same of a corpus whose schema does not."""
    value: dict[str, Any] = copy.deepcopy(base_schema())
    definitions = value["$defs"]
    definitions["spans"]["items"]["required"].remove("text")
    definitions["confidence"] = {"type": ["number", "null"], "x-field": "confidence"}
    value["properties"]["events"]["items"]["required"].remove("trigger")
    return value


@cache
def contract() -> Contract:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "schema.json"
        path.write_text(json.dumps(_schema()), encoding="utf-8")
        compiled = load_contract(path, inventory())
    assert not compiled.problems
    return replace(compiled, policy=replace(policy(), assertions=assertions(_stated(), compiled)))


def _stated() -> Config:
    persons = sum(entity["type"] == "PER" for one in articles() for entity in one["entities"])
    stated = {"on": "entities", "where": "label == 'PER'", "count": persons}
    return Config(path=Path("corpus.toml"), assertions=(stated,))


def policy() -> Policy:
    """All that a corpus can ask of itself, as far as the sample corpus answers it."""
    people = sorted({record["agent"] for one in articles() for record in one["provenance"]})
    return Policy(
        required_metadata=("uri", "language", "licence", "date"),
        annotators=tuple(people),
        min_annotators=1,
        min_label_count=1,
        min_agreement=0.5,
        near_duplicates=0.8,
        whole_layers=True,
        singletons=False,
        today=date(2026, 6, 1),
    )
