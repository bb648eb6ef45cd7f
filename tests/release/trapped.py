"""Releases that traps are tried on: one corpus with versions, and another of the same name in another place."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NAME = "trapped"
INVENTORY = """inventory = "1.0"
[[entity]]
name = "PLC"
[[entity]]
name = "PER"
[[entity]]
name = "ACT"
"""
TEXTS = {
    "a": ("train", "Quiet boats carried limestone past Wexmouth before breakfast."),
    "b": ("train", "Ilse Brandt repaired every clock that the museum had forgotten."),
    "c": ("train", "Snow closed both mountain roads, and bakers walked to work."),
    "d": ("validation", "Choirs from seven valleys sang under Oskar Lindmark on Sunday."),
    "e": ("test", "Nobody bid for the abandoned cannery when auctioneers called."),
    "f": ("train", "Divers under Karlsby pier counted fewer eels than last summer."),
}
NAMED = {
    "a": ("PLC", "Wexmouth"), "b": ("PER", "Ilse Brandt"), "c": ("ACT", "walked"), "d": ("PER", "Oskar Lindmark"),
    "f": ("PLC", "Karlsby"),
}  # fmt: skip


def article(name: str, label: str | None = None) -> dict[str, Any]:
    """One of the articles; `label` in the place of its own. Confidence is told in the validation split only."""
    split, text = TEXTS[name]
    entities = []
    if name in NAMED:
        kind, surface = NAMED[name]
        start = text.index(surface)
        span = {"start": start, "end": start + len(surface), "text": surface}
        more = {"confidence": 0.5} if split == "validation" else {}
        entities.append({"id": "T1", "type": label or kind, "spans": [span], "prov": "A1", **more})
    return {
        "schema_version": "1.0",
        "id": f"trapped-{name}",
        "text": text,
        "split": split,
        "metadata": {"language": "en", "usageTerms": "CC0-1.0"},
        "entities": entities,
        "provenance": [{"id": "A1", "agent": "annotator-01", "agent_type": "human", "role": "annotator"}],
        "coverage": [{"layer": "entities", "prov": "A1", "status": "complete"}],
        "adjudication": [{"layer": "entities", "status": "adjudicated", "prov": "A1"}],
    }


def tool(*arguments: str | Path, code: int = 0) -> str:
    """What the tool of this checkout says; SystemExit where it ends otherwise than with `code`."""
    command = [sys.executable, "-m", "corpus_tool", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    if done.returncode != code:
        raise SystemExit(f"{' '.join(command[2:])}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def make(folder: Path) -> Path:
    """`new/trapped` has 1.0.0, 1.1.0 with an article more, 2.0.0 yanked; `old` is as it was at 1.0.0.

    `other/trapped/1.0.0` has another label at one entity, and as many rows.
    """
    first = [article(name) for name in "abcde"]
    _release(folder, "old", "1.0.0", first)
    _release(folder, "new", "1.0.0", first)
    _release(folder, "new", "1.1.0", [*first, article("f")])
    _release(folder, "new", "2.0.0", [*first[1:], article("f")])
    tool("release", "yank", f"{NAME}@2.0.0", "--reason", "an article is missing", "--releases", folder / "new")
    _release(folder, "other", "1.0.0", [article("a", "ACT"), *first[1:]])
    return folder


def _release(folder: Path, where: str, version: str, articles: Iterable[dict[str, Any]]) -> None:
    corpus = folder / "sources" / f"{where}-{version}"
    corpus.mkdir(parents=True)
    (corpus / "corpus.toml").write_text(f'name = "{NAME}"\ninventory = "inventory.toml"\nlicence = "CC0-1.0"\n')
    (corpus / "inventory.toml").write_text(INVENTORY)
    (corpus / "articles.jsonl").write_text("".join(json.dumps(each) + "\n" for each in articles))
    build = ["release", "build", corpus / "articles.jsonl", "--version", version, "--output", folder / where]
    tool(*build, "--quiet")
