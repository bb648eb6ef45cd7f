"""Ways to break the sample corpus: at least one for every rule, each at a random place, and where that has to be found.

A mutator of an article changes it in place and returns the JSON Pointer of the finding, or None where the article has
nothing to break in that way. One of a corpus returns the id of the article and the pointer; one of a file takes its
lines and returns the bytes, and the line where something has to be found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

Article = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mutator:
    """One way of breaking: what is broken (`article`, `corpus`, `file`), the code it has to be found by, and how."""

    of: str
    code: str
    name: str
    break_: Callable[..., Any]

    @property
    def id(self) -> str:
        return f"{self.code}-{self.name.replace('_', '-')}"


MUTATORS: list[Mutator] = []


def _register(of: str, code: str) -> Callable[[Any], Any]:
    def register(break_: Any) -> Any:
        MUTATORS.append(Mutator(of, code, break_.__name__, break_))
        return break_

    return register


def breaks(code: str) -> Callable[[Callable[[Random, Article], str | None]], Any]:
    return _register("article", code)


def breaks_corpus(code: str) -> Callable[[Callable[[Random, list[Article]], tuple[str, str] | None]], Any]:
    return _register("corpus", code)


def breaks_file(code: str) -> Callable[[Callable[[Random, list[bytes]], tuple[bytes, int]], Any], Any]:
    return _register("file", code)


FAMILIES = (
    "spans", "overlaps", "text", "schema", "references", "labels", "structures", "chains", "records", "collections", "files",
)  # fmt: skip
"""The modules of this package that hold mutators."""
