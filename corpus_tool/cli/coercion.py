"""Plain values of options, read here: typer loads pydantic for any value, which takes as long as a small run."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Any

import typer.core

_ASK: Any = object()
_CHECKED = ("exists", "resolve_path", "writable", "allow_dash", "path_type", "parser")
"""What a parameter may ask of its value that is not looked at here."""
_DIGITS = 10
"""A number of more is no number of anything here."""


class _Plain:
    """Reads values of one parameter; asks typer where there is more to it than a string, or something is wrong."""

    def __init__(self, descriptor: Any, build: Any) -> None:
        self.descriptor = descriptor
        self.build = build
        self.full: Any = None

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        found = _plain(value, self.descriptor, many=param.multiple or param.nargs == -1)
        if found is not _ASK:
            return found
        if self.full is None:
            self.full = self.build(self.descriptor)
        return self.full.coerce(value, param=param, ctx=ctx)


def _plain(value: Any, descriptor: Any, *, many: bool) -> Any:
    kind = descriptor.annotation
    if value is None:
        return () if many else None
    if any(getattr(descriptor.parameter_info, name, None) for name in _CHECKED):
        return _ASK
    if kind == list[str]:
        strings = isinstance(value, list | tuple) and all(type(one) is str for one in value)
        return list(value) if strings else _ASK
    if kind in _SINGLE:
        return _SINGLE[kind](value, descriptor.parameter_info)
    return _choice(value, kind) if isinstance(kind, type) and issubclass(kind, Enum) else _ASK


def _string(value: Any, _asked: Any) -> Any:
    return value if type(value) is str else _ASK


def _path(value: Any, _asked: Any) -> Any:
    known = isinstance(value, str | Path) and (os.access(value, os.R_OK) or not os.path.lexists(value))
    return Path(value) if known else _ASK


def _number(value: Any, asked: Any) -> Any:
    if type(value) is str and value.isascii() and value.isdigit() and len(value) < _DIGITS:
        value = int(value)
    lowest, highest = getattr(asked, "min", None), getattr(asked, "max", None)
    within = type(value) is int and (lowest is None or value >= lowest) and (highest is None or value <= highest)
    return value if within else _ASK


_SINGLE = {str: _string, Path: _path, int: _number}


def _choice(value: Any, kind: type[Enum]) -> Any:
    return next((one for one in kind if value is one or (type(value) is str and one.value == value)), _ASK)


def read_plainly() -> None:
    """Let typer read plain values without pydantic; where it is built otherwise, it goes on as it was."""
    build = getattr(typer.core, "build_runtime_param", None)
    if build is not None and not isinstance(build, _Lazily):
        typer.core.build_runtime_param = _Lazily(build)  # type: ignore[assignment, attr-defined]


class _Lazily:
    def __init__(self, build: Any) -> None:
        self.build = build

    def __call__(self, descriptor: Any) -> _Plain:
        return _Plain(descriptor, self.build)
