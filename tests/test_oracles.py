"""Gold, views and tags beside a slow reading of docs/article.md and docs/releases.md, article by article."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.columns import to_batch
from corpus_tool.contract import load_contract
from corpus_tool.gold import gold
from corpus_tool.inventory_files import load_inventory
from corpus_tool.tokens import rows, token_rows
from corpus_tool.views import Block, views

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-news"
CONTRACT = load_contract(None, load_inventory(EXAMPLE / "inventory.toml"))
ENTITY_TYPES = [label.name for label in CONTRACT.inventory.of("entity")] if CONTRACT.inventory else []
RECORDS = ("provenance", "coverage", "adjudication")
Json = dict[str, Any]
WORDS = ["Ada", "é", "e\u0301", "😀", "👩🏽\u200d🚀", "quay", "Қала", "Порт", "\u2028", "x"]


def published() -> list[Json]:
    return [json.loads(path.read_bytes()) for path in sorted((EXAMPLE / "articles").glob("*.json"))]


def generated(seed: int) -> Json:
    """An article whose spans nest, cross, are discontinuous and miss tokens, by up to four provenances."""
    pick = random.Random(seed)
    pieces = [pick.choice(WORDS) + pick.choice([" ", "", "\r\n"]) for _ in range(pick.randint(0, 24))]
    text = "".join(pieces)
    ends = [sum(map(len, pieces[: number + 1])) for number in range(len(pieces))]
    tokens = [
        (end - len(piece), end - len(piece) + len(piece.rstrip(" \r\n")))
        for piece, end in zip(pieces, ends, strict=True)
    ]
    people = pick.sample(["A1", "A2", "M1", None], pick.randint(1, 3))

    def made(own: str, spans: list[tuple[int, int]], **more: Any) -> Json:
        return {"id": own, "spans": [{"start": a, "end": b, "text": text[a:b]} for a, b in spans], **more}

    def spans() -> list[tuple[int, int]]:
        first = pick.randrange(len(tokens))
        last = min(first + pick.choice([0, 0, 1, 2, 5]), len(tokens) - 1)
        if pick.random() < 0.1 and last - first > 1:
            return [tokens[first], tokens[last]]
        return [(tokens[first][0] + (pick.random() < 0.1 and tokens[last][1] - tokens[first][0] > 1), tokens[last][1])]

    article: Json = {"id": f"g{seed}", "text": text, "provenance": [
        {"id": "A1", "agent": "one", "agent_type": "human"}, {"id": "A2", "agent": "two", "agent_type": "human"},
        {"id": "M1", "agent": "m", "agent_type": "model"},
    ]}  # fmt: skip
    some = range(pick.randint(0, 12)) if tokens else range(0)
    article["entities"] = [
        made(f"T{number}", spans(), type=pick.choice(ENTITY_TYPES), prov=pick.choice(people)) for number in some
    ]
    names = [f"T{number}" for number in some]
    if names:
        article["quotations"] = [
            made(f"Q{number}", spans(), type="direct", speaker=pick.choice([*names, None]),
                 cue=pick.choices(names, k=pick.randint(0, 2)), prov=pick.choice(people))
            for number in range(2)
        ]  # fmt: skip
    article["tokens"] = [made(f"t{number}", [span]) for number, span in enumerate(tokens) if pick.random() > 0.03]
    pick.shuffle(article["tokens"])
    cuts = sorted(pick.sample(range(len(tokens)), min(len(tokens), pick.randint(0, 3))))
    bounds = [(tokens[a][0], tokens[b - 1][1]) for a, b in zip(cuts, [*cuts, len(tokens)][1:], strict=True)]
    article["sentences"] = [made(f"s{number}", [span]) for number, span in enumerate(bounds)]
    article["coverage"] = [
        {"layer": "entities", "prov": prov, "status": pick.choice(["complete", "partial"])}
        for prov in pick.sample(["A1", "A2", "M1"], pick.choice([0, 0, 1, 2]))
    ]
    article["adjudication"] = [
        {
            "layer": pick.choice(["entities", "quotations"]),
            "status": pick.choice(["adjudicated", "adjudicated", "disagreed"]),
            "prov": pick.choice(["A1", "A2", "M1"]),
        }
        for _ in range(pick.choice([0, 0, 0, 1, 2]))
    ]
    for layer in ("entities", "tokens", "sentences", "quotations"):
        if pick.random() < 0.1:
            article.pop(layer, None)
    return article


def truth(article: Json) -> Json:
    """The gold of an article, by docs/article.md."""
    humans = {record["id"] for record in article.get("provenance", ()) if record.get("agent_type") == "human"}
    machines = {record["id"] for record in article.get("provenance", ())} - humans
    out = dict(article)
    for layer in CONTRACT.layers:
        items = article.get(layer.name)
        if layer.kind in RECORDS or layer.provenance is None or items is None:
            continue
        about = [record for record in article.get("adjudication", ()) if record["layer"] == layer.name]
        named = {record["prov"] for record in about if record["status"] == "adjudicated" and record.get("prov")}
        complete = {
            record["prov"]
            for record in article.get("coverage", ())
            if record["layer"] == layer.name and record["status"] == "complete"
        } & humans
        undecided = any(record["status"] != "adjudicated" for record in about)
        present = {item.get("prov") for item in items}
        looked = {record["prov"] for record in article.get("coverage", ()) if record["layer"] == layer.name}
        judged = layer.kind in {"entity", "relation", "event", "coreference", "quotation", "label"}
        if not items:
            if judged and looked and looked <= machines and not named:
                del out[layer.name]
            continue
        if named:
            wanted: set[Any] = named
        elif len(complete) == 1:
            wanted = complete
        elif not complete and not undecided and len(present) == 1 and not (judged and present <= machines):
            wanted = present
        else:
            del out[layer.name]
            continue
        out[layer.name] = [item for item in items if item.get("prov") in wanted]
    return out


def hull(item: Json | None) -> tuple[Any, Any, Any]:
    if item is None:
        return None, None, None
    spans = item["spans"]
    return min(s["start"] for s in spans), max(s["end"] for s in spans), " ".join(s["text"] for s in spans)


def entities(article: Json) -> Iterator[Json]:
    for item in article.get("entities") or ():
        start, end, text = hull(item)
        yield {"article_id": article["id"], "id": item["id"], "type": item["type"], "start": start, "end": end,
               "text": text, "spans": item["spans"], "prov": item.get("prov")}  # fmt: skip


def quotations(article: Json) -> Iterator[Json]:
    by_id = {item["id"]: item for item in article.get("entities") or ()}
    for item in article.get("quotations") or ():
        start, end, text = hull(item)
        cues = item.get("cue") or []
        yield {"article_id": article["id"], "id": item["id"], "type": item["type"], "start": start, "end": end,
               "text": text, "spans": item["spans"], "speaker": item.get("speaker"),
               "speaker_text": hull(by_id.get(item.get("speaker")))[2], "cue": cues,
               "cue_text": [hull(by_id.get(cue))[2] for cue in cues], "prov": item.get("prov")}  # fmt: skip


def relations(article: Json) -> Iterator[Json]:
    by_id = {item["id"]: item for item in article.get("entities") or ()}
    events = {item["id"]: item for item in article.get("events") or ()}
    for item in article.get("relations") or ():
        arguments = []
        for argument in item["arguments"]:
            event = events.get(argument["ref"])
            target = by_id.get(argument["ref"]) or event
            start, end, text = hull(by_id.get(event["trigger"]) if event else target)
            label = target["type"] if target else None
            arguments.append({**argument, "type": label, "start": start, "end": end, "text": text})
        yield {"article_id": article["id"], "id": item["id"], "type": item["type"], "arguments": arguments}


def tokens(article: Json, missed: Counter[str]) -> Iterator[Json]:
    """The rows of the token view; `missed` counts what got no tag or no row."""
    if article.get("tokens") is None:
        return
    every = sorted((hull(token) for token in article["tokens"]), key=lambda one: one[:2])
    sentences = [(sentence["id"], *hull(sentence)[:2]) for sentence in article.get("sentences") or ()]
    sentences = sorted(sentences, key=lambda one: one[1:]) or [(None, 0, 2**40)]
    home = [next((at for at, (_, a, b) in enumerate(sentences) if a <= t[0] and t[1] <= b), -1) for t in every]
    missed["tokens outside sentences"] += home.count(-1)
    tags = ["O"] * len(every)
    wanted = CONTRACT.inventory.tags if CONTRACT.inventory else ()
    found = []
    for item in article.get("entities") or ():
        start, end, _ = hull(item)
        if item["type"] not in wanted:
            continue
        first = [at for at, token in enumerate(every) if token[0] == start]
        last = [at for at, token in enumerate(every) if token[1] == end]
        if len(item["spans"]) > 1:
            missed["discontinuous"] += 1
        elif not first or not last:
            missed["not on token boundaries"] += 1
        elif home[first[0]] < 0 or home[first[0]] != home[last[0]]:
            missed["across or outside sentences"] += 1
        else:
            found.append((start - end, item["id"], first[0], last[0], item["type"]))
    for _, _, one, other, label in sorted(found):
        if set(tags[one : other + 1]) == {"O"}:
            tags[one : other + 1] = [f"B-{label}", *[f"I-{label}"] * (other - one)]
        else:
            missed["under a longer one"] += 1
    for at, (own, _, _) in enumerate(sentences):
        inside = [number for number, place in enumerate(home) if place == at]
        yield {"article_id": article["id"], "sentence_id": own, "tokens": [every[n][2] for n in inside],
               "starts": [every[n][0] for n in inside], "ends": [every[n][1] for n in inside],
               "tags": [tags[n] for n in inside] if article.get("entities") is not None else None}  # fmt: skip


SAMPLES = [
    pytest.param(published(), id="harbour-news"),
    *(pytest.param([generated(100 * block + number) for number in range(100)], id=f"{block}") for block in range(6)),
]


@pytest.mark.parametrize("articles", SAMPLES)
def test_gold(articles: list[Json]) -> None:
    found, left_out = gold(to_batch(articles, CONTRACT), CONTRACT)
    wanted = [truth(article) for article in articles]
    assert found.to_pylist() == to_batch(wanted, CONTRACT).to_pylist()
    names = [layer.name for layer in CONTRACT.layers]
    gone = {
        name: sum(len(a.get(name) or ()) - len(b.get(name) or ()) for a, b in zip(articles, wanted, strict=True))
        for name in names
    }
    assert {name: count for name, count in left_out.items() if name not in {"dangling", "empty layers"}} == {
        n: c for n, c in gone.items() if c
    }


@pytest.mark.parametrize("articles", SAMPLES)
@pytest.mark.parametrize("expected", [entities, quotations, relations], ids=lambda one: one.__name__)
def test_views(articles: list[Json], expected: Any) -> None:
    view = next(view for view in views(CONTRACT) if view.name == expected.__name__)
    wanted = [row for article in articles for row in expected(article)]
    found = rows(view, to_batch(articles, CONTRACT), CONTRACT).to_pylist()
    assert [{name: row[name] for name in want} for row, want in zip(found, wanted, strict=True)] == wanted


@pytest.mark.parametrize("articles", SAMPLES)
def test_tokens(articles: list[Json]) -> None:
    view = next(view for view in views(CONTRACT) if view.name == "tokens")
    missed: Counter[str] = Counter()
    wanted = [row for article in articles for row in tokens(article, missed)]
    found, left_out = token_rows(Block(to_batch(articles, CONTRACT), CONTRACT), view)
    assert found.to_pylist() == wanted
    assert left_out == +missed


def test_the_generated_articles_hold_what_is_hard() -> None:
    missed: Counter[str] = Counter()
    for number in range(600):
        list(tokens(generated(number), missed))
    assert min(missed.values()) > 20
    assert len(missed) == 5
