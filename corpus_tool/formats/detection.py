"""Which format files are of, where nobody said: certain signs only, for a wrong guess is worse than a question."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from corpus_tool.errors import SettingsError, SourceError
from corpus_tool.formats import IMPORTERS, about, importer, names
from corpus_tool.formats.first_object import members
from corpus_tool.formats.neighbours import neighbour
from corpus_tool.formats.opening import plain_name
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
    if not files or files[0].path is None or shows_articles(files[0], properties, name):
        return ARTICLES
    seen = [(file, head(file)) for file in files[:_FILES] if file.path is not None]
    for file, start in seen:
        if said := neighbour(start):
            raise SettingsError(said, file.name)
    claims = {file: found for file, start in seen if (found := claimed(file, start))}
    own = [file for file, _ in seen if file.suffix in NATIVE]
    if own and claims.keys().isdisjoint(own):  # JSON of no other format, which is an article with faults
        claims[own[0]] = {ARTICLES}
    if not claims:
        known = ", ".join([ARTICLES, *names(IMPORTERS)])
        first, start = seen[0]
        what = "shows no format" if start.strip() else "is empty, and shows no format"
        raise SettingsError(f"{what}: name it with --from ({known})", first.name)
    common = set.intersection(*claims.values())
    if len(common) == 1:
        return common.pop()
    candidates = " or ".join(f"--from {name}" for name in sorted(common or set.union(*claims.values())))
    raise SettingsError(f"the format cannot be told for certain: {candidates}", next(iter(claims)).name)


def shows_articles(file: SourceFile, properties: Collection[str], name: str | None) -> bool:
    """Whether a file begins as an article does; SourceError where it cannot be read."""
    return is_article(head(file), properties, name)


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
            if said.looks_like(plain_name(file), start):
                sure.add(name)
        elif file.suffix not in NATIVE and file.suffix in importer(name).suffixes:
            likely.add(name)
    return sure or likely


def is_article(start: bytes, properties: Collection[str], name: str | None) -> bool:
    """Whether the first object of a file has an id that is a string, and no property that an article has not.

    As far as can be seen: what is no article for certain is looked at by the formats, which takes longer.
    """
    found = dict(members(start.decode(errors="replace")))
    named = name is None or found.get(name, "").startswith('"')
    return bool(found) and named and found.keys() <= {*properties, "$schema"}
