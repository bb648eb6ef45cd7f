"""A reader's own copies of texts: a file `<id>.txt` each, or articles in any format the tool reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool import formats
from corpus_tool.blocks import read_blocks
from corpus_tool.contract import load_contract
from corpus_tool.errors import NothingMatchedError, SettingsError, SourceError
from corpus_tool.formats.detection import detect
from corpus_tool.reading import Conversion, imported, source_suffixes
from corpus_tool.sources import JSON_FORMATS, NATIVE, find_sources
from corpus_tool.validate import Checker

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.records import Record
    from corpus_tool.sources import SourceFile

_SUFFIX = ".txt"


@dataclass(slots=True)
class Copies:
    """The copies of wanted texts, by article id; each is kept in a file, since many are more than memory holds.

    `unreadable` says of an article why its file is no text, `places` where a file was found, `unused` counts copies of
    articles that nobody asked for.
    """

    files: dict[str, Path] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    places: dict[str, Path] = field(default_factory=dict)
    unused: int = 0

    def text(self, name: str) -> str | None:
        """The copy of a text, verbatim; None where there is none."""
        path = self.files.get(name)
        return None if path is None else path.read_bytes().decode()


def find_copies(texts: Path, wanted: Collection[str], contract: Contract, scratch: Path) -> Copies:
    """The copies below `texts` of the articles that are wanted; `scratch` is an empty directory for those of articles.

    A file `<id>.txt` comes before an article of that id. Raises SettingsError where there is no such directory, or a
    file does not show which format it has, SourceError where something cannot be read.
    """
    if not texts.exists():
        raise SettingsError("no such file or directory: name the directory of your texts", str(texts))
    found = Copies()
    for name in wanted if texts.is_dir() else ():
        path = texts / f"{name}{_SUFFIX}"
        if _inside(path, texts) and path.is_file():
            _take(found, name, path)
    missing = set(wanted) - found.files.keys() - found.unreadable.keys()
    if missing:
        for number, (name, text) in enumerate(_articles(texts, contract)):
            if name in missing and name not in found.files:
                path = scratch / str(number)
                path.write_bytes(text.encode())
                found.files[name] = path
            elif name not in wanted:
                found.unused += 1
    return found


def _inside(path: Path, top: Path) -> bool:
    """Whether a path that an id made is one below the directory."""
    return "\0" not in str(path) and ".." not in path.parts and path.is_relative_to(top)


def _take(found: Copies, name: str, path: Path) -> None:
    found.places[name] = path
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError as error:
        found.unreadable[name] = f"{path} is not UTF-8, at byte {error.start:,}"
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error
    else:
        found.files[name] = path


def _articles(texts: Path, contract: Contract) -> Iterator[tuple[str, str]]:
    """Ids and texts of the articles in a source; none where it holds nothing that is one."""
    try:
        name = _format(texts, contract)
        files = find_sources([str(texts)], source_suffixes(name)).files
    except NothingMatchedError:
        return
    except SettingsError:
        if texts.is_dir():  # of files that are texts, and show no format of articles
            return
        raise
    native = name in JSON_FORMATS
    checker = Checker(contract if native else load_contract(None, None), frozenset())
    own, text = str(checker.contract.id), str(checker.contract.text)
    for record in _native(files, checker) if native else _imported(files, name, checker):
        value = record.value
        if isinstance(value, dict) and isinstance(value.get(own), str) and isinstance(value.get(text), str):
            yield value[own], value[text]


def _native(files: Sequence[SourceFile], checker: Checker) -> Iterator[Record]:
    for block in read_blocks(files):
        yield from checker.read(block)[0]


def _imported(files: Sequence[SourceFile], name: str, checker: Checker) -> Iterator[Record]:
    for records, _ in imported(files, name, checker, Conversion()):
        yield from records


def _format(texts: Path, contract: Contract) -> str:
    try:
        files = find_sources([str(texts)], NATIVE).files
    except NothingMatchedError:
        files = find_sources([str(texts)], formats.every_suffix()).files
    return detect(files, [field.name for field in contract.root.fields], contract.id)
