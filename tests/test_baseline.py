"""Findings that are known: written down, recognised wherever they move to, and told when they are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from corpus_tool.baseline import baseline_of, dumps_baseline, read_baseline
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.resources import schema
from corpus_tool.rules import find_rule
from corpus_tool.rules.example import broken, edited, entity, example_article, example_inventory
from tests.program import Ran, run

BAD = broken(find_rule("SPN304").bad[0])
OTHER = {**example_article(), "id": "other"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (tmp_path / "corpus.toml").write_text(
        'inventory = "inventory.json"\n[validate]\nignore = ["COL802"]\nbaseline = "known.json"\n'
    )
    (tmp_path / "known.json").write_text('{"baseline": "1.0", "findings": []}')
    write(tmp_path, BAD, OTHER)
    return tmp_path


def write(folder: Path, *articles: dict[str, Any]) -> None:
    (folder / "a.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles))


def command(folder: Path, *words: str, source: str = "a.jsonl") -> Ran:
    return run(*words, folder / source, "--config", folder / "corpus.toml")


def test_what_is_known_fails_nothing(folder: Path) -> None:
    assert command(folder, "validate").code == 1
    written = command(folder, "baseline", "write")
    assert written.code == 0
    assert "1 finding known" in written.out
    ran = command(folder, "validate", "--format", "json")
    assert ran.code == 0
    assert ran.json["summary"]["suppressed"] == {"SPN304": 1}
    assert [one["suppression"]["by"] for one in ran.json["findings"]] in ([], ["baseline"])
    assert command(folder, "baseline", "check").code == 0


def test_it_keeps_its_schema_and_no_text(folder: Path) -> None:
    command(folder, "baseline", "write")
    text = (folder / "known.json").read_text()
    jsonschema.Draft202012Validator(schema("baseline-1")).validate(json.loads(text))
    assert "Quill" not in text
    before = (folder / "known.json").read_bytes()
    command(folder, "baseline", "write")
    assert (folder / "known.json").read_bytes() == before


def test_it_is_known_wherever_it_moves_to(folder: Path) -> None:
    command(folder, "baseline", "write")
    moved = {**BAD, "entities": [entity("LOC", 23, 34, id="T0"), *BAD["entities"]]}
    write(folder, OTHER, {**OTHER, "id": "third"}, moved)
    (folder / "a.jsonl").rename(folder / "b.jsonl")
    found = command(folder, "validate", "--ignore", "SPN310", "--format", "json", source="b.jsonl")
    assert found.json["summary"]["suppressed"] == {"SPN304": 1}
    assert found.json["summary"]["codes"].get("SPN304") is None


def test_what_is_new_fails(folder: Path) -> None:
    command(folder, "baseline", "write")
    put = find_rule("SPN304").bad[0].put
    write(folder, BAD, {**edited(put), "id": "other"})
    ran = command(folder, "validate", "--format", "json")
    assert (ran.code, ran.json["summary"]["codes"]) == (1, {"SPN304": 1})
    assert [one["article"] for one in ran.json["findings"] if "suppression" not in one] == ["other"]


def test_what_is_gone_is_told(folder: Path) -> None:
    command(folder, "baseline", "write")
    write(folder, example_article(), OTHER)
    ran = command(folder, "validate")
    assert ran.code == 0
    assert "no longer found" in ran.err
    checked = command(folder, "baseline", "check")
    assert checked.code == 1
    assert "SPN304 in example-1" in checked.err
    command(folder, "baseline", "write")
    assert command(folder, "baseline", "check").code == 0


def test_what_was_not_looked_at_is_not_gone(folder: Path) -> None:
    command(folder, "baseline", "write")
    (folder / "one.json").write_text(json.dumps(OTHER))
    assert "no longer" not in command(folder, "validate", source="one.json").err
    assert "no longer" not in command(folder, "validate", "--ignore", "SPN304").err


def test_an_article_that_was_refused_is_excused_only_with_all_that_is_said_of_it(folder: Path) -> None:
    refused = {**example_article(), "extra": 1}
    write(folder, refused, OTHER)
    command(folder, "baseline", "write")
    ran = command(folder, "validate", "--format", "json")
    assert (ran.code, ran.json["summary"]["refused"], ran.json["summary"]["excused"]) == (0, 1, 1)
    write(folder, {**refused, "more": 2}, OTHER)
    assert command(folder, "validate").code == 1
    write(folder, refused, OTHER)
    assert command(folder, "validate", "--ignore", "SCH103").code == 1, "what is ignored excuses nothing"


@pytest.mark.parametrize(("text", "said"), [
    ("{", "not valid JSON"),
    ('{"baseline": "9.0", "findings": []}', "baseline"),
    ('{"baseline": "1.0", "findings": [{"code": "SPN304"}]}', "fingerprint"),
    ("[]", ""),
])  # fmt: skip
def test_what_is_no_baseline(folder: Path, text: str, said: str) -> None:
    (folder / "known.json").write_text(text)
    ran = command(folder, "validate")
    assert ran.code == 2
    assert said in ran.err
    assert "known.json" in ran.err


def test_round_trip(tmp_path: Path) -> None:
    at = Location("a.json", 3, pointer="/x", article="ä\u2028", annotation=None)
    findings = [Finding("SPN304", "x", Severity.ERROR, at, "said", fingerprint=f"{number:032x}") for number in range(5)]
    made = baseline_of(findings)
    (tmp_path / "b.json").write_bytes(dumps_baseline(made))
    assert read_baseline(tmp_path / "b.json") == made
    assert made.gone(findings, frozenset({"SPN304"}), None) == []
    assert len(made.gone(findings[1:], frozenset({"SPN304"}), None)) == 1
