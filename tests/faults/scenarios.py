"""What is done to a tiny corpus while faults are injected: each scenario starts from a directory and has one right end."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.rules.example import edited, example_article, example_inventory, span
from tests.faults.running import Ended, Run, run

NAME = "tiny"
FOLDERS = ("articles", "releases", "tmp")
"""The calls that matter are those on what lies here: the sources, the releases, and where rows are spilled."""

_SETTINGS = f"""
name = "{NAME}"
licence = "CC-BY-4.0"
languages = ["en"]
schema = "schema.json"
[splits]
ratios = {{ train = 1.0 }}
near-duplicates = 1.0
"""
_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "text"],
    "properties": {
        "id": {"type": "string", "x-id": True},
        "text": {"type": "string", "x-text": True},
        "split": {"type": ["string", "null"], "x-field": "split"},
    },
}
_TEXTS = (
    "The ferry left at noon with nine on board.",
    "Bakers on the hill have raised the price of rye bread again.",
    "Nobody won the lottery; the pot is carried over to May.",
    "Snow closed both passes, and the mail came by sledge.",
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A run with a right end: once it is reached, the same run is refused with `done`, or changes nothing more.

    It is met by faults of `reading` too where no other scenario reads the same, and of all `kinds` if those are None.
    """

    name: str
    arguments: tuple[str, ...]
    before: Callable[[Path], None]
    done: str | None = None
    reading: bool = True
    kinds: tuple[str, ...] | None = None

    def run(self, folder: Path, mutant: str | None = None) -> Run:
        return Run(self.arguments, folder, mutant)


def build(version: str, source: str = "a") -> tuple[str, ...]:
    """The arguments that publish a version of the articles in a file."""
    sources = (f"articles/{source}.jsonl", "--config", "articles/corpus.toml", "--output", "releases", "--jobs", "1")
    return ("release", "build", *sources, "--version", version, "--quiet")


def _corpus(folder: Path, articles: int) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    place = folder / "articles"
    (place / "corpus.toml").write_text(_SETTINGS)
    (place / "schema.json").write_text(json.dumps(_SCHEMA))
    lines = [json.dumps({"id": f"a{at}", "text": text}) + "\n" for at, text in enumerate(_TEXTS[:articles])]
    (place / "a.jsonl").write_text("".join(lines))


def _nothing_released(folder: Path) -> None:
    _corpus(folder, 2)
    (folder / "releases").rmdir()


def _one_released(folder: Path) -> None:
    _corpus(folder, 2)
    _done(run(Run(build("1.0.0"), folder)))
    _corpus(folder, 3)


def _two_released(folder: Path) -> None:
    _one_released(folder)
    _done(run(Run(build("1.1.0"), folder)))
    _corpus(folder, 4)


def _crashed(folder: Path) -> None:
    """As a run leaves it that was killed after its rename, and one before it that was killed while it wrote."""
    home = folder / "releases" / NAME
    _one_released(folder)
    kept = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    _done(run(Run(build("1.1.0"), folder)))
    for name, data in kept.items():
        (home / name).write_bytes(data)
    half = home / ".staging" / "1.2.0.4000000-0123abcd"
    shutil.copytree(home / "1.0.0", half)
    (half / "manifest.json").unlink()
    (home / ".corpus-tool-0123456789abcdef").write_bytes(b'{"na')
    _corpus(folder, 4)


def _to_mend(folder: Path) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    place = folder / "articles"
    (place / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (place / "corpus.toml").write_text('inventory = "inventory.json"\n[validate]\nignore = ["COL"]\n')
    articles = [edited({"/entities/1/spans/0": span(22, 34), "/id": f"a{at}"}) for at in range(4)]
    (place / "a.json").write_text(json.dumps(articles[0], indent=1))
    (place / "b.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles[1:3]))
    (place / "c.jsonl.gz").write_bytes(gzip.compress((json.dumps(articles[3]) + "\n").encode(), mtime=0))
    (place / "whole.json").write_text(json.dumps({**example_article(), "id": "whole"}))


def _done(ended: Ended) -> None:
    if ended.code:
        raise RuntimeError(f"a run without a fault ended with {ended.code}: {ended.said}")


_EXISTS = "exists already"
_WITHDRAW = ("release", "withdraw", "a0", "--name", NAME, "--reason", "asked for")
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("first release", build("1.0.0"), _nothing_released, _EXISTS, reading=False),
        Scenario("second release", build("1.1.0"), _one_released, _EXISTS),
        Scenario("after a crash", build("1.2.0"), _crashed, _EXISTS, reading=False),
        Scenario("yank", ("release", "yank", f"{NAME}@1.1.0", "--reason", "wrong labels"), _two_released),
        Scenario(
            "withdraw", _WITHDRAW, _two_released, "holds article 'a0'", reading=False, kinds=("KILL", "EIO", "lie")
        ),
        Scenario("fix", ("validate", "articles", "--fix", "--no-cache", "--jobs", "1", "--quiet"), _to_mend),
    )
}
