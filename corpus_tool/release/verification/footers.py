"""What the Parquet files of a release say of themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tool.features import Feature, describe, hf_features, read_labels
from corpus_tool.layers import Path_


@dataclass(frozen=True, slots=True)
class Footer:
    """The footer of one file; `declared` are its features as a README declares them."""

    rows: int
    row_groups: int
    features: tuple[Feature, ...]
    declared: list[dict[str, Any]]
    labels: Mapping[Path_, tuple[str, ...]]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the columns, their types and labels, in order."""
        text = json.dumps(self.declared, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Name and type of each column, in words."""
        return tuple((feature.name, in_words(feature)) for feature in self.features)


def read_footer(path: Path) -> Footer:
    """The footer of a Parquet file.

    Raises OSError or ValueError (ArrowInvalid is one) where it cannot be read, and whatever odd metadata leads to.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        schema, metadata = file.schema_arrow, file.metadata
        labels = read_labels(schema)
        return Footer(
            rows=metadata.num_rows,
            row_groups=metadata.num_row_groups,
            features=describe(schema, labels),
            declared=hf_features(schema, labels),
            labels=labels,
        )


def in_words(feature: Feature) -> str:
    """The type of a column: `string`, `label`, `[{start: int64, end: int64}]`."""
    if feature.kind == "struct":
        return "{" + ", ".join(f"{part.name}: {in_words(part)}" for part in feature.parts) + "}"
    if feature.kind == "list":
        return f"[{in_words(feature.parts[0])}]"
    return feature.dtype if feature.kind == "value" else "label"
