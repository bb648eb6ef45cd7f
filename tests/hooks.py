"""The pre-commit hooks, as pre-commit installs and runs them from this checkout: run it with `make hooks`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from corpus_tool.rules import find_rule
from corpus_tool.rules.example import broken, edited, example_article, example_inventory, span

TOP = Path(__file__).parent.parent
FOLDER = TOP / ".hooks"
TRIMMED = edited({"/entities/1/spans/0": span(22, 34)})
"""An article with a finding that has a safe fix."""
WRONG = broken(find_rule("SPN302").bad[0])

EXPECTED = {
    "corpus-tool-validate": ("SPN302", "wrong.json"),
    "corpus-tool-validate-all": ("SPN302", "wrong.json"),
    "corpus-tool-fix": ("files were modified by this hook", "fixed 1 finding"),
    "corpus-tool-fmt": ("files were modified by this hook", "good.json"),
}
"""What each hook says of the small corpus, which gives all of them something to say."""


def main() -> None:
    """Try all hooks in a small repository, and fail where one does not say what it should."""
    with tempfile.TemporaryDirectory() as name:
        repository = Path(name)
        made(repository)
        out = tried(repository)
        changed = {path.stem: json.loads(path.read_bytes()) for path in (repository / "articles").iterdir()}
    parts = dict(part.split("\n", 1) for part in out.split("- hook id: ")[1:])
    wrong = [f"{hook} does not say '{words}'" for hook, said in EXPECTED.items() for words in said
             if words not in parts.get(hook, "")]  # fmt: skip
    if changed["untrimmed"]["entities"][1]["spans"][0] != span(23, 34) or changed["wrong"] != {**WRONG, "id": "wrong"}:
        wrong.append("the fixes are not those that are safe")
    if wrong:
        sys.exit("\n".join([*wrong, "", out]))
    print(f"{len(EXPECTED)} hooks do what they should")


def made(repository: Path) -> None:
    (repository / "articles").mkdir()
    for name, article in {"good": example_article(), "untrimmed": TRIMMED, "wrong": WRONG}.items():
        text = json.dumps({**article, "id": name}, indent=1)
        (repository / "articles" / f"{name}.json").write_text(text, encoding="utf-8")
    (repository / "inventory.json").write_text(json.dumps(example_inventory().as_json()), encoding="utf-8")
    (repository / "corpus.toml").write_text('inventory = "inventory.json"\n[validate]\nignore = ["COL"]\n')
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=repository, check=True)


def tried(repository: Path) -> str:
    """What pre-commit tells of all hooks, over all files."""
    program = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or "pre-commit"
    done = subprocess.run(
        [program, "try-repo", str(TOP), "--verbose", "--color", "never", "--all-files"], cwd=repository, text=True,
        check=False, capture_output=True, env={**os.environ, "PRE_COMMIT_HOME": str(FOLDER)},
    )  # fmt: skip
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
