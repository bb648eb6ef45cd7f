"""Signatures by PEM and cosign keys, in bundles that sigstore's own tools verify."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import MissingExtraError, SettingsError
from corpus_tool.release.signatures.terms import BUNDLE, NotCheckedError, WrongSignatureError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

PASSWORD = "COSIGN_PASSWORD"  # noqa: S105 - the name of a variable, which cosign reads as well
_BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_PAYLOAD_TYPE = "application/vnd.in-toto+json"
_COSIGN = ("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----", "-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----")


@dataclass(frozen=True, slots=True)
class SigstoreKey:
    """A private key whose signatures go into a sigstore bundle as a DSSE envelope."""

    private: PrivateKeyTypes
    public: bytes

    def sign(self, statement: bytes) -> tuple[str, bytes]:
        """Sign the statement; of an elliptic curve, each signature is another."""
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

        signature = Envelope(statement, _PAYLOAD_TYPE, {}).sign(CryptoSigner(self.private))
        return BUNDLE, _bundle(statement, bytes.fromhex(signature.signature), self.public)


def load_sigstore_key(path: Path, data: bytes) -> SigstoreKey:
    """The key in PEM or of cosign; its password is that of the variable COSIGN_PASSWORD.

    Raises SettingsError where it is none, MissingExtraError without the extra `sign`.
    """
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError as error:
        raise MissingExtraError("securesystemslib", "sign", "signing with a PEM key") from error
    password = os.environ.get(PASSWORD, "").encode()
    try:
        if data.decode().startswith(_COSIGN):
            key = serialization.load_der_private_key(_opened(data.decode(), password), None)
        else:
            key = serialization.load_pem_private_key(data, password or None)
    except Exception as error:
        raise SettingsError(f"is no key that can sign: {error} ({PASSWORD} is its password)", str(path)) from error
    if not isinstance(key, EllipticCurvePrivateKey | Ed25519PrivateKey):
        raise SettingsError("is no key that can sign: of elliptic curves, or Ed25519", str(path))
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return SigstoreKey(key, key.public_key().public_bytes(serialization.Encoding.PEM, form))


def check_sigstore(signature: bytes, statement: bytes, public: bytes) -> None:
    """Raise WrongSignatureError where this is no bundle of these bytes signed by this public key."""
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import Signature, SSlibKey  # type: ignore[attr-defined]
    except ImportError as error:
        raise NotCheckedError("it needs securesystemslib: pip install 'corpus-tool[sign]'") from error
    try:
        said = json.loads(signature)["dsseEnvelope"]["signatures"][0]["sig"]
        raw = base64.b64decode(said, validate=True)
        same = _bundle(statement, raw, public) == signature
        key = SSlibKey.from_crypto(load_pem_public_key(public))
        envelope = Envelope(statement, _PAYLOAD_TYPE, {key.keyid: Signature(key.keyid, raw.hex())})
        envelope.verify([key], 1)
    except Exception as error:
        raise WrongSignatureError("is no signature of the statement by the key of the release") from error
    if not same:
        raise WrongSignatureError("is no bundle of the statement and the key of the release")


def _bundle(statement: bytes, signature: bytes, public: bytes) -> bytes:
    """A sigstore bundle, v0.3; written in one way only, so that a changed bit shows."""
    envelope = {
        "payload": base64.b64encode(statement).decode(),
        "payloadType": _PAYLOAD_TYPE,
        "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}],
    }
    material = {"publicKey": {"hint": hashlib.sha256(public).hexdigest()}, "tlogEntries": []}
    value: dict[str, Any] = {"mediaType": _BUNDLE_TYPE, "verificationMaterial": material, "dsseEnvelope": envelope}
    return (json.dumps(value, indent=2) + "\n").encode()


def _opened(pem: str, password: bytes) -> bytes:
    """What a private key of cosign holds: PKCS #8 in a secret box whose key scrypt makes of the password."""
    from nacl.secret import SecretBox

    box = json.loads(base64.b64decode("".join(pem.strip().split("\n")[1:-1])))
    kdf = box["kdf"]["params"]
    if (box["kdf"]["name"], box["cipher"]["name"]) != ("scrypt", "nacl/secretbox"):
        raise ValueError("it is locked in a way that is not known")
    salt, nonce = base64.b64decode(box["kdf"]["salt"]), base64.b64decode(box["cipher"]["nonce"])
    secret = hashlib.scrypt(
        password, salt=salt, n=kdf["N"], r=kdf["r"], p=kdf["p"], maxmem=256 << 20, dklen=SecretBox.KEY_SIZE
    )
    return SecretBox(secret).decrypt(base64.b64decode(box["ciphertext"]), nonce)
