"""Statements and signatures of releases: made, checked, damaged, by keys of every kind."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus_tool.errors import SettingsError
from corpus_tool.release.build import Built, build
from corpus_tool.release.manifest import SUMS
from corpus_tool.release.signatures.attestation import STATEMENT
from corpus_tool.release.signatures.signing import load_key
from corpus_tool.release.signatures.terms import BUNDLE, SIGNATURES, SIGNER, SSH_SIGNATURE
from corpus_tool.release.verification.verify import verify
from tests.program import run
from tests.release.sample import released, request, write_views

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


def ssh(folder: Path, kind: str = "ed25519") -> Path:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    path = folder / f"ssh-{kind}"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "a@example.org", "-f", str(path)], check=True)
    return path


def pem(folder: Path, kind: str = "ec") -> Path:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made: Ed25519PrivateKey | EllipticCurvePrivateKey = Ed25519PrivateKey.generate()
    if kind != "ed25519":
        made = generate_private_key(SECP256R1() if kind == "ec" else SECP384R1())
    locked = serialization.BestAvailableEncryption(b"secret")
    form = serialization.PrivateFormat.PKCS8
    path = folder / f"{kind}.pem"
    path.write_bytes(made.private_bytes(serialization.Encoding.PEM, form, locked))
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    path.with_name(f"{kind}.pem.pub").write_bytes(public)
    return path


def cosign(folder: Path) -> Path:
    """A key as `cosign generate-key-pair` locks it: PKCS #8 in a secret box of NaCl, its key by scrypt."""
    from cryptography.hazmat.primitives import serialization
    from nacl.secret import SecretBox

    key = serialization.load_pem_private_key(pem(folder).read_bytes(), b"secret")
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, nonce = os.urandom(32), os.urandom(SecretBox.NONCE_SIZE)
    secret = hashlib.scrypt(b"secret", salt=salt, n=1024, r=8, p=1, dklen=32)
    b64 = {
        "salt": base64.b64encode(salt).decode(),
        "nonce": base64.b64encode(nonce).decode(),
        "text": base64.b64encode(SecretBox(secret).encrypt(plain, nonce).ciphertext).decode(),
    }
    box = {
        "kdf": {"name": "scrypt", "params": {"N": 1024, "r": 8, "p": 1}, "salt": b64["salt"]},
        "cipher": {"name": "nacl/secretbox", "nonce": b64["nonce"]},
        "ciphertext": b64["text"],
    }
    name = "ENCRYPTED SIGSTORE PRIVATE KEY"
    body = base64.encodebytes(json.dumps(box).encode()).decode()
    path = folder / "cosign.key"
    path.write_text(f"-----BEGIN {name}-----\n{body}-----END {name}-----\n")
    shutil.copy(folder / "ec.pem.pub", folder / "cosign.key.pub")
    return path


KEYS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "ssh ed25519": (ssh, SSH_SIGNATURE),
    "ssh ecdsa": (lambda folder: ssh(folder, "ecdsa"), SSH_SIGNATURE),
    "ssh rsa": (lambda folder: ssh(folder, "rsa"), SSH_SIGNATURE),
    "pem elliptic": (pem, BUNDLE),
    "pem ed25519": (lambda folder: pem(folder, "ed25519"), BUNDLE),
    "pem 384": (lambda folder: pem(folder, "ec-384"), BUNDLE),
    "cosign": (cosign, BUNDLE),
}


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSIGN_PASSWORD", "secret")


def signed(folder: Path, key: Path) -> Built:
    return build(request(folder, signing=load_key(key)), write_views)


def public(key: Path) -> Path:
    return key.with_name(f"{key.name}.pub")


def codes(directory: Path, *signers: Path) -> set[str]:
    return {finding.code for finding in verify(directory, "full", signers)}


@pytest.mark.parametrize(("make", "name"), KEYS.values(), ids=KEYS)
def test_a_signature_verifies(tmp_path: Path, make: Callable[[Path], Path], name: str) -> None:
    key = make(tmp_path)
    path = signed(tmp_path, key).path
    assert (path / name).is_file()
    assert codes(path) == set()
    assert codes(path, public(key)) == set()
    (tmp_path / "other").mkdir()
    assert codes(path, public(ssh(tmp_path / "other"))) == {"RLS912"}
    assert codes(path, public(pem(tmp_path / "other")), public(key)) == set()


def test_the_statement_names_every_file(tmp_path: Path) -> None:
    path = released(tmp_path).path
    said = json.loads((path / STATEMENT).read_bytes())
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    assert said["predicateType"] == "https://in-toto.io/attestation/release/v0.1"
    assert said["predicate"] == {"purl": "pkg:generic/harbour-news@1.0.0"}
    subjects = {subject["name"]: subject["digest"]["sha256"] for subject in said["subject"]}
    there = {found.relative_to(path).as_posix() for found in path.rglob("*") if found.is_file()}
    assert set(subjects) == there - {STATEMENT}
    assert all(hashlib.sha256((path / name).read_bytes()).hexdigest() == digest for name, digest in subjects.items())


def test_unsigned_where_a_signer_is_asked_for(tmp_path: Path) -> None:
    path = released(tmp_path).path
    assert codes(path) == set()
    assert codes(path, public(ssh(tmp_path))) == {"RLS912"}
    with pytest.raises(SettingsError, match="cannot be read"):
        codes(path, tmp_path / "nobody.pub")


def test_allowed_signers_as_git_reads_them(tmp_path: Path) -> None:
    key = ssh(tmp_path)
    path = signed(tmp_path, key).path
    allowed = tmp_path / "allowed_signers"
    allowed.write_text(f"desk@example.org,other@example.org {public(key).read_text()}")
    assert codes(path, allowed) == set()
    allowed.write_text(f'desk@example.org valid-before="20200101" {public(key).read_text()}')
    assert codes(path, allowed) == {"RLS912"}


def test_no_address_of_a_person_gets_into_the_release(tmp_path: Path) -> None:
    path = signed(tmp_path, ssh(tmp_path)).path
    assert not any(b"a@example.org" in found.read_bytes() for found in path.rglob("*") if found.is_file())


def damages(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every bit of the files that SHA256SUMS does not list, a byte of each in turn."""
    for name in (STATEMENT, *SIGNATURES):
        if (path / name).is_file():
            data = (path / name).read_bytes()
            for at in range(0, len(data), max(1, len(data) // 12)):
                yield name, data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
            yield name, data + b"\n"
            yield name, data[:-1]
            yield name, b""


@pytest.mark.parametrize("make", [ssh, pem], ids=["ssh", "sigstore"])
def test_every_damage_is_found(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = signed(tmp_path, make(tmp_path)).path
    for name, data in list(damages(path)):
        whole = (path / name).read_bytes()
        (path / name).write_bytes(data)
        assert codes(path) == {"RLS912"}, (name, data)
        (path / name).write_bytes(whole)
    assert codes(path) == set()


def test_a_signature_cannot_be_taken_away(tmp_path: Path) -> None:
    path = signed(tmp_path, ssh(tmp_path)).path
    (path / SSH_SIGNATURE).unlink()
    assert codes(path) == {"RLS912"}


def test_nor_moved_to_other_data(tmp_path: Path) -> None:
    key = ssh(tmp_path)
    path = signed(tmp_path, key).path
    other = build(request(tmp_path / "other", name="other-news", signing=load_key(key)), write_views).path
    shutil.copy(other / SSH_SIGNATURE, path)
    assert codes(path) == {"RLS912"}
    shutil.copy(other / STATEMENT, path)
    assert codes(path) == {"RLS912"}


NO_KEYS = {
    "nothing": b"",
    "text": b"not a key\n",
    "PEM": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "cosign": b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n",
    "OpenSSH": b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    "bytes": bytes(range(256)) + b"PRIVATE KEY-----",
}


@pytest.mark.parametrize("data", NO_KEYS.values(), ids=NO_KEYS)
def test_what_is_no_key(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match=r"no .*key|cannot sign"):
        load_key(path)


def test_a_wrong_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = cosign(tmp_path)
    monkeypatch.setenv("COSIGN_PASSWORD", "wrong")
    with pytest.raises(SettingsError, match="COSIGN_PASSWORD"):
        load_key(key)


def test_a_key_whose_agent_does_not_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ssh(tmp_path)
    key.unlink()
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with pytest.raises(SettingsError, match="cannot sign"):
        signed(tmp_path, public(key))
    assert not list(tmp_path.glob("releases/*/1.0.0"))


def test_without_openssh_the_signature_is_not_called_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ssh(tmp_path)
    path = signed(tmp_path, key).path
    monkeypatch.setenv("PATH", str(tmp_path))
    assert codes(path) == {"RLS913"}
    assert codes(path, public(key)) == {"RLS912"}
    with pytest.raises(SettingsError, match="install OpenSSH"):
        load_key(key)


def test_the_same_key_signs_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    key = ssh(tmp_path)
    (tmp_path / "a").mkdir()
    one, two = signed(tmp_path / "a", key), signed(tmp_path / "b", key)
    assert one.sha256 == two.sha256
    assert (one.path / SSH_SIGNATURE).read_bytes() == (two.path / SSH_SIGNATURE).read_bytes()
    assert hashlib.sha256((one.path / SUMS).read_bytes()).hexdigest() == one.sha256


def test_command_line(tmp_path: Path) -> None:
    key = ssh(tmp_path)
    (tmp_path / "a.json").write_text('{"schema_version": "1.0", "id": "a", "text": "Port Ellery"}')
    build = ("release", "build", "a.json", "--name", "port", "--output", "out", "--quiet", "--sign")
    assert run(*build, "nowhere", cwd=tmp_path).code == 2
    assert run(*build, str(key), cwd=tmp_path).code == 0
    made = "out/port/1.0.0"
    assert (tmp_path / made / SIGNER).read_text().startswith("ssh-ed25519 ")
    assert run("release", "verify", made, "--signer", str(public(key)), cwd=tmp_path).code == 0
    (tmp_path / "other").mkdir()
    assert run("release", "verify", made, "--signer", str(public(ssh(tmp_path / "other"))), cwd=tmp_path).code == 1
    assert run("release", "verify", made, "--signer", "nowhere", cwd=tmp_path).code == 2
