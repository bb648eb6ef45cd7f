"""What `validate --format full` writes for a small broken corpus, and what every reporter writes for a fixed set of
findings; run as a program, it rewrites the golden files."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from corpus_tool.reporters import REPORTERS, Style
from corpus_tool.rules.example import edited, example_inventory
from tests.program import lines, run
from tests.reporters.samples import FINDINGS, summed

FOLDER = Path(__file__).parent / "golden"
GOLDEN = FOLDER / "validate.txt"

BROKEN = b"\xef\xbb\xbf" + lines(
    edited({"/entities/0/spans/0/text": "Mara Quil"}),
    edited({"/id": "example-2", "/entities/1/type": "loc", "/metadata/contentCreated": "yesterday"}),
    edited({"/id": "example-3", "/entities/0/confidenc": 0.5}, drop=("/split",)),
    edited({"/text": "The harbour \u202elies\x1b[31m open.", "/quotations": None}),
)
_OF_THE_REGISTRY = ("help", "fullDescription", "shortDescription", "version", "semanticVersion")


def golden() -> str:
    """The output, from a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "inventory.json").write_text(json.dumps(example_inventory().as_json()), encoding="utf-8")
        (here / "articles.jsonl").write_bytes(BROKEN + b"\n{oops\n")
        (here / "one.json").write_bytes(b'{\n "id": "rain",\n "text": "Rain.",\n "entities": null\n}\n')
        (here / "README.json").touch()
        ran = run("validate", ".", "--inventory", "inventory.json", "--severity", "info", cwd=here)
    return f"{ran.out}{ran.err}exit code {ran.code}\n"


def reported(name: str) -> str:
    """The fixed findings in one format; `color` is the full one in colour."""
    reporter = REPORTERS["full" if name == "color" else name]
    text = "".join(reporter(FINDINGS, summed(), Style(color=name == "color", exit_code=1)))
    return _settled(text) if name == "sarif" else text


def _settled(text: str) -> str:
    """A SARIF log without what changes with every release: the version, and the documentation of the rules."""
    log = json.loads(text)
    driver = log["runs"][0]["tool"]["driver"]
    for part in (driver, *driver["rules"]):
        part.update({name: "…" for name in _OF_THE_REGISTRY if name in part})
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


REPORTED = (*REPORTERS, "color")


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.txt"


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8", newline="\n")
    for each in REPORTED:
        path_of(each).write_text(reported(each), encoding="utf-8", newline="\n")
