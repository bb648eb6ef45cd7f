"""Files as the sources that importers read: unpacked where they are compressed, and with their siblings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from corpus_tool.archives import MOST_BYTES, MOST_RATIO
from corpus_tool.errors import SourceError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Imported, Source
from corpus_tool.sources import COMPRESSIONS, SourceFile, open_source
from corpus_tool.unpacking import Unpacked, unpacked

FAULT = ("IO014", "compression-is-whole")
_FEW_BYTES = 2**20
_AT_ONCE = 2**20


@dataclass(slots=True)
class Opened:
    """A file that an importer reads; where its compression is broken its bytes end, and `fault` says why."""

    file: SourceFile
    fault: str | None = None
    folder: Sequence[SourceFile] = ()

    def source(self, *, fix: bool = False) -> Source:
        return Source(self.file.name, self.file.id, self.read, self.stream, fix, self._beside)

    def _beside(self) -> list[Source]:
        """The other files of the folder; none that is compressed, for of its faults nobody would be told."""
        plain = (one for one in self.folder if one.compression is None and one.path is not None)
        return [Opened(one).source() for one in plain if one.name != self.file.name]

    def whole(self, articles: Iterable[Imported]) -> Iterator[Imported]:
        """The articles of the file; the last one is refused where the bytes end before it may."""
        if self.file.compression is None:
            yield from articles
            return
        before: Imported | None = None
        for each in articles:
            if before is not None:
                yield before
            before = each
        if self.fault is not None:
            found = Finding(*FAULT, Severity.ERROR, Location(self.file.name, article=self.file.id), self.fault)
            before = replace(before or Imported(self.file.name, None), article=None)
            before = replace(before, findings=(*before.findings, found))
        if before is not None:
            yield before

    def read(self, suffix: str | None) -> bytes | None:
        """The bytes of the file, or of its sibling with another suffix; None where there is none."""
        try:
            if suffix is None:
                with self.stream() as stream:
                    return stream.read()
            sibling = _beside(self.file, suffix)
            if sibling is None:
                return None
            with _opened(replace(self.file, where=str(sibling), name=sibling.name), self) as stream:
                return stream.read()
        except OSError as error:
            raise SourceError(f"cannot read {error.filename or self.file.name}: {error.strerror}") from error

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The bytes of the file, to be read once."""
        with _opened(self.file, self) as stream:
            yield stream


def plain_name(file: SourceFile) -> str:
    """The path of a file without the suffix of a compression."""
    name = file.where or file.name
    return name if file.compression is None else name.rpartition(".")[0]


def _beside(file: SourceFile, suffix: str) -> Path | None:
    if file.path is None:
        return None
    path = Path(plain_name(file)).with_suffix(suffix)
    there = (path, *(path.with_name(path.name + packing) for packing in COMPRESSIONS))
    return next((one for one in there if one.is_file()), None)


@contextmanager
def _opened(file: SourceFile, told: Opened) -> Iterator[BinaryIO]:
    with open_source(file) as raw:
        if file.compression is None:
            yield raw
            return
        most = MOST_BYTES if file.path is None else max(_FEW_BYTES, file.path.stat().st_size * MOST_RATIO)
        with unpacked(raw, file.compression, file.path) as inside:
            yield cast("BinaryIO", BufferedReader(_Inside(inside, most, told), _AT_ONCE))


class _Inside(RawIOBase):
    """What a compressed file holds, up to where it is broken, or to more than text can be packed into it."""

    def __init__(self, inside: Unpacked, most: int, told: Opened) -> None:
        super().__init__()
        self.inside, self.most, self.told = inside, most, told

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.told.fault is not None:
            return 0
        data = self.inside.read(len(buffer))
        self.told.fault = self.inside.fault
        if self.inside.done > self.most:
            self.told.fault = f"unpacks to more than {self.most:,} bytes, {MOST_RATIO} times its packed size"
        buffer[: len(data)] = data
        return len(data)
