"""The GitHub action and the pre-commit hooks: what they say, and what their commands do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus_tool.rules import find_rule
from corpus_tool.rules.example import broken, example_article, example_inventory

HOME = Path(__file__).parent.parent
ACTION = yaml.safe_load((HOME / "action.yml").read_text())
HOOKS = yaml.safe_load((HOME / ".pre-commit-hooks.yaml").read_text())
STEPS = ACTION["runs"]["steps"]


def corpus(folder: Path, article: dict[str, Any]) -> Path:
    (folder / "articles with spaces").mkdir()
    (folder / "articles with spaces" / "a.json").write_text(json.dumps(article, indent=1))
    (folder / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (folder / "corpus.toml").write_text('inventory = "inventory.json"\n')
    return folder


def acted(folder: Path, **inputs: str) -> tuple[int, str, str, str]:
    """Exit code and output of the action's own step, its summary and its outputs."""
    step = next(step for step in STEPS if step.get("id") == "validate")
    given = {name: str(spec["default"]) for name, spec in ACTION["inputs"].items()} | inputs
    variables = {
        name: given[re.fullmatch(r"\$\{\{ inputs\.(.+) \}\}", value)[1]] for name, value in step["env"].items()
    }  # type: ignore[index]
    summary, outputs = folder / "summary.md", folder / "outputs"
    environment = {
        **os.environ, **variables, "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    done = subprocess.run(
        [shutil.which("bash") or "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    written = [path.read_text() if path.exists() else "" for path in (summary, outputs)]
    return done.returncode, done.stdout + done.stderr, *written  # type: ignore[return-value]


class TestAction:
    def test_a_clean_corpus(self, tmp_path: Path) -> None:
        code, _, summary, outputs = acted(corpus(tmp_path, example_article()), sources="articles with spaces")
        assert (code, outputs) == (0, "findings=0\n")
        assert summary

    def test_findings(self, tmp_path: Path) -> None:
        article = broken(find_rule("SPN304").bad[0])
        folder = corpus(tmp_path, article)
        code, out, summary, outputs = acted(folder, sources="articles with spaces\n\n", sarif="out.sarif")
        assert (code, outputs) == (1, "findings=1\n")
        assert "::error file=articles with spaces/a.json,line=" in out
        assert "SPN304" in summary
        assert json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"

    def test_arguments_are_no_script(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path, broken(find_rule("SPN304").bad[0]))
        assert acted(folder, sources="articles with spaces", arguments="--ignore\nSPN304")[0] == 0
        code, out, _, _ = acted(folder, sources="articles with spaces", arguments="--ignore\n$(touch broken-out)")
        assert code == 2
        assert not (folder / "broken-out").exists()
        assert "no rule" in out

    def test_text_is_kept_out(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path, broken(find_rule("SPN304").bad[0]))
        _, out, summary, _ = acted(folder, sources="articles with spaces", **{"mask-text": "true"})
        assert "Quill" not in out + summary
        assert "SPN304" in out

    def test_what_cannot_be_done_is_no_finding(self, tmp_path: Path) -> None:
        assert acted(corpus(tmp_path, example_article()), sources="nowhere")[0] == 2

    def test_scripts_hold_no_input(self) -> None:
        assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []

    def test_inputs_are_declared_described_and_used(self) -> None:
        used = set(re.findall(r"inputs\.([\w-]+)", (HOME / "action.yml").read_text()))
        assert used == set(ACTION["inputs"])
        assert all(spec["description"] for spec in ACTION["inputs"].values())


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_hook(hook: dict[str, Any]) -> None:
    assert hook["language"] == "python"
    assert re.search(hook["files"], "articles/deep/a.json")
    assert re.search(hook["files"], "articles/all.jsonl.gz")
    assert not re.search(hook["files"], "articles/a.ann")
    if hook.get("pass_filenames", True):
        assert [name for name in ("inventory.json", "data/article.schema.json", "package.json", ".corpus-baseline.json")
                if not re.search(hook["exclude"], name)] == []  # fmt: skip
        assert not re.search(hook["exclude"], "articles/a.json")
