"""Version numbers, as far as they say what came first."""

from __future__ import annotations

import re

_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")


def is_version(text: str) -> bool:
    """Whether it is numbers with dots between."""
    return _VERSION.fullmatch(text) is not None


def is_newer(since: str, version: str) -> bool:
    """Whether what exists since one version is missing from another: `0.2` is from `0.1.3`, and is not from `0.2.0`."""
    one, other = _numbers(since), _numbers(version)
    return one > other + [0] * (len(one) - len(other))


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdecimal()]
