"""The corpora that are measured on: made once for a size and a version of the generator, and kept."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE / "data"
BASE_SCHEMA = HERE.parent / "schemas" / "article-1.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Corpus:
    """One size of corpus; `files` is a directory of indented files, None where none were asked for."""

    articles: int
    lines: Path
    inventory: Path
    files: Path | None = None


def corpus(articles: int, *, files: int = 0) -> Corpus:
    """The corpus of that size, made if it is not there; a process of its own makes it, so that ours stays small."""
    made_by = b"".join((HERE / name).read_bytes() for name in ("generate.py", "words.py"))
    folder = DATA / f"{articles}-{hashlib.sha256(made_by).hexdigest()[:8]}"
    done = Corpus(
        articles, folder / "articles.jsonl", folder / "inventory.json", folder / f"files-{files}" if files else None
    )
    if not done.lines.exists():
        _generate(folder, "--articles", str(articles))
    if done.files is not None and not done.files.exists():
        _generate(folder, "--articles", "0", "--files", str(files))
        (folder / "files").rename(done.files)
    return done


def _generate(folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "benchmarks.generate", str(folder), *options]
    subprocess.run(command, check=True, cwd=HERE.parent)


def broken(source: Corpus, folder: Path) -> tuple[Path, Path]:
    """A file of one article, and a directory of one, that every validator has to refuse."""
    with source.lines.open("rb") as file:
        article = json.loads(file.readline())
    article["entities"][0]["spans"] = "none"
    (folder / "broken").mkdir(parents=True)
    line, one = folder / "broken.jsonl", folder / "broken" / "broken.json"
    line.write_text(json.dumps(article) + "\n")
    one.write_text(json.dumps(article))
    return line, one.parent


def contract(tool: Path, source: Corpus, folder: Path) -> tuple[Path, str]:
    """The JSON Schema that peers validate by, and a sentence on where it came from.

    Its dialect is the plain one: a peer has no need of our vocabulary, which asserts nothing.
    """
    compiled = folder / "compiled.json"
    command = [str(tool), "schema", "compile", "--inventory", str(source.inventory), "--output", str(compiled)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        said = (done.stderr or done.stdout).strip().split("\n")[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        said = str(error)
    whence = "Peers validate by the compiled contract."
    if not compiled.is_file():
        shutil.copyfile(BASE_SCHEMA, compiled)
        whence = (
            f"Peers validate by the base schema, which is open and has no labels: `schema compile` failed ({said})."
        )
    schema = folder / "schema.json"
    schema.write_text(json.dumps(json.loads(compiled.read_bytes()) | {"$schema": DIALECT}))
    return schema, whence
