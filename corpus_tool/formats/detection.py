"""Which format files are of, where nobody said: certain signs only, for a wrong guess is worse than a question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from corpus_tool.errors import SettingsError, SourceError
from corpus_tool.formats import IMPORTERS, about, importer, names
from corpus_tool.formats.neighbours import neighbour
from corpus_tool.refusals import TOKEN
from corpus_tool.sources import NATIVE, SourceFile, open_source
from corpus_tool.unpacking import unpacked

ARTICLES = "jsonl"
HEAD = 2**16
"""So many bytes of a file are looked at."""
_FILES = 12
"""So many files are looked at: a corpus is of one format."""


def detect(files: Sequence[SourceFile], properties: Collection[str], name: str | None) -> str:
    """The one format that the files are of; `properties` are those that an article may have, `name` that of its id.

    Raises SettingsError where there is none or more than one, with the candidates.
    """
    seen = [(file, head(file)) for file in files[:_FILES] if file.path is not None]
    if not seen or is_article(seen[0][1], properties, name):
        return ARTICLES
    for file, start in seen:
        if said := neighbour(start):
            raise SettingsError(said, file.name)
    claims = [found for file, start in seen if (found := claimed(file, start))]
    if not claims:
        if all(file.suffix in NATIVE for file, _ in seen):
            return ARTICLES
        known = ", ".join([ARTICLES, *names(IMPORTERS)])
        raise SettingsError(f"shows no format: name it with --from ({known})", seen[0][0].name)
    common = set.intersection(*claims)
    if len(common) == 1:
        return common.pop()
    candidates = " or ".join(f"--from {name}" for name in sorted(common or set.union(*claims)))
    raise SettingsError(f"the format cannot be told for certain: {candidates}", seen[0][0].name)


def head(file: SourceFile) -> bytes:
    """The beginning of a file; SourceError where it cannot be read."""
    try:
        with open_source(file) as stream:
            if file.compression is None:
                return stream.read(HEAD)
            with unpacked(stream, file.compression, None) as inside:
                return inside.read(HEAD)
    except OSError as error:
        raise SourceError(f"cannot read {file.name}: {error.strerror}") from error


def claimed(file: SourceFile, start: bytes) -> set[str]:
    """The formats whose signs a file bears; those that take its suffix where it bears none."""
    sure, likely = set(), set()
    for name in names(IMPORTERS):
        try:
            said = about(name)
        except SettingsError:  # a plug-in that cannot be loaded is told of where it is asked for
            continue
        if said is not None and said.looks_like is not None:
            if said.looks_like(file.where or file.name, start):
                sure.add(name)
        elif file.suffix not in NATIVE and file.suffix in importer(name).suffixes:
            likely.add(name)
    return sure or likely


def is_article(start: bytes, properties: Collection[str], name: str | None) -> bool:
    """Whether the first object of a file has an id that is a string, and no property that an article has not.

    As far as can be seen: what is no article for certain is looked at by the formats, which takes longer.
    """
    found = dict(_members(start.decode(errors="replace")))
    named = name is None or found.get(name, "").startswith('"')
    return bool(found) and named and found.keys() <= {*properties, "$schema"}


def _members(text: str) -> Iterator[tuple[str, str]]:
    """The properties of the first object, each with how its value begins."""
    depth = 0
    for token in TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth == 0:
                return
        elif depth == 1 and mark[0] == '"':
            value = text[token.end() : token.end() + 80].lstrip()
            if value.startswith(":"):
                yield mark[1:-1], value[1:].lstrip()
