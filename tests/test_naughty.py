"""515 strings that break programs, wherever an article or a corpus can hold one: kept as they are, and shown harmlessly."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus_tool.contract import load_contract
from corpus_tool.decoding import decode
from corpus_tool.findings import Edit, Excerpt, Finding, Fix, Location, Severity
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.reporters import REPORTERS
from corpus_tool.schema import Verdict
from corpus_tool.summary import Summary
from tests.corpora import corpora
from tests.program import lines, run

# Control characters but for the line feed that ends a line, bidi controls, separators: what a terminal would obey.
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\u200e\u200f]")
COMMAND = re.compile(r"^\s*(?:::[a-z]|##\[)", re.MULTILINE)
OWN_COMMANDS = {"github"}
"""Reporters whose lines are commands: that no other is smuggled in is shown where they are tested."""
INJECTIONS = [
    "::error::x", "\n::error file=a::x", "##[error]x", "\r##[group]x", "\x1b[31mred", "\x1b]8;;http://example.org\x07x\x1b]8;;\x07", "\x9b31m", "\u202egnp.exe",
    "\u2028::error::x", "%0A::error::x", "[red]x[/red]", "[link=http://example.org]x[/link]", "]]>", "<script>alert(1)</script>", "\0", "\x08\x08\x08",
]  # fmt: skip


@cache
def naughty() -> tuple[str, ...]:
    strings = json.loads((corpora("naughty-strings") / "blns.json").read_bytes())
    assert len(strings) == 515
    return (*strings, *INJECTIONS)


def articles() -> list[dict[str, Any]]:
    """One article a string, which is its text, surface, byline and attribute value; ids are the string and its number."""
    made = []
    for number, string in enumerate(naughty()):
        own = f"{number} {string}"[:200]
        article: dict[str, Any] = {"id": own, "text": string, "metadata": {"by": string}}
        if string:
            span = {"start": 0, "end": len(string), "text": string}
            article["entities"] = [{
                "id": f"T{number} {string}"[:200], "type": "PER", "spans": [span],
                "attributes": [{"name": "Note", "value": string}],
            }]  # fmt: skip
        made.append(article)
    return made


INVENTORY = {
    "inventory": "1.0", "entity": [{"name": "PER"}], "attribute": [{"name": "Note", "types": ["PER"], "open": True, "values": []}],
}  # fmt: skip


def keeping(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles that the packaged schema takes; of strings it does not, a field is left out."""
    verdict = Verdict(load_contract(None, parse_inventory(INVENTORY, "inventory")))
    kept = []
    for article in made:
        for breach in verdict.breaches(article):
            part: Any = article
            for step in breach.path[:-1]:
                part = part.get(step, {}) if isinstance(part, dict) else part[int(step)]
            if isinstance(part, dict):
                part.pop(breach.path[-1], None)
        if verdict.accepts(article):
            kept.append(article)
    return kept


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("naughty")
    kept = keeping(articles())
    (folder / "corpus.toml").write_text('inventory = "inventory.json"\n')
    (folder / "inventory.json").write_text(json.dumps(INVENTORY))
    (folder / "articles.jsonl").write_bytes(lines(*kept))
    return folder, kept


def test_are_taken_as_text_and_metadata(corpus: tuple[Path, list[dict[str, Any]]]) -> None:
    assert len(corpus[1]) >= 515
    assert sum("entities" in article for article in corpus[1]) >= 500


def test_bytes_to_values_and_back() -> None:
    for string in naughty():
        assert decode(json.dumps([string, {string: string}]).encode()) == [string, {string: string}]
        assert decode(json.dumps([string], ensure_ascii=False).encode()) == [string]


def told(value: Any) -> Any:
    """A value without the nulls that a column has where an article says nothing."""
    if isinstance(value, dict):
        return {name: told(part) for name, part in value.items() if part is not None}
    return [told(part) for part in value] if isinstance(value, list) else value


def test_convert_keeps_every_one(corpus: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    folder, kept = corpus
    ran = run(
        "convert",
        folder / "articles.jsonl",
        "--to",
        "jsonl",
        "-o",
        tmp_path / "out.jsonl",
        "--quiet",
        "--select",
        "SCH",
    )
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().split(b"\n") if line]
    by_id = {article["id"]: article for article in written}
    errors = [article["id"] for article in kept if told(by_id.get(article["id"])) != article]
    assert (len(written), errors) == (len(kept), []), ran.err


def test_export_keeps_every_one(corpus: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    folder, kept = corpus
    clean = [article for article in kept if "\0" not in json.dumps(article)]
    (tmp_path / "in.jsonl").write_bytes(lines(*clean))
    arguments = (
        "--config",
        folder / "corpus.toml",
        "--view",
        "articles",
        "--ignore",
        ["TXT", "SPN", "COL", "REF", "LBL", "MET", "PRV"][0],
    )
    run("export", tmp_path / "in.jsonl", "-o", tmp_path / "out", *arguments, "--quiet")
    loaded = [row for file in sorted((tmp_path / "out").rglob("*.parquet")) for row in pq.read_table(file).to_pylist()]
    by_id = {article["id"]: article for article in clean}
    assert len(loaded) > 450
    for row in loaded:
        article = by_id[row["id"]]
        assert row["text"] == article["text"]
        assert [entity["spans"][0]["text"] for entity in row["entities"] or ()] == [
            entity["spans"][0]["text"] for entity in article.get("entities", ())
        ]


def finding(string: str) -> Finding:
    at = Location(string or "x", 1, 1, 1, 2, pointer=f"/{string}", article=string, annotation=string)
    edits = (Edit(f"/{string}", string, string),)
    return Finding(
        "SPN304",
        "surface",
        Severity.ERROR,
        at,
        string,
        Fix(string, edits),
        Excerpt(0, len(string), string, string, string),
    )


@pytest.mark.parametrize("name", REPORTERS)
def test_no_report_obeys_them(name: str) -> None:
    """Each as path, pointer, id, message, fix and window of one finding, in every format there is."""
    shown = "".join(REPORTERS[name]([finding(string) for string in naughty()], Summary()))
    found = OBEYED.search(shown)
    assert found is None, shown[max(0, found.start() - 60) : found.end() + 20].encode("unicode_escape")
    if name not in OWN_COMMANDS:
        assert COMMAND.search(shown) is None


@pytest.mark.parametrize("name", REPORTERS)
def test_no_run_shows_them_raw(name: str, corpus: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    """Through the program: as text, label, id, property, value and surface of articles that are wrong."""
    span = {"start": 0, "end": 9999, "text": "x"}
    wrong = [
        {
            "id": f"{number}{string}",
            "text": string,
            string: 1,
            "entities": [{"id": string, "type": string, "spans": [span]}],
        }
        for number, string in enumerate(naughty())
    ]
    (tmp_path / "a.jsonl").write_bytes(lines(*wrong))
    ran = run("validate", tmp_path / "a.jsonl", "--config", corpus[0] / "corpus.toml", "--format", name)
    assert ran.code == 1
    assert OBEYED.search(ran.out + ran.err) is None
    if name not in OWN_COMMANDS:
        assert COMMAND.search(ran.out) is None


def test_as_names_of_files(tmp_path: Path) -> None:
    names = {
        string
        for string in naughty()
        if string and "/" not in string and "\0" not in string and len(string.encode()) < 200
    }
    made = 0
    for number, name in enumerate(sorted(names)):
        try:
            (tmp_path / f"{name}.json").write_bytes(lines({"id": f"a{number}", "text": f"Rain {number}", "x": 1}))
        except OSError:
            continue
        made += 1
    assert made > 250
    ran = run("validate", tmp_path, "--format", "json", "--select", "SCH103")
    files = {finding["path"] for finding in ran.json["findings"]}
    hidden = {
        name
        for name in names
        if name.startswith(".") or name.lower().startswith(("readme", "source", "license", "licence"))
    }
    assert len(files) == made - len(hidden)
    for name in REPORTERS:
        shown = run("validate", tmp_path, "--select", "SCH103", "--format", name)
        assert OBEYED.search(shown.out + shown.err) is None
        assert name in OWN_COMMANDS or COMMAND.search(shown.out) is None
