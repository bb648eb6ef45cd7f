"""Names of features as UIMA allows them: they begin with a letter."""

from __future__ import annotations

import re

_MARKED = re.compile(r"u+_x")


def to_written(name: str) -> str:
    """A feature's name; one that begins with an underscore gets a letter before it."""
    return f"u{name}" if name.startswith("_") or _MARKED.match(name) else name


def from_written(name: str) -> str:
    """The name that was written so."""
    return name[1:] if _MARKED.match(name) else name
