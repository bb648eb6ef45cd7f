"""Build the wheel, install it in an environment of its own, and do the main job there, far from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
WORK = TOP / ".wheel"


def run(*command: str, cwd: Path) -> str:
    """Standard output of a command that must succeed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Fails where the wheel lacks a file, an entry point or a dependency."""
    shutil.rmtree(WORK, ignore_errors=True)
    elsewhere = WORK / "elsewhere"
    elsewhere.mkdir(parents=True)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(WORK), str(TOP), cwd=TOP)
    wheel = next(WORK.glob("*.whl"))
    venv.create(WORK / "venv", with_pip=True)
    python = str(WORK / "venv" / "bin" / "python")
    run(python, "-m", "pip", "install", "--quiet", str(wheel), cwd=elsewhere)
    tool = str(WORK / "venv" / "bin" / "corpus-tool")
    place = run(python, "-c", "import corpus_tool; print(corpus_tool.__file__)", cwd=elsewhere).strip()
    if str(TOP / "corpus_tool") in place:
        sys.exit(f"the checkout was imported, not the wheel: {place}")
    shutil.copytree(TOP / "examples" / "harbour-news", elsewhere / "corpus")
    run(tool, "validate", "corpus/articles", cwd=elsewhere)
    run(tool, "schema", "check", "--config", "corpus/corpus.toml", cwd=elsewhere)
    run(tool, "convert", "corpus/articles", "--from", "json", "--to", "brat", "--output", "brat", cwd=elsewhere)
    run(tool, "export", "corpus/articles", "--output", "views", cwd=elsewhere)
    run(tool, "release", "build", "corpus/articles", "--output", "releases", cwd=elsewhere)
    run(tool, "release", "verify", "releases/harbour-news/1.0.0", "--level", "load", cwd=elsewhere)
    rules = json.loads(run(tool, "rules", "--format", "json", cwd=elsewhere))
    print(f"{wheel.name} works apart from the checkout: {len(rules)} rules, a release built, verified and loaded")
    shutil.rmtree(WORK)


if __name__ == "__main__":
    main()
