"""Zip archives as folders: unpacked under limits of size, ratio, number and path, and thrown away at the end."""

from __future__ import annotations

import lzma
import re
import stat
import tempfile
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path, PurePosixPath

from corpus_tool.errors import SettingsError, SourceError

MOST_FILES = 100_000
MOST_BYTES = 4 * 2**30
MOST_RATIO = 250
"""A file that unpacks to so many times its size is no text: tables of zeros are."""
_FEW_BYTES = 2**20
_AT_ONCE = 2**20
_PROJECT = re.compile(r"\.ser\Z|(?:\A|/)exportedproject\d*\.json\Z")
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
)
_UNPACKED: list[tempfile.TemporaryDirectory[str]] = []
"""Kept until the process ends, which removes them."""


def unpack(name: str) -> Path:
    """A folder with the files of an archive; the same archive is unpacked once.

    Raises SettingsError where it is a project of an annotation tool or goes beyond the limits, SourceError where it
    cannot be read.
    """
    path = Path(name)
    try:
        state = path.stat()
    except OSError as error:
        raise SourceError(f"cannot read {name}: {error.strerror}") from error
    return _unpack(name, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _unpack(name: str, _size: int, _changed: int) -> Path:
    folder = tempfile.TemporaryDirectory(prefix="corpus-tool-")
    _UNPACKED.append(folder)
    try:
        with zipfile.ZipFile(name) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse(members, name)
            left = MOST_BYTES
            for member in members:
                left -= _write(archive, member, Path(folder.name), left, name)
    except _DAMAGED as error:
        raise SettingsError(f"is no archive that can be read: {error}", name) from error
    except OSError as error:
        raise SourceError(f"cannot unpack {name}: {error.strerror or error}") from error
    return Path(folder.name)


def _refuse(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > MOST_FILES:
        raise SettingsError(f"holds {len(members):,} files, where at most {MOST_FILES:,} are unpacked", name)
    if any(_PROJECT.search(member.filename) for member in members):
        message = "is the project of an annotation tool, with serialised Java, which is never loaded"
        raise SettingsError(f"{message}: export its documents as WebAnno TSV 3 or UIMA CAS XMI", name)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or not path.parts or ".." in path.parts or ":" in path.parts[0]:
            raise SettingsError(f"has a file that would leave its folder: {member.filename[:80]!r}", name)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise SettingsError(f"has a link in it: {member.filename[:80]!r}", name)


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, left: int, name: str) -> int:
    """Unpack one file: what it says of its size is not believed."""
    path = folder / member.filename.replace("\\", "/")
    path.parent.mkdir(parents=True, exist_ok=True)
    most = max(_FEW_BYTES, member.compress_size * MOST_RATIO)
    done = 0
    with archive.open(member) as packed, path.open("xb") as stream:
        while data := packed.read(_AT_ONCE):
            done += len(data)
            if done > min(most, left):
                limit = f"{MOST_RATIO} times its packed size" if done > most else f"{MOST_BYTES:,} bytes in all"
                raise SettingsError(f"{member.filename[:80]!r} unpacks to more than {limit}", name)
            stream.write(data)
    return done
