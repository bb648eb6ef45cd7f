"""Rules that a corpus leaves out by path: said, counted, and no reason to fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus_tool.rules import find_rule
from corpus_tool.rules.example import broken, example_article, example_inventory
from tests.program import Ran, run

BAD = broken(find_rule("SPN304").bad[0])


def corpus(folder: Path, ignores: str) -> Path:
    for name, article in (("legacy/old/a.json", BAD), ("new/b.json", {**example_article(), "id": "b"})):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(article))
    (folder / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (folder / "corpus.toml").write_text('inventory = "inventory.json"\n' + ignores)
    return folder


def entry(paths: str, rules: str, reason: str = "made before the rule") -> str:
    return f'[[ignore]]\npaths = ["{paths}"]\nrules = ["{rules}"]\nreason = "{reason}"\n'


def validated(folder: Path) -> Ran:
    return run("validate", folder, "--format", "json", "--ignore", "COL802")


@pytest.mark.parametrize(("paths", "rules", "left_out"), [
    ("legacy/", "SPN304", True),
    ("legacy/**", "SPN", True),
    ("/legacy/old/*.json", "surface-is-what-the-span-covers", True),
    ("*.json", "SPN304", True),
    ("new/", "SPN304", False),
    ("legacy/", "SPN305", False),
    ("old", "SPN304", True),
    ("/old", "SPN304", False),
])  # fmt: skip
def test_paths_and_rules(tmp_path: Path, paths: str, rules: str, left_out: bool) -> None:
    ran = validated(corpus(tmp_path, entry(paths, rules)))
    assert ran.code == (0 if left_out else 1)
    assert ran.json["summary"]["suppressed"] == ({"SPN304": 1} if left_out else {})
    assert ran.json["summary"]["findings"] == (0 if left_out else 1)


@pytest.mark.parametrize(("ignores", "place"), [
    (entry("legacy/", "SPN999"), "no rule 'SPN999'"),
    (entry("\\\\", "SPN305"), "is no pattern of .gitignore"),
    (entry("legacy/", "SPN304", ""), "ignore"),
    ('[[ignore]]\npaths = ["a"]\nrules = ["SPN304"]\n', "reason"),
])  # fmt: skip
def test_what_is_wrong_with_an_entry_is_said(tmp_path: Path, ignores: str, place: str) -> None:
    ran = validated(corpus(tmp_path, ignores))
    assert ran.code == 2
    assert place in ran.err


def test_an_article_with_an_error_left_out_is_no_wrong_article(tmp_path: Path) -> None:
    folder = corpus(tmp_path, entry("legacy/", "SPN304"))
    ran = run("convert", folder, "--to", "jsonl", "--output", tmp_path / "out.jsonl", "--ignore", "COL802")
    assert ran.code == 0
    assert len((tmp_path / "out.jsonl").read_bytes().split(b"\n")) == 3


def test_findings_beyond_the_cap_are_not_counted_where_they_are_left_out(tmp_path: Path) -> None:
    folder = corpus(tmp_path, entry("many.jsonl", "SPN304"))
    lines = [json.dumps({**BAD, "id": f"m{number}"}) for number in range(1100)]
    (folder / "many.jsonl").write_text("\n".join(lines) + "\n")
    ran = validated(folder)
    assert ran.json["summary"]["suppressed"] == {"SPN304": 1100}
    assert ran.json["summary"]["codes"] == {"SPN304": 1}
