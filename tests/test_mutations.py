"""Articles of the sample corpus, broken at random: every one gets a verdict, and every finding its place."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.blocks import Block, Chunk
from corpus_tool.contract import load_contract
from corpus_tool.findings import Severity
from corpus_tool.inventory_files import load_inventory
from corpus_tool.rules import all_rules
from corpus_tool.validate import Checker
from corpus_tool.vocabulary import steps

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-news"
CHECKER = Checker(load_contract(None, load_inventory(EXAMPLE / "inventory.toml")), frozenset(all_rules()))
ARTICLES = [json.loads(path.read_bytes()) for path in sorted((EXAMPLE / "articles").glob("*.json"))]


def nested(levels: int) -> Any:
    inner: Any = 1
    for level in range(levels):
        inner = [inner] if level % 2 else {"a": inner}
    return inner


VALUES: list[Any] = [
    None, True, 0, -1, 1.0, 0.5, 2**31, 2**63 - 1, -(2**63), 2**64, 1e308, "", "\0", "\u202e\u2028", "\x1b[31m", "{detail}",
    "x" * 3000, [], {}, [[]], [None], [{}], {"id": "T1"}, "T1", "train", "2026-01-01", nested(100), nested(400),
]  # fmt: skip
NAMES = ["x", "id", "spans", "start", "entitys", "a/b~c", "", "\x1b[0m", "\u2028", "__class__"]
TEXTS = ["e\u0301", "😀", "\r\n", "\u2028", "\0", "\ufeff", ""]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for step, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(part, (*path, step))


def replace(pick: random.Random, parent: Any, step: Any) -> None:
    parent[step] = copy.deepcopy(pick.choice(VALUES))


def delete(pick: random.Random, parent: Any, step: Any) -> None:
    del parent[step]


def double(pick: random.Random, parent: Any, step: Any) -> None:
    if isinstance(parent, list):
        parent.insert(pick.randrange(len(parent) + 1), copy.deepcopy(parent[step]))


def rename(pick: random.Random, parent: Any, step: Any) -> None:
    if isinstance(parent, dict):
        parent[pick.choice([step.upper(), f"{step}s", *NAMES])] = parent.pop(step)


def add(pick: random.Random, parent: Any, step: Any) -> None:
    if isinstance(parent, dict):
        parent[pick.choice(NAMES)] = copy.deepcopy(pick.choice(VALUES))


def shift(pick: random.Random, parent: Any, step: Any) -> None:
    if isinstance(parent[step], int):
        parent[step] += pick.choice([-1, 1, -5, 1000, 2**32])
    elif isinstance(parent[step], str):
        at = pick.randrange(len(parent[step]) + 1)
        parent[step] = parent[step][:at] + pick.choice(TEXTS) + parent[step][at + pick.choice([0, 1]) :]


def shuffle(pick: random.Random, parent: Any, step: Any) -> None:
    if isinstance(parent, list):
        pick.shuffle(parent)


CHANGES: list[Callable[[random.Random, Any, Any], None]] = [replace, delete, double, rename, add, shift, shuffle]


def mutated(pick: random.Random) -> bytes:
    article = copy.deepcopy(pick.choice(ARTICLES))
    for layer in ("tokens", "words", "sentences"):  # most of an article, and all alike
        article[layer] = article.get(layer, [])[:9]
    for _ in range(pick.choice([1, 1, 2, 4])):
        *above, step = pick.choice(list(paths(article)))
        parent = article
        for each in above:
            parent = parent[each]
        pick.choice(CHANGES)(pick, parent, step)
        if not article:
            break
    separators = pick.choice([(",", ":"), (", ", " : "), (" ,\t", " :\t")])
    return json.dumps(article, ensure_ascii=pick.random() < 0.5, separators=separators).encode()


@pytest.mark.parametrize("seed", range(6))
def test_every_finding_stands_where_it_says(seed: int) -> None:
    pick = random.Random(seed)
    lines = [mutated(pick) for _ in range(50)]
    data = b"\n".join(lines)
    report = CHECKER(Block(0, (Chunk("a.jsonl", data=data, size=len(data)),)))
    assert report.summary.articles == len(lines)
    assert len({finding.location.line for finding in report.findings if finding.severity is Severity.ERROR}) > 20
    for finding in report.findings:
        at = finding.location
        assert at.line is not None
        if finding.code.startswith("IO"):
            continue
        found, missing = json.loads(lines[at.line - 1]), steps(at.pointer)
        while missing and isinstance(found, dict | list) and (isinstance(found, list) or missing[0] in found):
            found = found[int(missing.pop(0))] if isinstance(found, list) else found[missing.pop(0)]
        assert len(missing) <= 1, at.pointer
        assert at.column is not None
        assert at.end_column is not None
        assert json.loads(lines[at.line - 1].decode()[at.column - 1 : at.end_column - 1]) == found
