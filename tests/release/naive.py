"""Layouts as people write them, which `load_dataset` reads wrongly: files for tests, with pyarrow and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TRAIN = "data/train-00000-of-00001.parquet"
TEST = "data/test-00000-of-00001.parquet"
SPLITS = (("train", TRAIN),)
BOTH = (("train", TRAIN), ("test", TEST))


def ids(*numbers: int) -> pa.Table:
    """A table of one column."""
    return pa.table({"id": pa.array(numbers, pa.int64())})


def put(folder: Path, table: pa.Table, name: str = TRAIN) -> Path:
    """One Parquet file below a folder, which is made where it is missing."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    return path


def readme(
    folder: Path, splits: tuple[tuple[str, str], ...] = SPLITS, features: str = "", more: str = "", before: str = ""
) -> None:
    """A README whose front matter declares one configuration; `features` are lines of YAML, `more` of its item."""
    files = "".join(f"  - {{split: {split}, path: {path}}}\n" for split, path in splits)
    declared = f"dataset_info:\n- config_name: default\n  features:\n{features}" if features else ""
    folder.mkdir(parents=True, exist_ok=True)
    front = f"configs:\n- config_name: default\n{more}  data_files:\n{files}{declared}"
    (folder / "README.md").write_text(f"{before}---\n{front}---\n# A corpus\n", encoding="utf-8")


def layout(folder: Path, table: pa.Table) -> Path:
    """A folder of one file and a README that says nothing of version or content."""
    put(folder, table)
    readme(folder)
    return folder


def labelled(values: list[Any], names: list[str], kind: pa.DataType) -> pa.Table:
    """A column of labels with the metadata that names them."""
    features = {"label": {"names": names, "_type": "ClassLabel"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    return pa.table({"label": pa.array(values, kind)}).replace_schema_metadata(metadata)


def class_label(*names: str) -> str:
    """The lines of YAML that declare a column `label`."""
    named = ", ".join(f"'{number}': {name}" for number, name in enumerate(names))
    return f"  - {{name: label, dtype: {{class_label: {{names: {{{named}}}}}}}}}\n"
