"""Grace for what was released before a rule was there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.rules.example import example_article, example_inventory
from corpus_tool.versions import is_newer
from tests.program import Ran, run

RULE = '[[rules]]\ncode = "ORG001"\non = "articles"\nmust = "chars > 1000"\nmessage = "too short"\nsince = "{since}"\n'


@pytest.mark.parametrize(("since", "version", "newer"), [
    ("0.1", "0.1.0", False), ("0.2", "0.1.9", True), ("0.2", "0.2", False), ("0.10", "0.9.5", True), ("1", "0.9", True),
    ("1.0.1", "1", True), ("1", "1.0.1", False),
])  # fmt: skip
def test_what_is_newer(since: str, version: str, newer: bool) -> None:
    assert is_newer(since, version) is newer


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lenient")
    (folder / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    settings(folder, "")
    (folder / "a.json").write_text(json.dumps(example_article()))
    ran = run("release", "build", folder / "a.json", "--output", folder / "releases")
    assert ran.code == 0, ran.err
    return folder


def settings(folder: Path, grace: str, since: str | None = None) -> None:
    """Keys of a table come before the tables of rules."""
    rules = RULE.format(since=since) if since else ""
    text = f'name = "tide"\nlicence = "CC-BY-4.0"\ninventory = "inventory.json"\n[validate]\n{grace}\n{rules}'
    (folder / "corpus.toml").write_text(text)


def validated(folder: Path, article: dict[str, Any]) -> Ran:
    (folder / "now.json").write_text(json.dumps(article, indent=1))
    return run("validate", folder / "now.json", "--format", "json")


GRACE = 'releases = "releases/tide"\ngrace-until = "2999-01-01"'


@pytest.mark.parametrize(("grace", "since", "change", "severity"), [
    (GRACE, "1.0.1", {}, "warning"),
    (GRACE, "1.0.0", {}, "error"),
    (GRACE, "1.0.1", {"notes": []}, "error"),
    (GRACE, "1.0.1", {"id": "example-2"}, "error"),
    (GRACE.replace("2999", "2020"), "1.0.1", {}, "error"),
    (GRACE.replace("tide", "none"), "1.0.1", {}, "error"),
    ("", "1.0.1", {}, "error"),
], ids=["older", "as-old", "changed", "new", "over", "no-release", "no-grace"])  # fmt: skip
def test_grace(home: Path, grace: str, since: str, change: dict[str, Any], severity: str) -> None:
    settings(home, grace, since)
    ran = validated(home, {**example_article(), **change})
    found = [finding for finding in ran.json["findings"] if finding["code"] == "ORG001"]
    assert [finding["severity"] for finding in found] == [severity]
    assert ("an error from 2999-01-01 on" in found[0]["message"]) == (severity == "warning")
    assert ran.code == (1 if severity == "error" else 0)


def test_an_article_written_otherwise_is_the_same(home: Path) -> None:
    settings(home, GRACE, "1.0.1")
    article = {**dict(reversed(example_article().items())), "events": example_article()["events"]}
    article["entities"][1]["attributes"] = []
    assert validated(home, article).code == 0


def test_the_cache_does_not_outlive_a_release(home: Path) -> None:
    settings(home, GRACE, "1.0.1")
    assert validated(home, example_article()).code == 0
    assert validated(home, example_article()).code == 0
    (home / "releases").rename(home / "elsewhere")
    try:
        assert validated(home, example_article()).code == 1
    finally:
        (home / "elsewhere").rename(home / "releases")
