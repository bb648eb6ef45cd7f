"""What a result depends on besides the articles: the settings, the tool, what it is built on, and the day."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from corpus_tool import __version__
from corpus_tool.caching.plain import encode
from corpus_tool.resources import schema_directory

_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".pth")


def digest(*parts: Any) -> bytes:
    """SHA-256 of values, whatever they are made of; TypeError where one is no data."""
    return hashlib.sha256(repr([encode(part) for part in parts]).encode("utf-8", "surrogateescape")).digest()


@cache
def tool() -> bytes:
    """What this program is: its version and files, those of Python, and the names of all that is installed beside it.

    The files of a checkout count as well as a version: who changes a rule wants to see what it finds.
    """
    package = Path(__file__).parent.parent
    states = [_state(path) for path in sorted(_below(package, ".py"))]
    states += [_state(path) for path in sorted(_below(schema_directory(), ".json"))]
    python = (sys.implementation.name, sys.version, sys.platform)
    return digest(__version__, python, states, sorted(_installed()), os.environ.get("CORPUS_TOOL_PLUGINS"))


def today() -> tuple[str, str]:
    """The day, here and in Greenwich: some rules ask for it."""
    return date.today().isoformat(), datetime.now(UTC).date().isoformat()  # noqa: DTZ011 (the day here)


def _below(top: Path, suffix: str) -> Iterable[str]:
    for folder, _, names in os.walk(top):
        for name in names:
            if name.endswith(suffix):
                yield f"{folder}/{name}"


def _state(path: str) -> tuple[str, int, int]:
    found = os.stat(path)  # noqa: PTH116 (a Path for each costs more)
    return path, found.st_size, found.st_mtime_ns


def _installed() -> Iterable[str]:
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 (the same)
        except OSError:
            continue
        yield from (f"{folder}/{name}" for name in names if name.endswith(_INSTALLED))
