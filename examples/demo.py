"""The main job on the sample corpus: validate, build a release, verify it, load it with datasets.load_dataset."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
CORPUS = TOP / "examples" / "harbour-news"
RELEASES = TOP / ".demo" / "releases"


def run(*command: str) -> None:
    """Run the command line of this environment, showing what is run."""
    program = Path(sys.executable).parent / "corpus-tool"
    shown = [part.removeprefix(f"{TOP}/") for part in command]
    print(f"\n$ corpus-tool {' '.join(shown)}", flush=True)
    subprocess.run([str(program), *command], check=True)  # noqa: S603


def main() -> None:
    """Each step as a user would take it; stops at the first that fails."""
    shutil.rmtree(TOP / ".demo", ignore_errors=True)
    os.environ["HF_HUB_OFFLINE"] = "1"
    run("validate", str(CORPUS / "articles"))
    run("release", "build", str(CORPUS / "articles"), "--version", "1.0.0", "--output", str(RELEASES))
    release = RELEASES / "harbour-news" / "1.0.0"
    run("release", "verify", str(release))
    load(release)
    print(f"\nThe release is in {release.relative_to(TOP)}; its card is README.md there.")
    print("Those that are published with this project are in releases/harbour-news.")


def load(release: Path) -> None:
    """What a reader of the release does."""
    import datasets

    datasets.disable_progress_bars()
    cache = str(TOP / ".demo" / "cache")
    print(f'\n>>> datasets.load_dataset("{release.relative_to(TOP)}")')
    for name, split in datasets.load_dataset(str(release), cache_dir=cache).items():
        print(f"{name}: {split.num_rows} articles")
    print(f'\n>>> datasets.load_dataset("{release.relative_to(TOP)}", "entities", split="test")')
    entities = datasets.load_dataset(str(release), "entities", split="test", cache_dir=cache)
    names = entities.features["type"].names
    print(f"{entities.num_rows} entities, of the types {', '.join(names)}")
    for row in entities.select(range(3)):
        print(f"  {row['article_id']} {row['start']}-{row['end']} {names[row['type']]} {row['text']!r}")


if __name__ == "__main__":
    main()
