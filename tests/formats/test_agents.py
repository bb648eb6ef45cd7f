"""Names of people that stay with the team."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.program import run


def article(name: str, *agents: tuple[str, str]) -> dict[str, Any]:
    made = [
        {"id": f"A{at}", "agent": agent, "agent_type": kind, "role": "annotator", "model_version": "1"}
        for at, (agent, kind) in enumerate(agents, 1)
    ]
    return {"id": name, "text": "Rain.", "provenance": made}


def agents(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return [[one["agent"] for one in json.loads(line)["provenance"]] for line in lines]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = [
        article("a", ("zoë@example.org", "human"), ("en_core", "model")),
        article("b", ("ari@example.org", "human"), ("zoë@example.org", "human"), ("unknown", "human")),
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in made), encoding="utf-8")
    return tmp_path


def convert(*more: str) -> Any:
    return run("convert", "a.jsonl", "--to", "jsonl", "--ignore", "MET", "--pseudonyms", "who.json", *more)


def test_people_are_numbered_and_models_named(here: Path) -> None:
    assert convert("--output", "b.jsonl").code == 0
    assert agents(here / "b.jsonl") == [["annotator-01", "en_core"], ["annotator-02", "annotator-01", "unknown"]]
    assert json.loads((here / "who.json").read_bytes()) == {
        "zoë@example.org": "annotator-01",
        "ari@example.org": "annotator-02",
    }


def test_who_is_known_keeps_the_name(here: Path) -> None:
    (here / "who.json").write_text('{"ari@example.org": "annotator-03", "lu": "annotator-02"}')
    assert convert("--output", "b.jsonl").code == 0
    assert agents(here / "b.jsonl") == [["annotator-04", "en_core"], ["annotator-03", "annotator-04", "unknown"]]


def test_a_pseudonym_stays_itself(here: Path) -> None:
    assert convert("--output", "b.jsonl").code == 0
    assert run("convert", "b.jsonl", "--to", "jsonl", "--output", "c.jsonl", "--pseudonyms", "who.json").code == 0
    assert agents(here / "c.jsonl") == agents(here / "b.jsonl")


@pytest.mark.parametrize("content", ["[]", "{", '{"a": 1}', '{"a": "x", "b": "x"}', "[" * 100_000])
def test_a_file_that_is_no_list_of_pseudonyms(here: Path, content: str) -> None:
    (here / "who.json").write_text(content)
    ran = convert("--output", "b.jsonl")
    assert ran.code == 2
    assert "who.json" in ran.err
    assert not (here / "b.jsonl").exists()
