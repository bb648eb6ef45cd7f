"""SARIF logs of the reporter through Microsoft's validator: run it with `make sarif`; it needs Node.js.

The validator ends with 0 whatever it finds, so its lines are read; a log that is broken on purpose shows that it looks.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from corpus_tool.findings import Finding
from corpus_tool.reporters import REPORTERS, Style
from tests.reporters.hostile import OWN, all_hostile
from tests.reporters.samples import FINDINGS, PLACED, summed

TOP = Path(__file__).parent.parent
FOLDER = TOP / ".sarif"
VALIDATOR = "@microsoft/sarif-multitool@5.7.0"
ERROR = ": error "

LOGS: dict[str, tuple[list[Finding], Style]] = {
    "empty": ([], Style(exit_code=0)),
    "samples": ([*FINDINGS], Style(exit_code=1)),
    "hostile": (all_hostile(OWN), Style(exit_code=1)),
    "masked": ([*FINDINGS], Style(mask=True)),
    "capped": ([PLACED] * 30, Style(most=3)),
}


def main() -> None:
    """Write the logs, install the validator where it is missing, and fail on the first line that is an error."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing: install Node.js")
    FOLDER.mkdir(exist_ok=True)
    install = [npm, "install", "--prefix", str(FOLDER), "--no-save", "--no-audit", "--no-fund", "--loglevel", "error"]
    subprocess.run([*install, VALIDATOR], check=True)
    for name, (findings, style) in LOGS.items():
        text = "".join(REPORTERS["sarif"](findings, summed(tuple(findings)), style))
        (FOLDER / f"{name}.sarif").write_text(text, encoding="utf-8", newline="\n")
    broken = (FOLDER / "empty.sarif").read_text(encoding="utf-8").replace('"columnKind"', '"colummKind"')
    (FOLDER / "broken.sarif").write_text(broken, encoding="utf-8")
    errors = {name: problems(name) for name in (*LOGS, "broken")}
    if not errors.pop("broken"):
        sys.exit("the validator finds nothing in a log that is broken on purpose")
    found = [line for lines in errors.values() for line in lines]
    if found:
        sys.exit("\n".join(found))
    print(f"{len(errors)} SARIF logs without an error")


def problems(name: str) -> list[str]:
    """What the validator calls an error in one log."""
    program = FOLDER / "node_modules" / ".bin" / "sarif-multitool"
    done = subprocess.run(
        [str(program), "validate", f"{name}.sarif"], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    lines = f"{done.stdout}\n{done.stderr}".split("\n")
    if not any("Analysis completed" in line for line in lines):
        sys.exit(f"the validator did not run: {' '.join(lines)[:500]}")
    return [line for line in lines if ERROR in line]


if __name__ == "__main__":
    main()
