"""Every view of releases in hyparquet, which reads Parquet in browsers: run it with `make readers`; it needs Node.js.

A file whose rows were changed shows that it looks. DuckDB, Polars and pandas are in tests/release/test_readers.py.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.release.trapped import NAME, make, tool

TOP = Path(__file__).parent.parent
FOLDER = TOP / ".readers"
READER = ("hyparquet@1.31.5", "hyparquet-compressors@1.1.2")


def main() -> None:
    """Install the reader where it is missing, and fail on the first file whose rows it reads otherwise than pyarrow."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        sys.exit("Node.js and npm are missing: install them")
    FOLDER.mkdir(exist_ok=True)
    install = [npm, "install", "--prefix", str(FOLDER), "--no-save", "--no-audit", "--no-fund", "--loglevel", "error"]
    subprocess.run([*install, *READER], check=True)
    with tempfile.TemporaryDirectory() as name:
        files = written(Path(name))
        other = Path(name) / "other.parquet"
        pq.write_table(pq.read_table(files[0]).slice(1), other, compression="zstd")
        done = subprocess.run(
            [node, TOP / "tests" / "parquet_readers.mjs", FOLDER, *files, other],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"hyparquet fails: {done.stderr[-1000:]}")
        *read, last = [json.loads(line) for line in done.stdout.splitlines()]
        wrong = [str(file) for file, rows in zip(files, read, strict=True) if rows != expected(file)]
        if last == expected(files[0]):
            sys.exit("other rows are not seen")
    if wrong:
        sys.exit("\n".join(f"{file}: hyparquet reads other rows than pyarrow" for file in wrong))
    print(f"hyparquet reads {len(files)} files of releases as pyarrow does: {sum(map(len, read))} rows")


def written(folder: Path) -> list[Path]:
    """The files of the published releases, and of some that are built here."""
    tool("release", "build", TOP / "examples/lighthouse/articles.jsonl", "--output", folder, "--quiet")
    make(folder / "more")
    homes = (TOP / "releases", folder / "lighthouse", folder / "more" / "new" / NAME)
    return sorted(path for home in homes for path in home.rglob("*.parquet"))


def expected(path: Path) -> Any:
    """The rows as JSON would have them; a date as midnight, as in JavaScript."""
    return json.loads(json.dumps(pq.read_table(path).to_pylist(), default=_plain))


def _plain(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    assert isinstance(value, date)
    return f"{moment.isoformat(timespec='milliseconds')}Z"


if __name__ == "__main__":
    main()
