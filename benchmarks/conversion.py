"""How fast files of line formats become JSONL, beside the least that any converter in Python has to do.

    python -m benchmarks.conversion gum.conllu ner.conll annotated.jsonl --from doccano

The limit: split the source into rows or records, make the objects (by orjson, from the JSONL: no Python is as fast),
check them against the schema, write them. Offsets, ids, findings and rules are not in it. Rates are megabytes a CPU
second of the source and of the JSONL that comes of it: an object a token takes five to eight times its row. The start
of the program, which is what the first 16 KiB of the file take, stands apart: files should be larger than 10 MB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from benchmarks.measure import run
from corpus_tool.contract import Contract, base_schema

MB = 1e6
HEAD = 2**14


def cpu_of(work: Callable[[], Any]) -> float:
    """Seconds of this process that a piece of work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def convert(source: Path, target: Path, source_format: str | None) -> float:
    """CPU seconds of the program."""
    command = [sys.executable, "-m", "corpus_tool", "convert", str(source), "--to", "jsonl", "--output", str(target)]
    done = run(
        [*command, "--quiet", *(["--from", source_format] if source_format else [])],
        timeout=3600, directory=source.parent,
    )  # fmt: skip
    if done.exit_code > 1 or not target.is_file():
        sys.exit(f"{source}: {done.said[:500]}")
    return done.cpu


def head(source: Path, target: Path) -> None:
    """The beginning of a file, up to the end of a record."""
    with source.open("rb") as stream:
        start = stream.read(HEAD)
        start += stream.readline() if b"\n" not in start else b""
    end = b"\n\n" if b"\n\n" in start else b"\n"
    target.write_bytes(start[: start.rindex(end)] + end)


def limit(source: Path, target: Path) -> float:
    """CPU seconds of what no converter gets around."""
    made = [line for line in target.read_bytes().split(b"\n") if line]
    validator = jsonschema_rs.validator_for(dict(Contract(base_schema()).schema))

    def work() -> None:
        for row in source.read_bytes().decode().split("\n"):
            row.split("\t")
        for line in made:
            value = orjson.loads(line)
            validator.is_valid(value)
            orjson.dumps(value)

    return cpu_of(work)


def main() -> None:
    """Print a row a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--from", dest="source_format")
    asked = parser.parse_args()
    print(f"| file | MB | MB of JSONL | start, s | source, MB/s | JSONL, MB/s | limit, MB/s of source |\n|{'---|' * 7}")
    for source in asked.sources:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "a.jsonl"
            small = Path(folder) / f"head{source.suffix}"
            head(source, small)
            start = convert(small, Path(folder) / "b.jsonl", asked.source_format)
            took = convert(source.resolve(), target, asked.source_format) - start
            size, made = source.stat().st_size / MB, target.stat().st_size / MB
            least = limit(source, target)
        print(
            f"| {source.name} | {size:.1f} | {made:.1f} | {start:.2f} "
            f"| {size / took:.1f} | {made / took:.1f} | {size / least:.1f} |"
        )


if __name__ == "__main__":
    main()
