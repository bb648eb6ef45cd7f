"""Releases in old and new versions of `datasets`: run it with `make loads`.

Each version has an environment of its own below `.loads`, which is made once. There every view and split of releases
of the sample corpora is loaded, at once and streaming, and compared with what pyarrow reads; then each trap of
`load_dataset` is sprung, on a layout as people write it and on releases of this tool (tests/release/traps.py).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.release.apart import ask
from tests.release.room import RIGHT
from tests.release.trapped import NAME, make, tool

TOP = Path(__file__).parent.parent
FOLDER = TOP / ".loads"
ENVIRONMENTS = {
    "2.21.0": ("datasets==2.21.0", "pyarrow<21", "huggingface_hub<1"),
    "3.6.0": ("datasets==3.6.0", "huggingface_hub<1"),
    "newest": ("datasets",),
}
"""By name what is installed: later than its bounds the old ones cannot be imported."""
SAMPLES = {"harbour-news": "articles", "lighthouse": "articles.jsonl"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one environment gives: `rows` are of the table of traps, one a trap."""

    version: str
    loads: int
    labels: int
    differences: list[str]
    rows: list[dict[str, str]]


def main() -> None:
    """Print the table, and fail where anything differs from what is known."""
    pythons = {name: environment(name, wanted) for name, wanted in ENVIRONMENTS.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpora = built(folder / "releases")
        with ThreadPoolExecutor(2) as pool:
            seen = list(pool.map(lambda item: look(item[1], folder / item[0], corpora, folder), pythons.items()))
    print(table(seen))
    wrong = [f"datasets {one.version}: {words}" for one in seen for words in problems(one)]
    if wrong:
        sys.exit("\n".join(wrong))
    for one in seen:
        print(
            f"datasets {one.version}: {one.loads} loads with {one.labels} columns of labels give what the files hold; "
            f"{len(one.rows)} traps, and no release falls into one"
        )


def environment(name: str, wanted: tuple[str, ...]) -> Path:
    """The Python of an environment, made where it is missing or was not finished; exit where it cannot be made."""
    place = FOLDER / name
    python, mark = place / "bin" / "python", place / ".installed"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != "\n".join(wanted):
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        if subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=False).returncode:
            sys.exit(f"no environment with {', '.join(wanted)}: it could not be installed")
        mark.write_text("\n".join(wanted), encoding="utf-8")
    return python


def built(folder: Path) -> dict[str, str]:
    """Directories of releases, each with the version that it should give."""
    for name, source in SAMPLES.items():
        corpus = TOP / "examples" / name / source
        tool("release", "build", corpus, "--version", "1.0.0", "--output", folder, "--quiet")
    make(folder / "traps")
    corpora = {str(folder / name): "1.0.0" for name in SAMPLES}
    return {**corpora, str(folder / "traps" / "new" / NAME): "1.1.0"}


def look(python: Path, scratch: Path, corpora: dict[str, str], folder: Path) -> Seen:
    """What an environment makes of the releases, and of the traps."""
    read = ask(python, "reading", {"corpora": corpora}, scratch / "reading")
    sprung = ask(python, "traps", {"releases": str(folder / "releases" / "traps")}, scratch / "traps")
    return Seen(sprung["version"], read["loads"], read["labels"], read["differences"], sprung["rows"])


def problems(seen: Seen) -> list[str]:
    """What should not be so."""
    expected = {row["trap"]: (row["naive"], row["wanted"]) for row in seen.rows}
    return [
        *seen.differences,
        *(
            f"{trap}: gives {naive!r}, and is known for {wanted!r}"
            for trap, (naive, wanted) in expected.items()
            if naive != wanted
        ),
        *(f"{row['trap']}: a release of ours gives {row['ours']!r}" for row in seen.rows if row["ours"] != RIGHT),
        *([] if seen.loads and seen.labels and seen.rows else ["nothing was loaded, or without labels"]),
    ]


def table(seen: list[Seen]) -> str:
    """The traps, as Markdown: what a naive layout gives in each version, and what ours does."""
    by_trap: dict[str, list[dict[str, str]]] = {}
    for one in seen:
        for row in one.rows:
            by_trap.setdefault(row["trap"], []).append(row)
    head = ["trap", *(f"naive, {one.version}" for one in seen), "ours"]
    lines = [[trap, *(row["naive"] for row in rows), _ours(rows)] for trap, rows in by_trap.items()]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in (head, ["---"] * len(head), *lines))


def _ours(rows: list[dict[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(row["ours"] for row in rows))


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    main()
