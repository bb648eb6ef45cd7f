"""JSON that is no article: the schemas this package carries, and the files a corpus is set up with."""

from __future__ import annotations

import errno
import json
from functools import cache
from pathlib import Path
from typing import Any

from corpus_tool.errors import SettingsError, SourceError

_BOM = b"\xef\xbb\xbf"
MAX_BYTES = 64 * 2**20
"""A settings file is not read above this size: one that a corpus names may be a device that never ends."""
MOST_DOTS = 300
"""A key of many dotted parts takes tomllib the square of their number: 50,000 of them, in 100 KB, minutes."""


def schema_directory() -> Path:
    """Where the schemas lie: inside an installed package, else at the top of the checkout."""
    installed = Path(__file__).parent / "_schemas"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "schemas"


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of that name, decoded: `article-1`, `inventory-1`, ... Callers must not change it."""
    value: dict[str, Any] = json.loads((schema_directory() / f"{name}.schema.json").read_bytes())
    return value


def read_bytes(path: Path, what: str) -> bytes:
    """The bytes of a settings file; SettingsError where it cannot be read, SourceError where the disk is broken."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EIO:
            raise SourceError(f"{path}: cannot read the {what}: {error.strerror}") from error
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(f"cannot read the {what}: {reason}", str(path)) from error
    if len(data) > MAX_BYTES:
        raise SettingsError(f"the {what} is larger than {MAX_BYTES:,} bytes", str(path))
    return data


def read_json(path: Path, what: str) -> Any:
    """The value of a JSON settings file. A byte order mark is read over.

    Raises SettingsError with the place where the file cannot be read, is not valid JSON, or has a key twice.
    """
    import orjson

    data = read_bytes(path, what).removeprefix(_BOM)
    try:
        orjson.loads(data)
        return json.loads(data, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        message = error.msg.partition(": line ")[0]
        raise SettingsError(f"not valid JSON: {message}", f"{path}:{error.lineno}:{error.colno}") from error
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise SettingsError(f"not valid JSON: {reason}", str(path)) from error


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The value of a TOML settings file; SettingsError with the place where it cannot be read or is not valid."""
    import tomllib

    data = read_bytes(path, what)
    if any(line.count(b".") > MOST_DOTS for line in data.split(b"\n")):
        raise SettingsError(f"a line has over {MOST_DOTS} dots", str(path))
    try:
        return tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise SettingsError(f"not valid TOML: {reason}", str(path)) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise ValueError(f"the key '{twice[:60]}' stands twice in one object")
    return made
