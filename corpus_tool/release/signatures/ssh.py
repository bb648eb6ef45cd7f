"""Signatures by SSH keys, made and checked by `ssh-keygen -Y`, as git does."""

from __future__ import annotations

import base64
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.errors import SettingsError
from corpus_tool.release.signatures.terms import SSH_SIGNATURE, NotCheckedError, WrongSignatureError

_NAMESPACE = "in-toto"
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
_WIDTH = 70
_ANYONE = b"corpus-tool "


@dataclass(frozen=True, slots=True)
class SshKey:
    """A private key of OpenSSH, or the public half of one that an agent or a security key holds."""

    path: Path
    public: bytes

    def sign(self, statement: bytes) -> tuple[str, bytes]:
        """Sign by `ssh-keygen`, which asks for the passphrase itself where there is one."""
        done = _run(["-Y", "sign", "-n", _NAMESPACE, "-f", str(self.path)], statement)
        if done.returncode:
            raise SettingsError(f"cannot sign: {_reason(done)}", str(self.path))
        return SSH_SIGNATURE, done.stdout


def load_ssh_key(path: Path) -> SshKey:
    """The key in a file; raises SettingsError where it is none, or OpenSSH is not installed."""
    line = path.read_bytes()
    if not _is_public(line):
        try:
            done = _run(["-y", "-f", str(path)])
        except NotCheckedError as error:
            raise SettingsError("signing with an SSH key needs ssh-keygen: install OpenSSH", str(path)) from error
        if done.returncode:
            raise SettingsError(f"is no private key of OpenSSH, PEM or cosign: {_reason(done)}", str(path))
        line = done.stdout
    return SshKey(path, b" ".join(line.split()[:2]) + b"\n")  # its comment may be the address of a person


def check_ssh(signature: bytes, statement: bytes, public: bytes) -> None:
    """Raise WrongSignatureError where this is no signature of these bytes by this public key."""
    if not _is_plain(signature):
        raise WrongSignatureError("is no SSH signature")
    if not is_allowed(public, signature, statement):
        raise WrongSignatureError("is no signature of the statement by the key of the release")


def is_allowed(signers: bytes, signature: bytes, statement: bytes) -> bool:
    """Whether one of these signers made the signature: a public key, or lines of an `allowed_signers` file.

    Raises NotCheckedError where OpenSSH is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        allowed, signed = Path(folder, "allowed"), Path(folder, "signature")
        allowed.write_bytes(_ANYONE + signers if _is_public(signers) else signers)
        signed.write_bytes(signature)
        where = ["-s", str(signed), "-f", str(allowed)]
        found = _run(["-Y", "find-principals", "-n", _NAMESPACE, *where])
        names = found.stdout.decode(errors="replace").split("\n") if not found.returncode else []
        checked = [["-Y", "verify", "-n", _NAMESPACE, "-I", name, *where] for name in names if name]
        return any(not _run(arguments, statement).returncode for arguments in checked)


def _is_public(line: bytes) -> bool:
    words = line.split()
    return len(words) > 1 and words[1].startswith(b"AAAA")


def _is_plain(signature: bytes) -> bool:
    """Whether it is written as `ssh-keygen` writes, which reads past damage to white space and padding bits."""
    lines = signature.split(b"\n")
    body = b"".join(lines[1:-2])
    try:
        again = base64.b64encode(base64.b64decode(body, validate=True))
    except ValueError:
        return False
    wrapped = [again[at : at + _WIDTH] for at in range(0, len(again), _WIDTH)]
    return lines == [_BEGIN, *wrapped, _END, b""]


def _run(arguments: list[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *arguments], input=data, capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError as error:
        raise NotCheckedError("ssh-keygen is not installed") from error


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode(errors="replace").strip().split("\n")[-1][:200]
