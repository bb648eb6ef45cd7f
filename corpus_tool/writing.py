"""Articles to a file or folder, whole or not at all."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from corpus_tool import formats
from corpus_tool.atomic import write_directory, write_file
from corpus_tool.canonical import dumps_line, dumps_pretty
from corpus_tool.errors import SettingsError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Loss
from corpus_tool.formats.fidelity import LostAspects
from corpus_tool.formats.safe_names import RULE, SafeNames
from corpus_tool.reading import Conversion, count_layers
from corpus_tool.rules import named
from corpus_tool.validate import Checker

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.formats import Exporter
    from corpus_tool.inventory import Inventory


def write_articles(articles: Iterable[Article], name: str, output: str, checker: Checker, result: Conversion) -> None:
    """Write articles in a format, whole or not at all: `jsonl` to a file or `-`, the others as they say.

    Raises SettingsError for a directory that is not empty, StoreError where the disk refuses.
    """
    if name == "jsonl":
        _write_lines(articles, output, checker)
    elif output == "-":
        raise SettingsError(f"{name} is written to a directory, not to standard output")
    else:
        write_directory(
            Path(output), lambda folder: _write_to(folder, output, name, _Watched(articles, checker), result)
        )


def _write_lines(articles: Iterable[Article], output: str, checker: Checker) -> None:
    def write(stream: BinaryIO) -> None:
        stream.writelines(dumps_line(article, checker.contract) for article in articles)

    if output == "-":
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        write_file(Path(output), write)


def _write_to(folder: Path, output: str, name: str, articles: _Watched, result: Conversion) -> None:
    contract = articles.checker.contract
    exporter: Exporter = _JsonFiles(contract) if name == "json" else formats.exporter(name)
    about = None if name == "json" else formats.about(name)
    if about is not None and not about.counts_all:
        articles.lost = LostAspects(about.fidelity)
    for outcome in exporter.write(articles, folder, contract.inventory):
        if isinstance(outcome, Loss):
            result.losses.take([outcome])
        else:
            # `folder` has the name of the output only when all is written.
            result.found(named(replace(outcome, location=replace(outcome.location, path=output))))
            result.written -= 1
            result.layers.subtract(articles.layers)
    if articles.lost is not None:
        result.losses.take(articles.lost.losses())


@dataclass(slots=True)
class _Watched:
    """Articles on their way to an exporter, and the layers of the one it has in hand."""

    articles: Iterable[Article]
    checker: Checker
    layers: Counter[str] = field(default_factory=Counter)
    lost: LostAspects | None = None
    """What the format does not hold at all, where it says so."""

    def __iter__(self) -> Iterator[Article]:
        for article in self.articles:
            self.layers = Counter()
            count_layers(article, self.checker, self.layers)
            if self.lost is not None:
                self.lost.add(article)
            yield article


@dataclass(frozen=True, slots=True)
class _JsonFiles:
    """A `.json` file an article, one annotation a line."""

    contract: Contract
    name: str = "json"

    def write(
        self,
        articles: Iterable[Article],
        output: Path,
        inventory: Inventory | None,  # noqa: ARG002 (as the protocol asks)
    ) -> Iterator[Loss | Finding]:
        names = SafeNames(".json")
        for article in articles:
            name = str(article[self.contract.id or "id"])
            refusal = names.refusal(name, str(output))
            if refusal is None:
                path = output / f"{name}.json"
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(dumps_pretty(article, self.contract))
                except (FileExistsError, NotADirectoryError, IsADirectoryError):
                    at = Location(str(output), article=name)
                    message = "the id names a folder that is the file of another article, or the other way round"
                    refusal = Finding(*RULE, Severity.ERROR, at, message)
            if refusal is not None:
                yield refusal
