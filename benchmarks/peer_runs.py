"""What the peers that are libraries are asked to do, in the fewest lines their documentation shows.

Run as a script in the environment that holds the library: `peer_runs.py NAME DATA SCHEMA OUTPUT`. Exit 1: not valid.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _objects(data: Path, loads: Callable[[bytes], Any]) -> Any:
    with data.open("rb") as file:
        for line in file:
            yield loads(line)


def jsonschema_lines(data: Path, schema: Path, _: Path) -> bool:
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads(schema.read_bytes()))
    return all(validator.is_valid(value) for value in _objects(data, json.loads))


def orjson_pass(data: Path, _: Path, __: Path) -> bool:
    import orjson

    for _value in _objects(data, orjson.loads):
        pass
    return True


def orjson_rs(data: Path, schema: Path, _: Path) -> bool:
    import jsonschema_rs
    import orjson

    validator = jsonschema_rs.Draft202012Validator(orjson.loads(schema.read_bytes()), validate_formats=True)
    return all(validator.is_valid(value) for value in _objects(data, orjson.loads))


def duckdb_copy(data: Path, _: Path, output: Path) -> bool:
    import duckdb

    source, target = (str(path).replace("'", "''") for path in (data, output / "articles.parquet"))
    duckdb.sql(f"COPY (SELECT * FROM read_json_auto('{source}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    return True


def polars_sink(data: Path, _: Path, output: Path) -> bool:
    import polars as pl

    pl.scan_ndjson(data).sink_parquet(output / "articles.parquet", compression="zstd")
    return True


def pyarrow_json(data: Path, _: Path, output: Path) -> bool:
    import pyarrow.json
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.json.read_json(data), output / "articles.parquet", compression="zstd")
    return True


def datasets_json(data: Path, _: Path, output: Path) -> bool:
    import datasets

    # By default, a field that only some objects have makes it write the whole layer as JSON, at several times the cost.
    loaded = datasets.load_dataset(
        "json", data_files=str(data), split="train", cache_dir=str(output / "cache"), on_mixed_types=None
    )
    loaded.to_parquet(str(output / "articles.parquet"))  # the codec is its own choice
    return True


def count_rows(_: Path, __: Path, output: Path) -> bool:
    """Print the articles in what an export wrote: one file, or a directory of that view."""
    import pyarrow.parquet

    one = output / "articles.parquet"
    files = [one] if one.is_file() else sorted((output / "articles").rglob("*.parquet"))
    print(sum(pyarrow.parquet.read_metadata(file).num_rows for file in files))
    return True


RUNS = {
    run.__name__: run
    for run in (
        jsonschema_lines,
        orjson_pass,
        orjson_rs,
        duckdb_copy,
        polars_sink,
        pyarrow_json,
        datasets_json,
        count_rows,
    )
}

if __name__ == "__main__":
    _name, *_paths = sys.argv[1:]
    sys.exit(0 if RUNS[_name](*map(Path, _paths)) else 1)
