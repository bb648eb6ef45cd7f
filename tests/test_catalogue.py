"""The sample corpus, broken in every way the rules know, at random places: each is found, by the right code and where it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from corpus_tool.blocks import Block, Chunk
from corpus_tool.corpus import Options, validate
from corpus_tool.findings import Finding
from corpus_tool.records import Record
from corpus_tool.reports import BlockReport
from corpus_tool.rules import ROWS, SCHEMA, all_rules
from corpus_tool.validate import Checker, gather
from tests.breaking import FAMILIES, MUTATORS, Article, Mutator, sample

for family in FAMILIES:
    import_module(f"tests.breaking.{family}")

ROOT = Path(__file__).parent.parent
MUTATIONS = 2000
OF_THE_CORPUS = 6
EACH = -(-MUTATIONS // sum(mutator.of != "corpus" for mutator in MUTATORS))
"""So many of each way to break an article or a file; of the corpus fewer, since all of it is looked at each time."""
AT_ONCE = 100
CODES = sorted({mutator.code for mutator in MUTATORS})

ELSEWHERE = {
    "IO007": "release/test_verify.py",
    "IO008": "formats/test_article.py",
    "IO009": "formats/test_brat.py",
    "IO010": "test_convert.py",
    "IO013": "test_hostile.py",
    "IO014": "test_blocks.py",
    "IO015": "formats/test_brat.py",
    "IO016": "formats/test_lift.py",
    "IO017": "formats/test_cas.py",
    "IO018": "formats/test_cas.py",
    "IO019": "formats/test_bioc.py",
    "IO020": "formats/test_conll.py",
    "MET703": "release/test_eligibility.py",
    "MET704": "release/test_eligibility.py",
    "RLS901": "release/test_verify.py",
    "RLS902": "release/test_verify.py",
    "RLS903": "release/test_verify.py",
    "RLS904": "release/test_verify.py",
    "RLS905": "release/test_verify.py",
    "RLS906": "release/test_verify.py",
    "RLS907": "release/test_verify.py",
    "RLS908": "release/test_splits.py",
    "RLS909": "release/test_splits.py",
    "RLS910": "release/test_splits.py",
    "RLS911": "release/test_splits.py",
    "RLS912": "release/test_signing.py",
    "RLS913": "release/test_signing.py",
    "RLS914": "release/test_withholding.py",
    "RLS915": "release/test_hydrating.py",
    "RLS916": "release/test_withdrawing.py",
    "RLS917": "release/test_naming.py",
}
"""Rules about what is no article, and the tests that break it."""

CONSEQUENCES: Mapping[str, frozenset[str]] = {
    code: frozenset(others.split())
    for code, others in {
        "COR606": "COR605 COR608",
        "COR607": "SPN312 SPN313",
        "EVT604": "REF406",
        "LBL502": "COR605 REL601 SPN312",
        "LBL503": "COR605 REL601 SPN312",
        "MET701": "MET701",
        "PRV703": "PRV707",
        "PRV705": "PRV705 PRV706",
        "QUO609": "SPN310 SPN311 SPN312",
        "REF402": "COR607 PRV705 REF406",
        "REF404": "REF404",
        "REL602": "REF405",
        "REL601": "REL610",
        "SCH101": "LBL501 MET701 PRV705",
        "SCH104": "MET701",
        "SPN303": "QUO609 TXT206",
        "SPN305": "SPN312 SPN313 SPN314",
        "SPN306": "SPN312 SPN313",
        "SPN307": "SPN312 SPN313 SPN314 TXT206",
        "SPN308": "SPN313",
        "SPN309": "SPN313",
        "SPN310": "REF406",
        "SPN311": "SPN312",
        "SPN313": "SPN312 SPN313",
        "SPN314": "SPN312",
        "SPN315": "SPN312 SPN313",
        "TXT206": "SPN314 TXT206",
        "TXT208": "IO005 TXT202",
    }.items()
}
"""What else may be found where a rule is broken: a label that is wrong does not fit its role, either."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken article, and where that has to be found."""

    mutator: Mutator
    article: Article
    pointer: str
    what: str
    """The mutation, for a message: run it again with this seed."""


CORPUS_CONSEQUENCES = {
    "COL802": {"COL804", "COL805"},
    "COL803": {"PRV705"},
    "COL804": {"COL803"},
    "COL805": {"COR605", "REL601", "SPN312"},
}


def of(kind: str, code: str | None = None) -> list[Mutator]:
    return [mutator for mutator in MUTATORS if mutator.of == kind and code in {None, mutator.code}]


def broken(mutator: Mutator, seed: int) -> Broken:
    """The first article, from a random one on, that can be broken in that way."""
    what = f"{mutator.id} {seed}"
    pick = Random(what)
    first = pick.randrange(27)
    for number in range(first, first + 27):
        article = sample.article(number)
        pointer = mutator.break_(pick, article)
        if pointer is not None:
            article.update({"id": f"{article['id']} {what}"} if "id" in article else {})
            return Broken(mutator, article, pointer, f"{what}, article {number % 27}")
    raise AssertionError(f"{mutator.id} finds nothing to break")


@cache
def checker() -> Checker:
    return Checker(sample.contract(), frozenset(all_rules()), most=sys.maxsize)


def without(code: str) -> Checker:
    found = replace(checker(), codes=checker().codes - {code})
    found.__dict__["verdict"] = checker().verdict
    return found


def found_in(made: Iterator[Broken], by: Checker) -> Iterator[tuple[Broken, list[Finding]]]:
    """What is found in each of the articles, looked at a hundred at once."""
    while some := list(islice(made, AT_ONCE)):
        report = by.check([Record(one.article, "articles.jsonl", line) for line, one in enumerate(some)])
        lines: list[list[Finding]] = [[] for _ in some]
        for finding in report.findings:
            assert finding.location.line is not None
            lines[finding.location.line].append(finding)
        yield from zip(some, lines, strict=True)


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.location.pointer) for finding in findings]


def test_every_rule_is_broken_here_or_elsewhere() -> None:
    assert set(CODES).isdisjoint(ELSEWHERE)
    assert {*CODES, *ELSEWHERE} == {code for code, rule in all_rules().items() if not rule.origin}


@pytest.mark.parametrize("code", ELSEWHERE)
def test_rule_is_broken_where_it_says(code: str) -> None:
    where = ROOT / "tests" / ELSEWHERE[code]
    assert any(code in path.read_text("utf-8") for path in ([where] if where.is_file() else where.rglob("*.py")))


def test_consequences_are_of_rules_that_are_broken() -> None:
    assert set(CONSEQUENCES) <= set(CODES)
    assert set().union(*CONSEQUENCES.values()) <= set(all_rules())


def test_the_unbroken_corpus_has_no_finding() -> None:
    articles = [Record(article, "articles.jsonl", line) for line, article in enumerate(sample.articles(), 1)]
    assert gather([checker().check(articles)], checker()).findings == []


@pytest.mark.parametrize("corpus", ["harbour-news/articles", "lighthouse/articles.jsonl"])
def test_the_sample_corpora_have_no_finding(corpus: str) -> None:
    report = validate([str(ROOT / "examples" / corpus)], Options(cache=False))
    assert [(finding.code, finding.location.article, finding.message) for finding in report.findings] == []


def test_every_break_is_found_where_it_is() -> None:
    ways = [(mutator, seed) for seed in range(EACH) for mutator in of("article")]
    Random(0).shuffle(ways)  # so that what is wrong with one article could hide another of its block
    wrong, number = [], 0
    for one, findings in found_in((broken(mutator, seed) for mutator, seed in ways), checker()):
        number += 1
        expected = one.mutator.code, one.pointer
        others = {code for code, at in places(findings) if (code, at) != expected}
        others -= CONSEQUENCES.get(one.mutator.code, frozenset())
        if expected not in places(findings) or others:
            wrong.append((one.what, expected, places(findings)[:9]))
    assert wrong == []
    assert number + EACH * len(of("file")) >= MUTATIONS


@cache
def untouched() -> tuple[tuple[Article, BlockReport], ...]:
    """The articles of the sample corpus without tokens, and what is found in each."""
    return tuple(
        (article, checker().check([Record(article, "articles.jsonl", line)]))
        for line, article in enumerate(sample.light_articles(), 1)
    )


def broken_corpus(mutator: Mutator, seed: int, by: Checker) -> tuple[tuple[str, str, str], list[Finding]]:
    """Code, article and pointer that have to be found, and what is; articles that nothing changed are not looked at again."""
    articles = sample.light_articles()
    place = mutator.break_(Random(f"{mutator.id} {seed}"), articles)
    assert place is not None
    known = {article["id"]: (article, report) for article, report in untouched()}
    reports = []
    for line, article in enumerate(articles, 1):
        before, report = known.get(article["id"], (None, None))
        same = report is not None and article == before
        reports.append(report if same else by.check([Record(article, "articles.jsonl", line)]))
    return (mutator.code, *place), gather([report for report in reports if report], by).findings


@pytest.mark.parametrize("mutator", of("corpus"), ids=lambda mutator: mutator.id)
def test_every_break_of_the_corpus_is_found_where_it_is(mutator: Mutator) -> None:
    for seed in range(OF_THE_CORPUS):
        expected, findings = broken_corpus(mutator, seed, checker())
        found = {(each.code, each.location.article or "", each.location.pointer) for each in findings}
        assert expected in found, seed
        assert {code for code, *_ in found} - {mutator.code} <= CORPUS_CONSEQUENCES.get(mutator.code, set()), seed


def file_of(mutator: Mutator, seed: int) -> tuple[bytes, int]:
    pick = Random(f"{mutator.id} {seed}")
    lines = []
    for number in pick.sample(range(27), 3):
        article = sample.article(number)
        for layer in ("tokens", "words"):  # most of an article, and all alike
            article.pop(layer, None)
        lines.append(json.dumps(article, ensure_ascii=pick.random() < 0.5).encode())
    data, line = mutator.break_(pick, lines)
    return data, line


def read(mutator: Mutator, seeds: int, by: Checker) -> list[tuple[list[tuple[str, int | None]], tuple[str, int]]]:
    """Code and line of what is found in files that are broken in one way, and of what has to be; looked at together."""
    files = [file_of(mutator, seed) for seed in range(seeds)]
    chunks = [Chunk(f"{seed}.jsonl", data=data, size=len(data)) for seed, (data, _) in enumerate(files)]
    found: list[list[tuple[str, int | None]]] = [[] for _ in files]
    for finding in by(Block(0, tuple(chunks))).findings:
        found[int(Path(finding.location.path).stem)].append((finding.code, finding.location.line))
    return [(some, (mutator.code, line)) for some, (_, line) in zip(found, files, strict=True)]


@pytest.mark.parametrize("mutator", of("file"), ids=lambda mutator: mutator.id)
def test_every_break_of_a_file_is_found_where_it_is(mutator: Mutator) -> None:
    for seed, (found, expected) in enumerate(read(mutator, EACH, checker())):
        assert found == [expected], seed


def still_found(code: str, made: list[Broken], by: Checker) -> bool:
    """Whether a rule is found in articles, files or corpora that were broken for it."""
    articles = [finding.code for _, some in found_in(iter(made), by) for finding in some]
    files = [found for mutator in of("file", code) for some, _ in read(mutator, 2, by) for found, _ in some]
    corpora = [each.code for mutator in of("corpus", code) for each in broken_corpus(mutator, 0, by)[1]]
    return code in {*articles, *files, *corpora}


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_found_with_the_rule_switched_off(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests above, which find these very places, fail without it."""
    made = [broken(mutator, seed) for mutator in of("article", code) for seed in range(2)]
    assert not still_found(code, made, without(code))
    rule = all_rules()[code]
    if rule.on not in {SCHEMA, "bytes"}:
        monkeypatch.setitem(all_rules(), code, replace(rule, check=none_of_these if rule.on in ROWS else nothing))  # type: ignore[arg-type]
        assert not still_found(code, made, checker())


def none_of_these(contract: Any) -> None:
    """A rule on a table that has nothing to look at."""


def nothing(about: Any, contract: Any) -> tuple[()]:
    """A rule that finds nothing."""
    return ()
