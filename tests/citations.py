"""CITATION.cff through cffconvert: run it with `make citations`.

It asks for a jsonschema too old to stand beside ours, so it gets an environment of its own; a citation that is broken
on purpose shows that it looks.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from corpus_tool.release.build import build
from corpus_tool.release.pages.card import Author, Card
from tests.release.sample import request, write_views

FOLDER = Path(__file__).parent.parent / ".citations"
VALIDATOR = "cffconvert==2.0.0"
FULL = Card(
    title="Harbour | News: <b>1</b>",
    description="News: of a harbour.\n--- not front matter",
    licence="CC-BY-4.0",
    authors=(Author("Name, Ada", "0000-0002-1825-0097", "A Place"), Author("A Laboratory"), Author("Ada", None, "X")),
    homepage="https://example.org",
    tags=("news", "news", "été"),
)
CARDS = {
    "full": FULL,
    "nothing": Card(),
    "another-licence": Card(licence="CC-BY-NC-3.0"),
    "expression": Card(licence="MIT AND CC0-1.0"),
    "own-licence": Card(licence="LicenseRef-Press"),
}


def main() -> None:
    """Install the validator where it is missing, and fail on the first citation that it refuses."""
    if not (FOLDER / "bin" / "cffconvert").exists():
        venv.create(FOLDER, with_pip=True)
        subprocess.run([FOLDER / "bin" / "python", "-m", "pip", "install", "--quiet", VALIDATOR], check=True)
    with tempfile.TemporaryDirectory() as name:
        said = {card: refused(made(Path(name) / card, CARDS[card])) for card in CARDS}
        broken = made(Path(name) / "broken", FULL)
        broken.write_text(broken.read_text(encoding="utf-8").replace("authors:", "writers:"), encoding="utf-8")
        if not refused(broken):
            sys.exit("cffconvert finds nothing in a citation that is broken on purpose")
    wrong = [f"{card}: {words}" for card, words in said.items() if words]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(said)} citations without an error")


def made(folder: Path, card: Card) -> Path:
    return build(request(folder, card=card), write_views).path / "CITATION.cff"


def refused(citation: Path) -> str:
    """What cffconvert has against a citation."""
    program = [FOLDER / "bin" / "cffconvert", "--validate", "--infile", citation]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}"[-500:]


if __name__ == "__main__":
    main()
