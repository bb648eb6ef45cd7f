"""Articles of the sample corpus, broken at random and mended: it ends, a second run changes nothing, nothing else is lost."""

from __future__ import annotations

import json
import random
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.blocks import Block, Chunk
from corpus_tool.contract import load_contract
from corpus_tool.fixing.mending import Mender
from corpus_tool.fixing.units import Piece
from corpus_tool.inventory_files import load_inventory
from corpus_tool.rules import all_rules
from corpus_tool.validate import Checker
from tests.shapes import values
from tests.test_mutations import CHANGES, mutated, paths

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-news"
CONTRACT = load_contract(None, load_inventory(EXAMPLE / "inventory.toml"))
CHECKER = Checker(CONTRACT, frozenset(all_rules()))
ARTICLES = [json.loads(path.read_bytes()) for path in sorted((EXAMPLE / "articles").glob("*.json"))]
LAYERS = [layer.name for layer in CONTRACT.layers]


def widen(pick: random.Random, article: dict[str, Any]) -> None:
    """A span over white space beside it."""
    text = article["text"]
    found = [span for span in spans(article) if text[span["end"] : span["end"] + 1].isspace()]
    for span in pick.sample(found, min(3, len(found))):
        span["end"] += 1
        span["text"] = text[span["start"] : span["end"]]


def double(pick: random.Random, article: dict[str, Any]) -> None:
    """An annotation twice."""
    layer = article[pick.choice([name for name in ("entities", "relations") if article.get(name)])]
    layer.insert(pick.randrange(len(layer) + 1), pick.choice(layer) | {"id": f"X{len(layer)}"})


def split(pick: random.Random, article: dict[str, Any]) -> None:
    """A span in two fragments that touch, in the wrong order."""
    entity = pick.choice(article["entities"])
    span, text = entity["spans"][0], article["text"]
    middle = (span["start"] + span["end"]) // 2
    if span["start"] < middle < span["end"]:
        edges = [(middle, span["end"]), (span["start"], middle)]
        entity["spans"] = [{"start": low, "end": high, "text": text[low:high]} for low, high in edges]


def whisper(pick: random.Random, article: dict[str, Any]) -> None:
    """A label in lower case."""
    entity = pick.choice(article["entities"])
    entity["type"] = entity["type"].lower()


def unsee(pick: random.Random, article: dict[str, Any]) -> None:
    """A character that cannot be seen, with every offset behind it moved."""
    at = pick.randrange(len(article["text"]))
    article["text"] = article["text"][:at] + pick.choice(["\ufeff", "\u200b", "\r"]) + article["text"][at:]
    article.pop("text_sha256", None)
    for span in spans(article):
        for edge in ("start", "end"):
            span[edge] += span[edge] > at
        span["text"] = article["text"][span["start"] : span["end"]]


def empty(pick: random.Random, article: dict[str, Any]) -> None:
    """A null that says nothing."""
    pick.choice(article["entities"])[pick.choice(["attributes", "links", "confidence"])] = None


def spans(article: dict[str, Any]) -> list[dict[str, Any]]:
    return [span for name in LAYERS for one in article.get(name) or () for span in one.get("spans") or ()]


BREAKS = [widen, double, split, whisper, unsee, empty]


def broken(pick: random.Random) -> bytes:
    article = json.loads(json.dumps(pick.choice(ARTICLES)))
    for layer in ("tokens", "words"):  # most of an article, and all alike
        article.pop(layer, None)
    for change in pick.choices(BREAKS, k=pick.randrange(4)):
        change(pick, article)
    separators = pick.choice([(",", ":"), (", ", ": "), (" , ", " : ")])
    return json.dumps(article, ensure_ascii=pick.random() < 0.5, separators=separators).encode()


def lighthouse() -> Checker:
    """The other sample corpus, whose articles have a shape of their own."""
    folder = EXAMPLE.parent / "lighthouse"
    contract = load_contract(folder / "schema.json", load_inventory(folder / "inventory.toml"))
    return Checker(contract, frozenset(all_rules()))


def block(lines: list[bytes]) -> Block:
    data = b"\n".join(lines) + b"\n"
    return Block(0, (Chunk("a.jsonl", data=data, size=len(data)),))


def mended(lines: list[bytes], *, unsafe: bool, checker: Checker = CHECKER) -> tuple[list[bytes], Piece]:
    data = b"\n".join(lines) + b"\n"
    ((piece,), _) = Mender(checker, unsafe)(block(lines))
    out, done = b"", 0
    for patch in piece.patches:
        out += data[done : patch.offset] + patch.new
        done = patch.offset + patch.size
    return (out + data[done:]).split(b"\n")[:-1], piece


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("seed", range(2))
def test_broken_articles_are_mended(seed: int, unsafe: bool) -> None:
    pick = random.Random(seed)
    lines = [broken(pick) for _ in range(60)]
    made, piece = mended(lines, unsafe=unsafe)
    assert sum(piece.counts.fixed.values()) > 60
    assert not piece.counts.stuck
    assert len(made) == len(lines)
    again, piece = mended(made, unsafe=unsafe)
    assert (again, piece.patches, dict(piece.counts.fixed)) == (made, (), {})
    for before, after in zip(lines, made, strict=True):
        old, new = json.loads(before), json.loads(after)
        assert before == after or old != new
        assert {name: old[name] for name in old if name not in ("text", "text_sha256", *LAYERS)} == {
            name: new[name] for name in new if name not in ("text", "text_sha256", *LAYERS)
        }
        assert all(span["text"] == new["text"][span["start"] : span["end"]] for span in spans(new))
        if not unsafe:
            assert new["text"] == old["text"]


def come_to_rest(lines: list[bytes], checker: Checker) -> int:
    """Mend articles that may be full of findings; how many fixes were made."""
    number = 0
    for unsafe in (False, True):
        offered = [found.fix for found in checker(block(lines)).findings if found.fix]
        made, piece = mended(lines, unsafe=unsafe, checker=checker)
        number += sum(piece.counts.fixed.values())
        if not any(unsafe or fix.safety == "safe" for fix in offered):
            assert made == lines
        assert len([json.loads(line) for line in made]) == len(lines)
        again, piece = mended(made, unsafe=unsafe, checker=checker)
        assert (again, dict(piece.counts.fixed)) == (made, {})
    return number


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_articles_that_keep_the_schema_come_to_rest(data: st.DataObject) -> None:
    articles = data.draw(st.lists(values(CONTRACT.root), min_size=1, max_size=4))
    come_to_rest([json.dumps(one, ensure_ascii=data.draw(st.booleans())).encode() for one in articles], CHECKER)


def test_articles_that_nobody_would_write_come_to_rest() -> None:
    pick = random.Random(7)
    assert come_to_rest([mutated(pick) for _ in range(60)], CHECKER)


def test_articles_of_another_shape_come_to_rest() -> None:
    pick = random.Random(7)
    lines = []
    for line in (EXAMPLE.parent / "lighthouse" / "articles.jsonl").read_bytes().split(b"\n")[:-1] * 8:
        article = json.loads(line)
        for _ in range(3):
            *above, step = pick.choice([path for path in paths(article) if len(path) > 1])
            pick.choice(CHANGES)(pick, reduce(getitem, above, article), step)
        lines.append(json.dumps(article, ensure_ascii=False).encode())
    assert come_to_rest(lines, lighthouse())


def test_the_sample_corpus_is_as_it_should_be() -> None:
    lines = [json.dumps(article, ensure_ascii=False, indent=None).encode() for article in ARTICLES]
    assert mended(lines, unsafe=True)[1].patches == ()
