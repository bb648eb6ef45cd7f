"""Groups of commands, each loaded when it is asked for: a run needs one command, and building all takes longer."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer.main

_MODULES = {
    "baseline": "corpus_tool.cli.baselines",
    "cache": "corpus_tool.cli.cache",
    "schema": "corpus_tool.cli.contracts",
    "release": "corpus_tool.cli.releases",
}


class Commands(MutableMapping[str, Any]):
    """The commands of the program by name: those that it has been given, and the groups, in that order."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._loaded = given | dict.fromkeys(_MODULES)

    def __getitem__(self, name: str) -> Any:
        if self._loaded[name] is None:
            group = typer.main.get_group(import_module(_MODULES[name]).app)
            group.name = name
            self._loaded[name] = group
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
