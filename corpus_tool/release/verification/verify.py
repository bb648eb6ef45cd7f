"""Whether a release is what was published, and holds together."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.findings import Finding, Severity
from corpus_tool.release.index import read_index
from corpus_tool.release.manifest import (
    MANIFEST,
    SUMS,
    digests_of,
    file_digest,
    parse_manifest,
    stays_inside,
    sums,
)
from corpus_tool.release.signatures.attestation import UNLISTED, wrong_signature, wrong_statement
from corpus_tool.release.signatures.signing import refuse_unreadable
from corpus_tool.release.verification.evidence import Evidence
from corpus_tool.release.verification.footers import read_footer
from corpus_tool.release.verification.naming import odd_files
from corpus_tool.release.versions import INDEX

LEVELS = ("quick", "full", "logical", "load")


_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def verify(directory: Path, level: str = "full", signers: Sequence[Path] = ()) -> tuple[Finding, ...]:
    """What is wrong with a release; nothing where it is as published.

    `quick` compares names, sizes and Parquet footers; `full` all digests; `logical` reads every row; `load` loads every
    view by `datasets`. Each includes those before it; rows of a damaged file are not read, a damaged release is not
    loaded. From `full` on a signature has to be right, and by one of `signers` where there are some.

    Raises SettingsError where there is no such directory or level, or a signer cannot be read.
    """
    if level not in LEVELS:
        raise SettingsError(f"not a level: {level!r} (one of {', '.join(LEVELS)})")
    if not directory.is_dir():
        raise SettingsError("no such directory", str(directory))
    refuse_unreadable(signers)
    seen = Evidence(directory)
    depth = LEVELS.index(level)
    found = [*_names(seen), *_statements(seen), *wrong_statement(seen)]
    if depth >= LEVELS.index("full"):
        found += [*_digests(seen), *wrong_signature(seen, signers)]
    found += _sizes(seen)
    if depth >= LEVELS.index("logical"):
        from corpus_tool.release.verification.rows import disagreements, wrong_rows
        from corpus_tool.release.verification.withheld_rows import stray_text
        from corpus_tool.release.withdrawal.withdrawn import still_there

        found += [*disagreements(seen), *wrong_rows(seen), *stray_text(seen), *still_there(seen)]
    if level == "load" and not found and seen.manifest is not None:
        from corpus_tool.release.verification.loading import failures

        found += [seen.finding("RLS907", "", message) for message in failures(directory, seen.manifest)]
    return tuple(sorted(found, key=lambda finding: finding.order))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those of the findings that say a release is not what was published, and not only that this was not looked at."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _names(seen: Evidence) -> Iterator[Finding]:
    """Which files are there, and which are listed."""
    odd = list(_walk(seen, ""))
    yield from odd
    yield from odd_files(seen)
    yield from _read_sums(seen)
    for path in sorted(set(seen.listed) - set(seen.files)):
        yield seen.finding("RLS901", path, "is listed in SHA256SUMS and is not there as a file")
    if SUMS in seen.files:
        for path in sorted(set(seen.files) - set(seen.listed) - UNLISTED):
            yield seen.finding("RLS902", path, "is not listed in SHA256SUMS")


def _walk(seen: Evidence, below: str) -> Iterator[Finding]:
    """Take note of every file; yields what is neither a file nor a directory that holds some."""
    try:
        entries = sorted(os.scandir(seen.directory / below), key=lambda entry: entry.name)
    except OSError as error:
        yield seen.finding("RLS901", below, f"cannot be read: {error.strerror}")
        return
    if below and not entries:
        yield seen.finding("RLS902", below, "is an empty directory that nothing lists")
    for entry in entries:
        path = f"{below}/{entry.name}" if below else entry.name
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            yield seen.finding("RLS901", path, f"cannot be read: {error.strerror}")
            continue
        if stat.S_ISREG(status.st_mode):
            seen.files[path] = status.st_size
        elif stat.S_ISDIR(status.st_mode):
            yield from _walk(seen, path)
        else:
            kind = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "neither file nor directory"
            yield seen.finding("RLS902", path, f"is {kind}, which has no place in a release")


def _read_sums(seen: Evidence) -> Iterator[Finding]:
    if SUMS not in seen.files:
        yield seen.finding("RLS901", SUMS, "is not there: nothing says what the files were")
        return
    try:
        data = (seen.directory / SUMS).read_bytes()
        lines = data.decode().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        yield seen.finding("RLS904", SUMS, f"cannot be read: {error}")
        return
    for number, line in enumerate(lines[:-1], 1):
        found = _LINE.fullmatch(line)
        if found is None or not stays_inside(found[2]):
            yield seen.finding(
                "RLS904", SUMS, f"line {number} is not a digest, two spaces and a path below: {line[:80]!r}"
            )
        else:
            seen.listed[found[2]] = found[1]
    if sums(seen.listed) != data:
        yield seen.finding("RLS904", SUMS, "is not sorted lines, each once and ended by a line feed")


def _statements(seen: Evidence) -> Iterator[Finding]:
    """Whether the manifest is one, and says what SHA256SUMS says."""
    path = seen.directory / MANIFEST
    if MANIFEST not in seen.files:
        if MANIFEST not in seen.listed:
            yield seen.finding("RLS901", MANIFEST, "is not there: this is no release")
        return
    try:
        seen.manifest = parse_manifest(path.read_bytes(), str(path))
        digests = digests_of(seen.manifest.shards)
    except (OSError, ReleaseError) as error:
        seen.manifest = None
        yield seen.finding("RLS904", MANIFEST, str(error).removeprefix(str(path)).lstrip(": "))
        return
    if digests != seen.manifest.digests:
        yield seen.finding("IO007", MANIFEST, "the digests of splits and release are not those of the files it names")
    named = {shard.path: shard.sha256 for shard in seen.manifest.shards}
    for name, digest in named.items():
        if seen.listed.get(name, digest) != digest:
            yield seen.finding("IO007", name, "manifest.json and SHA256SUMS name different digests")
    for name in sorted(name for name in seen.listed if name.endswith(".parquet") and name not in named):
        yield seen.finding("RLS904", MANIFEST, f"says nothing of {name}")


def _digests(seen: Evidence) -> Iterator[Finding]:
    """Whether the bytes of every file are what SHA256SUMS says, and SHA256SUMS what the index says."""
    for path, digest in seen.listed.items():
        if path not in seen.files:
            continue
        try:
            found = file_digest(seen.directory / path)
        except OSError as error:
            seen.damaged.add(path)
            yield seen.finding("RLS901", path, f"cannot be read: {error.strerror}")
            continue
        if found != digest:
            seen.damaged.add(path)
            yield seen.finding("IO007", path, f"its SHA-256 is {found}, and SHA256SUMS says {digest}")
    if SUMS in seen.files:
        yield from _index(seen)


def _index(seen: Evidence) -> Iterator[Finding]:
    """The index beside a release, where there is one, knows the digest it was published with."""
    here = seen.directory.resolve()
    if not (here.parent / INDEX).is_file():
        return
    try:
        entries = read_index(here.parent)
        found = file_digest(here / SUMS)
    except (ReleaseError, OSError) as error:
        yield seen.finding("RLS904", f"../{INDEX}", str(error))
        return
    for entry in entries:
        if entry.version == here.name and entry.bytes != found:
            yield seen.finding("IO007", SUMS, f"its SHA-256 is {found}, and index.json says {entry.bytes}")


def _sizes(seen: Evidence) -> Iterator[Finding]:
    """Whether the Parquet files have the size, rows and row groups the manifest says."""
    for shard in seen.manifest.shards if seen.manifest else ():
        if not seen.sound(shard.path):
            if shard.path not in seen.files and shard.path not in seen.listed:
                yield seen.finding("RLS901", shard.path, "is named in manifest.json and is not there as a file")
            continue
        size = seen.files[shard.path]
        if size != shard.bytes:
            seen.damaged.add(shard.path)
            yield seen.finding("RLS903", shard.path, f"has {size} bytes, and manifest.json says {shard.bytes}")
            continue
        try:
            footer = read_footer(seen.directory / shard.path)
        except Exception as error:  # noqa: BLE001 - damaged bytes make a Parquet reader raise anything
            seen.damaged.add(shard.path)
            yield seen.finding("RLS903", shard.path, f"cannot be read as Parquet: {str(error)[:200]}")
            continue
        seen.footers[shard.path] = footer
        if (footer.rows, footer.row_groups) != (shard.rows, shard.row_groups):
            yield seen.finding(
                "RLS903",
                shard.path,
                f"has {footer.rows} rows in {footer.row_groups} row groups, and manifest.json says "
                f"{shard.rows} in {shard.row_groups}",
            )
