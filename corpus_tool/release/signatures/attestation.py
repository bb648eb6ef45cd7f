"""The in-toto statement over the files of a release, and whether what is signed is what lies there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from corpus_tool.release.manifest import SUMS, file_digest
from corpus_tool.release.signatures.signing import SigningKey, check_signature
from corpus_tool.release.signatures.terms import SIGNATURES, SIGNER, NotCheckedError, WrongSignatureError

if TYPE_CHECKING:
    from corpus_tool.findings import Finding
    from corpus_tool.release.verification.evidence import Evidence

STATEMENT = "attestation.intoto.json"
UNLISTED = frozenset({SUMS, STATEMENT, *SIGNATURES})
"""What SHA256SUMS cannot list: itself, and what is said of it."""


def statement(name: str, version: str, sums_digest: str, listed: Mapping[str, str]) -> bytes:
    """The in-toto statement of a release: SHA256SUMS and every file it lists, by SHA-256.

    Source: in-toto Statement v1 with the predicate `release` v0.1; the same files give the same bytes.
    """
    subjects = {SUMS: sums_digest, **dict(sorted(listed.items()))}
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": path, "digest": {"sha256": digest}} for path, digest in subjects.items()],
        "predicateType": "https://in-toto.io/attestation/release/v0.1",
        "predicate": {"purl": f"pkg:generic/{quote(name, safe='')}@{quote(version, safe='')}"},
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def attest(folder: Path, name: str, version: str, listed: Mapping[str, str], key: SigningKey | None) -> None:
    """Write the statement into a staged release whose SHA256SUMS is complete, and its signature where there is a key.

    Raises SettingsError where the key cannot sign.
    """
    said = statement(name, version, file_digest(folder / SUMS), listed)
    (folder / STATEMENT).write_bytes(said)
    if key is not None:
        path, signature = key.sign(said)
        (folder / path).write_bytes(signature)


def wrong_statement(seen: Evidence) -> Iterator[Finding]:
    """Whether the statement of a release is that of its files; releases that have none are older."""
    if STATEMENT not in seen.files or seen.manifest is None or SUMS not in seen.files:
        return
    try:
        found = _said(seen)
        wanted = statement(seen.manifest.name, seen.manifest.version, file_digest(seen.directory / SUMS), seen.listed)
    except OSError as error:
        yield seen.finding("RLS901", STATEMENT, f"cannot be read: {error.strerror}")
        return
    if found != wanted:
        seen.damaged.add(STATEMENT)
        yield seen.finding("RLS912", STATEMENT, "is not the statement of manifest.json and SHA256SUMS")


def wrong_signature(seen: Evidence, signers: Sequence[Path]) -> Iterator[Finding]:
    """Whether a release is signed by the key it names, and that is one of `signers` where there are some."""
    signed = [name for name in SIGNATURES if name in seen.files]
    if not signed:
        yield from _unsigned(seen, signers)
        return
    if STATEMENT not in seen.files or SIGNER not in seen.listed or not seen.sound(SIGNER):
        yield seen.finding("RLS912", signed[0], f"has no sound {STATEMENT} and {SIGNER} beside it, listed in {SUMS}")
        return
    try:
        public, said = (seen.directory / SIGNER).read_bytes(), _said(seen)
        for name in signed:
            check_signature(name, (seen.directory / name).read_bytes(), said, public, signers)
    except OSError as error:
        yield seen.finding("RLS901", signed[0], f"cannot be read: {error.strerror}")
    except WrongSignatureError as error:
        yield seen.finding("RLS912", signed[0], str(error))
    except NotCheckedError as error:
        code = "RLS912" if signers else "RLS913"
        yield seen.finding(code, signed[0], f"was not checked: {error}")


def _unsigned(seen: Evidence, signers: Sequence[Path]) -> Iterator[Finding]:
    if SIGNER in seen.listed:
        yield seen.finding("RLS912", SIGNER, "is there, and no signature by it")
    elif signers:
        yield seen.finding("RLS912", "", "is not signed, and a signer was asked for")


def _said(seen: Evidence) -> bytes:
    return (seen.directory / STATEMENT).read_bytes()
