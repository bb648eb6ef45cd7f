"""The pre-commit hooks, as pre-commit installs and runs them from this checkout: run it with `make hooks`."""

from __future__ import annotations

import json
import os
import re
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

Expected = tuple[str, list[str], int, str]
EXPECTED: tuple[Expected, ...] = (
    ("corpus-tool-validate", ["articles/good.json"], 0, ""),
    ("corpus-tool-validate", ["articles/good.json", "articles/wrong.json"], 1, "SPN302"),
    ("corpus-tool-validate", ["inventory.json"], 0, "no files to check"),
    ("corpus-tool-validate-all", ["articles/good.json"], 1, "SPN302"),
    ("corpus-tool-fmt", ["articles/good.json"], 1, "files were modified"),
    ("corpus-tool-fmt", ["articles/good.json"], 0, ""),
    ("corpus-tool-fix", ["articles/untrimmed.json"], 1, "files were modified"),
    ("corpus-tool-fix", ["articles/untrimmed.json"], 0, ""),
)


def main() -> None:
    """Try each hook in a small repository, and fail where it does not end as it should."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        repository = Path(name)
        made(repository)
        wrong = [problem for expected in EXPECTED if (problem := tried(repository, *expected))]
    if wrong:
        sys.exit("\n\n".join(wrong))
    print(f"{len(EXPECTED)} runs of the hooks end as they should")


def made(repository: Path) -> None:
    (repository / "articles").mkdir()
    for name, article in {"good": example_article(), "untrimmed": TRIMMED, "wrong": WRONG}.items():
        text = json.dumps({**article, "id": name}, indent=1)
        (repository / "articles" / f"{name}.json").write_text(text, encoding="utf-8")
    (repository / "inventory.json").write_text(json.dumps(example_inventory().as_json()), encoding="utf-8")
    (repository / "corpus.toml").write_text('inventory = "inventory.json"\n[validate]\nignore = ["COL"]\n')
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=repository, check=True)


def tried(repository: Path, hook: str, files: list[str], code: int, said: str) -> str | None:
    """What is wrong with one run; None where nothing is."""
    program = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or "pre-commit"
    done = subprocess.run(
        [program, "try-repo", str(TOP), hook, "--verbose", "--files", *files], cwd=repository, text=True, check=False,
        capture_output=True, env={**os.environ, "PRE_COMMIT_HOME": str(FOLDER), "PRE_COMMIT_COLOR": "never"},
    )  # fmt: skip
    out = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    if done.returncode == code and said in out:
        return None
    return f"{hook} {' '.join(files)}: exit {done.returncode}, not {code} with '{said}':\n{out}"


if __name__ == "__main__":
    main()
