"""The contract as the `$schema` of articles, in the JSON language service of VS Code: run it with `make editor`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
FOLDER = TOP / ".editor"
SERVICE = "vscode-json-languageservice@5.6.2"
SAMPLE = TOP / "examples" / "harbour-news"
NAMED = {"$schema": "./contract.schema.json"}


def main() -> None:
    """Compile the contract of the sample corpus, and fail where the service does not see by it what it should."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        sys.exit("Node.js and npm are missing: install them")
    FOLDER.mkdir(exist_ok=True)
    install = [npm, "install", "--prefix", str(FOLDER), "--no-save", "--no-audit", "--no-fund", "--loglevel", "error"]
    subprocess.run([*install, SERVICE], check=True)
    contract = str(FOLDER / "contract.schema.json")
    command = [sys.executable, "-m", "corpus_tool", "schema", "compile", "--config", str(SAMPLE / "corpus.toml")]
    subprocess.run([*command, "--output", contract], check=True)
    articles = written()
    done = subprocess.run([node, TOP / "tests" / "editor.mjs", FOLDER, *articles], check=True, capture_output=True)
    wrong = list(differences(json.loads(done.stdout)))
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"the language service of VS Code sees what it should in {len(articles)} articles")


def written() -> list[str]:
    good: dict[str, Any] = json.loads(min((SAMPLE / "articles").glob("*.json")).read_bytes())
    bad = {**good, "entitees": [], "entities": [{**good["entities"][0], "type": "NONE"}, *good["entities"][1:]]}
    asked = {"id": "x", "text": "y", "entities": [{"id": "T1", "type": "?"}]}
    for name, article in {"good.json": good, "bad.json": bad, "asked.json": asked}.items():
        (FOLDER / name).write_text(json.dumps({**NAMED, **article}, indent=1), encoding="utf-8")
    return ["good.json", "bad.json", "asked.json"]


def differences(seen: dict[str, Any]) -> list[str]:
    """What the service should have seen and has not."""
    bad = " ".join(problem["message"] for problem in seen["bad.json"]["problems"])
    checks = {
        "problems in a good article": seen["good.json"]["problems"] == [],
        "a misspelt layer is not seen": "entitees" in bad,
        "a label that is none is not seen": "Valid values" in bad,
        "labels are not completed": {'"PER"', '"VESSEL"'} <= set(seen["asked.json"]["completions"]),
    }
    return [what for what, holds in checks.items() if not holds]


if __name__ == "__main__":
    main()
