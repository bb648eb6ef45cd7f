"""Run the tests with the oldest version of each dependency that pyproject.toml allows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv-minimum"


def oldest() -> list[str]:
    """Each dependency pinned to its lower bound."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    return [re.sub(r">=", "==", dependency) for dependency in project["dependencies"]]


def main() -> None:
    """Exit with the status of the tests."""
    venv.create(VENV, with_pip=True, clear=True)
    python = str(VENV / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1"], check=True)
    pinned = oldest()
    subprocess.run([python, "-m", "pip", "install", "--quiet", *pinned], check=True)
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--editable", ".", "--group", "dev"], check=True, cwd=TOP
    )
    tests = [python, "-m", "pytest", "-n", "auto", "-q", "-p", "no:cacheprovider", *sys.argv[1:]]
    sys.exit(subprocess.run(tests, check=False, cwd=TOP, env=os.environ).returncode)


if __name__ == "__main__":
    main()
