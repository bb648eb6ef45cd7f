"""One module a format: bytes of a source to articles, and back; found by entry point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from corpus_tool.errors import SettingsError
from corpus_tool.sources import JSON_FORMATS

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from corpus_tool.findings import Finding
    from corpus_tool.inventory import Inventory

Article = dict[str, Any]
Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source an importer is asked to read.

    `path` is how it is named to people, `id` the article id that the path gives (importers of formats with several
    articles a file derive theirs from it), `read(suffix)` the bytes of the file, or of its sibling of the same name
    with another suffix (None where there is none). `stream()` opens the bytes of the file, for formats whose files may
    be larger than memory. Both unpack what is compressed. `fix` asks for what contradicts its form to be mended where
    that is safe, and counted, instead of refused. `beside()` are the other files of its folder that are read with it.
    """

    path: str
    id: str
    read: Callable[[str | None], bytes | None]
    opened: Callable[[], AbstractContextManager[BinaryIO]] | None = None
    fix: bool = False
    beside: Callable[[], Sequence[Source]] = tuple

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The bytes of the file, to be read once, from its beginning."""
        if self.opened is None:
            yield BytesIO(self.read(None) or b"")
        else:
            with self.opened() as stream:
                yield stream


@dataclass(frozen=True, slots=True)
class Loss:
    """Something a format cannot hold, or that was mended: what, how often, one example."""

    what: str
    count: int
    example: str

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "count": self.count, "example": self.example}


@dataclass(frozen=True, slots=True)
class Imported:
    """One article of a source, what was found while reading it, and where in the source its parts stand.

    `article` is None where none could be built. `places` maps a JSON Pointer of the article to a place in the file
    `path`; the nearest enclosing pointer counts. `mended` is what was mended because the source asked for it.
    """

    path: str
    article: Article | None
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()
    mended: tuple[Loss, ...] = ()


class Unit(StrEnum):
    """What offsets of a format count."""

    CODE_POINTS = "code points"
    UTF16 = "UTF-16 code units"
    BYTES = "UTF-8 bytes"
    GRAPHEMES = "grapheme clusters"
    TOKENS = "tokens"
    MARKUP = "markup in the text"


class Kept(StrEnum):
    """What becomes of something in a format."""

    WHOLLY = "kept"
    PARTLY = "approximated"
    NOT = "lost"


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What a format keeps of an aspect of articles, and where it keeps a part, which."""

    kept: Kept
    note: str = ""


WHOLLY = Fidelity(Kept.WHOLLY)


def partly(note: str) -> Fidelity:
    """What comes back changed, or not always; the note says what does."""
    return Fidelity(Kept.PARTLY, note)


@dataclass(frozen=True, slots=True)
class About:
    """What a format says of itself.

    `fidelity` is what comes back of an article that is written and read again, by aspect (see `formats.fidelity`);
    what it does not name is lost, and counted by the caller unless the exporter `counts_all` itself. `extra` is the
    optional dependency it needs. `looks_like` tells from the path and the first 64 KiB of a file whether it is of this
    format: it says no where it is not sure. `pairs` is that files of one name and several suffixes are one source.
    """

    title: str
    unit: Unit
    fidelity: Mapping[str, Fidelity] = field(default_factory=dict)
    extra: str | None = None
    looks_like: Callable[[str, bytes], bool] | None = None
    counts_all: bool = False
    pairs: bool = False


class Importer(Protocol):
    """Reads one format. `suffixes` are the file names it takes from a directory, lower case, with the dot.

    An importer or exporter of the tool has an `about`; one of a plug-in may have it.
    """

    name: str
    suffixes: tuple[str, ...]

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The articles of one source, in its order; whatever is wrong with it is a finding."""
        ...

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """The inventory that lies beside these sources (`annotation.conf`, a tag set); None where there is none."""
        ...


class Exporter(Protocol):
    """Writes one format."""

    @property
    def name(self) -> str: ...

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write all articles to the file or directory; what the format cannot hold is a Loss, a refusal a Finding."""
        ...


IMPORTERS = "corpus_tool.importers"
EXPORTERS = "corpus_tool.exporters"


def names(group: str) -> list[str]:
    """The formats installed, sorted."""
    return sorted({point.name for point in _points(group)})


@cache
def _points(group: str) -> tuple[EntryPoint, ...]:
    """Looked for once: each time all that is installed is read."""
    from importlib.metadata import entry_points

    return tuple(entry_points(group=group))


def about(name: str) -> About | None:
    """What a format says of itself; None where a plug-in says nothing."""
    for group, load in ((IMPORTERS, importer), (EXPORTERS, exporter)):
        if name in names(group):
            said = getattr(load(name), "about", None)
            if isinstance(said, About):
                return said
    return None


def every_suffix() -> set[str]:
    """The suffixes that the formats take, of those that can be loaded."""
    return {suffix for _, suffixes in _suffixes() for suffix in suffixes}


def _suffixes() -> Iterator[tuple[str, tuple[str, ...]]]:
    """A plug-in that cannot be loaded is told of where it is asked for."""
    for name in names(IMPORTERS):
        with suppress(SettingsError):
            yield name, importer(name).suffixes


def readers_of(suffix: str) -> list[str]:
    """The installed formats, other than JSON, that take files of a suffix from a directory."""
    return [name for name, suffixes in _suffixes() if suffix in suffixes]


def importer(name: str) -> Importer:
    """The importer of that name; SettingsError names the ones there are."""
    return _load(IMPORTERS, name)  # type: ignore[no-any-return]


def exporter(name: str) -> Exporter:
    """The exporter of that name; SettingsError names the ones there are."""
    return _load(EXPORTERS, name)  # type: ignore[no-any-return]


def _load(group: str, name: str) -> Any:
    for point in _points(group):
        if point.name != name:
            continue
        try:
            return point.load()
        except (ImportError, AttributeError) as error:
            raise SettingsError(f"the format '{name}' is installed but cannot be loaded: {error}") from error
    raise SettingsError(f"unknown format '{name}': choose from {', '.join(sorted([*JSON_FORMATS, *names(group)]))}")
