"""The rules on bytes, on the schema and on the corpus: their bad examples, as files, through the whole program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus_tool.rules import BYTES, CORPUS, SCHEMA, Bad, Rule, all_rules
from corpus_tool.rules.example import broken, edited, example_article, example_inventory
from tests.program import Ran, lines, run

RULES = [rule for rule in all_rules().values() if rule.on in {BYTES, SCHEMA, CORPUS}]
BAD = [(rule, number, bad) for rule in RULES for number, bad in enumerate(rule.bad)]

WITHOUT_EXAMPLE = {
    "IO013": "64 MiB: tests/test_blocks.py, with a smaller limit",
    "IO014": "a compressed file: tests/test_blocks.py",
    "COL805": "stands in corpus.toml: tests/test_assertions.py",
}
POLICY = "[policy]\nnear-duplicates = 0.7\nwhole-layers = true\nmin-agreement = 0.5\n"


def validated(folder: Path, data: bytes, *options: str) -> Ran:
    (folder / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (folder / "articles.jsonl").write_bytes(data)
    (folder / "corpus.toml").write_text(f'inventory = "inventory.json"\n{POLICY}')
    return run("validate", folder / "articles.jsonl", "--severity", "info", "--format", "json", *options)


def example(bad: Bad) -> bytes:
    return bad.raw if bad.raw is not None else lines(broken(bad), *(edited(put) for put in bad.corpus))


@pytest.mark.parametrize(("rule", "number", "bad"), BAD, ids=[f"{rule.code}-{number}" for rule, number, _ in BAD])
def test_bad_example_is_found_where_it_says(tmp_path: Path, rule: Rule, number: int, bad: Bad) -> None:
    # Of two articles one often has another text under the same spans: that is not what the example is of.
    ran = validated(tmp_path, example(bad), *(("--select", rule.code) if rule.on == CORPUS else ()))
    assert ran.code == 1
    assert (rule.code, bad.at) in ran.places
    assert {code for code, _ in ran.places} == {rule.code}


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_rule_has_an_example_or_a_reason(rule: Rule) -> None:
    assert bool(rule.bad) != (rule.code in WITHOUT_EXAMPLE)


def test_the_example_article_is_clean(tmp_path: Path) -> None:
    ran = validated(tmp_path, lines(example_article()))
    assert (ran.code, ran.places) == (0, [])


@pytest.mark.parametrize(
    ("rule", "bad"),
    [(rule, bad) for rule, _, bad in BAD if rule.on == BYTES],
    ids=[f"{r.code}-{n}" for r, n, _ in BAD if r.on == BYTES],
)
def test_the_line_after_what_cannot_be_read_is_checked(tmp_path: Path, rule: Rule, bad: Bad) -> None:
    assert bad.raw is not None
    ran = validated(tmp_path, bad.raw.removesuffix(b"\n") + b'\n{"id": "last", "txt": "Fog"}\n')
    assert ("SCH103", "/txt") in ran.places
    assert rule.code in {code for code, _ in ran.places}
