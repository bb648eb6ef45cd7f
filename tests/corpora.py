"""Real corpora that lie beside a checkout; a test that needs one is skipped, saying so, where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def _folder(path: Path) -> Path:
    if not path.is_dir():
        pytest.skip(f"real corpus absent: {path.relative_to(SHARED)}")
    return path


def seed() -> Path:
    """The folder with one news article, its hand annotation and its inventory."""
    return _folder(SHARED / "seed")


def corpora(name: str) -> Path:
    """The folder of one real corpus."""
    return _folder(SHARED / "corpora" / name)
