"""Programs of the tests that run with another Python: offline, with a cache of their own, without this tool."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
START = "import sys; sys.path.insert(0, {!r}); from tests.release.{} import main; main()"
KEPT = ("PATH", "LANG", "TZ", "TMPDIR", "SYSTEMROOT")


def ask(python: str | Path, program: str, task: dict[str, Any], scratch: Path) -> Any:
    """What `main` of a module beside this one writes when it is given a task; RuntimeError where it fails."""
    scratch.mkdir(parents=True)
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "HOME": str(scratch),
        "HF_HOME": str(scratch / "huggingface"),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }
    done = subprocess.run(
        [str(python), "-I", "-c", START.format(str(TOP), program)],
        input=json.dumps({**task, "scratch": str(scratch / program)}),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise RuntimeError(f"{program} with {python}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)
