"""Every view of the published releases in DuckDB, Polars and pandas, and what their footers offer to viewers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

RELEASES = Path(__file__).parents[2] / "releases"
FILES = sorted(RELEASES.glob("*/*/*/*.parquet"))
VIEWS = sorted({path.parent for path in FILES})
LARGEST = 100 * 10**6
"""Bytes of a row group that the viewer of the Hub reads."""

Rows = list[dict[str, Any]]


def in_duckdb(path: Path) -> Rows:
    found = duckdb.sql(f"SELECT * FROM read_parquet('{path}')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def in_polars(path: Path) -> Rows:
    return pl.read_parquet(path, use_pyarrow=False).to_dicts()


def in_pandas(path: Path) -> Rows:
    frame = pd.read_parquet(path, dtype_backend="pyarrow")
    return [{name: _without_na(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _without_na(value: Any) -> Any:
    return None if value is pd.NA or (isinstance(value, float) and math.isnan(value)) else value


def name(path: Path) -> str:
    return str(path.relative_to(RELEASES)).replace("-00000-of-00001.parquet", "")


@pytest.mark.parametrize("path", FILES, ids=name)
@pytest.mark.parametrize("read", [in_duckdb, in_polars, in_pandas])
def test_reads_what_pyarrow_reads(path: Path, read: Callable[[Path], Rows]) -> None:
    wanted = pq.read_table(path).to_pylist()
    assert wanted
    assert read(path) == wanted


@pytest.mark.parametrize("view", VIEWS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_all_splits_of_a_view_are_one_table(view: Path) -> None:
    rows = sum(pq.read_metadata(path).num_rows for path in view.glob("*.parquet"))
    found = duckdb.sql(f"SELECT count(*) FROM read_parquet('{view}/*.parquet')").fetchall()
    assert found == [(rows,)]
    assert pl.scan_parquet(view / "*.parquet").select(pl.len()).collect().item() == rows
    assert len(pd.read_parquet(view)) == rows


@pytest.mark.parametrize("path", FILES, ids=name)
def test_footer_is_what_viewers_ask_for(path: Path) -> None:
    footer = pq.read_metadata(path)
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        assert 0 < group.total_byte_size <= LARGEST
        columns = [group.column(at) for at in range(group.num_columns)]
        assert {column.compression for column in columns} == {"ZSTD"}
        assert all(column.has_offset_index and column.has_column_index for column in columns)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_labels_are_numbers_that_the_metadata_names(path: Path) -> None:
    """In the encoding that every version of `datasets` reads: a list is a list, and no `List` is named."""
    schema = pq.read_schema(path)
    told = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert list(told) == schema.names
    assert '"List"' not in json.dumps(told)
    for column, feature in told.items():
        _check(feature, schema.field(column).type)


def _check(feature: Any, kind: pa.DataType) -> None:
    if isinstance(feature, list):
        _check(feature[0], kind.value_type)
    elif feature.get("_type") == "ClassLabel":
        assert kind == pa.int64()
        assert feature["names"]
    elif isinstance(feature.get("_type"), str):
        assert feature["_type"] == "Value"
    else:
        assert list(feature) == [field.name for field in kind]
        for field in kind:
            _check(feature[field.name], field.type)
