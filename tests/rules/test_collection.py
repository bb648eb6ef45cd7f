"""What holds for the corpus as a whole: ids, texts, labels, layers, agreement."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.blocks import Block, Chunk
from corpus_tool.contract import load_contract
from corpus_tool.corpus import validate
from corpus_tool.inventory_files import load_inventory
from corpus_tool.policy import Policy
from corpus_tool.rules import CORPUS, all_rules
from corpus_tool.rules.example import broken, edited
from corpus_tool.validate import Checker, run_checks
from tests.corpora import seed
from tests.program import lines, run
from tests.rules.tables import article, example_contract

EXAMPLES = Path(__file__).parents[2] / "examples"
BAD = [
    (rule, number, bad)
    for rule in all_rules().values()
    if rule.on == CORPUS and rule.code.startswith("COL")
    for number, bad in enumerate(rule.bad)
]
PLAIN = load_contract(None, None)


def found(*blocks: list[dict[str, Any]], policy: Policy, codes: str) -> list[tuple[str, int | None, str, str]]:
    """Article, line, pointer and message of what corpus rules find in a file that is read in blocks."""
    checker = Checker(replace(PLAIN, policy=policy), frozenset(codes.split()))
    line, parts = 1, []
    for number, articles in enumerate(blocks):
        data = lines(*articles)
        parts.append(Block(number, (Chunk("a.jsonl", line=line, data=data, size=len(data)),)))
        line += len(articles)
    report = run_checks(parts, checker, 1)
    return [(at.article or "", at.line, at.pointer, one.message) for one in report.findings if (at := one.location)]


def made(name: str, text: str, *entities: tuple[Any, ...], split: str = "train", **layers: Any) -> dict[str, Any]:
    return {**article(text, *entities, **layers), "id": name, "split": split}


@pytest.mark.parametrize(("rule", "number", "bad"), BAD, ids=[f"{rule.code}-{number}" for rule, number, _ in BAD])
def test_bad_example_is_found_where_it_says(rule, number, bad) -> None:
    data = lines(broken(bad), *(edited(put) for put in bad.corpus))
    codes = frozenset(code for code, other in all_rules().items() if other.on == CORPUS)
    report = run_checks(
        [Block(0, (Chunk("a.jsonl", data=data, size=len(data)),))], Checker(example_contract(), codes), 1
    )
    assert [(one.code, one.location.pointer) for one in report.findings] == [(rule.code, bad.at)]
    place = report.findings[0].location
    assert (place.line, place.article) in {(1, "example-1"), (2, "example-1" if rule.code == "COL801" else "example-2")}


WORDS = [f"word{number}" for number in range(200)]
STORY = " ".join(WORDS)
CHANGED = " ".join([*WORDS[:60], "other", *WORDS[61:]])


@pytest.mark.parametrize("cut", [1, 2, 3], ids=str)
def test_near_duplicates_over_blocks(cut: int) -> None:
    corpus = [
        made("a", STORY),
        made("b", CHANGED, split="test"),
        made("c", "Something else."),
        made("d", f"{CHANGED} end"),
    ]
    ran = found(corpus[:cut], corpus[cut:], policy=Policy(near_duplicates=0.8), codes="COL802")
    assert [(name, line, at) for name, line, at, _ in ran] == [("b", 2, "/text"), ("d", 4, "/text"), ("d", 4, "/text")]
    assert [message.rpartition("article ")[2] for *_, message in ran] == [
        "'a' at a.jsonl:1, in split train and this one in test",
        "'b' at a.jsonl:2, in split test and this one in train",
        "'a' at a.jsonl:1",
    ]
    assert all("about 0.9" in message for *_, message in ran)


def test_near_duplicates_only_where_asked() -> None:
    corpus = [made("a", STORY), made("b", CHANGED)]
    assert found(corpus, policy=Policy(), codes="COL802") == []
    assert found(corpus, policy=Policy(near_duplicates=1), codes="COL802") == []


def test_the_same_text_is_said_once() -> None:
    corpus = [made("a", STORY), made("b", STORY), made("c", STORY)]
    ran = found(corpus, policy=Policy(near_duplicates=0.5), codes="COL802")
    assert [(name, message) for name, _, _, message in ran] == [
        (name, "the text is that of article 'a' at a.jsonl:1") for name in "bc"
    ]


def test_a_label_that_train_lacks() -> None:
    corpus = [
        made("a", "abc", ("X", 0, 1)),
        made("b", "abcd", ("X", 0, 1), ("Y", 1, 2), ("Y", 2, 3), split="test"),
        made("c", "abcde", ("Y", 2, 3), split="test", relations=[{"id": "R1", "type": "r", "arguments": []}]),
    ]
    assert found(corpus[:2], corpus[2:], policy=Policy(), codes="COL803") == [
        ("b", 2, "/entities/1/type", "the entity label Y occurs 3 times in test, never in train"),
    ]


@pytest.mark.parametrize("split", ["test", "train"], ids=str)
def test_a_corpus_of_one_split_says_nothing_of_labels(split: str) -> None:
    assert found([made("a", "abc", ("X", 0, 1), split=split)], policy=Policy(), codes="COL803") == []


def test_rare_labels() -> None:
    corpus = [made("a", "abc", ("X", 0, 1), ("Y", 0, 1), ("X", 1, 2)), made("b", "abcd", ("Y", 0, 1), split="test")]
    assert found(corpus, policy=Policy(min_label_count=2), codes="COL803") == [
        ("a", 1, "/entities/1/type", "the entity label Y occurs once in train, fewer than 2"),
    ]


def test_labels_of_the_inventory_that_never_occur() -> None:
    inventory = load_inventory(EXAMPLES / "harbour-news" / "inventory.toml")
    contract = replace(load_contract(None, inventory), policy=Policy(min_label_count=1))
    data = lines(made("a", "abc", ("PER", 0, 1)))
    checker = Checker(contract, frozenset({"COL803"}))
    report = run_checks([Block(0, (Chunk("a.jsonl", data=data, size=len(data)),))], checker, 1)
    wanted = {label.name for label in inventory.of("entity") if not label.abstract} - {"PER"}
    assert len(report.findings) == len(wanted) > 1
    assert all(one.message.endswith("occurs never in train, fewer than 1") for one in report.findings)


COVERED = [{"layer": "entities", "prov": "A1", "status": "complete"}]


@pytest.mark.parametrize(
    ("other", "number"),
    [
        ({"relations": []}, 0),
        ({}, 1),
        ({"coverage": COVERED}, 0),
        ({"coverage": [*COVERED, {"layer": "relations", "prov": "A1", "status": "complete"}]}, 1),
        ({"split": "test"}, 0),
    ],
    ids=["empty", "absent", "explained", "covered-and-absent", "other-split"],
)
def test_layers_of_some_articles(other, number) -> None:
    corpus = [made("a", "abc", relations=[]), made("b", "abcd", **other)]
    ran = found(corpus[:1], corpus[1:], policy=Policy(whole_layers=True), codes="COL804")
    message = "one article of split train have no relations, and no coverage says why; 1 of 2 have them"
    assert ran == [("b", 2, "", message)] * number
    assert found(corpus, policy=Policy(), codes="COL804") == []


@pytest.mark.parametrize("name", ["harbour-news/articles", "lighthouse/articles.jsonl"], ids=str)
def test_the_sample_corpora_are_clean(name: str) -> None:
    report = validate([str(EXAMPLES / name)])
    assert [finding.message for finding in report.findings if finding.code[:3] in {"MET", "PRV", "COL"}] == []


def test_an_article_of_brat_is_clean(tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"
    run("convert", str(seed()), "--from", "brat", "--to", "jsonl", "--output", str(target))
    report = validate([str(target)])
    assert report.summary.articles == 1
    assert [finding.message for finding in report.findings if finding.code[:3] in {"MET", "PRV", "COL"}] == []


def test_settings_of_corpus_toml_reach_the_rules(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(
        '[policy]\nnear-duplicates = 0.8\nwhole-layers = true\nrequired-metadata = ["licence"]\n'
    )
    (tmp_path / "a.jsonl").write_bytes(lines(made("a", STORY, relations=[]), made("b", CHANGED)))
    ran = run("validate", str(tmp_path / "a.jsonl"), "--format", "json", "--severity", "info")
    codes = [finding["code"] for finding in json.loads(ran.out)["findings"]]
    assert sorted(code for code in codes if code[:3] in {"MET", "COL"}) == ["COL802", "COL804", "MET701", "MET701"]


@pytest.mark.parametrize("code", ["COL803", "COL804"], ids=str)
def test_what_is_lacking_is_not_said_while_an_article_is_refused(code: str) -> None:
    corpus = [
        made("a", "abc", ("X", 0, 1), relations=[]),
        made("b", "abcd", ("Y", 1, 2), split="test"),
        made("c", "x", split="test", relations=[]),
    ]
    checker = Checker(replace(PLAIN, policy=Policy(whole_layers=True)), frozenset({code}))
    for refused, number in ((b"", 1), (b'{"id": "d"}\n', 0)):
        data = lines(*corpus) + refused
        report = run_checks([Block(0, (Chunk("a.jsonl", data=data, size=len(data)),))], checker, 1)
        assert [finding.code for finding in report.findings] == [code] * number
        assert report.summary.not_checked.get(code, 0) == (0 if number else 3)


def test_a_label_that_the_inventory_does_not_know_is_said_once() -> None:
    contract = load_contract(None, load_inventory(EXAMPLES / "harbour-news" / "inventory.toml"))
    data = lines(made("a", "abc", ("PER", 0, 1)), made("b", "abcd", ("PRE", 0, 1), ("ORG", 1, 2), split="test"))
    report = run_checks(
        [Block(0, (Chunk("a.jsonl", data=data, size=len(data)),))], Checker(contract, frozenset({"COL803"})), 1
    )
    assert [finding.location.pointer for finding in report.findings] == ["/entities/1/type"]
