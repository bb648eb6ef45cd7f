"""Signing the statement of a release with an SSH or a sigstore key, and checking signatures offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from corpus_tool.errors import SettingsError
from corpus_tool.release.signatures.terms import SSH_SIGNATURE, WrongSignatureError


class SigningKey(Protocol):
    """A key that can sign."""

    @property
    def public(self) -> bytes:
        """The public key as its own tools write it: a line of OpenSSH, or PEM."""
        ...

    def sign(self, statement: bytes) -> tuple[str, bytes]:
        """The name of the file that holds the signature of these bytes, and its content."""
        ...


def load_key(path: Path) -> SigningKey:
    """The key in a file: of OpenSSH (a public key stands for the one its agent holds), PEM, or cosign.

    Raises SettingsError where the file is no key that can sign, MissingExtraError without the extra `sign`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", str(path)) from error
    if b"PRIVATE KEY-----" in data and b"OPENSSH" not in data:
        from corpus_tool.release.signatures.sigstore import load_sigstore_key

        return load_sigstore_key(path, data)
    from corpus_tool.release.signatures.ssh import load_ssh_key

    return load_ssh_key(path)


def check_signature(name: str, signature: bytes, statement: bytes, public: bytes, signers: Sequence[Path]) -> None:
    """Check a signature by the public key of its release, and that key by `signers` where there are some.

    A signer is a file: a public key, or the allowed signers that git and `ssh-keygen` read. Nothing is asked of the
    network. Raises WrongSignatureError, NotCheckedError, and SettingsError where a signer cannot be read.
    """
    trusted = [_signer(path) for path in signers]
    if name == SSH_SIGNATURE:
        from corpus_tool.release.signatures.ssh import check_ssh, is_allowed

        check_ssh(signature, statement, public)
        known = any(is_allowed(signer, signature, statement) for signer in trusted)
    else:
        from corpus_tool.release.signatures.sigstore import check_sigstore

        check_sigstore(signature, statement, public)
        known = any(signer.split() == public.split() for signer in trusted)
    if trusted and not known:
        raise WrongSignatureError("is by a key that is none of those asked for")


def refuse_unreadable(signers: Sequence[Path]) -> None:
    """Raise SettingsError where the file of a signer cannot be read, whether or not there is a signature to check."""
    for path in signers:
        _signer(path)


def _signer(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", str(path)) from error
